"""The quick look never says yes to what the schema would refuse or change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate

from cmdb.intake.plainness import PLAIN, plain_rows
from schemas.sections import load_section
from schemas.vocabulary import Section

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2**65),
    st.floats(),
    st.text(max_size=4),
    st.integers(0, 1100).map("x".__mul__),
    st.lists(st.integers(), max_size=1),
)


@given(data=st.data(), section=st.sampled_from(sorted(PLAIN)))
def test_what_is_plainly_in_order_is_returned_by_the_schema_as_it_is(data, section):
    names = [*PLAIN[section].fields, "foreign"]
    row = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=4))
    filler = {"index": 1 if section is Section.INTERFACES else "1"}
    filler |= {"name": "x"} if section is Section.INTERFACES else {}
    filler |= {"kind": "chassis"} if section is Section.COMPONENTS else {}
    filler = filler if section is not Section.NEIGHBOURS else {"protocol": "lldp"}
    rows = [filler | row]
    if PLAIN[section].accept(rows):
        assert load_section(section, rows) == rows
    else:
        try:
            loaded = load_section(section, rows)
        except ValidationError:
            return
        assert loaded == rows, "a doubt is allowed, a difference would be none"


@pytest.mark.parametrize("rows", [None, {}, "x", [None], [[]], [{}], ({},)])
def test_what_is_no_table_is_never_plain(rows):
    assert not PLAIN[Section.INTERFACES].accept(rows)


@pytest.mark.parametrize(
    "field",
    [
        fields.Int(),
        fields.IP(),
        fields.Str(validate=validate.Regexp("x")),
        fields.Str(validate=[validate.Length(max=3), validate.Length(min=1)]),
        fields.Int(strict=True, validate=validate.Range(min=0, min_inclusive=False)),
    ],
)
def test_a_schema_that_cannot_be_judged_so_simply_is_refused(field):
    with pytest.raises(TypeError, match="not plain"):
        plain_rows(Schema.from_dict({"field": field})())
