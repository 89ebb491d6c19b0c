"""Small invented records in which something is not exactly known, all their completions, and rules to ask of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from hypothesis import strategies as st

from myosotis.language import condition, date_of, drugs
from myosotis.language import criteria as c
from myosotis.language import values as v
from myosotis.language.series import visit_day
from myosotis.language.windows import Window
from myosotis.measures.jdm.instruments import ulceration
from myosotis.measures.observations import ck, weight

INDEX = date_of("diagnosis_date")
ZERO = date(2020, 1, 1)
FIRST, LAST = -12, 14  # no day that is asked for, or written down, lies outside
DRUG = drugs("a", names=("a",), factors={"a": 2.0})
CLASS = drugs("any", classes=("c",), except_names=("d",))
ILD = condition("ILD")
MOST = 120  # completions of one patient


def on(day):
    return ZERO + timedelta(days=day)


def spans(low, high, width=2):
    """Give a day as its earliest and latest, the same for one that is exactly known."""
    return st.tuples(st.integers(low, high), st.sampled_from([0, 0, *range(1, width + 1)])).map(
        lambda one: (one[0], one[0] + one[1])
    )


def as_date(name, span):
    """Write a span as the columns of a study table."""
    if span is None:
        return {}
    if span[0] == span[1]:
        return {name: on(span[0])}
    return {f"{name}_earliest": on(span[0]), f"{name}_latest": on(span[1])}


@st.composite
def courses(draw, followed, width):
    """Draw a course: its start, its stop (a span, ongoing or on an unknown day), its dose."""
    start = draw(st.one_of(spans(-6, 8, width), spans(-6, 8, width), *([st.none()] if width else [])))
    kinds = ["exact", "exact", "ongoing", *(["unknown"] if followed and width else [])]
    kind = draw(st.sampled_from(kinds))
    low = -6 if start is None else start[1]
    stop = draw(spans(low, low + 7, width)) if kind == "exact" else kind
    dose, unit = draw(st.sampled_from([(1.0, "mg/day"), (7.0, "mg/week"), (2.0, "mg/day"), (None, None)]))
    return {"start": start, "stop": stop, "drug": draw(st.sampled_from("aabd")), "dose": dose, "dose_unit": unit}


@st.composite
def patients(draw, width=2):
    """Draw a patient with a few rows; some are not exactly known, by up to `width` days, unless that is 0."""
    contact = draw(st.one_of(st.none(), spans(7, 10, width)))
    death = draw(st.one_of(st.none(), st.none(), spans(5, 9, min(width, 1))))
    number = st.tuples(st.integers(0, 4), st.sampled_from([0, 0, width])).map(lambda n: (n[0], n[0] + n[1]))
    if width:  # or beyond a limit, without a bound on the other side
        beyond = st.integers(0, 4).flatmap(lambda n: st.sampled_from([(n, None), (None, n)]))
        number = st.one_of(number, number, beyond)
    seen = spans(-4, 8, width)
    return {
        "birth": draw(st.one_of(st.none(), st.integers(-3700, -3600).map(lambda d: (d, d + width)))),
        "last_contact": contact,
        "death": death,
        "courses": draw(st.lists(courses(contact is not None, width), max_size=2)),
        "ck": draw(st.lists(st.tuples(seen, number), max_size=2)),
        "weight": draw(
            st.lists(
                st.tuples(seen, number.map(lambda n: tuple(None if end is None else end + 20 for end in n))), max_size=1
            )
        ),
        "ulceration": draw(st.lists(st.tuples(seen, st.sampled_from(["yes", "no"])), max_size=2)),
        "ILD": draw(st.lists(st.one_of(seen, *([st.none()] if width else [])), max_size=1)),
    }


@st.composite
def nearly_exact_patients(draw):
    """Draw a patient of whom all is exactly known but one thing."""
    one = draw(patients(width=0))
    vague = lambda span: (span[0], span[0] + draw(st.integers(1, 3)))  # noqa: E731 - a word for this function only
    blurs = []
    for name in ("birth", "last_contact", "death"):
        if one[name] is not None:
            blurred = {**one, name: vague(one[name])}
            # What was written down on a later day bounds an end: then the two are not one unknown but two.
            if len(completions(blurred) or ()) == len(_days(blurred[name])):
                blurs.append(blurred)
    for i, course in enumerate(one["courses"]):
        others = [*one["courses"][:i], *one["courses"][i + 1 :]]
        ends = [("start", vague(course["start"]))]
        if course["stop"] != "ongoing":
            # A stop that may lie before its start is bounded by it, so that the two are not one unknown but two.
            ends = [("stop", vague(course["stop"]))]
            if course["start"][0] + 3 <= course["stop"][0]:
                ends.append(("start", vague(course["start"])))
        if one["last_contact"] is not None:
            ends.append(("stop", "unknown"))
        blurs += [{**one, "courses": [{**course, end: span}, *others]} for end, span in ends]
    for name in ("ck", "weight"):
        for i, (span, number) in enumerate(one[name]):
            others = [*one[name][:i], *one[name][i + 1 :]]
            blurs.append({**one, name: [(vague(span), number), *others]})
            blurs.append({**one, name: [(span, (number[0], number[0] + 2)), *others]})
    for i, (span, text) in enumerate(one["ulceration"]):
        others = [*one["ulceration"][:i], *one["ulceration"][i + 1 :]]
        blurs.append({**one, "ulceration": [(vague(span), text), *others]})
    if one["ILD"]:
        blurs += [{**one, "ILD": [None]}, {**one, "ILD": [vague(one["ILD"][0])]}]
    return draw(st.sampled_from(blurs)) if blurs else one


def tables(identifier, one):
    """Write a patient as records of the study tables."""
    patient = {"patient_id": identifier, "diagnosis_date": ZERO}
    for name, column in (("birth", "birth_date"), ("last_contact", "last_contact"), ("death", "death")):
        patient |= as_date(column, one[name])
    treatments = []
    for course in one["courses"]:
        row = {"patient_id": identifier, "drug": course["drug"], "drug_class": "c"}
        row |= {"dose": course["dose"], "dose_unit": course["dose_unit"], **as_date("start", course["start"])}
        if course["stop"] == "unknown":
            row["stop_known"] = False
        elif course["stop"] != "ongoing":
            row |= as_date("stop", course["stop"])
        treatments.append(row)
    observations = []
    for name in ("ck", "weight"):
        for span, (low, high) in one[name]:
            bounds = {"number": low} if low == high else {"number_low": low, "number_high": high}
            observations.append({"patient_id": identifier, "name": name, **bounds, **as_date("date", span)})
    for span, text in one["ulceration"]:
        observations.append({"patient_id": identifier, "name": "ulceration", "text": text, **as_date("date", span)})
    conditions = [
        {"patient_id": identifier, "name": "ILD", "status": "present", **as_date("date", s)} for s in one["ILD"]
    ]
    return patient, treatments, observations, conditions


def completions(one):
    """List every exactly known patient that this one can be; None when there are too many."""
    end_high = min([span[1] for span in (one["death"], one["last_contact"]) if span is not None], default=99)
    axes = [_days(one[name]) for name in ("birth", "last_contact", "death")]
    axes += [_course_days(course, end_high) for course in one["courses"]]
    axes += [list(product(_days(span), _numbers(number))) for name in ("ck", "weight") for span, number in one[name]]
    axes += [_days(span) for span, _ in one["ulceration"]]
    axes += [_days(span) if span else range(FIRST, LAST + 1) for span in one["ILD"]]
    size = 1
    for axis in axes:
        size *= len(axis)
    if size > MOST:
        return None
    return [full for full in (_full(one, choice) for choice in product(*axes)) if _possible(one, full, end_high)]


def _days(span):
    return [None] if span is None else range(span[0], span[1] + 1)


def _numbers(number):
    low, high = number
    if high is None:
        return [low, low + 3, low + 1000]
    if low is None:
        return [high, high - 3, high - 1000]
    return [low] if low == high else [low, (low + high) / 2, high]


def _course_days(course, end):
    starts = range(FIRST, LAST + 1) if course["start"] is None else _days(course["start"])
    found = []
    for start in starts:
        if course["stop"] == "ongoing":
            found.append((start, "ongoing"))
        elif course["stop"] == "unknown":
            found += [(start, stop) for stop in range(start, max(start, min(end, LAST)) + 1)]
        else:
            found += [(start, stop) for stop in _days(course["stop"]) if stop >= start]
    return found


def _full(one, choice):
    choice = list(choice)
    exact = lambda day: None if day is None else (day, day)  # noqa: E731 - a word for this function only
    full = {"birth": exact(choice.pop(0)), "last_contact": exact(choice.pop(0)), "death": exact(choice.pop(0))}
    full["courses"] = []
    for course in one["courses"]:
        start, stop = choice.pop(0)
        full["courses"].append({**course, "start": exact(start), "stop": stop if stop == "ongoing" else exact(stop)})
    for name in ("ck", "weight"):
        full[name] = []
        for _ in one[name]:
            day, number = choice.pop(0)
            full[name].append((exact(day), (number, number)))
    full["ulceration"] = [(exact(choice.pop(0)), text) for _, text in one["ulceration"]]
    full["ILD"] = [exact(choice.pop(0)) for _ in one["ILD"]]
    return full


def _possible(one, full, latest_end):
    """Say whether nothing that counts was written down after the end of follow-up, which would contradict that end."""
    end = min([span[0] for span in (full["death"], full["last_contact"]) if span is not None], default=99)
    spans = [
        (span, day)
        for name in ("ck", "weight", "ulceration")
        for (span, _), (day, _) in zip(one[name], full[name], strict=True)
    ]
    spans += [(course["start"], other["start"]) for course, other in zip(one["courses"], full["courses"], strict=True)]
    spans += list(zip(one["ILD"], full["ILD"], strict=True))
    return not any((span or (FIRST, LAST))[0] <= latest_end and end < day[0] for span, day in spans)


WINDOWS = st.sampled_from(
    [
        Window(label="baseline", target=0, first=-3, last=0),
        Window(label="week 1", target=5, first=3, last=7),
        Window(label="all", target=2, first=-5, last=9),
    ]
)
DAYS = st.integers(-5, 11).map(lambda day: v.Constant(number=float(day)))
TREATMENTS = st.sampled_from([DRUG, CLASS])


@st.composite
def picks(draw):
    """Draw a choice of one observation in a window."""
    series, window = draw(st.sampled_from([ck, ck, weight])), draw(WINDOWS)
    rule = draw(st.sampled_from(["nearest", "first", "last", "lowest", "highest"]))
    definition = series.definition
    return v.Picked(name=definition.key, label=definition.label, unit=definition.unit, window=window, rule=rule)


@st.composite
def leaf_values(draw):
    """Draw a number read from the record."""
    first, last = sorted((draw(st.integers(-5, 11)), draw(st.integers(-5, 11))))
    taken = draw(TREATMENTS)
    return draw(
        st.sampled_from(
            [
                draw(picks()),
                draw(picks()).day,
                visit_day(draw(WINDOWS), ck, weight),
                ck.nearest(draw(DAYS), within=3),
                taken.days_on(first=first, last=last),
                taken.dose_at(draw(DAYS)),
                taken.cumulative_dose(first=first, last=last),
                taken.start,
                taken.stop,
                v.PatientNumber(field="age_at_index"),
                v.FollowUpEnd(),
            ]
        )
    )


@st.composite
def leaf_criteria(draw):
    """Draw a question that reads the record once."""
    value, bound = draw(leaf_values()), float(draw(st.integers(-4, 14)))
    # Not `=`: a dose of 0 or 2 is never 1, but an interval from 0 to 2 holds it. For the same reason points rise with the
    # bands: a day that is 0 or 6 lies in the first band or the last, and its interval in the one between them also.
    operator = draw(st.sampled_from(["<=", "<", ">=", ">"]))
    first, last = sorted((draw(st.integers(-5, 11)), draw(st.integers(-5, 11))))
    window = draw(WINDOWS)
    return draw(
        st.sampled_from(
            [
                c.Compare(left=value, operator=operator, right=v.Constant(number=bound)),
                c.Compare(left=v.Bands(of=value, edges=(2.0, 5.0), points=(0.0, 1.0, 3.0)), operator=operator,
                          right=v.Constant(number=1.0)),
                value.recorded(),
                draw(TREATMENTS).taken_on(draw(DAYS)),
                draw(TREATMENTS).started_between(first, last + 1, new_only=draw(st.booleans())),
                draw(st.sampled_from([ILD.present(window), ILD.by(first), ILD.ever()])),
                ulceration.at(window),
            ]
        )
    )  # fmt: skip


def values_of(leaves):
    """Draw numbers made of numbers."""
    two = st.tuples(leaves, leaves)
    return st.one_of(
        two.map(lambda ab: ab[0] + ab[1]),
        two.map(lambda ab: ab[0] - ab[1]),
        two.map(lambda ab: ab[0] * ab[1]),
        two.map(lambda ab: ab[0] / ab[1]),
        two.map(lambda ab: v.Extreme(which="smallest", of=ab)),
        two.map(lambda ab: v.Extreme(which="largest", of=ab)),
        two.map(lambda ab: v.FirstRecorded(of=ab)),
        two.map(lambda ab: v.Total(of=(*ab, v.Constant(number=1.0)))),
        st.tuples(leaves, leaves, leaves).map(lambda abc: v.Median(of=abc)),
        two.map(lambda ab: v.Median(of=ab)),
        st.tuples(leaves, st.sampled_from(["exp", "ln", "sqrt", "floor", "abs"])).map(
            lambda one: v.Function(name=one[1], of=v.Divide(left=one[0], right=v.Constant(number=4.0)))
        ),
        leaves.map(lambda one: v.Rounded(of=one)),
        leaves.map(lambda one: v.Bands(of=one, edges=(1.0, 4.0), points=(5.0, 0.0, 2.0))),
        leaves.map(lambda one: v.NamedValue(key="named", version="", label="a part", unit="", of=one)),
        st.tuples(leaf_criteria(), leaves, leaves).map(
            lambda one: v.Where(criterion=one[0], then=one[1], otherwise=one[2])
        ),
        st.tuples(leaf_criteria(), leaves).map(
            lambda one: v.Where(criterion=one[0], then=v.Missing(), otherwise=one[1])
        ),
        st.lists(leaf_criteria(), min_size=1, max_size=3).map(lambda of: v.CountTrue(of=tuple(of))),
    )


VALUES = st.recursive(leaf_values(), values_of, max_leaves=4)


def criteria_of(leaves):
    """Draw criteria made of criteria."""
    some = st.lists(leaves, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        some.map(lambda of: c.AllOf(of=of)),
        some.map(lambda of: c.AnyOf(of=of)),
        st.tuples(some, st.integers(1, 3)).map(lambda one: c.AtLeast(of=one[0], count=min(one[1], len(one[0])))),
        leaves.map(lambda one: c.Not(of=one)),
        leaves.map(lambda one: c.NamedCriterion(key="named", version="", label="a part", of=one)),
        st.tuples(VALUES, VALUES, st.sampled_from(["<=", "<", ">=", ">", "="])).map(
            lambda one: c.Compare(left=one[0], operator=one[2], right=one[1])
        ),
        VALUES.map(lambda one: one.recorded()),
        st.sampled_from([c.Known(truth=True), c.Known(truth=False), c.Known(truth=None)]),
        st.sampled_from([c.PatientIs(field="sex", texts=("female",))]),
    )


CRITERIA = st.recursive(leaf_criteria(), criteria_of, max_leaves=5)
CATEGORIES = st.tuples(CRITERIA, CRITERIA).map(
    lambda ab: c.Categories(
        key="level", version="1", label="level", cases=(("high", ab[0]), ("middle", ab[1])), otherwise="low"
    )
)
