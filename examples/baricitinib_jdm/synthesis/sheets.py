"""Lay the drawn cohort out as the tables of a clinic's workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from . import events, targets, treatments
from .activity import draw_activity
from .laboratory import Values, draw_laboratory
from .people import Child, draw_children
from .steroid import Course, draw_steroid

PATIENT_HEADER = (
    "Patient", "Sex", "Birth date", "Onset date", "Diagnosis date", "Muscle involvement", "Proximal weakness",
    "Biopsy", "Raised enzymes", "EMG", "Typical rash", "Inadequate response to glucocorticoid",
    "Inadequate response to first-line agent", "Agent failed", "Ulcerative skin disease",
    "Gastrointestinal involvement", "Cardiac involvement", "Intensive care", "Overlap syndrome", "Other infection",
    "Malignancy", "Hypersensitivity to baricitinib", "Medical insurance", "Note", *targets.ANTIBODIES,
)  # fmt: skip
VISIT_HEADER = (
    "Patient", "Visit", "Date", "Weight (kg)", "Height (cm)", "Skin-DAS", "Ulceration", "Erythema", "CMAS", "MMT-8",
    "CK (U/L)", "CK upper limit", "ALT (U/L)", "ALT upper limit", "AST (U/L)", "AST upper limit",
    "Creatinine (µmol/L)", "Creatinine upper limit", "Neutrophils (10^9/L)", "Lymphocytes (10^9/L)",
    "Haemoglobin (g/L)", "Platelets (10^9/L)", "Physician global (0-10 cm)",
)  # fmt: skip
NOTES = {
    "P1": "creatinine watched",
    "P2": "refractory skin ulcers and calcinosis; no insurance, baricitinib for 12 weeks only",
    "P3": "severe weakness at start, much better at week 4",
    "P5": "persistent facial rash; no insurance, family agreed to a small dose (0.04 mg/kg/day)",
    "P6": "herpes zoster, baricitinib interrupted",
    "P9": "baricitinib at first onset with MAS and ILD",
    "P11": "clinically amyopathic (hypomyopathic): never weak, but biopsy and EMG abnormal",
    "P13": "ALT rose on baricitinib",
    "P21": "scores and enzymes not in the chart",
    "P22": "moved away, not seen after week 4",
}
Row = Sequence[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet: its header and rows; None is an empty cell."""

    header: tuple[str, ...]
    rows: list[Row]

    def records(self) -> list[dict[str, object]]:
        """Give each row by column name."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]


def yes(flag: bool) -> str:
    """Write a flag as the clinic does."""
    return "yes" if flag else "no"


def bohan_peter(key: str, rng: Random) -> tuple[bool, bool, bool, bool]:
    """Draw weakness, biopsy, enzymes and EMG at diagnosis: at least two, so that rash makes it probable."""
    if key == "P11":
        return False, True, False, True
    while True:
        weak = key in targets.MUSCLE or rng.random() < 0.8
        items = (weak, rng.random() < 0.4, key in targets.MUSCLE or rng.random() < 0.8, rng.random() < 0.7)
        if sum(items) >= 2:
            return items


def antibodies(key: str, rng: Random) -> list[int]:
    """Draw 16 staining intensities (0 to 100); above 15 is positive."""
    row = []
    for name in targets.ANTIBODIES:
        background = rng.choice((0, 0, 0, 1, 1, 2, 3, 4, 5, 7))
        strong = rng.randint(22, 96)
        if name in targets.POSITIVE.get(key, ()):
            background = strong
        elif (key, name) == targets.BETWEEN_CUT_OFFS:
            background = rng.randint(11, 15)
        row.append(background)
    return row


def patient_rows(children: dict[str, Child], companions: dict[str, set[str]], rng: Random) -> list[Row]:
    """Write one row a child."""
    rows: list[Row] = []
    for key, child in children.items():
        failed = ["methotrexate"] if key in targets.EXCLUDED else treatments.failed_agents(companions, key)
        rows.append(
            (
                key, child.sex, child.birth, child.onset, child.diagnosis, yes(key in targets.MUSCLE),
                *(yes(item) for item in bohan_peter(key, rng)), "yes", yes(key != "P9"), yes(bool(failed)),
                ", ".join(failed) or None, yes(key == "P2"), "no", "no", "no", "no", "no", "no", "no",
                yes(key not in targets.UNINSURED), NOTES.get(key), *antibodies(key, rng),
            )
        )  # fmt: skip
    return rows


def visit_row(child: Child, week: int, scores: dict[str, float | None], laboratory: Values) -> Row:
    """Write one scheduled visit."""
    skin = scores.get("Skin-DAS")
    cells: dict[str, object] = {
        "Patient": child.key,
        "Visit": week,
        "Date": child.visits[week],
        "Weight (kg)": child.weight[week],
        "Height (cm)": child.height[week],
        "Ulceration": None if skin is None else yes(child.key == "P2"),
        "Erythema": None if skin is None else yes(skin >= 2),
        **laboratory,
        **scores,
    }
    if cells.get("CK (U/L)") is None:
        cells["CK upper limit"] = None
    return [cells.get(name) for name in VISIT_HEADER]


def unscheduled(child: Child, day: int, **cells: object) -> Row:
    """Write a visit between the planned ones: no visit number and only what it was for."""
    known = {"Patient": child.key, "Date": child.start + timedelta(days=day), **cells}
    return [known.get(name) for name in VISIT_HEADER]


def excluded_scores(key: str, week: int) -> dict[str, float | None]:
    """Give the scores of the two children left out: P21 lacks most of them, P22 was seen twice."""
    if key == "P22":
        return {
            "Skin-DAS": 6 if week == 0 else 5, "CMAS": 50, "MMT-8": 80, "CK (U/L)": 88 if week == 0 else 79,
            "Physician global (0-10 cm)": 4.1 if week == 0 else 3.2,
        }  # fmt: skip
    return {"CMAS": 49 if week == 0 else None, "Skin-DAS": 2 if week == 12 else None}


def visit_rows(children: dict[str, Child], activity: dict[str, dict[str, dict[int, float]]], rng: Random) -> list[Row]:
    """Write all visits, each child's in order of date."""
    laboratory = draw_laboratory(children, activity["CK (U/L)"], rng)
    extra = {
        "P2": unscheduled(children["P2"], 125, **{"Skin-DAS": 6, "Ulceration": "yes", "Erythema": "yes"}),
        "P6": unscheduled(children["P6"], treatments.ZOSTER_STOP, **{"Weight (kg)": children["P6"].weight[4]}),
        "P13": unscheduled(children["P13"], 120, **{"ALT (U/L)": 70, "ALT upper limit": 50}),
    }
    rows: list[Row] = []
    for key, child in children.items():
        own: list[Row] = []
        for week in (0, 4) if key == "P22" else targets.WEEKS:
            scores = excluded_scores(key, week)
            if key in targets.PATIENTS:
                scores = {name: values[key][week] for name, values in activity.items()}
            own.append(visit_row(child, week, scores, laboratory[key][week]))
        own += [extra[key]] if key in extra else []
        rows += sorted(own, key=lambda row: row[2])  # type: ignore[arg-type, return-value]
    return rows


def excluded_steroid(children: dict[str, Child]) -> dict[str, list[Course]]:
    """Give the two children left out one plain course each."""
    return {
        key: [Course(drug="prednisone", start=children[key].start - timedelta(days=40), stop=None, dose=10.0, times=1)]
        for key in targets.EXCLUDED
    }


def draw_cohort(seed: int = targets.SEED) -> dict[str, Table]:
    """Draw the whole workbook; each part has its own stream, so that a change in one leaves the others alone."""
    children = draw_children(Random(f"{seed} people"))
    activity = draw_activity(children, Random(f"{seed} activity"))
    steroid = draw_steroid(children, Random(f"{seed} steroid")) | excluded_steroid(children)
    companions = treatments.draw_companions(Random(f"{seed} companions"))
    rows = {
        "Patients": (PATIENT_HEADER, patient_rows(children, companions, Random(f"{seed} patients"))),
        "Visits": (VISIT_HEADER, visit_rows(children, activity, Random(f"{seed} visits"))),
        "Treatments": (
            treatments.HEADER,
            treatments.draw_treatments(children, steroid, companions, Random(f"{seed} treatments")),
        ),
        "Conditions": (events.CONDITION_HEADER, events.condition_rows(children, Random(f"{seed} conditions"))),
        "Adverse events": (events.EVENT_HEADER, events.draw_events(children, Random(f"{seed} events"))),
    }
    return {name: Table(header=header, rows=body) for name, (header, body) in rows.items()}
