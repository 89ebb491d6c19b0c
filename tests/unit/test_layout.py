"""The records of a layout: written as the manifest holds them, and of the kinds that a report can print and draw."""

from __future__ import annotations

from typing import get_args

import pytest

from myosotis.report.cells import FORMATS
from myosotis.report.figures import KINDS
from myosotis.results.layout import (
    Axis,
    Cell,
    Figure,
    Format,
    Paragraph,
    Sentence,
    StackedBars,
    Table,
    TableColumn,
    TableRow,
    plain,
)


def test_every_format_of_a_cell_can_be_printed_and_no_other_is_offered():
    assert set(get_args(Format)) == {*FORMATS, "text"}


def test_every_kind_of_figure_can_be_drawn():
    kinds = {figure.kind for figure in get_args(Figure)}
    # A course is what a figure of lines becomes where no patient is shown.
    assert kinds | {"course"} == set(KINDS)


def test_a_table_is_written_without_what_it_leaves_at_its_default():
    table = Table(
        key="t",
        title="T",
        note="",
        columns=[TableColumn(label="n", sub="")],
        rows=(
            TableRow(label="all", cells=[Cell(format="integer", results=["a"])]),
            TableRow(label="none", cells=[None], indent=1, heading=True),
        ),
    )
    assert plain(table) == {
        "key": "t",
        "title": "T",
        "note": "",
        "columns": [{"label": "n", "sub": ""}],
        "rows": [
            {"label": "all", "cells": [{"format": "integer", "results": ["a"]}]},
            {"label": "none", "cells": [None], "indent": 1, "heading": True},
        ],
    }


def test_sentences_keep_their_values_and_figures_say_their_kind():
    n = Cell(format="number", results=["a"], decimals=0)
    told = Paragraph(heading="H", sentences=["as it is", Sentence(template="{n}.", values={"n": n})])
    assert plain(told)["sentences"] == [
        "as it is",
        {"template": "{n}.", "values": {"n": {"format": "number", "results": ["a"], "decimals": 0}}},
    ]
    bars = StackedBars(key="k", title="T", caption="C", levels=("yes",), bars=())
    assert plain(bars) == {
        "kind": "stacked_bars",
        "key": "k",
        "title": "T",
        "caption": "C",
        "levels": ["yes"],
        "bars": [],
    }
    assert plain(Axis(label="y", unit="", low=0.0)) == {"label": "y", "unit": "", "low": 0.0}


def test_a_record_takes_no_word_that_it_does_not_have():
    with pytest.raises(TypeError, match="lable"):
        TableRow(lable="misspelt", cells=[])
