"""Every page of the repository: its links lead somewhere, its lines fit, and what breaks lines changes no word."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
IGNORED = {".venv", "out", "build", "dist", ".git", "node_modules"}
PAGES = sorted(path for path in ROOT.rglob("*.md") if IGNORED.isdisjoint(path.relative_to(ROOT).parts[:-1]))
LONGEST = 125

_SPEC = importlib.util.spec_from_file_location("build", ROOT / "docs" / "build.py")
assert _SPEC is not None
assert _SPEC.loader is not None
build = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(build)


def named(path):
    return path.relative_to(ROOT).as_posix()


def prose(text):
    """Give the lines of a page outside code and tables, with their numbers."""
    code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code and not line.startswith("|"):
            yield number, line


def anchors(text):
    """Give the anchors of a page: those set by hand, and those that GitHub makes of headings."""
    headings = [line.lstrip("#").strip().lower() for _, line in prose(text) if re.match(r"#+ ", line)]
    return set(re.findall(r'<a id="([^"]+)">', text)) | {
        re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings
    }


def broken_links(path):
    """Name the relative links of a page that lead nowhere."""
    text = "\n".join(line if number else "" for number, line in prose(path.read_text(encoding="utf-8")))
    tables = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|"))
    found = []
    for target in re.findall(r"\]\(\s*([^)\s]+)\)", f"{text}\n{tables}"):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        if not there.exists() or (anchor and anchor not in anchors(there.read_text(encoding="utf-8"))):
            found.append(target)
    return found


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_leads_to_a_file_of_the_repository_and_to_a_place_in_it(path):
    assert broken_links(path) == []


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_line_is_too_long_outside_tables_and_code(path):
    text = path.read_text(encoding="utf-8")
    # A line without a space to break it at is an address.
    assert [number for number, line in prose(text) if len(line) > LONGEST and " " in line.strip()] == []


def test_a_link_to_nothing_and_one_to_no_heading_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# The one heading\n[a](page.md) [b](gone.md) [c](#the-one-heading) [d](page.md#none) [e](https://e.org/x)\n"
        "```\n[f](shown.md)\n```\n| [g](also_gone.md) |\n",
        encoding="utf-8",
    )
    assert broken_links(page) == ["gone.md", "page.md#none", "also_gone.md"]


WORDS = st.lists(
    st.sampled_from(
        ["a", "word", "longerword", "-", "1.", "12)", "+", "#", ">", "=", "*", "|", "`code`", "[x](y.md)", "(1)"]
    ),
    min_size=40,
    max_size=120,
)


@given(opening=st.sampled_from(["", "- ", "1. ", "> ", "    - "]), words=WORDS)
def test_breaking_a_line_keeps_every_word_and_opens_nothing_new(opening, words):
    line = opening + " ".join(["Start", *words])
    broken = build.wrapped(line).splitlines()
    further = opening if opening == "> " else " " * len(opening)
    assert " ".join(one.removeprefix(further if i else opening) for i, one in enumerate(broken)) == line.removeprefix(
        opening
    )
    for one in broken[1:]:
        assert one.startswith(further)
        assert not re.match(r"([-+*>#=|]+|\d+[.)])(\s|$)", one.removeprefix(further))


def test_tables_headings_code_and_short_lines_stay_as_they_are():
    long = "word " * 40
    text = f"# {long}end\n| {long} |\n```\n{long}\n```\n" + "x" * 125 + "\n"
    assert build.wrapped(text) == text
    assert build.wrapped("word  \n") == "word\n"
    assert max(map(len, build.wrapped(f"{long}\n").splitlines())) <= build.WIDTH
