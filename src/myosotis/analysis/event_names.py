"""What the results of adverse events are of: the words by which they are kept and found again."""

from __future__ import annotations

__all__ = [
    "ACTION", "ALL_EVENTS", "ALL_LEVEL", "BOOTSTRAP", "CONTRADICTED", "CRITERION", "FIRST_EVENT", "GRADE", "GRADE_UNKNOWN",
    "HIGHEST_GRADE", "INEXACT_TIME", "INTEREST_ELSEWHERE", "IN_NO_LIST", "NEGATIVE_BINOMIAL", "NO_STOP", "OF_INTEREST",
    "ONSET", "ONSET_UNKNOWN", "ORGAN_CLASS", "OUTCOME", "POSSIBLE_REPEATS", "RECORDED", "RELATION", "RENAMED",
    "SERIOUSNESS", "SERIOUSNESS_UNKNOWN", "SERIOUSNESS_UNREAD", "SERIOUS_LEVEL", "SERIOUS_LEVELS",
    "SEVERAL_RECORDS", "TIME_AT_RISK", "UNCODED", "UNDOSED", "UNTREATED_PATIENTS", "WORSENED", "term_of", "time_on",
]  # fmt: skip

# Lines of counted events.
RECORDED, ONSET, ORGAN_CLASS, CRITERION, SERIOUSNESS = "recorded", "onset", "organ class", "criterion", "seriousness"
GRADE, HIGHEST_GRADE, RELATION, ACTION, OUTCOME = "grade", "highest grade", "relation", "action", "outcome"
OF_INTEREST, UNCODED, IN_NO_LIST = "of interest", "without a coded term", "in no list"

# What in the records contradicts itself or is missing.
CONTRADICTED, SEVERAL_RECORDS, WORSENED, RENAMED = "contradicted", "several records", "worsened", "renamed"
POSSIBLE_REPEATS, ONSET_UNKNOWN, INTEREST_ELSEWHERE = "possible repeats", "onset unknown", "interest elsewhere"
GRADE_UNKNOWN, SERIOUSNESS_UNKNOWN = "grade unknown", "seriousness unknown"
SERIOUSNESS_UNREAD = "seriousness unread"
UNDOSED, UNTREATED_PATIENTS = "without a dose", "untreated"
NO_STOP, INEXACT_TIME = "no stop date", "time not exactly known"

# Rates: of what, and in which time.
ALL_EVENTS, FIRST_EVENT, TIME_AT_RISK = "all events", "first event", "time at risk"
ALL_LEVEL, SERIOUS_LEVEL = "all", "serious"
SERIOUS_LEVELS = {True: SERIOUS_LEVEL, False: "not serious", None: "not evaluable"}
BOOTSTRAP = "percentile interval from bootstrap samples of patients"
NEGATIVE_BINOMIAL = "negative binomial, Wald interval on the log scale"


def term_of(organ_class: str) -> str:
    """Name the lines of the terms of an organ class."""
    return f"term: {organ_class}"


def time_on(drug: str) -> str:
    """Name the time on a drug."""
    return f"time on {drug}"
