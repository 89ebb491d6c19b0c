"""Recompute every printed figure from the finished tables, by other means than those that drew them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from . import targets
from .order import printed
from .sheets import Table

WEEKS = targets.WEEKS
Cells = dict[str, object]


class MissedTargetError(RuntimeError):
    """The finished tables do not reproduce a printed figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed figure and what the tables give."""

    figure: str
    target: str
    achieved: str

    @property
    def met(self) -> bool:
        """Tell whether both read the same."""
        return self.target == self.achieved


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The analysed children's cells: `patients` by patient, `visits` by patient and week, other tables as rows."""

    patients: dict[str, Cells]
    visits: dict[str, dict[int, Cells]]
    treatments: list[Cells]
    conditions: list[Cells]
    events: list[Cells]

    def column(self, name: str, week: int, keys: Sequence[str] = targets.PATIENTS) -> np.ndarray:
        """Give one measure at one visit."""
        return np.array([float(str(self.visits[p][week][name])) for p in keys])

    def drug(self, patient: str, drug: str) -> list[Cells]:
        """Give a patient's courses of a drug."""
        return [row for row in self.treatments if row["Patient"] == patient and row["Drug"] == drug]


def read(tables: dict[str, Table]) -> Cohort:
    """Arrange the tables for checking."""
    visits: dict[str, dict[int, Cells]] = {}
    for row in tables["Visits"].records():
        if row["Visit"] is not None:
            visits.setdefault(str(row["Patient"]), {})[int(str(row["Visit"]))] = row
    return Cohort(
        patients={str(row["Patient"]): row for row in tables["Patients"].records()},
        visits=visits,
        treatments=tables["Treatments"].records(),
        conditions=tables["Conditions"].records(),
        events=tables["Adverse events"].records(),
    )


def shown(value: float, decimals: int) -> str:
    """Print a figure as the publication does; float noise is cut first."""
    return f"{printed(round(float(value), 9), decimals):.{decimals}f}"


def quartiles(values: np.ndarray, decimals: int, method: str = "weibull") -> str:
    """Print median and quartiles; numpy's weibull is definition 6 of Hyndman and Fan."""
    q1, median, q3 = np.quantile(values, (0.25, 0.5, 0.75), method=method)
    return f"{shown(median, decimals)} [{shown(q1, decimals)}, {shown(q3, decimals)}]"


def target_text(target: Sequence[float | None], decimals: int) -> str:
    """Print a target given as (median, first, third quartile)."""
    median, q1, q3 = (shown(x, decimals) if x is not None else "?" for x in target)
    return f"{median} [{q1}, {q3}]"


def mean_rank_differences(matrix: np.ndarray) -> Callable[[int, int], tuple[float, float]]:
    """Rank within rows by counting, then give rank-sum difference and Dunn-Bonferroni p of two columns."""
    n, k = matrix.shape
    less = (matrix[:, None, :] < matrix[:, :, None]).sum(axis=2)
    equal = (matrix[:, None, :] == matrix[:, :, None]).sum(axis=2)
    sums = (less + (equal + 1) / 2).sum(axis=0)

    def pair(a: int, b: int) -> tuple[float, float]:
        difference = float(sums[WEEKS.index(b)] - sums[WEEKS.index(a)])
        z = abs(difference) / n / math.sqrt(k * (k + 1) / (6 * n))
        return difference, min(1.0, math.erfc(z / math.sqrt(2)) * k * (k - 1) / 2)

    return pair


def steroid_at(cohort: Cohort, patient: str, week: int) -> float:
    """Give prednisone-equivalent mg/kg/day of the courses that cover the visit day; pulses are apart."""
    visit = cohort.visits[patient][week]
    day = visit["Date"]
    total = 0.0
    for row in cohort.treatments:
        stop = row["Stop"] or date.max
        if row["Patient"] == patient and row["Class"] == "glucocorticoid" and row["Start"] <= day <= stop:  # type: ignore[operator]
            total += float(str(row["Dose"])) * float(str(row["Times per day"])) * targets.FACTORS[str(row["Drug"])]
    return total / float(str(visit["Weight (kg)"]))


def response(cohort: Cohort, patient: str, week: int, global_limit: float = 2.0) -> str:
    """Apply the publication's wording of complete and partial response."""
    now, base = cohort.visits[patient][week], cohort.visits[patient][0]

    def number(row: Cells, name: str) -> float:
        return float(str(row[name]))

    remission = (
        (number(now, "CK (U/L)") <= 150)
        + (number(now, "CMAS") >= 48)
        + (number(now, "MMT-8") >= 78)
        + (number(now, "Physician global (0-10 cm)") <= global_limit)
    )
    skin_clear = number(now, "Skin-DAS") <= 1 and now["Ulceration"] == "no" and now["Erythema"] == "no"
    if remission >= 3 and skin_clear:
        return "CR"
    change = [number(now, name) - number(base, name) for name in ("CMAS", "MMT-8")]
    stronger = max(change) > 0 and min(change) >= 0
    if cohort.patients[patient]["Muscle involvement"] == "no":
        stronger = change[0] >= 0 or number(now, "CMAS") >= 48
    tapered = steroid_at(cohort, patient, week) <= 0.5 * steroid_at(cohort, patient, 0)
    own = ("conventional immunosuppressant", "biologic", "immunomodulator", "immunoglobulin", "glucocorticoid pulse")
    new = any(
        row["Patient"] == patient and row["Class"] in own and base["Date"] < row["Start"] <= now["Date"]  # type: ignore[operator]
        for row in cohort.treatments
    )
    better_skin = number(base, "Skin-DAS") - number(now, "Skin-DAS") >= 1
    return "PR" if stronger and better_skin and tapered and not new else "NR"


def responses(cohort: Cohort, week: int, global_limit: float = 2.0) -> dict[str, list[str]]:
    """List the children by response."""
    found: dict[str, list[str]] = {"CR": [], "PR": [], "NR": []}
    for p in targets.PATIENTS:
        found[response(cohort, p, week, global_limit)].append(p)
    return found


def score_lines(cohort: Cohort) -> list[Line]:
    """Compare skin, muscle, creatine kinase and steroid figures."""
    lines = []

    def add(figure: str, target: object, achieved: object) -> None:
        lines.append(Line(figure=figure, target=str(target), achieved=str(achieved)))

    def matrix(name: str, keys: Sequence[str]) -> np.ndarray:
        return np.column_stack([cohort.column(name, week, keys) for week in WEEKS])

    add("skin-DAS week 0, quartiles of type 7", "6.0 [4.0, 7.3]", quartiles(cohort.column("Skin-DAS", 0), 1, "linear"))
    for week in (12, 24):
        add(f"skin-DAS week {week}", target_text(targets.SKIN[week], 1), quartiles(cohort.column("Skin-DAS", week), 1))
    for week, count in targets.SKIN_IMPROVED.items():
        better = int((cohort.column("Skin-DAS", week) <= cohort.column("Skin-DAS", 0) - 1).sum())
        add(f"rash improved by week {week}", count, better)
    pair = mean_rank_differences(matrix("Skin-DAS", targets.PATIENTS))
    for week in (12, 24):
        add(f"skin-DAS 0-{week}, p < 0.05", True, pair(0, week)[1] < 0.05)
    for name, quartile_targets, differences in (
        ("CMAS", targets.CMAS, targets.CMAS_RANK_DIFFERENCE),
        ("MMT-8", targets.MMT8, targets.MMT8_RANK_DIFFERENCE),
    ):
        for week, target in quartile_targets.items():
            values = cohort.column(name, week, targets.MUSCLE)
            add(f"{name} week {week} (n = 7)", target_text(target, 1), quartiles(values, 1))
        pair = mean_rank_differences(matrix(name, targets.MUSCLE))
        shown_p = {14.0: "0.0225", 16.0: "0.0056", 15.0: "0.0114"}
        for week, difference in differences.items():
            add(f"{name} 0-{week}, Dunn-Bonferroni p", shown_p[difference], shown(pair(0, week)[1], 4))
    better = sum(
        cohort.visits[p][24][name] > cohort.visits[p][0][name]  # type: ignore[operator]
        for p in targets.MUSCLE
        for name in ("CMAS", "MMT-8")
    )
    add("muscle patients better in CMAS and MMT-8 at week 24", "14 of 14", f"{better} of 14")
    add("creatine kinase week 0", target_text(targets.CK_BASELINE, 1), quartiles(cohort.column("CK (U/L)", 0), 1))
    return lines + steroid_lines(cohort)


def steroid_lines(cohort: Cohort) -> list[Line]:
    """Compare the glucocorticoid figures, of all 20 and of the 18 responders."""
    dose = np.array([[steroid_at(cohort, p, week) for week in WEEKS] for p in targets.PATIENTS])
    responder = np.array([p not in targets.NON_RESPONDERS for p in targets.PATIENTS])
    lines = []
    for column, week in enumerate(WEEKS):
        target = targets.STEROID[week]
        lines.append(
            Line(figure=f"steroid week {week}", target=target_text(target, 2), achieved=quartiles(dose[:, column], 2))
        )
        median = shown(float(np.median(dose[responder, column])), 2)
        lines.append(Line(figure=f"steroid week {week}, 18 responders", target=shown(target[0], 2), achieved=median))
    pair = mean_rank_differences(dose)
    lines.append(Line(figure="steroid 4-24, Dunn-Bonferroni p", target="0.0070", achieved=shown(pair(4, 24)[1], 4)))
    lines += [
        Line(figure=f"steroid 0-{week}, p < 0.05", target="True", achieved=str(pair(0, week)[1] < 0.05))
        for week in (12, 24)
    ]
    return lines


def person_lines(cohort: Cohort) -> list[Line]:
    """Compare who the children are, what they took and how they fared."""
    lines = []

    def add(figure: str, target: object, achieved: object) -> None:
        lines.append(Line(figure=figure, target=str(target), achieved=str(achieved)))

    keys = targets.PATIENTS
    start = {p: cohort.drug(p, "baricitinib")[0] for p in keys}
    begin: dict[str, date] = {p: start[p]["Start"] for p in keys}  # type: ignore[misc]
    age = np.array([(begin[p] - cohort.patients[p]["Birth date"]).days / 365.25 for p in keys])  # type: ignore[operator]
    add("age at week 0", "7.8 (4.0)", f"{shown(age.mean(), 1)} ({shown(age.std(ddof=1), 1)})")
    girls = sum(cohort.patients[p]["Sex"] == "F" for p in keys)
    add("girls", 15, girls)
    since = np.array([(begin[p] - cohort.patients[p]["Diagnosis date"]).days for p in keys])  # type: ignore[operator]
    months = since / targets.DAYS_PER_MONTH
    add("months since diagnosis", target_text(targets.MONTHS_SINCE_DIAGNOSIS, 1), quartiles(months, 1))
    dose = [float(str(start[p]["Dose"])) * float(str(start[p]["Times per day"])) for p in keys]
    per_kg = np.array(dose) / cohort.column("Weight (kg)", 0)
    add("baricitinib mg/kg/day", target_text(targets.BARICITINIB, 2), quartiles(per_kg, 2))
    add("baricitinib of P5", "0.04", shown(per_kg[keys.index("P5")], 2))
    ongoing = sum(cohort.drug(p, "baricitinib")[-1]["Stop"] is None for p in keys)
    days = [(start[p]["Stop"] - begin[p]).days + 1 for p in targets.TWELVE_WEEKS]  # type: ignore[operator]
    add("baricitinib ongoing; 84 days", "17; [84, 84, 84]", f"{ongoing}; {days}")
    for drug, count in {**targets.DRUG_COUNTS, "oral glucocorticoid": 20, "methylprednisolone pulse": 1}.items():
        at_start = {
            row["Patient"]
            for row in cohort.treatments
            if row["Patient"] in keys
            and begin[str(row["Patient"])] >= row["Start"]  # type: ignore[operator]
            and begin[str(row["Patient"])] <= (row["Stop"] or date.max)  # type: ignore[operator]
            and drug in (row["Drug"], f"oral {row['Class']}", f"{row['Drug']} {str(row['Class'])[15:]}")
        }
        add(f"on {drug} at baseline", count, len(at_start))
    for week, expected in ((0, 0),):
        add(f"complete response at week {week}", expected, len(responses(cohort, week)["CR"]))
    final = responses(cohort, 24)
    add("response at week 24", targets.RESPONSE_WEEK_24, {name: len(who) for name, who in final.items()})
    add("non-responders", list(targets.NON_RESPONDERS), final["NR"])
    return lines + event_lines(cohort)


def event_lines(cohort: Cohort) -> list[Line]:
    """Compare adverse events and organ conditions."""
    rows = cohort.events
    serious = [
        row["Patient"] for row in rows if "yes" in (row["Hospitalised"], row["Disabling"], row["Life-threatening"])
    ]
    colds = sum(row["Preferred term"] == "Upper respiratory tract infection" for row in rows)
    courses = cohort.drug
    inside = all(
        any(c["Start"] <= row["Start"] <= (c["Stop"] or date.max) for c in courses(str(row["Patient"]), "baricitinib"))  # type: ignore[operator]
        for row in rows
    )
    week_24 = {
        (row["Patient"], row["Condition"]): row["Status"]
        for row in cohort.conditions
        if row["Date"] == cohort.visits[str(row["Patient"])][24]["Date"]
    }
    organ = {p: week_24.get((p, "calcinosis")) for p in targets.CALCINOSIS}
    lung = {p: week_24.get((p, "ILD")) for p in targets.ILD}
    pairs = (
        ("adverse events", targets.EVENTS, len(rows)),
        ("children with an event", targets.CHILDREN_WITH_EVENTS, len({row["Patient"] for row in rows})),
        ("at least 14 mild upper respiratory infections", True, colds >= 14),
        ("serious", ["P6"], serious),
        ("events start while on baricitinib", True, inside),
        ("calcinosis at week 24", targets.CALCINOSIS, organ),
        ("ILD at week 24", targets.ILD, lung),
        ("MAS at week 24", "resolved", week_24.get(("P9", "MAS"))),
    )
    return [Line(figure=name, target=str(wanted), achieved=str(got)) for name, wanted, got in pairs]


def check(tables: dict[str, Table]) -> list[Line]:
    """Compare all figures; raise MissedTargetError when one differs."""
    cohort = read(tables)
    lines = score_lines(cohort) + person_lines(cohort)
    missed = [f"{line.figure}: {line.achieved}, wanted {line.target}" for line in lines if not line.met]
    if missed:
        raise MissedTargetError("; ".join(missed))
    return lines
