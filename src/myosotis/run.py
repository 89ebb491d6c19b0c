"""Run a study: from a folder with a protocol, a mapping and data to a results bundle and its report."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from myosotis.analysis.adverse_events import AdverseEvents
from myosotis.analysis.cohort import Cohort
from myosotis.analysis.computing import compute_analysis
from myosotis.analysis.flow import SCREENED, flow, rule_name
from myosotis.analysis.organ_outcomes import OrganOutcomes
from myosotis.analysis.output import AnalysisOutput
from myosotis.analysis.rows_answered import rows_answered, rows_asked
from myosotis.engine_rules.answered import OnEngine
from myosotis.engine_rules.process import ask_in_process
from myosotis.errors import DataError, MyosotisError, ProtocolError
from myosotis.language.evaluate import Evaluated
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.outcome import Outcome
from myosotis.language.record import PatientRecord, records
from myosotis.language.structure import Node
from myosotis.loading import declaring_files, load_protocol, study_folder
from myosotis.manifest import bundle_of, with_query
from myosotis.model.dataset import Dataset, InputFile
from myosotis.model.mapping import read_mapping
from myosotis.model.read import read_dataset
from myosotis.names import names_without_rows
from myosotis.presentation.document import decimals_printed
from myosotis.protocol import Protocol
from myosotis.results.atomic_folder import atomic_folder, check_target
from myosotis.results.bundle import Bundle, write_bundle
from myosotis.sources.sheet import read_bytes
from myosotis.study.day_zero import beyond_follow_up, unknown_day_zero
from myosotis.study.eligibility import Attrition, attrition
from myosotis.study.schedule import VisitTable, assign_visits

__all__ = ["Study", "check_study", "compute", "open_study", "rehearse", "run_study"]

REHEARSED = 500  # patients; about ten seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Hold a study that was read and checked: its protocol, its data, and its visits assigned to windows.

    `declared` names the protocol and the mapping with their digests.
    """

    protocol: Protocol
    data: Dataset
    visits: VisitTable
    records: Mapping[str, PatientRecord]
    declared: tuple[InputFile, ...] = ()


def open_study(study: Path) -> Study:
    """Read a study: its protocol, `mapping.toml` and the data files the mapping names; `study` is its folder or protocol.

    The protocol's example patients are run first. Raises `ProtocolError` for a protocol or mapping that contradicts
    itself, `DataError` for data that cannot be read at all; what can be read but not used is a finding of the data.
    """
    folder, protocol = study_folder(study), load_protocol(study)
    protocol.check_examples()
    protocol.check_expressions()
    data = read_dataset(folder, read_mapping(folder / "mapping.toml"), protocol.catalogue)
    if data.patients.num_rows == 0:
        raise DataError(f"no patient of {folder} could be read; `myosotis check` lists what was wrong with the rows")
    data = replace(data, findings=(*data.findings, *names_without_rows(protocol, data)))
    found = {record.patient_id: record for record in records(data, protocol.index)}
    _check_collected(protocol, data)
    clock = (*unknown_day_zero(found.values(), protocol.index), *beyond_follow_up(data, found.values()))
    data = replace(data, findings=(*data.findings, *clock))
    return Study(
        protocol=protocol,
        data=data,
        visits=assign_visits(found.values(), protocol.windows),
        records=found,
        declared=tuple(read_bytes(folder / name, name)[1] for name in (*declaring_files(study), "mapping.toml")),
    )


def _check_collected(protocol: Protocol, data: Dataset) -> None:
    """Refuse to count what nobody collected: a table that the mapping does not feed holds no absence."""
    fed = {count.feeds for count in data.record_counts}
    for analysis in protocol.analyses:
        needed = _NEEDED.get(type(analysis))
        if needed is not None and needed not in fed:
            raise ProtocolError(
                f"the analysis {analysis.key!r} counts {needed}, and the mapping feeds no table {needed!r}: nothing "
                f"recorded there is no absence. Map the {needed}, declaring may_be_empty = true for a sheet on which none "
                "is a true answer, or remove the analysis"
            )


_NEEDED = {AdverseEvents: "events", OrganOutcomes: "conditions"}


def compute(study: Study) -> Bundle:
    """Compute every number of a study.

    Every expression is evaluated twice, by one query on DuckDB and patient by patient in plain Python, side by side;
    a study whose two evaluations differ is refused with `MyosotisError`, since then neither can be trusted.
    """
    with _computed(study) as (bundle, confirm):
        return confirm(bundle)


@contextmanager
def _computed(study: Study) -> Iterator[tuple[Bundle, Callable[[Bundle], Bundle]]]:
    """Give the bundle of the plain evaluation, and the call that confirms it by the engine's and adds the query.

    What only draws can go on in between; nothing may be shown before it is confirmed.
    """
    nodes = study.protocol.nodes()
    asked = {one.key: question for one in study.protocol.analyses if (question := rows_asked(one)) is not None}
    running = ask_in_process(nodes, asked, study.data, study.protocol.index)
    try:
        bundle, cohort = _unconfirmed(study, nodes)

        def confirm(unconfirmed: Bundle) -> Bundle:
            answered = running.result()
            _check_agreement(answered.evaluated, cohort.outcomes)
            _check_rows(study.protocol, answered, cohort)
            return with_query(unconfirmed, answered.query)

        yield bundle, confirm
    finally:
        running.stop()


def _unconfirmed(study: Study, nodes: Mapping[str, Node]) -> tuple[Bundle, Cohort]:
    cohort, found = _cohort(study, nodes)
    outputs: list[AnalysisOutput] = [
        flow(cohort, study.protocol.eligibility, found),
        *(compute_analysis(analysis, cohort) for analysis in study.protocol.analyses),
    ]
    return bundle_of(study.protocol, study.data, study.visits, cohort, outputs, study.declared), cohort


def _cohort(study: Study, nodes: Mapping[str, Node]) -> tuple[Cohort, Attrition]:
    outcomes = _judged(nodes, study.records)
    results = {
        name: {patient: outcome.result for patient, outcome in judged.items()} for name, judged in outcomes.items()
    }
    screened = tuple(sorted(study.records))
    found = _attrition(study.protocol, results, screened)
    cohort = Cohort(
        study=study.protocol.key,
        fingerprint=study.data.fingerprint,
        seed=study.protocol.seed,
        nodes=nodes,
        results=results,
        outcomes=outcomes,
        populations=_populations(study.protocol, results, screened, found),
        screened=screened,
        records=study.records,
    )
    return cohort, found


def run_study(study: Path, out: Path) -> Bundle:
    """Run a study and put its bundle and report into `out`, replacing an earlier one as a whole.

    Raises what `open_study` and `compute` raise, `UsageError` when `out` holds something else than a bundle or another run
    is writing it, and `StorageError` when the machine does not let it be written; whatever goes wrong, an earlier `out`
    stays as it was.
    """
    from myosotis.report.write import indexes_of, write_documents

    check_target(out)  # before the work, which would be for nothing
    opened = open_study(study)
    written: list[Bundle] = []

    def fill(beside: Path) -> None:
        with _computed(opened) as (bundle, confirm):
            shown, every = indexes_of(bundle)
            write_documents(shown, every, beside)
            confirmed = confirm(bundle)
        write_bundle(confirmed, beside, decimals_printed(shown.document))
        written.append(confirmed)

    atomic_folder(out, fill)
    return written[0]


def check_study(study: Path) -> Study:
    """Read and check a study without computing anything; errors as for `open_study`."""
    return open_study(study)


def rehearse(study: Study) -> bool:
    """Compute a study and lay out its reports without the engine and without writing, so that what a run would refuse is.

    Raises what `compute` and `write_report` raise. Of more than 500 patients nothing is computed, since it takes as long as
    the run, and False is given.
    """
    from myosotis.report.page import lay_out
    from myosotis.report.write import indexes_of

    if len(study.records) > REHEARSED:
        return False
    bundle, _ = _unconfirmed(study, study.protocol.nodes())
    for index in filter(None, indexes_of(bundle)):
        lay_out(index)
    return True


def _judged(nodes: Mapping[str, Node], found: Mapping[str, PatientRecord]) -> dict[str, dict[str, Outcome]]:
    judged: dict[Node, dict[str, Outcome]] = {}
    for node in nodes.values():
        if node not in judged:
            judged[node] = {patient: evaluate_patient(node, record) for patient, record in found.items()}
    return {name: judged[node] for name, node in nodes.items()}


def _check_agreement(evaluated: Evaluated, outcomes: Mapping[str, Mapping[str, Outcome]]) -> None:
    for name, judged in outcomes.items():
        differ = sum(not _same(result, judged[patient].result) for patient, result in evaluated.of(name).items())
        if differ:
            raise MyosotisError(
                f"{name!r} came out differently on the engine and in plain Python for {differ} patients; no result was "
                "written. This is a fault of myosotis, please report it with the expression"
            )


def _check_rows(protocol: Protocol, answered: OnEngine, cohort: Cohort) -> None:
    """Refuse a study in which a rule over rows comes out differently on the engine."""
    for analysis in protocol.analyses:
        on_engine = answered.rows.get(analysis.key)
        if on_engine is None:
            continue
        plain = rows_answered(analysis, cohort)
        differ = sum(Counter(told) != Counter(on_engine.get(patient, ())) for patient, told in plain.items())
        if differ:
            raise MyosotisError(
                f"the rows that {analysis.key!r} counts came out differently on the engine and in plain Python for {differ} "
                "patients; no result was written. This is a fault of myosotis, please report it with the analysis"
            )


def _same(a: float | bool | str | None, b: float | bool | str | None) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        # The two add in different orders; a billionth is far below any recorded precision.
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b and type(a) is type(b)


def _attrition(
    protocol: Protocol, results: Mapping[str, Mapping[str, float | bool | str | None]], screened: tuple[str, ...]
) -> Attrition:
    verdicts = {
        rule.name: {patient: _truth(results[rule_name(rule)][patient]) for patient in screened}
        for rule in protocol.eligibility.rules
    }
    return attrition(protocol.eligibility, verdicts, screened)


def _truth(result: float | bool | str | None) -> bool | None:
    assert result is None or isinstance(result, bool)
    return result


def _populations(
    protocol: Protocol,
    results: Mapping[str, Mapping[str, float | bool | str | None]],
    screened: tuple[str, ...],
    found: Attrition,
) -> dict[str, tuple[str, ...]]:
    included = tuple(sorted(found.included))
    members = {SCREENED: screened}
    for population in protocol.all_populations:
        if population.criterion is None:
            members[population.key] = included
        else:
            truths = results[f"population: {population.key}"]
            members[population.key] = tuple(patient for patient in included if truths[patient] is True)
    return members
