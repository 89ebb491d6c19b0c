"""The columns of the five study tables and what each holds, in words; needed wherever a row is made, engine or not."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["COLUMNS", "DATES", "REQUIRED", "Kind", "is_day"]

Kind: TypeAlias = Literal["text", "number", "date", "day", "truth"]

# Dates that may be known to the month or year only: then the date itself is missing, and `NAME_earliest` and
# `NAME_latest` bound it, both included.
DATES: dict[str, tuple[str, ...]] = {
    "patients": ("birth_date", "onset_date", "diagnosis_date", "last_contact", "death"),
    "observations": ("date",),
    "treatments": ("start", "stop"),
    "conditions": ("date",),
    "events": ("start", "stop"),
}

# Columns without which a row says nothing.
REQUIRED: dict[str, tuple[str, ...]] = {
    "patients": (), "observations": ("name",), "treatments": ("drug",), "conditions": ("name",), "events": ("term",),
}  # fmt: skip

_PLACE: dict[str, Kind] = {"source": "text", "sheet": "text", "source_row": "day"}


def is_day(name: str) -> bool:
    """Say whether a column counts days from the index date."""
    return name == "day" or (name.endswith("_day") and name != "times_per_day")


def _dates(table: str) -> dict[str, Kind]:
    return {f"{name}{end}": "date" for name in DATES[table] for end in ("", "_earliest", "_latest")}


def _of(**columns: Kind) -> dict[str, Kind]:
    return {"patient_id": "text", **columns, **_PLACE}


# `day` counts from the patient's index date and is given only when the source has no calendar date; `week` is the
# nominal visit week as the source has it, kept for conflict checks; ages are in years; a limit is in the row's unit.
# A number known only to lie beyond a limit (`<3`) is missing and bounded by `number_low` and `number_high`, both
# included; one without a bound on a side is NULL there. `stop_known` is false for a course that was stopped on a day
# nobody wrote down; a course without a stop is otherwise ongoing. `every` is how often a dose is given.
COLUMNS: dict[str, dict[str, Kind]] = {
    "patients": _of(
        site="text", sex="text", age_at_index="number", **_dates("patients"), last_contact_day="day", death_day="day",
        death_cause="text",
    ),
    "observations": {
        **_of(
            **_dates("observations"), day="day", week="number", name="text", number="number", number_low="number",
            number_high="number", text="text", unit="text", lower_limit="number", upper_limit="number",
        ),
        "source_column": "text",
    },
    "treatments": _of(
        drug="text", drug_class="text", **_dates("treatments"), stop_known="truth", start_day="day", stop_day="day",
        dose="number", dose_unit="text", times_per_day="number", every="text", route="text", indication="text",
        stop_reason="text",
    ),
    "conditions": _of(name="text", **_dates("conditions"), day="day", status="text"),
    "events": _of(
        event_id="text", term="text", preferred_term="text", organ_class="text", **_dates("events"), start_day="day",
        stop_day="day", grade="day", hospitalised="truth", disabling="truth", life_threatening="truth", death="truth",
        serious="truth", seriousness="text", related="text", action="text", outcome="text",
    ),
}  # fmt: skip
