"""Write the treatment rows: baricitinib, glucocorticoid, and what else was running or had failed."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from . import targets
from .people import Child
from .steroid import Course

HEADER = (
    "Patient", "Drug", "Class", "Start", "Stop", "Dose", "Unit", "Times per day", "Route", "Indication", "Stop reason",
)  # fmt: skip
CLASSES = {
    "intravenous immunoglobulin": "immunoglobulin",
    "hydroxychloroquine": "antimalarial",
    "thalidomide": "immunomodulator",
    "infliximab": "biologic",
    "tocilizumab": "biologic",
}
ZOSTER_STOP, ZOSTER_RESTART = 50, 63  # days; the interruption of baricitinib in P6
Row = tuple[object, ...]


def regimen(drug: str, weight: float) -> tuple[float, str, int | None, str]:
    """Give a usual dose, its unit, times per day (None when not daily) and route; plausible, not advice."""
    return {
        "methotrexate": (min(15.0, max(5.0, 2.5 * round(0.4 * weight / 2.5))), "mg/week", None, "oral"),
        "intravenous immunoglobulin": (2.5 * round(2 * weight / 2.5), "g/month", None, "intravenous"),
        "hydroxychloroquine": (100.0 if weight < 30 else 200.0, "mg", 1, "oral"),
        "tacrolimus": (max(0.5, 0.5 * round(weight / 20)), "mg", 2, "oral"),
        "mycophenolate mofetil": (250.0 if weight < 30 else 500.0, "mg", 2, "oral"),
        "cyclosporine": (25.0 * max(1, round(weight / 12)), "mg", 2, "oral"),
        "thalidomide": (25.0 if weight < 25 else 50.0, "mg", 1, "oral"),
        "infliximab": (100.0 if weight < 25 else 200.0, "mg/8 weeks", None, "intravenous"),
        "tocilizumab": (float(round(12 * weight)), "mg/2 weeks", None, "intravenous"),
        "azathioprine": (25.0, "mg", 1, "oral"),
        "cyclophosphamide": (float(10 * round(1.5 * weight)), "mg/month", None, "intravenous"),
        "leflunomide": (10.0, "mg", 1, "oral"),
    }[drug]


def draw_companions(rng: Random) -> dict[str, set[str]]:
    """Share out the drugs that were running at baseline until the printed counts are met."""
    holders = {drug: set(targets.DRUG_PINNED.get(drug, ())) for drug in targets.DRUG_COUNTS}
    for drug, count in targets.DRUG_COUNTS.items():
        barred = set(targets.NOT_METHOTREXATE) if drug == "methotrexate" else {"P9"}
        free = [p for p in targets.PATIENTS if p not in barred | holders[drug]]
        holders[drug] |= set(rng.sample(free, count - len(holders[drug])))
    return holders


def failed_agents(companions: dict[str, set[str]], patient: str) -> list[str]:
    """Name the first-line agents to which the response was inadequate: those stopped, and methotrexate still given."""
    names = list(targets.EARLIER_DRUGS.get(patient, ()))
    if patient != "P9" and patient in companions["methotrexate"]:
        names.append("methotrexate")
    return names


def baricitinib_rows(child: Child) -> list[Row]:
    """Write the baricitinib courses: ongoing, 84 days, interrupted (P6) or unknown after 90 days (P22)."""

    def row(first: int, last: int | None, reason: str | None) -> Row:
        dose = (child.baricitinib / 2, 2) if child.baricitinib == 4 else (child.baricitinib, 1)
        stop = None if last is None else child.start + timedelta(days=last)
        start = child.start + timedelta(days=first)
        return (child.key, "baricitinib", "JAK inhibitor", start, stop, *_dose(dose), "oral", "dermatomyositis", reason)

    if child.key == "P6":
        return [row(0, ZOSTER_STOP, "herpes zoster, interrupted"), row(ZOSTER_RESTART, None, None)]
    if child.key in targets.TWELVE_WEEKS:
        return [row(0, 83, targets.TWELVE_WEEKS[child.key])]
    if child.key == "P22":
        return [row(0, 89, "lost to follow-up, supply for 90 days given")]
    return [row(0, None, None)]


def _dose(dose: tuple[float, int]) -> tuple[float, str, int]:
    return dose[0], "mg", dose[1]


def steroid_rows(key: str, courses: list[Course]) -> list[Row]:
    """Write the oral glucocorticoid courses."""
    return [
        (key, c.drug, "glucocorticoid", c.start, c.stop, c.dose, "mg", c.times, "oral", "dermatomyositis",
         None if c.stop is None else "dose changed")
        for c in courses
    ]  # fmt: skip


def earlier_rows(child: Child, rng: Random) -> list[Row]:
    """Write first-line agents that had failed and were stopped before baseline."""
    rows: list[Row] = []
    drugs = targets.EARLIER_DRUGS.get(child.key, ())
    known = (child.start - child.diagnosis).days
    share = (known - 20) // max(1, len(drugs))
    for place, drug in enumerate(drugs):
        first = child.diagnosis + timedelta(days=place * share + rng.randint(3, 15))
        last = child.diagnosis + timedelta(days=(place + 1) * share - rng.randint(0, 10))
        dose, unit, times, route = regimen(drug, child.weight[0])
        kind = CLASSES.get(drug, "conventional immunosuppressant")
        rows.append(
            (child.key, drug, kind, first, last, dose, unit, times, route, "dermatomyositis", "inadequate response")
        )
    return rows


def companion_rows(child: Child, drugs: list[str], rng: Random) -> list[Row]:
    """Write what was running at baseline; most of it goes on."""
    rows: list[Row] = []
    known = (child.start - child.diagnosis).days
    for drug in drugs:
        late = child.key in targets.EARLIER_DRUGS and drug not in ("intravenous immunoglobulin", "methotrexate")
        before = rng.randint(8, 18) if late else min(known, rng.randint(40, 130))
        if drug == "methotrexate":
            before = min(known - 5, rng.randint(120, 480))  # long enough to have failed
        if child.key == "P9":
            before = rng.randint(2, 6)
        stop, reason = None, None
        if drug == "intravenous immunoglobulin" and rng.random() < 0.5:
            stop, reason = child.visits[12] - timedelta(days=rng.randint(0, 6)), "course completed"
        if drug == "tocilizumab":
            stop, reason = child.start + timedelta(days=28), "macrophage activation resolved"
        dose, unit, times, route = regimen(drug, child.weight[0])
        kind = CLASSES.get(drug, "conventional immunosuppressant")
        start = child.start - timedelta(days=before)
        why = "macrophage activation syndrome" if child.key == "P9" else "dermatomyositis"
        rows.append((child.key, drug, kind, start, stop, dose, unit, times, route, why, reason))
    return rows


def special_rows(child: Child) -> list[Row]:
    """Write the pulse of P9 and the rescue of P2 after baricitinib had ended."""
    if child.key == "P9":
        first = child.start - timedelta(days=2)
        return [
            ("P9", "methylprednisolone", "glucocorticoid pulse", first, child.start, 30.0 * child.weight[0], "mg", 1,
             "intravenous", "macrophage activation syndrome", "course completed")
        ]  # fmt: skip
    if child.key == "P2":
        first = child.start + timedelta(days=126)
        return [("P2", "thalidomide", CLASSES["thalidomide"], first, None, *regimen("thalidomide", child.weight[12]),
                 "skin ulceration", None)]  # fmt: skip
    return []


def draw_treatments(
    children: dict[str, Child], steroid: dict[str, list[Course]], companions: dict[str, set[str]], rng: Random
) -> list[Row]:
    """Write all treatment rows of all children, each child's in order of start."""
    rows: list[Row] = []
    for key, child in children.items():
        drugs = [drug for drug, holders in companions.items() if key in holders]
        if key in targets.EXCLUDED:
            drugs = ["methotrexate"]
        own = [
            *baricitinib_rows(child),
            *steroid_rows(key, steroid[key]),
            *earlier_rows(child, rng),
            *companion_rows(child, drugs, rng),
            *special_rows(child),
        ]
        rows += sorted(own, key=lambda row: (row[3], row[1]))
    return rows
