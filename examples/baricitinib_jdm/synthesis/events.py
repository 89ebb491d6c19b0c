"""Write the adverse events and the course of organ conditions."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from . import targets
from .people import Child
from .treatments import ZOSTER_RESTART, ZOSTER_STOP

EVENT_HEADER = (
    "Patient", "Event", "Preferred term", "Organ class", "Start", "Stop", "Grade", "Hospitalised", "Disabling",
    "Life-threatening", "Death", "Related", "Action", "Outcome",
)  # fmt: skip
CONDITION_HEADER = ("Patient", "Condition", "Date", "Status")
AFFECTED = ("P1", "P3", "P4", "P6", "P8", "P10", "P13", "P15", "P17", "P20")
# Other than respiratory infections: patient, words of the chart, term, organ class, day, days, grade, related.
OTHER = (
    ("P4", "loose stools 3 days", "Diarrhoea", "Gastrointestinal", 33, 3, 1, "possible"),
    ("P8", "cough, bronchitis", "Bronchitis", "Infections", 61, 9, 2, "possible"),
    ("P10", "vomiting, viral", "Gastroenteritis", "Infections", 18, 3, 1, "unlikely"),
    ("P10", "red eye", "Conjunctivitis", "Infections", 97, 5, 1, "unlikely"),
    ("P15", "mouth ulcer", "Mouth ulceration", "Gastrointestinal", 72, 6, 1, "possible"),
    ("P17", "headache after school", "Headache", "Nervous system", 40, 1, 1, None),
    ("P20", "gastroenteritis", "Gastroenteritis", "Infections", 108, 4, 1, "unlikely"),
)
WORDS = ("cold", "runny nose and cough", "sore throat, fever 38.2", "URTI", "cough")
Row = tuple[object, ...]


def event(
    key: str, words: str, term: str, organ: str, start: date, stop: date | None, grade: int, related: str | None
) -> Row:
    """Write an event that was not serious and changed nothing."""
    outcome = "ongoing" if stop is None else "recovered"
    return (key, words, term, organ, start, stop, grade, "no", "no", "no", "no", related, "none", outcome)


def laboratory_events(children: dict[str, Child]) -> list[Row]:
    """Write the two laboratory events of P1 and P13, dated at the visits that showed them; neither has an end."""
    one, thirteen = children["P1"], children["P13"]
    return [
        event("P1", "creatinine 60 to 71 µmol/L", "Blood creatinine increased", "Investigations",
              one.visits[4], None, 1, "possible"),
        event("P13", "ALT 57 to 85 U/L, CK normal", "Alanine aminotransferase increased", "Investigations",
              thirteen.visits[12], None, 1, "probable"),
    ]  # fmt: skip


def zoster(child: Child) -> Row:
    """Write the one event with admission: herpes zoster in P6."""
    start = child.start + timedelta(days=ZOSTER_STOP - 1)
    stop = child.start + timedelta(days=ZOSTER_RESTART - 1)
    return (
        child.key, "shingles, admitted for i.v. aciclovir", "Herpes zoster", "Infections", start, stop, 3,
        "yes", "no", "no", "no", "probable", "interrupted", "recovered",
    )  # fmt: skip


def colds(children: dict[str, Child], count: int, rng: Random) -> list[Row]:
    """Spread mild upper respiratory infections over the affected children, none close to another event of the child."""
    days = {p: [day for who, _, _, _, day, *_ in OTHER if who == p] for p in AFFECTED}
    owners = [*AFFECTED, *(rng.choice(AFFECTED) for _ in range(count - len(AFFECTED)))]
    rows = []
    for p in owners:
        last = 70 if p in targets.TWELVE_WEEKS else 150
        day = rng.randint(5, last)
        while any(abs(day - other) < 14 for other in days[p]) or (p == "P6" and 35 < day < 80):
            day = rng.randint(5, last)
        days[p].append(day)
        start = children[p].start + timedelta(days=day)
        stop = start + timedelta(days=rng.randint(3, 9))
        rows.append(
            event(p, rng.choice(WORDS), "Upper respiratory tract infection", "Infections", start, stop, 1,
                  rng.choice(("possible", "unlikely", "unlikely")))
        )  # fmt: skip
    return rows


def draw_events(children: dict[str, Child], rng: Random) -> list[Row]:
    """Write exactly the printed number of events, in order of patient and start."""
    rows = laboratory_events(children)
    rows.append(zoster(children["P6"]))
    for p, words, term, organ, day, length, grade, related in OTHER:
        start = children[p].start + timedelta(days=day)
        rows.append(event(p, words, term, organ, start, start + timedelta(days=length), grade, related))
    rows += colds(children, targets.EVENTS - len(rows), rng)
    order = list(children)
    return sorted(rows, key=lambda row: (order.index(str(row[0])), row[4]))


def condition_rows(children: dict[str, Child], rng: Random) -> list[Row]:
    """Write each condition once at baseline and once at week 24 with the status then assessed."""
    found = [(p, "calcinosis", end) for p, end in targets.CALCINOSIS.items()]
    found += [(p, "ILD", end) for p, end in targets.ILD.items()]
    found += [("P9", "MAS", "resolved"), ("P2", "cutaneous ulceration", "stable"), ("P11", "CADM", "improved")]
    rows: list[Row] = []
    for p, name, end in sorted(found, key=lambda item: (int(item[0][1:]), item[1])):
        child = children[p]
        before = rng.randint(0, 4) if p == "P9" else rng.randint(0, 14)
        rows.append((p, name, child.start - timedelta(days=before), "present"))
        rows.append((p, name, child.visits[24], end))
    return rows
