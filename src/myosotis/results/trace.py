"""Trace a number back: what it is, what made it, and every row of the source files behind it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from myosotis.errors import BundleError, UnknownNameError
from myosotis.results.bundle import Bundle

__all__ = ["Trace", "rows_digest", "trace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Hold a result, its provenance, the definitions that took part, and the listing rows behind it.

    `listing` has the rows of role `value` (what entered the statistic, one per patient) each followed by its rows of
    role `evidence` (the cells the value was made of). It is empty, and `patient_level` False, where the bundle's part about
    single patients is not there.
    """

    result: dict[str, Any]
    provenance: dict[str, Any]
    definitions: tuple[dict[str, Any], ...]
    listing: tuple[dict[str, Any], ...]
    patient_level: bool = True


def trace(bundle: Bundle, result_id: str) -> Trace:
    """Find everything behind a result; the start of an identifier is enough when only one result begins so.

    Raises `UnknownNameError` when no result, or more than one, begins with the identifier; `BundleError` when the
    rows listed are not those that the result was computed from (their digest differs).
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found = bundle.results.filter(pc.starts_with(bundle.results["result_id"], result_id)).to_pylist()
    if len(found) != 1 or not result_id:
        what = "no result" if not found else f"{len(found)} results"
        raise UnknownNameError(
            f"{what} of this bundle begin with {result_id!r}; the report shows the identifier of every number"
        )
    result = found[0]
    same = pc.equal(bundle.provenance["provenance_id"], result["provenance_id"])
    provenance = bundle.provenance.filter(same).to_pylist()[0]
    wanted = provenance["listing_id"].split()
    groups: dict[str, list[dict[str, Any]]] = {listing: [] for listing in wanted}
    listed = pc.is_in(bundle.listings["listing_id"], value_set=pa.array(wanted, pa.string()))
    for row in bundle.listings.filter(listed).to_pylist():
        groups[row["listing_id"]].append(row)
    listing = tuple(row for name in wanted for row in groups[name])
    if bundle.patient_level and rows_digest(listing) != provenance["rows_digest"]:
        raise BundleError("the rows listed are not those the result was computed from; run the study again")
    keys = {one.partition("@")[0] for one in provenance["definitions"]}
    definitions = tuple(row for row in bundle.definitions.to_pylist() if row["key"] in keys)
    return Trace(
        result=result,
        provenance=provenance,
        definitions=definitions,
        listing=listing,
        patient_level=bundle.patient_level,
    )


def rows_digest(rows: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> str:
    """Digest listing rows, in order, into 12 hexadecimal digits."""
    text = json.dumps(list(rows), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
