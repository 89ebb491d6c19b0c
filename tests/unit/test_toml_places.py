"""Every key, value and character of a TOML text is found where it stands; what it means says the standard library."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myosotis.core.toml_places import Array, Table, Text, read_toml
from myosotis.errors import ProtocolError

EXAMPLES = Path(__file__).parents[2] / "examples"

HARD = {
    "dotted and quoted keys": 'a.b."c d".\'e.f\' = 1\na.b.g = 2\n"" = 3\n',
    "tables in any order": "[a.b]\nx = 1\n[a]\ny = 2\n[[c.d]]\nz = 3\n[c.d.e]\nw = 4\n[[c.d]]\n[c]\nq = 1\n",
    "arrays over lines": "a = [ # one\n  1, # two ]\n  [2, 3],\n  'x]', \"y]\",\n]\nb = 1 # end",
    "inline tables": "a = {b = 1, c.d = 'x', \"e\" = [ {f = 1}, {} ]}\n",
    "texts": 'a = """\nfirst\\\n   still \\u00e9 \\U0001F600\n"quoted" """""\n'
    "b = '''\n'one' two'''''\nc = ''\n"
    'd = ""\ne = "\\b\\t\\n\\f\\r\\"\\\\"\n',
    "line ends of two characters": 'a = 1\r\nb = """\r\nx\\\r\n  y\r\n"""\r\n[c]\r\nd = \'é\'\r\n',
    "numbers and dates": "a = +1_000\nb = 0xdead_beef\nc = -inf\nd = 1e-7\ne = 1979-05-27 07:32:00.5Z # c\n"
    "f = 1979-05-27\ng = 07:32:00\nh=true",
    "nothing": "",
    "only a comment": "# nothing",
    "blanks": "\t \n\t[ a . b ]\t# c\n\t c\t=\t1\t\n",
}


def walked(value):
    """Give every table, list and text within."""
    yield value
    for one in value.values() if isinstance(value, Table) else value if isinstance(value, Array) else ():
        yield from walked(one)


def check(text):
    """Hold a text to what the standard library reads, and every place to what stands there."""
    found, lines = read_toml(text), text.replace("\r\n", "\n").split("\n")
    assert found == tomllib.loads(text)
    for part in walked(found):
        if isinstance(part, Table):
            assert set(part.places) == set(part.value_places) == set(part)
            for key, place in part.places.items():
                at = lines[place.line - 1][place.column - 1 :]
                assert at.startswith(key) or at[:1] in ('"', "'"), (key, at)
        if isinstance(part, Array):
            assert len(part.places) == len(part)
        if isinstance(part, Text):
            for offset, sign in enumerate(part):
                place = part.place_of(offset)
                at = lines[place.line - 1][place.column - 1 : place.column] or "\n"
                assert at in (sign, "\\"), (part, offset, at)
            end = part.place_of(len(part))
            assert lines[end.line - 1][end.column - 1] in "\"'"
    return found


@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
def test_a_hard_text_is_read_as_the_standard_library_reads_it_with_every_place(text):
    check(text)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.toml")), ids=lambda path: f"{path.parent.name} {path.stem}")
def test_every_shipped_file_is_read_with_every_place(path):
    check(path.read_text(encoding="utf-8"))


def test_the_places_are_those_that_an_editor_shows():
    found = read_toml(
        'title = "a"\n\n[names]\nweek_4 = "week(4)"  # why\nlong = \'\'\'\none(\n  two)\'\'\'\n[[rows]]\nn = [1, "é", "x"]\n'
    )
    assert found.places["title"] == found["title"].place.__class__(line=1, column=1)
    places = {
        "title": found.value_places["title"], "names": found.places["names"], "week_4": found["names"]["week_4"].place,
        "two": found["names"]["long"].place_of(7), "x": found["rows"][0]["n"].places[2], "row": found["rows"].places[0],
    }  # fmt: skip
    assert {name: (place.line, place.column) for name, place in places.items()} == {
        "title": (1, 9), "names": (3, 2), "week_4": (4, 11), "two": (7, 3), "x": (9, 14), "row": (8, 3),
    }  # fmt: skip


# --- generated texts --------------------------------------------------------------------------------------------------

signs = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\x7f")
plain = st.text(signs, max_size=6)


@st.composite
def texts(draw):
    """Draw a text in one of the four ways to write one, with what must be escaped escaped in some way."""
    value = draw(plain)
    match draw(st.integers(0, 4)):
        case 0 if "'" not in value:
            return f"'{value}'"
        case 1 if "'''" not in value and not value.endswith("'"):
            return f"'''\n{value}\n{value}'''"
        case 2:
            return '"""\n' + value.replace("\\", "\\\\").replace('"', '\\"') + '\\\n \n  x"""'
        case 3:
            return '"' + "".join(f"\\U{ord(sign):08x}" for sign in value) + '"'
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '\\t\\n\\""'


blanks = st.sampled_from(["", " ", "\t "])
breaks = st.sampled_from(["", " ", "\n", ' # a ] " comment\n\t', "\n\n"])
numbers = st.sampled_from(["1", "-2.5e3", "true", "0b101", "1979-05-27", "07:32:00", "nan_", "inf"]).map(
    lambda one: one.strip("_")
)


def several(inner):
    return st.one_of(
        st.lists(st.tuples(breaks, inner, breaks), max_size=3).map(
            lambda parts: "[" + ",".join(f"{before}{value}{after}" for before, value, after in parts) + "]"
        ),
        st.lists(inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"k{place}.'x y' = {value}" for place, value in enumerate(parts)) + "}"
        ),
    )


values = st.recursive(st.one_of(texts(), numbers.filter(lambda one: one != "nan")), several, max_leaves=6)


@st.composite
def documents(draw):
    """Draw a document of tables and lists of tables."""
    lines = []
    for table in range(draw(st.integers(0, 3))):
        head = draw(
            st.sampled_from(["", f"[t{table}]", f"[ a.'b c'.t{table} ]", f"[[rows{table}]]\nz = 1\n[[rows{table}]]"])
        )
        lines.append(head if head or not lines else f"[u{table}]")
        for key in range(draw(st.integers(0, 3))):
            name = draw(st.sampled_from([f"k{key}", f"'k {key}'", f'"é{key}".x', f"d.e{key}"]))
            gap = draw(blanks)
            lines.append(f"{draw(blanks)}{name}{gap}={gap}{draw(values)}{draw(blanks)}")
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n# end"]))
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@given(documents())
def test_a_generated_text_is_read_as_the_standard_library_reads_it_with_every_place(text):
    check(text)


# --- what is no TOML --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 1\nb = \n", r"^line 2, column 5: this is no TOML \(invalid value\)"),
        ("a = 1\na = 2\n", r"^line 2, column 6: this is no TOML \(cannot overwrite a value\)"),
        ('a = "x', r"^line 1, column 7: this is no TOML"),
        ("a = [1,", r"^line 1, column 8: this is no TOML"),
        ("a = 1\n\n[a]\n", r"^line 3, column 3: this is no TOML"),
        ("a = 1\nb = 9223372036854775808\n", r"^line 2, column 5: the integer is beyond what 64 bits hold"),
        ("a = " + "[" * 100_000, r"nested too deeply|this is no TOML"),
        ("a = " + "{b = " * 100_000, r"nested too deeply|this is no TOML"),
    ],
)
def test_what_is_no_toml_is_told_with_its_place(text, told):
    with pytest.raises(ProtocolError, match=told):
        read_toml(text)


def test_the_largest_integers_are_kept():
    assert read_toml("a = [9223372036854775807, -9223372036854775808]") == {"a": [2**63 - 1, -(2**63)]}
