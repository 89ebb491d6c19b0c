"""Write the tables as an Excel workbook whose bytes do not depend on the day it is written."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from . import targets
from .sheets import Table

CREATED = datetime(2022, 9, 20)  # the day of the publication; the clock of the machine is never read
NOTICE = (
    "SYNTHETIC DATA: no real patient. Every value was drawn by make_synthetic_cohort.py so that the published "
    f"summaries of Wang et al. 2022 (doi {targets.DOI}) come out."
)
READ_ME = (
    ("SYNTHETIC DATA - no row describes a real patient",),
    (NOTICE,),
    ("Not for clinical use and not evidence about any drug: what the tables show was put into them.",),
    ("",),
    ("Sheet", "One row is", "Note"),
    (
        "Patients",
        "a child",
        "dates, criteria of Bohan and Peter, reasons for eligibility, antibody intensities (0-100)",
    ),
    ("Visits", "a visit", "Visit is the nominal week (0, 4, 12, 24); empty for an unscheduled visit"),
    ("Treatments", "a course of one drug at one dose", "an empty Stop is ongoing; Dose is per administration"),
    ("Conditions", "a status of an organ condition on a date", "once at baseline, once at week 24"),
    ("Adverse events", "an event", "an empty Stop is ongoing; organ class in plain words"),
    ("",),
    ("An empty cell was not recorded. A dose changed at a visit starts the day after it.",),
)


def write_workbook(tables: dict[str, Table], path: Path) -> None:
    """Write a read-me sheet and one sheet a table, header in row 1, dates as Excel dates."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties(
        {"title": "Synthetic cohort, no real patient", "comments": NOTICE, "created": CREATED, "author": ""}
    )
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    readme = book.add_worksheet("Read me")
    readme.set_column(0, 0, 18)
    readme.set_column(1, 2, 42)
    for number, line in enumerate(READ_ME):
        readme.write_row(number, 0, line, bold if number in (0, 4) else None)
    for name, table in tables.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, table.header, head)
        sheet.write_comment(0, 0, NOTICE, {"author": "read me", "x_scale": 2.5})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(table.header) - 1, 13)
        for number, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), day)
                elif value is not None:
                    sheet.write(number, column, value)
    book.close()
