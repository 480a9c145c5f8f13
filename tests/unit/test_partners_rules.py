"""Names of municipalities sort and shorten as people of the canton expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.kernel.errors import InvalidError
from cmdb.partners.municipalities import parse_municipalities
from cmdb.partners.rules import is_slug, slug_of, sort_key

HEADER = "bfs_no,name,wahlkreis,population_2020_12_31\n"


def test_umlauts_sort_like_their_plain_letters():
    names = ["Zell (LU)", "Büron", "Buchrain", "Buttisholz", "Altbüron", "Äsch"]
    assert sorted(names, key=sort_key) == [
        "Altbüron",
        "Äsch",
        "Buchrain",
        "Büron",
        "Buttisholz",
        "Zell (LU)",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Büron", "bueron"), ("Stadt Luzern", "stadt-luzern"), ("Müswangen  (LU)", "mueswangen-lu")],
)
def test_a_short_name_is_spelt_out(name, slug):
    assert slug_of(name) == slug


@given(st.text())
def test_a_short_name_is_empty_or_fit_for_an_address(name):
    slug = slug_of(name).strip("-")
    assert slug == "" or is_slug(slug)


@given(st.text())
def test_sorting_by_name_is_stable(name):
    assert sort_key(sort_key(name)) == sort_key(name)


def test_a_list_of_municipalities_is_read_by_its_header():
    (one,) = parse_municipalities(f"{HEADER}1083,Büron,Sursee,2680\n")
    assert (one.bfs_number, one.name, one.district, one.population) == (
        1083,
        "Büron",
        "Sursee",
        2680,
    )


@pytest.mark.parametrize("line", ["1083,Büron,Sursee,many", "1083,Büron"])
def test_a_broken_line_is_named(line):
    with pytest.raises(InvalidError, match="Line 2"):
        parse_municipalities(HEADER + line)
