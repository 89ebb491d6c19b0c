"""Layout and words of laboratory grades: worst grades, shift tables, the listing, and the caution on muscle enzymes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from myosotis.analysis.laboratory_safety import LaboratorySafety
from myosotis.analysis.output import begin_upper, cell, table
from myosotis.measures.derived.worst_grade import (
    NORMAL,
    NOT_EVALUABLE,
    NOT_MEASURED,
    RAISED,
    LaboratoryTest,
    WorstGrade,
)
from myosotis.results.layout import Cell, ListingTable, Sentence, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["grade_listing", "grade_methods", "grade_sentence", "grade_table", "muscle_limit", "shift_table"]

Rows = Mapping[tuple[str, str], ResultRow]

_GRADES = tuple(f"grade {grade}" for grade in range(5))
_AFTER = (*_GRADES, NOT_EVALUABLE, NOT_MEASURED)
_BEFORE = (NORMAL, RAISED, *_AFTER)
_MUSCLE = ("alt", "ast", "ck", "ldh")


def grade_table(of: LaboratorySafety, rows: Mapping[str, Rows]) -> Table:
    """Lay out how many patients had any grade and grade 3 or 4, and how many could not be graded."""
    return table(
        of.key,
        of.title,
        columns=[
            TableColumn(label="Any grade", sub="n/N (%; exact interval)"),
            TableColumn(label="Not evaluable", sub="whether any grade"),
            TableColumn(label="Grade 3 or 4", sub="n/N (%; exact interval)"),
            TableColumn(label="Not evaluable", sub="whether grade 3 or 4"),
            TableColumn(label="Not measured", sub="patients"),
        ],
        rows=[
            TableRow(
                label=begin_upper(test.label),
                cells=[
                    _share(rows[test.key], "any grade"),
                    cell("integer", rows[test.key]["any grade", "n_not_evaluable"]),
                    _share(rows[test.key], "grade 3 or 4"),
                    cell("integer", rows[test.key]["grade 3 or 4", "n_not_evaluable"]),
                    cell("integer", rows[test.key]["all", "n_missing"]),
                ],
            )
            for test in of.tests
        ],
        note=f"Worst grade (CTCAE 5) of each patient from day {of.follow_up.first} to day {of.follow_up.last}, unplanned "
        f"values included; N are the patients for whom it can be told. Intervals at {of.conf_level:.0%}. "
        f"{_muscle(of)}{of.note}".strip(),
    )


def shift_table(of: LaboratorySafety, rows: Mapping[str, Rows]) -> Table:
    """Lay out patients by what they were at baseline and by their worst grade afterwards."""
    lines: list[TableRow] = []
    for test in of.tests:
        lines.append(TableRow(label=begin_upper(test.label), heading=True, cells=[None] * len(_AFTER)))
        seen = {before for before, after in rows[test.key] if after in _AFTER}
        for before in (one for one in _BEFORE if one in seen):
            cells = [
                cell("integer", rows[test.key][before, after]) if (before, after) in rows[test.key] else None
                for after in _AFTER
            ]
            lines.append(TableRow(label=begin_upper(before), indent=1, cells=cells))
    return table(
        f"{of.key}-shift",
        f"{of.title}: shift from baseline to the worst grade",
        columns=[TableColumn(label=begin_upper(after), sub="worst") for after in _AFTER],
        rows=lines,
        note="Patients; an empty cell holds none. For tests graded by the patient's own baseline, rows say whether that "
        "was above the upper limit, which decides how later values are graded.",
    )


def grade_sentence(test: LaboratoryTest, rows: Rows) -> Sentence:
    """Say how many patients had any grade and grade 3 or 4 of a test."""
    return Sentence(
        template=f"{begin_upper(test.label)}: any grade in {{any}}, not evaluable in {{open}}; grade 3 or 4 in "
        "{severe}, not evaluable in {open_severe}; not measured in {missing}.",
        values={
            "any": _share(rows, "any grade"),
            "severe": _share(rows, "grade 3 or 4"),
            "open": cell("integer", rows["any grade", "n_not_evaluable"]),
            "open_severe": cell("integer", rows["grade 3 or 4", "n_not_evaluable"]),
            "missing": cell("integer", rows["all", "n_missing"]),
        },
    )


def muscle_limit(test: LaboratoryTest, rows: Rows) -> Sentence:
    """Say of a raised aminotransferase how often creatine kinase was raised on the same day."""
    return Sentence(
        template=f"{begin_upper(test.label)} is also a muscle enzyme, so a rise may be active myositis and not harm "
        "to the liver. Of the patients with any grade, creatine kinase was above its limit on the day of the worst one in "
        "{raised}, not above it in {normal}, and could not be told in {open}.",
        values={
            "raised": cell("integer", rows["muscle", "raised"]),
            "normal": cell("integer", rows["muscle", "not raised"]),
            "open": cell("integer", rows["muscle", NOT_EVALUABLE]),
        },
    )


def grade_methods(of: LaboratorySafety) -> list[str]:
    """Say how grades were given and what they cannot show."""
    named = "; ".join(f"{test.label} by {test.grade.key} version {test.grade.definition.version}" for test in of.tests)
    return [
        f"Laboratory values were graded by CTCAE version 5 (U.S. Department of Health and Human Services, 2017): {named}.",
        f"Baseline is the value nearest to day {of.baseline.target} in {of.baseline}. Every value from day "
        f"{of.follow_up.first} to day {of.follow_up.last} was graded, each of several on one day too, and the worst "
        "counts. A value without what its grade needs (a limit of normal, or the baseline) is not graded, but where fixed "
        "bounds alone limit its grade that is used: a grade is counted as absent only if no value can have reached it. In "
        "the shift table the worst grade is the worst that could be told, and not evaluable where that is 0 and another "
        "value may have been worse.",
        f"{_muscle(of)}Fixed bounds of CTCAE are those of adults; limits of normal must be those of the child's age.",
    ]


def grade_listing(of: LaboratorySafety, found: Mapping[str, Sequence[WorstGrade]]) -> ListingTable:
    """List the patients with any grade or without one that could be told, test by test."""
    return ListingTable(
        key=f"{of.key}-patients",
        title=f"{of.title}: patients with any grade, and those in whom grade 3 or 4 cannot be excluded",
        columns=["Patient", "Test", "Baseline", "Worst grade", "Value", "Day", "Values not graded"],
        rows=[
            [
                one.patient,
                test.label,
                one.before,
                one.after,
                "" if one.value is None else f"{one.value:g} {test.series.definition.unit}",
                "" if one.day is None else str(one.day),
                str(one.open),
            ]
            for test in of.tests
            for one in found[test.key]
            if one.at_least(1) or (one.at_least(3) is None and one.after != NOT_MEASURED)
        ],
    )


def _share(rows: Rows, level: str) -> Cell:
    return cell("n_of_total_interval", *(rows[level, name] for name in ("count", "total", "conf_low", "conf_high")))


def _muscle(of: LaboratorySafety) -> str:
    """Name the muscle enzymes among the tests and what a rise of them may be; nothing where there is none."""
    found = [test.label for test in of.tests if test.key in _MUSCLE]
    if not found:
        return ""
    return f"Muscle enzymes, so that a rise may be active myositis and not harm to the liver: {', '.join(found)}. "
