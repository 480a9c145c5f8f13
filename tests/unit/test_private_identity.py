"""What is found in the tree of a maker whom nobody has taught: model, version and serial number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.knowledge import classify
from discovery.knowledge.identity import find_identity
from discovery.knowledge.likeness import as_model, as_serial, as_version
from discovery.knowledge.search import search_position, search_result, search_root

TREE = "1.3.6.1.4.1.4242424"
OIDS = st.lists(st.integers(0, 99), min_size=1, max_size=9).map(lambda a: ".".join(map(str, a)))


def values(texts, sys_descr=""):
    found = find_identity(texts, sys_descr)
    return {kind: one.values[kind] for kind, one in found.items()}


def test_scalars_side_by_side_are_what_the_device_says_of_itself():
    texts = {
        f"{TREE}.1.1.0": "Lucerne, rack 4",
        f"{TREE}.1.2.0": "TX-4820P",
        f"{TREE}.1.3.0": "TX48201900417",
        f"{TREE}.1.4.0": "V3.2.1 build 2204",
        f"{TREE}.5.1.2.1": "3.31",
        f"{TREE}.5.1.2.2": "12.02",
    }
    expected = {"model": "TX-4820P", "serial": "TX48201900417", "version": "V3.2.1 build 2204"}
    assert values(texts) == expected


def test_the_first_row_of_a_table_counts_and_a_later_row_does_not():
    columns = {2: "QSFP-40G", 3: "FX7310042291", 4: "2.10.4"}
    first = {f"{TREE}.7.1.{column}.1": text for column, text in columns.items()}
    port = {f"{TREE}.7.1.{column}.25": text for column, text in columns.items()}
    assert values(first) == {"model": "QSFP-40G", "serial": "FX7310042291", "version": "2.10.4"}
    assert values(port) == {}


def test_alone_a_scalar_counts_only_where_it_looks_like_nothing_else():
    assert values({f"{TREE}.1.4.0": "6.40.5"}) == {"version": "6.40.5"}
    assert values({f"{TREE}.1.4.0": "23.8", f"{TREE}.9.4.0": "12.1"}) == {}
    assert values({f"{TREE}.1.4.0": "WTG1D1V00010P2"}) == {"serial": "WTG1D1V00010P2"}
    assert values({f"{TREE}.1.4.9": "6.40.5"}) == {}


def test_the_only_number_that_may_be_a_version_is_it():
    assert values({f"{TREE}.1.4.0": "2.27", f"{TREE}.1.5.0": "idle"}) == {"version": "2.27"}


def test_next_to_a_likely_serial_number_a_short_number_is_the_version():
    texts = {f"{TREE}.4.1.0": "1.48", f"{TREE}.4.2.0": "AB410019461043"}
    assert values(texts) == {"version": "1.48", "serial": "AB410019461043"}
    far = {f"{TREE}.4.1.0": "1.48", f"{TREE}.4.60.0": "AB410019461043"}
    assert "version" not in values(far | {f"{TREE}.7.1.0": "3.30"})


def test_a_scalar_may_be_worded_like_a_sys_descr():
    texts = {f"{TREE}.1.1.0": "Acme TX-48 v3.3.3,build4047 (GA)"}
    assert values(texts) == {"version": "3.3.3", "model": "Acme TX-48"}


def test_one_text_is_never_two_things():
    told = values({f"{TREE}.1.1.0": "SW24001X99", f"{TREE}.1.2.0": "1.2.3"})
    assert list(told.values()).count("SW24001X99") == 1


@pytest.mark.parametrize(
    "text", ["192.168.1.20", "10.0.0.4", "2024-03-19", "3.3 V", "-6.3", "00:0c:29:aa:bb:cc", "-"]
)
def test_addresses_dates_and_readings_are_no_versions(text):
    assert "version" not in values({f"{TREE}.1.1.0": text, f"{TREE}.1.2.0": "AB-1200"})
    assert as_version(text)[1] < 2


@pytest.mark.parametrize("text", ["7.00.00.183", "v2.6", "Ver11.10", "R6.5.02r", "5.2.05BP32"])
def test_versions_look_like_versions(text):
    assert as_version(text)[1] > 1


@pytest.mark.parametrize("text", ["Te1/0/24", "FFFFFFFFFFFF", "DGS-3420-28TC", "eth0", "12345"])
def test_names_and_fillings_are_no_likely_serial_numbers(text):
    assert as_serial(text, "")[1] <= 1.2


def test_what_sys_descr_repeats_is_the_product():
    assert as_serial("EX2200C48", "EX2200C48 switch")[1] == 0
    assert as_model("EX2200C48", "EX2200C48 switch") == ("EX2200C48", 3)


def test_the_tree_is_searched_only_where_the_rules_know_too_little():
    assert search_root(f"{TREE}.1", "Acme thing", {}) == TREE
    assert search_root("1.3.6.1.4.1.8072.3.2.10", "Linux box 4.9.0", {}) is None
    known = {"1.3.6.1.4.1.14988.1.1.4.4.0": "7.1.1", "1.3.6.1.4.1.14988.1.1.7.3.0": "E1F10E90A6E9"}
    assert search_root("1.3.6.1.4.1.14988.1", "RouterOS RB760iGS", known) is None


def test_what_is_found_is_kept_and_classified_again_alike():
    read = {
        f"{TREE}.1.1.0": "TX-4820P",
        f"{TREE}.1.2.0": "TX48201900417",
        f"{TREE}.1.3.0": "3.2.1",
        f"{TREE}.1.9.0": "41.5",
        f"{TREE}.2.1.0": 7,
    }
    kept = search_result(read, "Acme thing")
    assert set(kept) == {f"{TREE}.1.{n}.0" for n in (1, 2, 3)}
    system = {"sys_object_id": f"{TREE}.9", "sys_descr": "Acme thing", "evidence": kept}
    found = classify(system)
    assert (found.model, found.serial, found.os_version) == ("TX-4820P", "TX48201900417", "3.2.1")


def test_the_search_leaps_over_the_many_rows_of_a_table():
    rows = [f"{TREE}.2.1.5.{n}" for n in (1, 2, 3)]
    assert search_position(TREE, [], 0) == TREE
    assert search_position(TREE, rows[:2], 1) == rows[1]
    assert search_position(TREE, rows, 1) == f"{TREE}.2.1.6"
    assert search_position(TREE, [*rows, "1.3.6.1.4.1.4242425.1.0"], 1) is None


@given(st.lists(OIDS.map(lambda oid: f"{TREE}.{oid}"), max_size=300), st.integers(0, 20))
def test_the_search_is_bounded(read, questions):
    position = search_position(TREE, read, questions)
    if position is not None:
        assert questions < 8
        assert len(read) < 200
        assert position.startswith(TREE)


@given(st.dictionaries(st.text(max_size=40) | OIDS, st.text(max_size=200), max_size=12), st.text())
def test_any_texts_are_borne(texts, sys_descr):
    for kind, one in find_identity(texts, sys_descr).items():
        assert one.values[kind]
