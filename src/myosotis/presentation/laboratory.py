"""Present laboratory grades: worst grades, the shift from baseline, and the caution on muscle enzymes."""

from __future__ import annotations

from myosotis.analysis.laboratory_safety import (
    AMINOTRANSFERASES,
    ANY_GRADE,
    CREATINE_KINASE,
    NOT_RAISED,
    RAISED_CK,
    SEVERE,
    SHIFT,
    WORST,
    LaboratorySafety,
    baseline_group,
    lines_key,
)
from myosotis.measures.derived.worst_grade import NORMAL, NOT_EVALUABLE, NOT_MEASURED, RAISED, LaboratoryTest
from myosotis.presentation.cells import begin_upper, cell, table
from myosotis.presentation.layout import Cell, Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.presentation.listings import Listing
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results

__all__ = ["present_laboratory"]

_GRADES = tuple(f"grade {grade}" for grade in range(5))
_AFTER = (*_GRADES, NOT_EVALUABLE, NOT_MEASURED)
_BEFORE = (NORMAL, RAISED, *_AFTER)
_MUSCLE = ("alt", "ast", "ck", "ldh")


def present_laboratory(analysis: LaboratorySafety, results: Results) -> Presentation:
    """Give the tables, the sentences, the methods and the limitations of the analysis."""
    own = results.where(analysis=analysis.key)
    by_test = [(test, own.where(endpoint=test.key)) for test in analysis.tests]
    return Presentation(
        listings=(_listing(analysis),),
        tables=(
            _grades(analysis, [_grade_line(test, found) for test, found in by_test]),
            _shifts(analysis, [line for test, found in by_test for line in _shift_lines(test, found)]),
        ),
        findings=(Paragraph(heading=analysis.title, sentences=[_sentence(test, found) for test, found in by_test]),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("clopper_pearson",),
        limitations=tuple(
            _muscle_limit(test, found)
            for test, found in by_test
            if test.key in AMINOTRANSFERASES and found.by_statistic(variable=WORST, level=ANY_GRADE)["count"].number
        ),
    )


def _share(found: Results, level: str) -> Cell:
    rows = found.by_statistic(variable=WORST, level=level)
    return cell("n_of_total_interval", *(rows[name] for name in ("count", "total", "conf_low", "conf_high")))


def _open(found: Results, level: str) -> Cell:
    return cell("integer", found.by_statistic(variable=WORST, level=level)["n_not_evaluable"])


def _unmeasured(found: Results) -> Cell:
    return cell("integer", found.by_statistic(variable="")["n_missing"])


def _grades(analysis: LaboratorySafety, lines: list[TableRow]) -> Table:
    """Lay out how many patients had any grade and grade 3 or 4, and how many could not be graded."""
    return table(
        analysis.key,
        analysis.title,
        columns=[
            TableColumn(label="Any grade", sub="n/N (%; exact interval)"),
            TableColumn(label="Not evaluable", sub="whether any grade"),
            TableColumn(label="Grade 3 or 4", sub="n/N (%; exact interval)"),
            TableColumn(label="Not evaluable", sub="whether grade 3 or 4"),
            TableColumn(label="Not measured", sub="patients"),
        ],
        rows=lines,
        note=f"Worst grade (CTCAE 5) of each patient from day {analysis.follow_up.first} to day {analysis.follow_up.last}, "
        "unplanned values included; N are the patients for whom it can be told. Intervals at "
        f"{analysis.conf_level:.0%}. {_muscle(analysis)}{analysis.note}".strip(),
    )


def _grade_line(test: LaboratoryTest, found: Results) -> TableRow:
    cells = [cell_ for level in (ANY_GRADE, SEVERE) for cell_ in (_share(found, level), _open(found, level))]
    return TableRow(label=begin_upper(test.label), cells=[*cells, _unmeasured(found)])


def _shifts(analysis: LaboratorySafety, lines: list[TableRow]) -> Table:
    """Lay out patients by what they were at baseline and by their worst grade afterwards."""
    return table(
        f"{analysis.key}-shift",
        f"{analysis.title}: shift from baseline to the worst grade",
        columns=[TableColumn(label=begin_upper(after), sub="worst") for after in _AFTER],
        rows=lines,
        note="Patients; an empty cell holds none. For tests graded by the patient's own baseline, rows say whether that "
        "was above the upper limit, which decides how later values are graded.",
    )


def _shift_lines(test: LaboratoryTest, found: Results) -> list[TableRow]:
    moved = found.where(variable=SHIFT).by("groups", "level")
    seen = {groups for groups, _ in moved}
    return [
        TableRow(label=begin_upper(test.label), heading=True, cells=[None] * len(_AFTER)),
        *(
            TableRow(
                label=begin_upper(before),
                indent=1,
                cells=[cell("integer", moved[group, after]) if (group, after) in moved else None for after in _AFTER],
            )
            for before in _BEFORE
            if (group := baseline_group(before)) in seen
        ),
    ]


def _sentence(test: LaboratoryTest, found: Results) -> Sentence:
    """Say how many patients had any grade and grade 3 or 4 of a test."""
    return Sentence(
        template=f"{begin_upper(test.label)}: any grade in {{any}}, not evaluable in {{open}}; grade 3 or 4 in "
        "{severe}, not evaluable in {open_severe}; not measured in {missing}.",
        values={
            "any": _share(found, ANY_GRADE),
            "severe": _share(found, SEVERE),
            "open": _open(found, ANY_GRADE),
            "open_severe": _open(found, SEVERE),
            "missing": _unmeasured(found),
        },
    )


def _muscle_limit(test: LaboratoryTest, found: Results) -> Sentence:
    """Say of a raised aminotransferase how often creatine kinase was raised on the same day."""
    by_level = found.where(variable=CREATINE_KINASE).by("level")
    return Sentence(
        template=f"{begin_upper(test.label)} is also a muscle enzyme, so a rise may be active myositis and not harm "
        "to the liver. Of the patients with any grade, creatine kinase was above its limit on the day of the worst one in "
        "{raised}, not above it in {normal}, and could not be told in {open}.",
        values={
            "raised": cell("integer", by_level[RAISED_CK,]),
            "normal": cell("integer", by_level[NOT_RAISED,]),
            "open": cell("integer", by_level[NOT_EVALUABLE,]),
        },
    )


def _methods(analysis: LaboratorySafety) -> list[str]:
    """Say how grades were given and what they cannot show."""
    named = "; ".join(
        f"{test.label} by {test.grade.key} version {test.grade.definition.version}" for test in analysis.tests
    )
    return [
        f"Laboratory values were graded by CTCAE version 5 (U.S. Department of Health and Human Services, 2017): {named}.",
        f"Baseline is the value nearest to day {analysis.baseline.target} in {analysis.baseline}. Every value from day "
        f"{analysis.follow_up.first} to day {analysis.follow_up.last} was graded, each of several on one day too, and the "
        "worst counts. A value without what its grade needs (a limit of normal, or the baseline) is not graded, but where "
        "fixed bounds alone limit its grade that is used: a grade is counted as absent only if no value can have reached "
        "it. In the shift table the worst grade is the worst that could be told, and not evaluable where that is 0 and "
        "another value may have been worse.",
        f"{_muscle(analysis)}Fixed bounds of CTCAE are those of adults; limits of normal must be those of the child's age.",
    ]


def _muscle(analysis: LaboratorySafety) -> str:
    """Name the muscle enzymes among the tests and what a rise of them may be; nothing where there is none."""
    found = [test.label for test in analysis.tests if test.key in _MUSCLE]
    if not found:
        return ""
    return f"Muscle enzymes, so that a rise may be active myositis and not harm to the liver: {', '.join(found)}. "


def _listing(analysis: LaboratorySafety) -> Listing:
    return Listing(
        key=lines_key(analysis),
        title=f"{analysis.title}: patients with any grade, and those in whom grade 3 or 4 cannot be excluded",
        heads={
            "patient": "Patient", "test": "Test", "baseline": "Baseline", "worst_grade": "Worst grade", "value": "Value",
            "day": "Day", "values_not_graded": "Values not graded",
        },
    )  # fmt: skip
