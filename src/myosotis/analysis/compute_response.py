"""Compute response over visits: each level counted with an exact interval, open outcomes bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.estimators import counts, proportion
from myosotis.analysis.output import AnalysisOutput, begin_lower, begin_upper, cell, table
from myosotis.analysis.response import OutcomeOverVisits
from myosotis.language.sentences import sentence
from myosotis.language.windows import Window
from myosotis.results.layout import Bar, BarPart, Cell, Paragraph, Sentence, StackedBars, Table, TableColumn, TableRow
from myosotis.results.schema import ResultRow

__all__ = ["compute_response"]


_LEAVE_OUT = "leave_out"


def compute_response(analysis: OutcomeOverVisits, cohort: Cohort) -> AnalysisOutput:
    """Compute every number of the analysis."""
    parts = {
        visit: cohort.contribution(
            analysis.name(visit), analysis.endpoint.population.key, item=f"{analysis.endpoint.label} at {visit.label}"
        )
        for visit in analysis.endpoint.at
    }
    rows: dict[tuple[str, str, str], ResultRow] = {}
    for visit, part in parts.items():
        rows |= _count(analysis, cohort, visit, part)
    return AnalysisOutput(
        rows=tuple(rows.values()),
        contributions=tuple(parts.values()),
        tables=(_table(analysis, rows),),
        figures=(_figure(analysis, rows),) if analysis.figure else (),
        findings=(Paragraph(heading=analysis.title, sentences=_sentences(analysis, rows)),),
        methods=(Paragraph(heading=analysis.title, sentences=_methods(analysis)),),
        statistics=("clopper_pearson",),
    )


def _levels(analysis: OutcomeOverVisits) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (*((level, (level,)) for level in analysis.endpoint.levels), *analysis.together)


def _shown(analysis: OutcomeOverVisits) -> tuple[str, ...]:
    """Name the levels that the table and the text print: of yes and no, yes."""
    labels = tuple(label for label, _ in _levels(analysis))
    return tuple(label for label in labels if label != "no") if analysis.endpoint.levels == ("yes", "no") else labels


def _count(
    analysis: OutcomeOverVisits, cohort: Cohort, visit: Window, part: Contribution
) -> dict[tuple[str, str, str], ResultRow]:
    policy = analysis.endpoint.if_not_evaluable
    counted: list[tuple[str, ...]] = []
    judged: list[tuple[str, ...]] = []
    open_ = 0
    for patient, result in part.results.items():
        possible = _possible(part, patient, result)
        open_ += len(possible) > 1
        judged.append(possible)
        if len(possible) > 1 and policy != _LEAVE_OUT and not _settled(analysis, possible):
            possible = (policy,)
        if len(possible) == 1 or policy != _LEAVE_OUT:
            counted.append(possible)
    total = len(counted)
    common: dict[str, Any] = {
        "study": cohort.study, "analysis": analysis.key, "endpoint": analysis.endpoint.key,
        "population": analysis.endpoint.population.key, "visit": visit.label, "week": visit.week, "provenance_id": part.id,
    }  # fmt: skip
    rows = {(visit.label, "", name): row for name, row in counts(common, n_not_evaluable=open_, n=total).items()}
    for label, members in _levels(analysis):
        count = sum(set(possible) <= set(members) for possible in counted)
        one: dict[str, Any] = {**common, "level": label}
        found = proportion(count, total, one, conf_level=analysis.conf_level, nobody="no patient could be judged")
        most = sum(bool(set(may_be) & set(members)) for may_be in judged)
        if open_ and most > count:
            found |= counts(one, count_most=most)
        rows |= {(visit.label, label, statistic): row for statistic, row in found.items()}
    return rows


def _possible(part: Contribution, patient: str, result: object) -> tuple[str, ...]:
    if isinstance(result, bool):
        return ("yes",) if result else ("no",)
    return part.outcomes[patient].possible or ("yes", "no")


def _settled(analysis: OutcomeOverVisits, possible: Sequence[str]) -> bool:
    """Say whether an open outcome is at least known to lie in one of the groups of levels."""
    return any(set(possible) <= set(members) for _, members in analysis.together)


def _share(rows: Mapping[tuple[str, str, str], ResultRow], visit: Window, label: str) -> Cell:
    names = ("count", "total", "conf_low", "conf_high")
    return cell("n_of_total_interval", *(rows[visit.label, label, name] for name in names))


def _table(analysis: OutcomeOverVisits, rows: Mapping[tuple[str, str, str], ResultRow]) -> Table:
    visits = analysis.endpoint.at
    lines: list[TableRow] = [
        TableRow(label=label.capitalize(), cells=[_share(rows, visit, label) for visit in visits])
        for label in _shown(analysis)
    ]
    open_ = [cell("integer", rows[visit.label, "", "n_not_evaluable"]) for visit in visits]
    lines.append(TableRow(label="Not evaluable", cells=open_))
    level = f"{analysis.conf_level:.0%}"
    counted = (
        "left out"
        if analysis.endpoint.if_not_evaluable == _LEAVE_OUT
        else f"counted as {analysis.endpoint.if_not_evaluable}"
    )
    return table(
        analysis.key,
        analysis.title,
        columns=[TableColumn(label=visit.label, sub="") for visit in visits],
        rows=lines,
        note=f"n/N (%; exact {level} interval). Not evaluable patients are {counted}. {analysis.note}".strip(),
    )


def _figure(analysis: OutcomeOverVisits, rows: Mapping[tuple[str, str, str], ResultRow]) -> StackedBars:
    levels = analysis.endpoint.levels
    bars = [
        Bar(
            visit=visit.label,
            week=visit.week,
            parts=[
                BarPart(
                    level=level,
                    count=rows[visit.label, level, "count"].id,
                    proportion=rows[visit.label, level, "proportion"].id,
                )
                for level in levels
                if (visit.label, level, "count") in rows
            ],
        )
        for visit in analysis.endpoint.at
    ]
    return StackedBars(
        key=f"{analysis.key}-bars",
        title=begin_upper(analysis.endpoint.label),
        caption=f"By visit ({analysis.endpoint.population.label.lower()}).",
        levels=levels,
        bars=bars,
    )


def _sentences(analysis: OutcomeOverVisits, rows: Mapping[tuple[str, str, str], ResultRow]) -> list[Sentence]:
    last = analysis.endpoint.at[-1]
    shown = _shown(analysis)
    values = {f"level_{i}": _share(rows, last, label) for i, label in enumerate(shown)}
    open_ = _open_sentence(analysis, rows, last)
    if shown == ("yes",):
        template = f"At {last.label}, {{level_0}} had {begin_lower(analysis.endpoint.label)}."
        return [Sentence(template=template, values=values), *open_]
    words = "; ".join(f"{label} {{level_{i}}}" for i, label in enumerate(shown))
    return [Sentence(template=f"At {last.label}: {words}.", values=values), *open_]


def _open_sentence(
    analysis: OutcomeOverVisits, rows: Mapping[tuple[str, str, str], ResultRow], visit: Window
) -> list[Sentence]:
    """Say how far the counts go if the patients who could not be judged counted; nothing where there are none."""
    most = [label for label in _shown(analysis) if (visit.label, label, "count_most") in rows]
    if not most:
        return []
    values = {f"most_{i}": cell("integer", rows[visit.label, label, "count_most"]) for i, label in enumerate(most)}
    values["open"] = cell("integer", rows[visit.label, "", "n_not_evaluable"])
    what = [begin_lower(analysis.endpoint.label)] if _shown(analysis) == ("yes",) else most
    words = "; ".join(f"{label} {{most_{i}}}" for i, label in enumerate(what))
    return [
        Sentence(template=f"Not evaluable at {visit.label}: {{open}}. With each that may be, counts are up to: {words}.",
         values=values)
    ]  # fmt: skip


def _methods(analysis: OutcomeOverVisits) -> list[str]:
    endpoint = analysis.endpoint
    missing = (
        "left out of the denominator and counted"
        if endpoint.if_not_evaluable == _LEAVE_OUT
        else f"counted as {endpoint.if_not_evaluable}"
    )
    events = [
        f"Intercurrent event: {event.name}; strategy: {event.strategy} ({event.how})."
        for event in endpoint.intercurrent
    ]
    rule = sentence(endpoint.of(endpoint.at[-1]))
    return [
        f"{begin_upper(endpoint.label)}, in {begin_lower(endpoint.population.label)}, "
        f"at {endpoint.at[-1].label}: {rule}.",
        f"A patient for whom it is not evaluable was {missing}.",
        *events,
        f"Summary: {endpoint.summary}.",
    ]
