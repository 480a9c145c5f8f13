"""Values of items are checked by their class, whatever is typed in."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.items.classes import shipped_classes
from cmdb.items.identifiers import identifiers_of
from cmdb.items.rules import (
    COLUMNS,
    AttributeDefinition,
    AttributeType,
    check_required,
    classes_above,
    clean_changes,
    clean_value,
    definitions_of,
    must_keep,
    read_definition,
)
from cmdb.kernel.errors import InvalidError
from cmdb.kernel.search import MAX_WORDS, words_of
from cmdb.kernel.types import readable_address, sortable_address
from schemas.vocabulary import IdentifierScheme, Lifecycle


def define(kind=AttributeType.TEXT, **values):
    return AttributeDefinition("rack", kind, "Rack", "Rack", **values)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (AttributeType.TEXT, "  A 12 ", "A 12"),
        (AttributeType.INTEGER, "370", 370),
        (AttributeType.DECIMAL, "1.50", "1.50"),
        (AttributeType.DECIMAL, 2, "2"),
        (AttributeType.BOOLEAN, False, False),
        (AttributeType.DATE, "2027-03-31", "2027-03-31"),
        (
            AttributeType.REFERENCE,
            "0190A0B0C0D07000800000000000ABCD",
            "0190a0b0-c0d0-7000-8000-00000000abcd",
        ),
    ],
)
def test_a_value_is_stored_in_one_form(kind, typed, stored):
    assert clean_value(define(kind), typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (AttributeType.TEXT, "x" * 1001),
        (AttributeType.TEXT, "two\nlines"),
        (AttributeType.TEXT, 7),
        (AttributeType.INTEGER, "seven"),
        (AttributeType.INTEGER, 1.5),
        (AttributeType.INTEGER, True),
        (AttributeType.INTEGER, 2**53),
        (AttributeType.DECIMAL, "1.23456"),
        (AttributeType.DECIMAL, "NaN"),
        (AttributeType.DECIMAL, "1e40"),
        (AttributeType.BOOLEAN, "maybe"),
        (AttributeType.DATE, "31.03.2027"),
        (AttributeType.REFERENCE, "sw-core-1"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(kind, typed):
    with pytest.raises(ValueError, match=r"\.$"):
        clean_value(define(kind), typed)


@given(
    st.sampled_from([one for one in AttributeType if one != AttributeType.CHOICE]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()),
)
def test_whatever_is_typed_is_cleaned_once_or_refused(kind, typed):
    try:
        once = clean_value(define(kind), typed)
    except ValueError:
        return
    assert clean_value(define(kind), once) == once


def test_a_choice_allows_its_values_only():
    color = define(AttributeType.CHOICE, choices=("core", "access"))
    assert clean_value(color, "core") == "core"
    with pytest.raises(ValueError, match="list"):
        clean_value(color, "edge")


def test_all_complaints_come_at_once():
    with pytest.raises(InvalidError) as caught:
        clean_changes(
            {"name": "", "address": "10.0.0.999", "colour": "red", "rack": 3}, {"rack": define()}
        )
    assert set(caught.value.errors) == {"name", "address", "colour", "rack"}


def test_an_address_is_written_in_its_canonical_form():
    assert clean_changes({"address": " FD00:0::1 "}, {}) == {"address": "fd00::1"}


def test_nothing_is_none_whatever_nothing_looks_like():
    assert clean_changes({"vendor": "", "site_id": None, "rack": ""}, {"rack": define()}) == {
        "vendor": None,
        "site_id": None,
        "rack": None,
    }


def test_a_special_class_has_the_attributes_of_the_general_one():
    entries = {
        "network": [define().as_entry()],
        "network.switch": [
            AttributeDefinition("power", AttributeType.INTEGER, "PoE", "PoE", "W").as_entry()
        ],
    }
    assert list(definitions_of("network.switch", entries)) == ["rack", "power"]
    assert classes_above("network.switch") == ("network", "network.switch")


def test_what_a_class_requires_must_be_there():
    with pytest.raises(InvalidError) as caught:
        check_required({}, {"rack": define(is_required=True)})
    assert list(caught.value.errors) == ["rack"]


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "Rack", "type": "text", "labels": ["Rack", "Rack"]},
        {"name": "serial", "type": "text", "labels": ["Nummer", "Number"]},
        {"name": "rack", "type": "colour", "labels": ["Rack", "Rack"]},
        {"name": "rack", "type": "text", "labels": ["Rack"]},
        {"name": "rack", "type": "choice", "labels": ["Rack", "Rack"]},
        {"name": "rack", "type": "text", "labels": ["Rack", "Rack"], "choices": ["a"]},
    ],
)
def test_a_definition_that_says_too_little_or_too_much_is_refused(entry):
    with pytest.raises(InvalidError):
        read_definition(entry)


def test_the_classes_that_ship_are_in_order():
    classes = {one.name: one for one in shipped_classes()}
    assert "unknown.device" in classes
    for name, one in classes.items():
        assert set(classes_above(name)) <= classes.keys()
        assert "ß" not in one.label_de
        assert not {entry["name"] for entry in one.attributes} & set(COLUMNS)


@pytest.mark.parametrize(
    ("lifecycle", "is_referred_to", "keeps"),
    [
        (Lifecycle.PLANNED, False, False),
        (Lifecycle.PLANNED, True, True),
        (Lifecycle.IN_OPERATION, False, True),
    ],
)
def test_only_what_never_was_can_be_deleted(lifecycle, is_referred_to, keeps):
    assert must_keep(lifecycle, is_referred_to=is_referred_to) is keeps


def test_a_declared_item_is_recognised_by_what_identifies_it():
    assert identifiers_of(
        {"name": "SW-01.ebikon.example", "serial": " abc  123 ", "address": "10.0.0.1"}
    ) == {
        (IdentifierScheme.SERIAL, "ABC 123"),
        (IdentifierScheme.SYS_NAME, "sw-01"),
        (IdentifierScheme.FQDN, "sw-01.ebikon.example"),
        (IdentifierScheme.ADDRESS, "10.0.0.1"),
    }
    assert identifiers_of({"name": "Drucker im Keller", "serial": "0000"}) == set()


@given(st.ip_addresses(), st.ip_addresses())
def test_addresses_sort_by_number_and_come_back_as_they_were(one, other):
    first, second = sortable_address(str(one)), sortable_address(str(other))
    assert readable_address(first) == str(one)
    assert (first < second) == (
        (one.version, one) < (other.version, other)
        if (one.version == other.version)
        else one.version < other.version
    )


@given(st.text(max_size=64))
def test_text_that_is_no_address_stays_as_it_is(text):
    try:
        ip_address(text)
    except ValueError:
        assert sortable_address(text) == text


def test_search_words_have_limits():
    assert words_of("  Cisco  SW-1 cisco ") == ("cisco", "sw-1")
    assert len(words_of(" ".join(str(number) for number in range(99)))) == MAX_WORDS
    assert words_of("a\0b") == ("a", "b")
