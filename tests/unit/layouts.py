"""Documents written as plain data for the tests of the report, and bundles beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from myosotis.presentation import layout as records
from myosotis.presentation.document import Document, StudyShown, decimals_printed
from myosotis.presentation.listings import ListingTable
from myosotis.report import figures
from myosotis.report.lookup import Lookup, lookup
from myosotis.report.write import write_documents, write_interactive_documents
from myosotis.results import Bundle
from myosotis.results.bundle import everyones
from myosotis.results.listing import read_lines

KINDS = {
    "trajectories": records.Trajectories,
    "stacked_bars": records.StackedBars,
    "swimmer": records.Swimmer,
    "steps": records.Steps,
}
# What a test may leave out, as it says nothing of what is tested.
ABSENT: dict[type, dict[str, Any]] = {
    records.Cell: {"results": ()},
    records.TableColumn: {"sub": ""},
    records.TableRow: {"cells": ()},
    records.Table: {"note": "", "columns": (), "rows": ()},
    records.Trajectories: {"caption_of_all": "", "caption": ""},
    records.VisitSummary: {"median": "", "q1": "", "q3": "", "n": ""},
    records.Bar: {"week": 0.0},
    records.Swimmer: {"population": ""},
    records.Steps: {"population": "", "first_day": 0, "pulses": ""},
}


def record(kind: Any, data: Any) -> Any:
    """Read a record of a layout from plain data; a figure is of the kind that it names."""
    if data is None or isinstance(data, str | int | float):
        return data
    if get_origin(kind) in (Union, UnionType):
        if "kind" in data and data["kind"] in KINDS:
            return record(KINDS[data["kind"]], data)
        return record(next(one for one in get_args(kind) if is_dataclass(one) or get_origin(one)), data)
    if get_origin(kind) in (tuple, list, Sequence):
        return tuple(record(get_args(kind)[0], one) for one in data)
    if get_origin(kind) is Mapping:
        return {name: record(get_args(kind)[1], one) for name, one in data.items()}
    hints = get_type_hints(kind)
    given = {
        **ABSENT.get(kind, {}),
        **{name: "" if one is None and name in SUMMARY else one for name, one in data.items()},
    }
    if kind in (records.Swimmer, records.Steps):
        given["population"] = data["key"]
    return kind(**{one.name: record(hints[one.name], given[one.name]) for one in fields(kind) if one.name in given})


SUMMARY = ("median", "q1", "q3", "n")


def figure(data: Mapping[str, Any]) -> records.Figure:
    """Read a figure from plain data."""
    return record(KINDS[data["kind"]], data)


def document_of(layout: Mapping[str, Any]) -> Document:
    """Read a document from the plain data of a layout."""
    study = {"key": "s", "title": "S", **layout["study"]}
    synthetic = study.get("synthetic_note", "") if study.get("synthetic") else ""
    names = {one.name for one in fields(StudyShown)}
    given = {
        **layout,
        "study": {**{name: one for name, one in study.items() if name in names}, "synthetic": synthetic},
        "index_date": layout.get("index", ""),
        "sheets": layout.get("ledger", ()),
        "flow": layout.get("flow", {}).get("steps", ()),
    }
    hints = get_type_hints(Document)
    wanted = [one.name for one in fields(Document) if one.name in given and one.name != "listings"]
    listings = tuple(_listing(one) for one in layout.get("listings", ()))
    return Document(**{name: record(hints[name], given[name]) for name in wanted}, listings=listings)


def _listing(data):
    return ListingTable(**{**data, "rows": read_lines(data).rows})


def index_of(bundle: Bundle) -> Lookup:
    """Index a bundle whose manifest holds its layout, for those who may see single patients."""
    return lookup(with_members(bundle), document_of(bundle.manifest))


def with_members(bundle: Bundle) -> Bundle:
    """Let each figure of patients draw a population of its own, by its key."""
    members = {one["key"]: one["patients"] for one in bundle.manifest.get("figures", ()) if "patients" in one}
    return replace(bundle, manifest={**bundle.manifest, "members": members})


def indexes_of(bundle: Bundle) -> tuple[Lookup, Lookup | None]:
    """Index a bundle whose manifest holds its layout: for everyone, and for those who may see single patients."""
    document = document_of(bundle.manifest)
    shown = everyones(with_members(bundle), decimals_printed(document))
    return lookup(shown, replace(document, listings=())), index_of(bundle) if bundle.patient_level else None


def write_report(bundle: Bundle, folder: Any) -> Any:
    """Write both reports of a bundle whose manifest holds its layout."""
    return write_documents(*indexes_of(bundle), folder)


def write_interactive(bundle: Bundle, folder: Any) -> Any:
    """Write the interactive figures of a bundle whose manifest holds its layout."""
    return write_interactive_documents(*indexes_of(bundle), folder)


def figure_spec(data: Mapping[str, Any], index: Lookup) -> dict[str, Any]:
    """Draw a figure written as plain data; one of patients draws those that it names."""
    drawn = {**index.members, data["key"]: data.get("patients", ())}
    return figures.figure_spec(figure(data), replace(index, members=drawn))
