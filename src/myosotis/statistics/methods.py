"""All methods by the name of their public function, collected from the folders, one folder for each question."""

from __future__ import annotations

from types import ModuleType

from myosotis.statistics.common.method import Method
from myosotis.statistics.describe import methods as describe
from myosotis.statistics.groups import methods as groups
from myosotis.statistics.missing import methods as missing
from myosotis.statistics.models import methods as models
from myosotis.statistics.multiplicity import methods as multiplicity
from myosotis.statistics.paired import methods as paired
from myosotis.statistics.proportions import methods as proportions
from myosotis.statistics.rates import methods as rates
from myosotis.statistics.repeated import methods as repeated
from myosotis.statistics.time_to_event import methods as time_to_event

__all__ = ["HELPERS", "METHODS", "PREPARATIONS", "QUESTIONS"]

_FOLDERS: dict[str, ModuleType] = {
    "describe": describe,
    "proportions": proportions,
    "paired": paired,
    "repeated": repeated,
    "groups": groups,
    "time_to_event": time_to_event,
    "rates": rates,
    "models": models,
    "missing": missing,
    "multiplicity": multiplicity,
}

QUESTIONS: dict[str, tuple[str, ...]] = {name: tuple(folder.METHODS) for name, folder in _FOLDERS.items()}
"""The methods that answer one question, by the folder of that question."""

METHODS: dict[str, Method] = {name: method for folder in _FOLDERS.values() for name, method in folder.METHODS.items()}
"""The methods by the name of their public function."""

PREPARATIONS: dict[str, str] = {
    name: reason for folder in _FOLDERS.values() for name, reason in folder.PREPARATIONS.items()
}
"""Public functions that prepare data for a method or are part of one, and are proved through it."""

HELPERS: dict[str, str] = {
    **{name: reason for folder in _FOLDERS.values() for name, reason in folder.HELPERS.items()},
    "HELPERS": "says what the public names are for that are no functions",
    "HypothesisTest": "is what every test returns, some with more in it",
    "IntervalEstimate": "is what every estimate with limits returns, some with more in it",
    "METHODS": "holds the record of every method",
    "Method": "is the record of one method",
    "PKind": "names the ways to a p-value",
    "PREPARATIONS": "says what the public functions are for that are no methods",
    "QUESTIONS": "groups the methods by the question they answer",
    "SAMPLES": "says in words what each kind of sample is",
    "Sample": "names the kinds of sample",
}
"""Public names that are no functions: the records returned, closed lists of words, limits."""
