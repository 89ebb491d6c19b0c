"""What methods of several questions assume, each said once."""

from __future__ import annotations

__all__ = ["INDEPENDENT", "MISSING_AT_RANDOM", "ONE_PROBABILITY", "UNRELATED_CENSORING"]

INDEPENDENT = "patients are independent"
ONE_PROBABILITY = "patients are independent and share one probability"
MISSING_AT_RANDOM = "values are missing at random given what was observed"
UNRELATED_CENSORING = "censoring has nothing to do with the event"
