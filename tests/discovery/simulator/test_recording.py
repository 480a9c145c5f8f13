"""Recordings: odd lines are left out, and what is written reads the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.simulator import Recording, RecordingError
from discovery.simulator.recording import format_line, parse_line

arcs = st.lists(st.integers(0, 2**32 - 1), max_size=12).map(lambda tail: (1, 3, *tail))
lines = st.one_of(
    st.tuples(arcs, st.just(4), st.binary(max_size=60)),
    st.tuples(arcs, st.just(2), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(arcs, st.just(70), st.integers(0, 2**64 - 1)),
    st.tuples(arcs, st.just(64), st.binary(min_size=4, max_size=4)),
)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"# a comment",
        b"1.3.6|4",
        b"1.3.x|4|text",
        b"1.3.6.1|4xx|text",
        b"1.3.6.1|40|text",
        b"1.3.6.1|2|many",
        b"1.3.6.1|4x|0g",
        b"1.3.6.1|64|10.0.0",
        b"1.3.6.1|64|10.0.0.256",
        b"9.9.6.1|4|text",
        b"1.3.99999999999|4|text",
        b"1.3.6.1|6|x",
        b"1.3.6.1|999|x",
    ],
)
def test_a_line_of_another_form_is_left_out(line):
    assert parse_line(line) is None


def test_lines_are_sorted_and_of_doubles_the_first_stays():
    text = b"1.3.6.2|4|b\n1.3.6.1|4|first\n1.3.6.1|4|second\n"
    written = [format_line(row) for row in Recording.parse(text).rows()]
    assert written == ["1.3.6.1|4|first", "1.3.6.2|4|b"]


def test_hexadecimal_and_escaped_values_are_read():
    text = b"1.3.1|4x|00ff\n1.3.2|4e|a\\nb\n1.3.3|64x|0a000001\n1.3.4|65|-1\n1.3.5|5|\n"
    values = [content for _, _, content in Recording.parse(text).rows()]
    assert values == [b"\x00\xff", b"a\nb", b"\n\x00\x00\x01", b"\x00\xff\xff\xff\xff", b""]


@given(st.lists(lines, max_size=10))
def test_what_is_written_reads_the_same(rows):
    text = "\n".join(
        f"{'.'.join(map(str, oid))}|{tag}{'x' if isinstance(value, bytes) else ''}|"
        f"{value.hex() if isinstance(value, bytes) else value}"
        for oid, tag, value in rows
    )
    first = Recording.parse(text.encode())
    again = Recording.parse("\n".join(format_line(row) for row in first.rows()).encode())
    assert first == again


def test_an_unusable_file_is_refused_with_its_name(tmp_path):
    empty = tmp_path / "empty.snmprec"
    empty.write_text("nothing\n")
    with pytest.raises(RecordingError, match=r"empty\.snmprec holds no line"):
        Recording.read(empty)
    with pytest.raises(RecordingError, match=r"missing\.snmprec cannot be read"):
        Recording.read(tmp_path / "missing.snmprec")
