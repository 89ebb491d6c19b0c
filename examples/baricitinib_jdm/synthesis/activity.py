"""Search disease activity by visit: skin score, muscle scores, creatine kinase and physician global."""

from __future__ import annotations

from random import Random

from . import targets
from .order import SearchError, fill, first_success, largest_insignificant, pin, rank_sums, search, swapped
from .people import Child

WEEKS, PATIENTS, MUSCLE = targets.WEEKS, targets.PATIENTS, targets.MUSCLE
Scores = dict[str, dict[int, int]]
# Lowest and highest score allowed by week.
CMAS_BOUNDS = {0: (8, 46), 4: (24, 52), 12: (34, 52), 24: (38, 52)}
MMT8_BOUNDS = {0: (46, 79), 4: (56, 80), 12: (66, 80), 24: (74, 80)}


def search_skin(rng: Random) -> Scores:
    """Order skin-DAS vectors so that 9, 15 and 19 children improve and the responders' skin is clear."""
    pins = {week: pin(20, target, 1, 4, rng) for week, target in targets.SKIN.items()}
    start = [
        swapped(fill(20, pins[0] | targets.SKIN_BASELINE_PINS, 3, 9, rng), rng),
        swapped(fill(20, pins[12], 0, 7, rng), rng),
        swapped(fill(20, pins[24], 0, 5, rng), rng),
    ]
    where = {p: i for i, p in enumerate(PATIENTS)}
    clear = [where[p] for p in targets.COMPLETE]
    two, five = where["P2"], where["P5"]

    def penalty(state: list[list[int]]) -> float:
        first, middle, last = state
        cost = abs(sum(m < f for f, m in zip(first, middle, strict=True)) - targets.SKIN_IMPROVED[12])
        cost += abs(sum(m < f for f, m in zip(first, last, strict=True)) - targets.SKIN_IMPROVED[24])
        cost += sum(max(0, last[i] - 1) for i in clear) + max(0, 2 - last[where["P14"]])
        cost += max(0, 8 - first[two]) + max(0, 3 - last[two]) + max(0, 5 - middle[two])
        cost += abs(last[five] - first[five]) + abs(middle[five] - first[five])
        for f, m, e in zip(first, middle, last, strict=True):
            cost += max(0, m - f) + max(0, e - m) + max(0, m - e - 4) + max(0, f - m - 7)
        return cost

    def propose(state: list[list[int]]) -> list[list[int]]:
        chosen = rng.randrange(3)
        return [swapped(column, rng) if i == chosen else column for i, column in enumerate(state)]

    return add_skin_week_4(*search(start, propose, penalty, rng, 6000, 2.0), rng)


def add_skin_week_4(first: list[int], middle: list[int], last: list[int], rng: Random) -> Scores:
    """Let 9 of those better at week 12 be better at week 4 already, and one of the others be a little worse."""
    better = [i for i in range(20) if middle[i] < first[i]]
    chosen = set(rng.sample(better, targets.SKIN_IMPROVED[4]))
    same = [i for i in range(20) if i not in chosen and first[i] < 9 and PATIENTS[i] != "P5"]
    worse = rng.choice(same)
    early = [
        rng.randint(max(middle[i], first[i] - 4), first[i] - 1) if i in chosen else first[i] + (i == worse)
        for i in range(20)
    ]
    scores = list(zip(first, early, middle, last, strict=True))
    sums = rank_sums(scores)
    limit = largest_insignificant(20)
    if not 1 <= sum(value <= 1 for value in early) <= 3 or min(sums[0] - sums[2], sums[0] - sums[3]) <= limit:
        raise SearchError("week 4 leaves too many or too few children clear")
    return {p: dict(zip(WEEKS, row, strict=True)) for p, row in zip(PATIENTS, scores, strict=True)}


def search_muscle(
    target: dict[int, tuple[int, int, int]],
    differences: dict[int, float],
    bounds: dict[int, tuple[int, int]],
    full: int,
    severe: int,
    rng: Random,
) -> Scores:
    """Order a muscle score of 7 children so that quartiles, rank sums and each child's improvement come out.

    `bounds` gives the lowest and highest score by week, `full` the score that a complete responder reaches at
    week 24 and `severe` the highest baseline score of the one child with severe weakness (P3). Weeks whose
    quartiles are not printed move freely between their neighbours.
    """
    limit = largest_insignificant(7)
    columns = [fill(7, pin(7, target[w], 0, 1, rng) if w in target else {}, *bounds[w], rng) for w in WEEKS]
    three, sixteen = MUSCLE.index("P3"), MUSCLE.index("P16")
    free = [i for i, w in enumerate(WEEKS) if w not in target]

    def penalty(state: list[list[int]]) -> float:
        sums = rank_sums(list(zip(*state, strict=True)))
        cost = 0.0
        for i, week in enumerate(WEEKS[1:], start=1):
            rise = sums[i] - sums[0]
            cost += abs(rise - differences[week]) if week in differences else max(0.0, rise - limit)
        cost += max(0.0, sums[2] - sums[1] - limit) + max(0.0, sums[3] - sums[1] - limit)
        zero, four, twelve, end = state
        for child in range(7):
            cost += max(0, zero[child] + 1 - end[child]) + max(0, zero[child] - four[child] - 1)
            cost += max(0, four[child] - twelve[child] - 2) + max(0, twelve[child] - end[child] - 3)
            short = child in (three, sixteen)
            cost += max(0, end[child] - full + 1) if short else max(0, full - end[child])
        gain = four[three] - zero[three]
        return cost + max(0, zero[three] - severe) + max(0, 12 - gain, gain - 20)

    def propose(state: list[list[int]]) -> list[list[int]]:
        week = rng.randrange(4)
        column = swapped(state[week], rng)
        if week in free and rng.random() < 0.7:
            child = rng.randrange(7)
            column[child] = rng.randint(max(bounds[WEEKS[week]][0], state[0][child] - 1), bounds[WEEKS[week]][1])
        return [column if i == week else old for i, old in enumerate(state)]

    found = search(columns, propose, penalty, rng, 8000, 1.5)
    return {p: {w: found[i][child] for i, w in enumerate(WEEKS)} for child, p in enumerate(MUSCLE)}


def near_ceiling(children: dict[str, Child], rng: Random) -> tuple[Scores, Scores]:
    """Give children without muscle involvement scores near the ceiling that never fall; one is under five."""
    cmas: Scores = {}
    mmt8: Scores = {}
    others = [p for p in PATIENTS if p not in MUSCLE]
    young = min(others, key=lambda p: children[p].age(children[p].start))
    for p in others:
        low = 46 if p == young else rng.randint(48, 52)
        high = 47 if p == young else min(52, low + rng.randint(0, 2))
        cmas[p] = dict(zip(WEEKS, sorted(rng.randint(low, high) for _ in WEEKS), strict=True))
        low = rng.randint(78, 80)
        mmt8[p] = dict(zip(WEEKS, sorted(rng.randint(low, 80) for _ in WEEKS), strict=True))
    return cmas, mmt8


def draw_ck(rng: Random) -> Scores:
    """Give the highest baseline creatine kinase to weak muscles, then let it fall; two stay above 150 U/L."""
    ordered = fill(20, pin(20, targets.CK_BASELINE, 1, 6, rng), 28, 640, rng)
    ranked = sorted(PATIENTS, key=lambda p: rng.random() + (0.75 if p in MUSCLE else 0.0))
    above = rng.sample([p for p in ranked[-5:] if p in targets.COMPLETE], 2)
    scores: Scores = {}
    for p, start in zip(ranked, ordered, strict=True):
        goal = rng.randint(158, 180) if p in above else min(rng.randint(45, 120), max(40, start))
        share = {0: 0.0, 4: rng.uniform(0.2, 0.5), 12: rng.uniform(0.6, 0.9), 24: 1.0}
        noise = {week: 0 if week in (0, 24) else rng.randint(-6, 6) for week in WEEKS}
        scores[p] = {week: round(start + share[week] * (goal - start)) + noise[week] for week in WEEKS}
    return scores


def physician_global(skin: Scores, cmas: Scores, rng: Random) -> dict[str, dict[int, float]]:
    """Let the physician's global follow skin and strength, with noise, on 0 to 10 cm."""
    result: dict[str, dict[int, float]] = {}
    for p in PATIENTS:
        result[p] = {}
        for week in WEEKS:
            weak = 0.07 * (52 - cmas[p][week]) if p in MUSCLE else 0.0
            extra = 1.2 if week == 0 else 0.0
            value = 0.5 * skin[p][week] + weak + extra + rng.uniform(0.0, 0.5)
            result[p][week] = round(min(value, 9.5), 1)
    return result


def draw_activity(children: dict[str, Child], rng: Random) -> dict[str, dict[str, dict[int, float]]]:
    """Draw all effectiveness measures, by name, patient and week."""
    skin = first_success(lambda: search_skin(rng), 400)
    difference = targets.CMAS_RANK_DIFFERENCE
    cmas = first_success(lambda: search_muscle(targets.CMAS, difference, CMAS_BOUNDS, 48, 14, rng), 400)
    difference = targets.MMT8_RANK_DIFFERENCE
    mmt8 = first_success(lambda: search_muscle(targets.MMT8, difference, MMT8_BOUNDS, 78, 55, rng), 400)
    other_cmas, other_mmt8 = near_ceiling(children, rng)
    cmas |= other_cmas
    mmt8 |= other_mmt8
    drawn = {
        "Skin-DAS": skin,
        "CMAS": cmas,
        "MMT-8": mmt8,
        "CK (U/L)": draw_ck(rng),
        "Physician global (0-10 cm)": physician_global(skin, cmas, rng),
    }
    return {name: {p: dict(weeks) for p, weeks in values.items()} for name, values in drawn.items()}
