"""Present rates of adverse events and events of special interest, those that did not occur with their upper limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from myosotis.analysis import event_names as names
from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.measures.derived.events_of_interest import EventsOfInterest
from myosotis.presentation.cells import begin_lower, begin_upper, cell, table
from myosotis.presentation.event_lines import (
    EventLine,
    RateFound,
    count_cell,
    line_of,
    lines_of,
    rate_interval,
    rate_of,
    robust_interval,
    years_cell,
)
from myosotis.presentation.layout import Sentence, Table, TableColumn, TableRow
from myosotis.presentation.results import Results

__all__ = ["interest_sentences", "interest_table", "rate_methods", "rate_sentence", "rate_table"]

_POSSIBLE = (
    " Counted is what is certain. Where an onset, a day on treatment or what an event was is not exactly known, its most "
    "stands beside it, and behind a rate the lowest and the highest that is possible: the fewest events by the longest "
    "time, the most by the shortest."
)


def rate_table(analysis: AdverseEvents, own: Results) -> Table:
    """Lay out the rates of all events and of first events by kind of patient-time, the robust intervals below."""
    on_drug = names.time_on(analysis.treatment.drugs.label)
    rows: list[TableRow] = []
    found: list[RateFound] = []
    for time in (on_drug, names.TIME_AT_RISK):
        rows.append(TableRow(label=begin_upper(time), heading=True, cells=[None] * 6))
        for level in (names.ALL_LEVEL, names.SERIOUS_LEVEL):
            found.append(rate_of(own, time, level))
            rows.append(TableRow(label=f"{begin_upper(level)} events", indent=1, cells=found[-1].cells))
            if (time, level) == (on_drug, names.ALL_LEVEL):
                rows.append(_robust("the same, bootstrap of patients", own, time, names.BOOTSTRAP))
                rows.append(_robust("the same, negative binomial", own, time, names.NEGATIVE_BINOMIAL))
    return table(
        f"{analysis.key}-rates",
        f"{analysis.title}: rates per 100 patient-years",
        columns=[
            TableColumn(label="Events", sub="all"),
            TableColumn(label="Patient-years", sub="all"),
            TableColumn(label="Rate", sub="exact interval"),
            TableColumn(label="Patients", sub="first event"),
            TableColumn(label="Patient-years", sub="to the first event"),
            TableColumn(label="Incidence", sub="exact interval"),
        ],
        rows=rows,
        note=f"Intervals at {analysis.conf_level:.0%}. The rate of all events counts every event and all patient-time; the "
        "incidence of first events counts a patient once and no time after the first event. They are not the same."
        + _possible(found),
    )


def interest_table(analysis: AdverseEvents, own: Results) -> Table:
    """Lay out the events of special interest, those that did not occur with their upper limits."""
    rates = [rate_of(own, names.TIME_AT_RISK, group.label) for group in analysis.of_interest]
    return table(
        f"{analysis.key}-interest",
        f"{analysis.title}: events of special interest",
        columns=[
            TableColumn(label="Events", sub=""),
            TableColumn(label="Patients", sub="n/N (%; exact interval)"),
            TableColumn(label="Rate of all events", sub="per 100 patient-years at risk (exact interval)"),
        ],
        rows=[
            TableRow(
                label=group.label,
                cells=[*line_of(own, names.OF_INTEREST, group.label).cells, rate_interval(rate.every)],
            )
            for group, rate in zip(analysis.of_interest, rates, strict=True)
        ],
        note=f"Treatment-emergent events. Intervals at {analysis.conf_level:.0%}; without an event the upper limit says how "
        "frequent such events could be all the same." + _possible(rates) + _sources(analysis),
    )


def rate_sentence(analysis: AdverseEvents, own: Results) -> Sentence:
    """Say the rate of all events and the incidence of first events in time on treatment."""
    time = names.time_on(analysis.treatment.drugs.label)
    found = rate_of(own, time, names.ALL_LEVEL)
    return Sentence(
        template=f"In {{years}} patient-years ({time}) the rate of all events was {{rate}} {{unit}}; "
        "the incidence of first events, in {patients} patients, was {incidence} {unit}.",
        values={
            "years": years_cell(found.every),
            "rate": rate_interval(found.every),
            "unit": cell("text", found.every["rate"]),
            "patients": count_cell(found.first, "count"),
            "incidence": rate_interval(found.first),
        },
    )


def interest_sentences(analysis: AdverseEvents, own: Results) -> list[Sentence]:
    """Say which events of interest occurred, and for those that did not how frequent they could be.

    Nothing is denied while there are events without a coded term that nobody has looked through.
    """
    counts = {group.key: line_of(own, names.OF_INTEREST, group.label) for group in analysis.of_interest}
    uncoded = own.where(variable=names.UNCODED).rows
    occurred = [group for group in analysis.of_interest if counts[group.key].any]
    absent = [group for group in analysis.of_interest if not counts[group.key].any]
    # A group found by recorded facts alone does not hang on anybody's words.
    doubtful = [group for group in absent if uncoded and (group.terms or group.stems or group.organ_classes)]
    absent = [group for group in absent if group not in doubtful]
    found = []
    if occurred:
        words = "; ".join(f"{begin_lower(group.label)} {{e{i}}}" for i, group in enumerate(occurred))
        least = "at least, since not every event has a coded term: " if uncoded else ""
        values = {f"e{i}": counts[group.key].events for i, group in enumerate(occurred)}
        found.append(Sentence(template=f"Events of special interest: {least}{words}.", values=values))
    if doubtful:
        found.append(_undenied(doubtful, line_of(own, names.UNCODED), lines_of(own, names.IN_NO_LIST)))
    if absent:
        found.append(_absent(absent, counts[absent[0].key], rate_of(own, names.TIME_AT_RISK, absent[0].label)))
    return found


def _absent(groups: Sequence[EventsOfInterest], count: EventLine, rate: RateFound) -> Sentence:
    """Say what was not recorded, and how frequent it could be all the same."""
    names_ = ", ".join(begin_lower(group.label) for group in groups)
    return Sentence(
        template=f"No treatment-emergent event was recorded of: {names_}. "
        "With none in {n} patients and {years} patient-years at risk, up to {share} of "
        "patients and {rate} events {unit} remain compatible with the data "
        "(upper exact limits), so their absence does not show safety.",
        values={
            "n": cell("integer", count.rows["total"]),
            "years": years_cell(rate.every),
            "share": cell("percent", count.rows["conf_high"], decimals=1),
            "rate": cell("number", rate.every["conf_high"], decimals=1),
            "unit": cell("text", rate.every["rate"]),
        },
    )


def _undenied(groups: Sequence[EventsOfInterest], every: EventLine, unsorted: Sequence[EventLine]) -> Sentence:
    """Say that no absence can be told, and which words nobody has sorted."""
    lines = sorted(unsorted, key=lambda line: line.level.casefold())
    words = "; ".join(f"{{w{i}}} ({{n{i}}})" for i in range(len(lines)))
    listed = f" In no list are: {words}." if lines else ""
    values = {"k": cell("integer", every.rows["events"])}
    for i, line in enumerate(lines):
        values |= {f"w{i}": cell("text", line.rows["events"]), f"n{i}": cell("integer", line.rows["events"])}
    of = ", ".join(begin_lower(group.label) for group in groups)
    return Sentence(
        template=f"Whether there was an event of {of} cannot be told from these data: events without a coded term, "
        f"whose words are in none of these lists and which nobody has declared to have looked through: {{k}}.{listed}",
        values=values,
    )


def rate_methods(analysis: AdverseEvents) -> list[str]:
    """Say how rates were computed and how events of interest were found."""
    drug = analysis.treatment.drugs.label
    told = [
        f"Time on {drug} is the days that at least one course covers, interruptions left out; its events are those with "
        "onset on such a day. Time at risk is the days from the first dose to "
        f"{analysis.emergent_until} days after the last, interruptions included; its events are the "
        "treatment-emergent ones. A patient-year is 365.25 days.",
        "Rates have exact Poisson intervals (Garwood, Biometrika 1936;28:437-442, doi:10.1093/biomet/28.3-4.437). Those "
        "take events of one patient as independent; the rate of all events is therefore also given with an interval from "
        "10,000 bootstrap samples of patients and from a negative binomial model.",
    ]
    if analysis.of_interest:
        told.append(
            "Events of special interest, found by the whole term (whatever its capitals) and no code: "
            f"{'; '.join(map(str, analysis.of_interest))}."
        )
    return told


def _robust(label: str, own: Results, time: str, method: str) -> TableRow:
    cells = [None, None, robust_interval(own, time, method), None, None, None]
    return TableRow(label=label, indent=2, cells=cells)


def _possible(found: Iterable[RateFound]) -> str:
    """Say what stands behind a rate that has bounds, where one has."""
    return _POSSIBLE if any(one.bounded for one in found) else ""


def _sources(analysis: AdverseEvents) -> str:
    cited = sorted({group.citation for group in analysis.of_interest if group.citation})
    return f" Why of interest: {'; '.join(cited)}." if cited else ""
