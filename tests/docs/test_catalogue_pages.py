"""The pages of the catalogue name every definition, and every link among them leads somewhere."""

from __future__ import annotations

import importlib.util
import re
from html import escape
from pathlib import Path

import pytest

from myosotis.measures.catalogue import catalogue, measures

PATH = Path(__file__).parents[2] / "docs" / "catalogue_pages.py"


@pytest.fixture(scope="module")
def pages():
    spec = importlib.util.spec_from_file_location("catalogue_pages", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


def test_every_definition_has_its_place(pages):
    text = "".join(page for path, page in pages.items() if not path.endswith("index.md"))
    for one in catalogue():
        assert f'<a id="{one.key}"></a>' in text, one.key
        assert pages["catalogue/index.md"].count(f"[`{one.key}`]") == 1


def test_every_rule_is_printed_with_its_choices_and_sources(pages):
    text = "".join(pages.values())
    for measure in measures().values():
        assert measure.sentence in text
        assert all(escape(citation.doi) in text for citation in measure.definition.citations)
        for choice in measure.choices:
            assert f"`{choice.key}`: " in text


def test_every_link_among_the_pages_leads_somewhere(pages):
    for path, text in pages.items():
        for target in re.findall(r"\]\(([^)]+)\)", text):
            if target.startswith("https://"):
                continue
            file, _, anchor = target.partition("#")
            page = pages["catalogue/" + file] if file else text
            assert not anchor or f'<a id="{anchor}"></a>' in page, (path, target)


def test_tables_have_as_many_cells_in_each_row_as_in_their_head(pages):
    for path, text in pages.items():
        width = None
        for line in text.splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
            assert width is None or cells is None or cells == width, (path, line)
            width = cells


def test_building_twice_gives_the_same_pages(pages):
    spec = importlib.util.spec_from_file_location("catalogue_pages_again", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.pages() == pages


def test_an_old_identifier_does_not_break_its_link(pages):
    page = pages["catalogue/jdm_instruments.md"]
    assert "https://doi.org/10.1002/1529-0131%28199910%2942%3A10%3C2213%3A%3AAID-ANR25%3E3.0.CO%3B2-8)" in page
    assert "10<2213" not in page
