"""Draw the children: dates, age, size and the dose of baricitinib."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from random import Random

from . import targets
from .order import SearchError, fill, first_success, pin, quartile_miss, search, swapped

YEAR = 365.25
# Rough size of a child by age in years: (age, height cm, weight kg); for plausibility only.
SIZE = (
    (1.5, 81, 10.8), (2, 87, 12.2), (3, 96, 14.3), (4, 103, 16.4), (5, 110, 18.5), (6, 116, 20.7), (7, 122, 23.0),
    (8, 128, 25.7), (9, 133, 28.7), (10, 139, 32.2), (11, 145, 36.5), (12, 151, 41.0), (13, 156, 45.5),
    (14, 160, 49.5), (16, 163, 53.5),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One synthetic child; visits, weight and height are by nominal week."""

    key: str
    sex: str
    birth: date
    onset: date
    diagnosis: date
    start: date
    visits: Mapping[int, date]
    weight: Mapping[int, float]
    height: Mapping[int, float]
    baricitinib: int

    def age(self, day: date) -> float:
        """Give the age in years on a day."""
        return (day - self.birth).days / YEAR


def typical(age: float, column: int) -> float:
    """Interpolate the size table; column 1 is height, 2 is weight."""
    for left, right in itertools.pairwise(SIZE):
        if age <= right[0]:
            share = max(0.0, (age - left[0]) / (right[0] - left[0]))
            return left[column] + share * (right[column] - left[column])
    return SIZE[-1][column]


def draw_ages(rng: Random) -> list[int]:
    """Draw 20 ages in days with the printed mean and standard deviation."""
    raw = [rng.uniform(1.5, 15.0) for _ in targets.PATIENTS]
    mean = fsum(raw) / len(raw)
    sd = math.sqrt(fsum((x - mean) * (x - mean) for x in raw) / (len(raw) - 1))
    ages = [targets.AGE_MEAN + (x - mean) / sd * targets.AGE_SD for x in raw]
    if min(ages) < 1.9 or max(ages) > 15.2:
        raise SearchError("an age is out of range")
    return [round(age * YEAR) for age in ages]


def draw_times(rng: Random) -> tuple[list[int], list[int], list[int]]:
    """Draw age, days since diagnosis and days from onset to diagnosis, and give them to children who can have them."""
    ages = draw_ages(rng)
    pins = pin(20, targets.MONTHS_SINCE_DIAGNOSIS, 1, 12, rng, scale=targets.DAYS_PER_MONTH)
    since = [12, *fill(19, {k - 1: v for k, v in pins.items()}, 150, 2100, rng)]
    lag = [rng.randint(25, 150) for _ in targets.PATIENTS]
    index = {p: i for i, p in enumerate(targets.PATIENTS)}
    lag[index["P9"]] = 20

    def penalty(state: tuple[list[int], list[int]]) -> float:
        age, past = state
        cost = 0.0
        for p, i in index.items():
            onset = (age[i] - past[i] - lag[i]) / YEAR
            low, high = (0.4, 0.97) if p == "P10" else (1.02, 15.0)
            cost += max(0.0, low - onset, onset - high)
        wanted = {"P1": (13.0, 15.2), "P5": (7.0, 9.5), "P10": (1.9, 4.4)}
        for p, (low, high) in wanted.items():
            years = age[index[p]] / YEAR
            cost += max(0.0, low - years, years - high)
        return cost + past[index["P9"]] - min(past)

    def propose(state: tuple[list[int], list[int]]) -> tuple[list[int], list[int]]:
        age, past = state
        return (swapped(age, rng), past) if rng.random() < 0.5 else (age, swapped(past, rng))

    age, past = search((ages, since), propose, penalty, rng, 4000, 1.0)
    return age, past, lag


def draw_dosing(ages: list[int], rng: Random) -> tuple[list[float], list[int]]:
    """Choose weights (kg, to half a kilogram) and tablets (1, 2 or 4 mg a day) that give the printed dose per kg."""
    middle = [typical(age / YEAR, 2) for age in ages]
    weight = [round(2 * m * rng.uniform(0.9, 1.18)) / 2 for m in middle]
    dose = [rng.choice((1, 2) if m < 22 else (1, 2, 4) if m > 35 else (1, 2)) for m in middle]
    five = targets.PATIENTS.index("P5")

    def penalty(state: tuple[list[float], list[int]]) -> float:
        kg, mg = state
        ratio = [d / w for d, w in zip(mg, kg, strict=True)]
        outside = fsum(max(0.0, 0.031 - r, r - 0.125) for r in ratio) * 100
        size = fsum(max(0.0, 0.86 - w / m, w / m - 1.25) for w, m in zip(kg, middle, strict=True)) * 10
        small = max(0.0, abs(ratio[five] - 0.04) - 0.003) * 100
        return quartile_miss(ratio, targets.BARICITINIB, 2) + outside + size + small

    def propose(state: tuple[list[float], list[int]]) -> tuple[list[float], list[int]]:
        kg, mg = list(state[0]), list(state[1])
        i = rng.randrange(len(kg))
        if rng.random() < 0.4:
            mg[i] = rng.choice((1, 2, 4))
        else:
            kg[i] += rng.choice((-0.5, 0.5))
        return kg, mg

    return search((weight, dose), propose, penalty, rng, 8000, 1.0)


def growth(weight: float, age: float, rng: Random) -> tuple[dict[int, float], dict[int, float]]:
    """Let a child grow a little over 24 weeks; weights are read to 0.5 kg and heights to 0.5 cm."""
    height = round(2 * typical(age, 1) * rng.uniform(0.95, 1.03)) / 2
    gain, rise = weight * rng.uniform(0.0, 0.045), rng.uniform(1.5, 3.5) if age < 13 else rng.uniform(0.5, 1.5)
    kg = {week: round(2 * (weight + gain * week / 24)) / 2 for week in targets.WEEKS}
    cm = {week: round(2 * (height + rise * week / 24)) / 2 for week in targets.WEEKS}
    return kg, cm


def visit_dates(start: date, rng: Random) -> dict[int, date]:
    """Place the visits near their nominal day."""
    late = {0: 0, 4: rng.randint(-6, 10), 12: rng.randint(-12, 18), 24: rng.randint(-14, 20)}
    return {week: start + timedelta(days=7 * week + late[week]) for week in targets.WEEKS}


def draw_children(rng: Random) -> dict[str, Child]:
    """Draw P1 to P20 so that the printed baseline figures come out, then P21 and P22, who are left out."""
    ages, past, lags = first_success(lambda: draw_times(rng), 3000)
    weights, doses = first_success(lambda: draw_dosing(ages, rng), 50)
    span = (targets.LAST_START - targets.FIRST_START).days
    starts = [targets.FIRST_START + timedelta(days=d) for d in sorted(rng.sample(range(span), 20))]
    sexes = {p: "M" if p in targets.BOYS else "F" for p in (*targets.PATIENTS, *targets.EXCLUDED)}
    rows = list(zip(targets.PATIENTS, ages, past, lags, weights, doses, starts, strict=True))
    rows.append(("P21", 2480, 610, 70, 21.5, 2, date(2020, 6, 17)))
    rows.append(("P22", 3610, 402, 55, 30.0, 2, date(2021, 3, 9)))
    children = {}
    for key, age, since, lag, weight, dose, start in rows:
        kg, cm = growth(weight, age / YEAR, rng)
        children[key] = Child(
            key=key,
            sex=sexes[key],
            birth=start - timedelta(days=age),
            onset=start - timedelta(days=since + lag),
            diagnosis=start - timedelta(days=since),
            start=start,
            visits=visit_dates(start, rng),
            weight=kg,
            height=cm,
            baricitinib=dose,
        )
    return children
