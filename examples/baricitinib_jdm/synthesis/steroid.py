"""Search tablets of glucocorticoid so that the printed doses per kilogram come out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from random import Random

from . import targets
from .order import fill, first_success, largest_insignificant, pin, quartile_miss, rank_sums, search
from .people import Child

WEEKS, PATIENTS = targets.WEEKS, targets.PATIENTS
RESPONDERS = [i for i, p in enumerate(PATIENTS) if p not in targets.NON_RESPONDERS]
HALVES_FROM = 45.0  # kg; lighter children get quarters of a tablet
DAILY_LIMIT = 60.0  # mg of prednisone a day
FLARES = 6  # visits at which a dose may have been raised again; without any, the printed rank sums are out of reach
Doses = list[list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One dose of one glucocorticoid from start to stop, both days included; no stop means ongoing."""

    drug: str
    start: date
    stop: date | None
    dose: float
    times: int


def tablet(drug: str, weight: float) -> float:
    """Give the amount (mg) in whose multiples a dose is written: part of a 4 or 5 mg tablet, less for a small child."""
    whole = 4.0 if drug == "methylprednisolone" else 5.0
    return whole / 2 if weight >= HALVES_FROM else whole / 4


def choose_drugs(rng: Random) -> dict[str, str]:
    """Give most children prednisone and a few prednisolone or methylprednisolone."""
    return {p: rng.choice(("prednisone",) * 6 + ("prednisolone",) * 2 + ("methylprednisolone",) * 2) for p in PATIENTS}


def summary_miss(ratio: list[list[float]]) -> float:
    """Measure how far the figures are from what is printed: quartiles of all, medians of the responders alone."""
    cost = 0.0
    for column, week in enumerate(WEEKS):
        values = [row[column] for row in ratio]
        cost += quartile_miss(values, targets.STEROID[week], 2)
        median_alone = (targets.STEROID[week][0], None, None)
        cost += quartile_miss([values[i] for i in RESPONDERS], median_alone, 2)
    return cost


def rank_miss(ratio: list[list[float]]) -> float:
    """Measure how far the rank sums are from the printed tests; pairs not reported stay insignificant."""
    limit = largest_insignificant(20)
    zero, four, twelve, end = rank_sums(ratio)
    cost = abs(four - end - targets.STEROID_RANK_DIFFERENCE)
    cost += max(0.0, limit + 0.5 - (zero - twelve)) + max(0.0, limit + 0.5 - (zero - end))
    return cost + max(0.0, zero - four - limit) + max(0.0, four - twelve - limit)


def course_miss(state: Doses) -> float:
    """Measure what no clinic does: many or large rises, and falls to less than three tenths from visit to visit."""
    steps = [pair for row in state for pair in itertools.pairwise(row)]
    raised = [b - a for a, b in steps if b > a]
    falls = fsum(max(0.0, 0.3 - b / a) for a, b in steps)
    return max(0, len(raised) - FLARES) + max(0, max(raised, default=0) - 2) + 4 * falls


def search_doses(children: dict[str, Child], drugs: dict[str, str], rng: Random) -> dict[str, dict[int, float]]:
    """Find each child's daily mg at each visit."""
    step = [tablet(drugs[p], children[p].weight[0]) for p in PATIENTS]
    unit = [mg * targets.FACTORS[drugs[p]] for mg, p in zip(step, PATIENTS, strict=True)]
    weight = [[children[p].weight[w] for w in WEEKS] for p in PATIENTS]
    partial = [PATIENTS.index(p) for p in targets.PARTIAL]
    two, five, nine = (PATIENTS.index(p) for p in ("P2", "P5", "P9"))
    unchanged = (two, five)

    def penalty(state: Doses) -> float:
        ratio = [[n * unit[i] / kg for n, kg in zip(state[i], weight[i], strict=True)] for i in range(20)]
        cost = summary_miss(ratio) + rank_miss(ratio) + course_miss(state)
        cost += fsum(max(0.0, ratio[i][3] / ratio[i][0] - 0.48) * 10 for i in partial)
        cost += fsum(max(0.0, 0.6 - ratio[i][3] / ratio[i][0]) * 10 for i in unchanged)
        start, *_, end = ratio[nine]  # newly diagnosed, with macrophage activation: high at first, then clearly lower
        return cost + max(0.0, 1.2 - start) * 10 + max(0.0, end / start - 0.6) * 10

    def propose(state: Doses) -> Doses:
        i, column = rng.randrange(20), rng.randrange(4)
        row = list(state[i])
        row[column] += rng.choice((-4, -2, -1, 1, 2, 4))
        low, high = 1, min(2.0 * weight[i][0], DAILY_LIMIT) / unit[i]
        if min(row) < low or max(row) > high:
            return state
        return [row if k == i else old for k, old in enumerate(state)]

    order = sorted(range(20), key=lambda i: rng.random() - 2 * (i == five) + 0.5 * (i == two) + 2 * (i == nine))
    start: Doses = [[0] * 4 for _ in PATIENTS]
    for column, week in enumerate(WEEKS):
        pins = pin(20, tuple(100 * x for x in targets.STEROID[week]), 0, 3, rng)
        vector = fill(20, pins, 8, 160, rng)
        for i, hundredths in zip(order, vector, strict=True):
            start[i][column] = max(1, round(hundredths / 100 * weight[i][column] / unit[i]))
    start = [sorted(row, reverse=True) for row in start]
    found = search(start, propose, penalty, rng, 40000, 1.0)
    return {p: {w: found[i][c] * step[i] for c, w in enumerate(WEEKS)} for i, p in enumerate(PATIENTS)}


def courses(child: Child, drug: str, daily: dict[int, float], before: int) -> list[Course]:
    """Write daily mg as courses: a change made at a visit starts the day after it, so the visit day keeps the old dose."""
    rows: list[Course] = []
    begin = child.start - timedelta(days=before)
    for position, week in enumerate(WEEKS):
        following = WEEKS[position + 1] if position + 1 < len(WEEKS) else None
        if following is not None and daily[following] == daily[week]:
            continue
        twice = daily[week] >= 30 and (daily[week] / 2) % tablet(drug, child.weight[0]) == 0
        dose, times = (daily[week] / 2, 2) if twice else (daily[week], 1)
        stop = None if following is None else child.visits[week]
        rows.append(Course(drug=drug, start=begin, stop=stop, dose=dose, times=times))
        if stop is not None:
            begin = stop + timedelta(days=1)
    return rows


def draw_steroid(children: dict[str, Child], rng: Random) -> dict[str, list[Course]]:
    """Draw the glucocorticoid courses of P1 to P20."""

    def attempt() -> tuple[dict[str, str], dict[str, dict[int, float]]]:
        drugs = choose_drugs(rng)
        return drugs, search_doses(children, drugs, rng)

    drugs, found = first_success(attempt, 60)
    result = {}
    for p in PATIENTS:
        known = (children[p].start - children[p].diagnosis).days
        result[p] = courses(children[p], drugs[p], found[p], min(known, rng.randint(20, 90)))
    return result
