"""myosotis: from a folder of charts to a defensible cohort study.

All words of a protocol can be imported from here; what belongs to one disease, drug or laboratory scheme from
`myosotis.packs`. A word is loaded when it is asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module

_WORDS: dict[str, tuple[str, ...]] = {
    "myosotis.protocol": (
        "Protocol",
    ),
    "myosotis.plan": (
        "Defaults", "adverse_events", "change", "column", "composite", "count", "dose_curves", "drug_names",
        "endpoint", "estimate", "exclude", "exposure", "include", "laboratory_safety", "mean_sd", "median_iqr", "new_drugs",
        "on_drugs", "organs", "outcome", "patient", "patient_table", "present", "recorded", "sensitivity", "share",
        "swimmer", "table_one", "taper", "time_to_event", "treatment_policy", "with_conditions",
    ),
    "myosotis.analysis": (
        "Counted", "CountedGroups", "CountedPairs", "Design", "Endpoints", "EventsInTime", "EventsInTimeInGroups",
        "EventsOfInterest", "Friedman", "Groups", "Numbers", "Paired", "Published", "Repeated", "RepeatedInGroups",
        "Studies", "TimeBetween", "TimeToEvent", "TimeToEventInGroups", "of_interest",
    ),
    "myosotis.study": (
        "Eligibility", "Endpoint", "ExamplePatient", "IntercurrentEvent", "Population", "Rule", "example_patient",
    ),
    "myosotis.language": (
        "Categories", "Visit", "Window", "all_of", "any_of", "at_least", "baseline_window", "condition", "date_of",
        "day_window", "drugs", "first_dose", "month", "none_of", "not_", "recorded_days", "visit_day", "week",
    ),
    "myosotis.core.definition": (
        "Citation",
    ),
    "myosotis.definitions": ("definitions_beside",),
    "myosotis.measures.own": ("defined",),
    "myosotis.measures.declare": (
        "measured", "told", "written",
    ),
}  # fmt: skip
_HOMES = {word: module for module, words in _WORDS.items() for word in words}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, *globals()]
