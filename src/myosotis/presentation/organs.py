"""Present organ outcomes: what became of each condition, what is new, and whose status at baseline is open."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.analysis.organ_outcomes import OrganOutcomes, lines_key
from myosotis.measures.derived.organ_course import BASELINE_OPEN, NEW, OUTCOMES, STATUS_WORDS
from myosotis.presentation.cells import begin_upper, cell, table
from myosotis.presentation.layout import Cell, Paragraph, Sentence, Table, TableColumn, TableRow
from myosotis.presentation.listings import Listing
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results

__all__ = ["present_organs"]


def present_organs(analysis: OrganOutcomes, results: Results) -> Presentation:
    """Give the table, the sentences, the methods and the limitations of the analysis."""
    own = results.where(analysis=analysis.key)
    found = {name: own.where(endpoint=name) for name in analysis.conditions}
    return Presentation(
        listings=(_listing(analysis),),
        tables=(_table(analysis, found),),
        findings=(Paragraph(heading=analysis.title, sentences=[_sentence(analysis, *one) for one in found.items()]),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("clopper_pearson",),
        limitations=tuple(limit for name, one in found.items() for limit in _limitations(analysis, name, one)),
    )


def _outcome(one: Results, outcome: str) -> Cell:
    found = one.by_statistic(variable="outcome", level=outcome)
    return cell("n_of_total", found["count"], found["total"])


def _present(one: Results) -> Cell:
    return cell("integer", one.by_statistic(variable="at baseline")["n"])


def _counted(one: Results, what: str) -> Cell:
    return cell("integer", one.by_statistic(variable=what)["count"])


def _table(analysis: OrganOutcomes, found: Mapping[str, Results]) -> Table:
    heads = [(f"At {analysis.baseline.label}", "patients"), *((begin_upper(one), "") for one in OUTCOMES)]
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=label, sub=sub) for label, sub in (*heads, (begin_upper(NEW), "apart"))],
        rows=[
            TableRow(label=name, cells=[_present(one), *(_outcome(one, o) for o in OUTCOMES), _counted(one, NEW)])
            for name, one in found.items()
        ],
        note=f"At {analysis.visit.label}, n/N (%) of the patients with the condition at {analysis.baseline.label}; the "
        f"outcomes add up to them. {analysis.note}".strip(),
    )


def _sentence(analysis: OrganOutcomes, name: str, one: Results) -> Sentence:
    counts = one.where(variable="outcome", statistic="count").by("level")
    shown = [outcome for outcome in OUTCOMES if counts[outcome,].number]
    values = {f"o{i}": _outcome(one, outcome) for i, outcome in enumerate(shown)}
    words = "; ".join(f"{outcome} {{o{i}}}" for i, outcome in enumerate(shown)) or "no one to follow"
    template = f"Patients with {name} at {analysis.baseline.label}: {{n}}. At {analysis.visit.label}: {words}. "
    template += f"{begin_upper(NEW)}: {{new}}."
    return Sentence(template=template, values={**values, "n": _present(one), "new": _counted(one, NEW)})


def _limitations(analysis: OrganOutcomes, name: str, one: Results) -> list[Sentence]:
    if not one.by_statistic(variable=BASELINE_OPEN)["count"].number:
        return []
    template = (
        f"{name}: patients whose status at {analysis.baseline.label} contradicts itself or was recorded only earlier, "
        "counted neither as present nor as absent: {n}; the listing names them."
    )
    return [Sentence(template=template, values={"n": _counted(one, BASELINE_OPEN)})]


def _methods(analysis: OrganOutcomes) -> list[str]:
    words = "; ".join(f"{outcome}: {', '.join(statuses)}" for outcome, statuses in STATUS_WORDS.items())
    return [
        f"Conditions: {', '.join(analysis.conditions)}. One was present at baseline if the latest record in "
        f"{analysis.baseline} does not say that it was absent or resolved.",
        f"The outcome is the status on the latest day in {analysis.visit} ({words}). No record is not assessed; "
        "different statuses on that day, or one that says nothing of the course, are not evaluable. A patient without any "
        "record of a condition is taken not to have it.",
    ]


def _listing(analysis: OrganOutcomes) -> Listing:
    return Listing(
        key=lines_key(analysis),
        title=f"{analysis.title}, patient by patient",
        heads={
            "patient": "Patient", "condition": "Condition", "at_baseline": f"At {analysis.baseline.label}",
            "at_visit": f"At {analysis.visit.label}", "outcome": "Outcome", "rule": "Rule", "source": "Source",
        },
    )  # fmt: skip
