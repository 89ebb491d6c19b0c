"""Present a study: the document of its report, made of the results of a bundle and the protocol that declared them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from myosotis.document import from_document
from myosotis.errors import BundleError, ProtocolError
from myosotis.language.sentences import sentence
from myosotis.presentation.dispatch import present_analysis
from myosotis.presentation.document import (
    Document,
    FileRead,
    PopulationShown,
    SheetRead,
    StudyShown,
    WindowShown,
)
from myosotis.presentation.flow import ELIGIBILITY_LISTING, eligibility_methods, flow_steps
from myosotis.presentation.layout import Paragraph
from myosotis.presentation.listings import Listing, headed
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results
from myosotis.protocol import Protocol
from myosotis.results import Bundle
from myosotis.results.listing import read_lines
from myosotis.results.schema import rows_of_table
from myosotis.statistics.methods import METHODS

__all__ = ["present"]

_VISITS = Listing(
    key="visits",
    title="Visits: conflicts, gaps and unscheduled records",
    heads={
        "patient": "Patient", "what": "What", "window": "Window", "day": "Day", "message": "Message", "source": "Source",
    },
)  # fmt: skip


def present(bundle: Bundle) -> Document:
    """Say and show what was found in a study: find its results by their keys and lay them out as its protocol asks.

    Raises `BundleError` for a bundle without its protocol, with one that this release does not read as it was written, or
    without a result that an analysis of it gives.
    """
    protocol = _protocol(bundle)
    results = Results.of(rows_of_table(bundle.results), _fingerprint(bundle))
    shown = [present_analysis(analysis, results) for analysis in protocol.analyses]
    manifest = bundle.manifest
    return Document(
        study=StudyShown(
            key=protocol.key,
            title=protocol.title,
            version=protocol.version,
            question=protocol.question,
            synthetic=protocol.synthetic,
        ),
        index_date=f"Day 0 is {protocol.index}.",
        seed=protocol.seed,
        windows=tuple(_windows(protocol)),
        populations=tuple(_populations(protocol, results)),
        flow=flow_steps(protocol.eligibility, results),
        findings=tuple(one for part in shown for one in part.findings),
        tables=tuple(one for part in shown for one in part.tables),
        figures=tuple(one for part in shown for one in part.figures),
        methods=(_visits(protocol), eligibility_methods(protocol.eligibility), *_methods(shown)),
        limitations=(*(one for part in shown for one in part.limitations), *protocol.notes),
        inputs=tuple(FileRead(**one) for one in manifest["inputs"]),
        sheets=tuple(SheetRead(**one) for one in manifest["ledger"]),
        listings=headed(
            [read_lines(one) for one in manifest.get("listings", ())],
            (ELIGIBILITY_LISTING, _VISITS, *(one for part in shown for one in part.listings)),
        ),
        software=manifest["software"],
    )


def _protocol(bundle: Bundle) -> Protocol:
    if "protocol" not in bundle.manifest:
        raise BundleError(
            "the bundle holds no protocol.json, so that nothing says what its results are; run the study again"
        )
    try:
        return from_document(bundle.manifest["protocol"], Protocol)
    except ProtocolError as error:
        made_by = bundle.manifest.get("software", {}).get("myosotis", "another version")
        raise BundleError(
            f"the protocol of the bundle is not what this release reads: {error}. The bundle was made by myosotis "
            f"{made_by}, which prints it; its results stand, and its report.html is as it was written"
        ) from error


def _fingerprint(bundle: Bundle) -> str:
    """Give the fingerprint of the data, which every provenance row holds."""
    found = bundle.provenance.column("data_fingerprint")
    return str(found[0].as_py()) if bundle.provenance.num_rows else ""


def _windows(protocol: Protocol) -> Iterator[WindowShown]:
    for window in protocol.windows:
        yield WindowShown(
            label=window.label,
            first_day=window.first,
            target_day=window.target,
            last_day=window.last,
            sentence=str(window),
        )


def _populations(protocol: Protocol, results: Results) -> Iterator[PopulationShown]:
    counted = results.where(analysis="populations", statistic="n").by("population")
    everyone = results.where(analysis="flow", variable="included").rows[0]
    for population in protocol.all_populations:
        yield PopulationShown(
            key=population.key,
            label=population.label,
            sentence="" if population.criterion is None else sentence(population.criterion),
            result=counted.get((population.key,), everyone).id,
        )


def _visits(protocol: Protocol) -> Paragraph:
    windows = "; ".join(str(window) for window in protocol.windows)
    return Paragraph(
        heading="Visits",
        sentences=(
            f"Day 0 is {protocol.index}. Visits were assigned to windows of whole days, both ends included: {windows}.",
            "Of several values in a window the one nearest to its target counts; of two as near, the earlier; of two on "
            "one day, the one in the lower source row.",
        ),
    )


def _methods(shown: Sequence[Presentation]) -> Iterator[Paragraph]:
    """Yield what each analysis tells of itself, and then each statistical method once, in the order in which they came."""
    for part in shown:
        yield from part.methods
    used = dict.fromkeys(name for part in shown for name in part.statistics)
    if used:
        yield Paragraph(heading="Statistical methods", sentences=[METHODS[name].sentence for name in used])
