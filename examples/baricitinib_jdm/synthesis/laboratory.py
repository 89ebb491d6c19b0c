"""Draw the safety laboratory values, some of them missing as in life."""

from __future__ import annotations

from random import Random

from . import targets
from .people import Child

Values = dict[str, float | None]
LIMITS = {"CK upper limit": 190, "ALT upper limit": 50, "AST upper limit": 55}
# Upper limit of creatinine (µmol/L) up to an age in years; plausible for an enzymatic assay.
CREATININE_LIMITS = ((4, 40), (8, 54), (12, 66), (18, 86))
ALT_13, CREATININE_1 = {0: 57, 4: 55, 12: 85, 24: 52}, {0: 60, 4: 71, 12: 69, 24: 66}
SCHWARTZ = 36.5  # bedside formula, height in cm and creatinine in µmol/L; doi 10.1681/ASN.2008030287
OFTEN_MISSING = ("Neutrophils (10^9/L)", "Lymphocytes (10^9/L)", "Haemoglobin (g/L)", "Platelets (10^9/L)")


def usual(child: Child, rng: Random) -> dict[str, float]:
    """Draw the level around which a child's values vary; creatinine follows height and filtration."""
    height = child.height[0]
    creatinine = SCHWARTZ * height / rng.uniform(115, 150)
    return {
        "ALT (U/L)": rng.uniform(12, 34),
        "AST (U/L)": rng.uniform(17, 36),
        "Creatinine (µmol/L)": creatinine,
        "Neutrophils (10^9/L)": rng.uniform(2.6, 6.5),
        "Lymphocytes (10^9/L)": rng.uniform(1.5, 4.2),
        "Haemoglobin (g/L)": rng.uniform(112, 138),
        "Platelets (10^9/L)": rng.uniform(220, 390),
    }


def at_visit(child: Child, week: int, level: dict[str, float], ck: float | None, rng: Random) -> Values:
    """Draw the values of one visit."""
    age = child.age(child.visits[week])
    values: Values = {}
    for name, middle in level.items():
        drawn = middle * rng.uniform(0.86, 1.14)
        values[name] = round(drawn, 2) if name.startswith(("Neutro", "Lympho")) else round(drawn)
        if name in OFTEN_MISSING and rng.random() < 0.08:
            values[name] = None
    if ck is not None and ck > 250:
        values["AST (U/L)"] = round(level["AST (U/L)"] + ck / 12)
        values["ALT (U/L)"] = round(level["ALT (U/L)"] + ck / 18)
    if child.key == "P13":
        values["ALT (U/L)"] = ALT_13[week]
    if child.key == "P1":
        values["Creatinine (µmol/L)"] = CREATININE_1[week]
    elif week in (4, 12) and rng.random() < 0.1:
        values["Creatinine (µmol/L)"] = None
    limit = next(limit for years, limit in CREATININE_LIMITS if age < years)
    limits: Values = {**LIMITS, "Creatinine upper limit": limit}
    measured = {name.split(" upper")[0]: name for name in limits}
    for name, column in measured.items():
        missing = name != "CK" and next((v for k, v in values.items() if k.startswith(name)), 0) is None
        values[column] = None if missing else limits[column]
    return values


def draw_laboratory(
    children: dict[str, Child], ck: dict[str, dict[int, float]], rng: Random
) -> dict[str, dict[int, Values]]:
    """Draw safety laboratory values by patient and week."""
    result: dict[str, dict[int, Values]] = {}
    for key, child in children.items():
        level = usual(child, rng)
        result[key] = {week: at_visit(child, week, level, ck.get(key, {}).get(week), rng) for week in targets.WEEKS}
    return result
