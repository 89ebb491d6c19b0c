"""The records of a layout: of the kinds that a report can print and draw, and none with a word that it does not have."""

from __future__ import annotations

from typing import get_args

import pytest

from myosotis.presentation.document import Document, StudyShown, decimals_printed
from myosotis.presentation.layout import Cell, Format, Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.report.cells import FORMATS


def test_every_format_of_a_cell_can_be_printed_and_no_other_is_offered():
    assert set(get_args(Format)) == {*FORMATS, "text"}


def test_a_record_takes_no_word_that_it_does_not_have():
    with pytest.raises(TypeError, match="lable"):
        TableRow(lable="misspelt", cells=[])


def test_the_decimals_of_a_result_are_the_most_that_anything_prints_it_with():
    row = TableRow(label="x", cells=[None, Cell(format="number", results=["a"], decimals=0)])
    told = Sentence(template="{x}{y}", values={
        "x": Cell(format="number", results=["a"], decimals=2), "y": Cell(format="number", results=["b"]),
    })  # fmt: skip
    document = Document(
        study=StudyShown(key="s", title="S"),
        tables=(Table(key="t", title="T", note="", columns=[TableColumn(label="x", sub="")], rows=[row]),),
        findings=(Paragraph(heading="F", sentences=["as it is"]),),
        limitations=(told, "a note"),
    )
    assert decimals_printed(document) == {"a": 2, "b": 1}
