"""Putting a bundle together: the output of analyses joined, everything declared and read set down."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from importlib import metadata
from typing import Any

import pyarrow as pa

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.derivations import derivations_of
from myosotis.analysis.estimators import counts
from myosotis.analysis.output import AnalysisOutput
from myosotis.core.definition import Definition, fingerprint
from myosotis.document import fingerprint_of, to_document
from myosotis.language.sentences import sentence
from myosotis.language.structure import named, observed
from myosotis.language.visit import at_visit
from myosotis.measures.catalogue import catalogue, measures
from myosotis.measures.derived.derivation import Derivation
from myosotis.measures.measure import Measure
from myosotis.measures.moments import VISIT
from myosotis.measures.own import OwnMeasure
from myosotis.model.dataset import Dataset, InputFile
from myosotis.model.ledger import ledger_counts
from myosotis.protocol import Protocol
from myosotis.results.bundle import Bundle
from myosotis.results.listing import PatientLines, lines_as_data
from myosotis.results.schema import ResultRow, digest
from myosotis.study.schedule import VisitTable

__all__ = ["bundle_of", "with_query"]

# What can change a number; the renderers cannot.
_SOFTWARE = ("myosotis", "duckdb", "ibis-framework", "numpy", "pyarrow", "scipy")

_SCHEDULE_SEVERITY = {"conflict": "warning", "nominal week differs": "warning", "gap": "note", "unscheduled": "note"}


def bundle_of(
    protocol: Protocol,
    data: Dataset,
    visits: VisitTable,
    cohort: Cohort,
    outputs: Sequence[AnalysisOutput],
    declared: Sequence[InputFile] = (),
) -> Bundle:
    """Join outputs to a bundle with its manifest, still without the query; it holds no clock time and no path.

    `declared` are the files that declare the study, which stand before the data files among the inputs.
    """
    counts = _count_populations(protocol, cohort)
    every = [*outputs, counts]
    contributions = [part for output in every for part in output.contributions]
    provenance = [row for output in every for row in output.provenance] + [part.provenance for part in contributions]
    by_id = {row["provenance_id"]: row for row in provenance}
    listings = {part.provenance["listing_id"]: part.listing for part in contributions}
    return Bundle.of(
        rows=[row for output in every for row in output.rows],
        provenance=[by_id[key] for key in sorted(by_id)],
        definitions=_definitions(protocol),
        checks=[*_findings(data), *_schedule(visits)],
        listings=[row for key in sorted(listings) for row in listings[key]],
        ledger=[_without_text(cell) for cell in data.ledger.to_pylist()],
        manifest=_manifest(protocol, data, visits, cohort, every, declared),
    )


def with_query(bundle: Bundle, query: str) -> Bundle:
    """Set down the query that confirmed the results: whole for query.sql, its digest with every provenance row."""
    column = bundle.provenance.schema.get_field_index("query")
    sent = pa.array([digest([query])] * bundle.provenance.num_rows, pa.string())
    return replace(
        bundle,
        provenance=bundle.provenance.set_column(column, bundle.provenance.schema.field(column), sent),
        manifest={**bundle.manifest, "query": query},
    )


def _without_text(cell: dict[str, Any]) -> dict[str, Any]:
    """Leave the text out of a cell that no result uses: a name or a telephone number may stand in it."""
    return cell if cell["fate"] in ("used", "converted") else {**cell, "found": "", "became": ""}


def _count_populations(protocol: Protocol, cohort: Cohort) -> AnalysisOutput:
    """Count each population's patients, and those for whom its criterion could not be told."""
    rows: list[ResultRow] = []
    contributions: list[Contribution] = []
    for population in protocol.all_populations:
        name = f"population: {population.key}"
        if population.criterion is None:
            continue
        part = cohort.contribution(name, protocol.all_populations[0].key, item=population.label)
        contributions.append(part)
        common = {
            "study": cohort.study, "analysis": "populations", "population": population.key, "provenance_id": part.id,
        }  # fmt: skip
        open_ = sum(result is None for result in part.results.values())
        rows += counts(common, n=len(cohort.patients(population.key)), n_not_evaluable=open_).values()
    return AnalysisOutput(rows=tuple(rows), contributions=tuple(contributions))


def _manifest(
    protocol: Protocol,
    data: Dataset,
    visits: VisitTable,
    cohort: Cohort,
    outputs: Sequence[AnalysisOutput],
    declared: Sequence[InputFile],
) -> dict[str, Any]:
    document = to_document(protocol)
    listings = [*(one for output in outputs for one in output.listings_shown), _visit_listing(visits)]
    return {
        "protocol": document,
        "study": {
            "key": protocol.key,
            "version": protocol.version,
            "title": protocol.title,
            "question": protocol.question,
            "fingerprint": fingerprint_of(document),
            "synthetic": bool(protocol.synthetic),
            "synthetic_note": protocol.synthetic,
        },
        "software": _software(),
        "inputs": [{"file": one.file, "sha256": one.sha256, "bytes": one.bytes} for one in (*declared, *data.inputs)],
        "ledger": [
            {"source": one.source, "sheet": one.sheet, "read": one.cells, "used": one.used, "converted": one.converted,
             "ignored": one.ignored, "rejected": one.rejected}
            for one in ledger_counts(data)
        ],
        "records": [asdict(one) for one in data.record_counts],
        "seed": protocol.seed,
        "listings": [lines_as_data(one) for one in listings],
        "members": {key: list(patients) for key, patients in cohort.populations.items()},
    }  # fmt: skip


def _visit_listing(visits: VisitTable) -> PatientLines:
    return PatientLines(
        key="visits",
        columns=("patient", "what", "window", "day", "message", "source"),
        rows=[
            [
                one.patient_id,
                one.kind,
                one.window,
                "" if one.day is None else str(one.day),
                one.message,
                f"{one.sheet or one.source} row {one.source_row}" if one.source_row is not None else "",
            ]
            for one in visits.findings
        ],
    )


def _definitions(protocol: Protocol) -> list[dict[str, Any]]:
    """List the definitions that the study's expressions and analyses use: rules by their key, observations by their name."""
    nodes = protocol.nodes().values()
    keys = {one.partition("@")[0] for node in nodes for one in (*named(node), *observed(node))}
    own: dict[str, Definition | OwnMeasure] = {one.key: one for one in protocol.own_definitions}
    own |= {one.key: one for one in protocol.measures}
    shipped: dict[str, Definition | Measure] = {one.key: one for one in catalogue()}
    shipped.update(measures())
    known: dict[str, Definition | Measure | OwnMeasure] = {**shipped, **own}
    used: dict[str, Definition | Measure | OwnMeasure | Derivation] = {key: known[key] for key in keys & set(known)}
    used |= {one.key: one for analysis in protocol.analyses for one in derivations_of(analysis)}
    return [_definition(used[key]) for key in sorted(used)]


def _definition(one: Definition | Measure | OwnMeasure | Derivation) -> dict[str, Any]:
    definition = one if isinstance(one, Definition) else one.definition
    return {
        "key": definition.key,
        "version": definition.version,
        "kind": definition.kind,
        "label": definition.label,
        "sentence": _rule_in_words(one),
        "unit": definition.unit,
        "range": str(definition.range) if definition.range is not None else "",
        "direction": definition.direction if definition.type == "number" else "",
        "missing": definition.missing,
        "citation": "; ".join(citation.text for citation in definition.citations),
        "doi": "; ".join(citation.doi for citation in definition.citations if citation.doi),
        "fingerprint": fingerprint(one, "") if isinstance(one, Definition) else one.fingerprint,
    }


def _rule_in_words(one: Definition | Measure | OwnMeasure | Derivation) -> str:
    if isinstance(one, Measure | Derivation):
        return one.sentence
    return sentence(at_visit(one.rule, VISIT)) if isinstance(one, OwnMeasure) else ""


def _findings(data: Dataset) -> Iterable[dict[str, Any]]:
    for one in data.findings:
        yield {
            "severity": one.severity,
            "rule": one.rule,
            "message": one.message,
            "source": one.source,
            "sheet": one.sheet,
            "source_row": one.source_row,
            "source_column": one.source_column,
            "count": one.count,
        }


def _schedule(visits: VisitTable) -> Iterable[dict[str, Any]]:
    """Count the schedule's findings by kind and window; the patients are in the listing of visits."""
    counted: dict[tuple[str, str], int] = {}
    for one in visits.findings:
        counted[one.kind, one.window] = counted.get((one.kind, one.window), 0) + 1
    for (kind, window), count in counted.items():
        where = f" in {window}" if window else ""
        yield {
            "severity": _SCHEDULE_SEVERITY[kind],
            "rule": f"visits: {kind}",
            "message": f"{count} {kind} visit{'s' if count != 1 else ''}{where}; the listing of visits names them",
            "count": count,
        }


def _software() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _SOFTWARE}}
