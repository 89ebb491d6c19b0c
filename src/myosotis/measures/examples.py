"""Worked examples as patients: the inputs of each example as the rows of one patient of a data set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Definition, Example
from myosotis.errors import UsageError
from myosotis.measures.modules import observation_catalogue
from myosotis.measures.moments import BASELINE, VISIT

if TYPE_CHECKING:
    from myosotis.model.dataset import Dataset

__all__ = ["MOMENTS", "as_dataset"]

MOMENTS = {"baseline": BASELINE.target, "visit": VISIT.target}
_LIMITS = {"_upper_limit": "upper_limit", "_lower_limit": "lower_limit"}
_ONSET = date(2010, 6, 1)


def as_dataset(examples: Mapping[str, Example], known: Catalogue | None = None) -> Dataset:
    """Write each example as a patient of that name, baseline on day 0 and the visit on day 168.

    An age at onset becomes a birth date and an onset date, to the day. `known` holds the observations, those of the
    catalogue unless said otherwise. Raises `UsageError` for an input that is no observation.
    """
    from myosotis.model.dataset import Dataset

    patients, rows, courses, conditions = [], [], [], []
    for name, example in examples.items():
        inputs = example.inputs
        patients.append({"patient_id": name, **_ages(inputs)})
        for moment, day in MOMENTS.items():
            rows += list(_observations(name, day, inputs.get(moment, {}), known or observation_catalogue()))
        courses += [{"patient_id": name, **course} for course in inputs.get("treatments", ())]
        conditions += [
            {"patient_id": name, "name": one, "day": day}
            for one in inputs.get("conditions", ())
            for day in MOMENTS.values()
        ]
    return Dataset.of(patients=patients, observations=rows, treatments=courses, conditions=conditions)


def _ages(inputs: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for moment in MOMENTS for name, value in inputs.get(moment, {}).items()}
    found: dict[str, Any] = {}
    if given.get("age_at_index") is not None:
        found["age_at_index"] = given["age_at_index"]
    if given.get("age_at_onset") is not None:
        found |= {"onset_date": _ONSET, "birth_date": _ONSET - timedelta(days=round(given["age_at_onset"] * 365.25))}
    return found


def _observations(patient: str, day: int, given: Mapping[str, Any], known: Catalogue) -> Iterable[dict[str, Any]]:
    for name, value in given.items():
        if value is None or name in ("age_at_index", "age_at_onset"):
            continue
        if name in known:
            limits = {column: given.get(name + ending) for ending, column in _LIMITS.items()}
            yield {"patient_id": patient, "day": day, "name": name, **_value(known[name], value), **limits}
        elif not any(name.endswith(ending) and name.removesuffix(ending) in known for ending in _LIMITS):
            raise UsageError(f"an example gives {name!r}, which is no observation; correct the example")


def _value(definition: Definition, value: Any) -> dict[str, Any]:  # noqa: ANN401 - as examples are written
    if definition.type == "yes or no":
        answer = value in (True, "yes")
        return {"text": "yes" if answer else "no", "number": float(answer), "unit": definition.unit}
    if definition.type == "text":
        return {"text": value, "unit": definition.unit}
    return {"number": value, "unit": definition.unit}
