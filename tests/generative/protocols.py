"""Protocols that nobody wrote: random windows, expressions, populations, rules, endpoints and analyses, each one whole."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from hypothesis import strategies as st

from myosotis.analysis import (
    ChangeOverVisits,
    Characteristics,
    Friedman,
    Heading,
    Number,
    Outcome,
    OutcomeOverVisits,
    Share,
)
from myosotis.core.definition import Citation
from myosotis.errors import ProtocolError
from myosotis.language import (
    Categories,
    Criterion,
    Value,
    Visit,
    all_of,
    any_of,
    at_least,
    baseline_window,
    condition,
    date_of,
    day_window,
    drugs,
    first_dose,
    none_of,
    not_,
    recorded_days,
    visit_day,
)
from myosotis.language.criteria import PatientIs
from myosotis.language.expression import Function, Rounded
from myosotis.language.values import Bands, CountTrue, Extreme, FirstRecorded, PatientNumber, Total, Where
from myosotis.language.visit import of_every_visit
from myosotis.language.windows import Window
from myosotis.loading import load_protocol
from myosotis.measures.catalogue import measures
from myosotis.measures.declare import measured
from myosotis.measures.jdm.instruments import cmas, ulceration
from myosotis.measures.observations import ck, das28, weight
from myosotis.plan import Defaults
from myosotis.protocol import Protocol
from myosotis.study import Eligibility, Endpoint, ExamplePatient, IntercurrentEvent, Population, Rule

EXAMPLES = Path(__file__).parents[2] / "examples"
SHIPPED = tuple(load_protocol(EXAMPLES / name) for name in ("rheumatoid_arthritis", "baricitinib_jdm"))

# A measure that leaves a number open is asked with two numbers.
NUMBERS = (0.5, 3)
OWN = measured("grip", "grip strength", unit="kg", low=0, high=90, source=Citation(text="The ward, 2019"))

# Words with everything that a text may hold: quotes, braces, line ends, signs of other scripts, names that look like code.
texts = st.one_of(
    st.sampled_from(
        ["week 0", "a \"quoted\" 'text'", "{x}", "two\nlines", "±½ é 日本", "back\\slash", "is", "use", "visit", "ck"]
    ),
    st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=8).filter(str.strip),
)
numbers = st.one_of(
    st.integers(-40, 400), st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from([0.1, 1e-9, 2.0, 1e300])
)
days = st.integers(-60, 400)
series = st.sampled_from([ck, cmas, das28, weight])
taken = st.builds(
    drugs, texts,
    names=st.lists(texts, min_size=1, max_size=2, unique=True).map(tuple),
    factors=st.none() | st.dictionaries(texts, st.sampled_from([0.8, 1.25]), max_size=2),
)  # fmt: skip


@st.composite
def windows(draw):
    if draw(st.booleans()):
        return baseline_window(days=draw(st.integers(0, 60)), label=draw(texts))
    return day_window(draw(days), give_or_take=draw(st.integers(0, 40)), label=draw(st.just("") | texts))


def choices_of(measure):
    """Make choices in which every option of every choice is made at least once."""
    options = {choice.key: [one for one, _ in choice.options] or NUMBERS for choice in measure.choices}
    rounds = max(map(len, options.values()), default=1)
    return [{key: allowed[turn % len(allowed)] for key, allowed in options.items()} for turn in range(rounds)]


def applied(measure, choices, at):
    """Apply a measure to a moment, or to the course from the baseline to it; a moment before the baseline is moved."""
    if len(measure.moments) == 1:
        return measure.at(at, **choices)
    return _or(lambda: measure.between(BEFORE, at, **choices), measure.between(BEFORE, AFTER, **choices))


def _or(make, otherwise):
    """Give what is made, or something else where the language refuses it, as a sum of two units."""
    try:
        return make()
    except ProtocolError:
        return otherwise


CHOSEN = [(measure, choices) for measure in measures().values() for choices in choices_of(measure)]
BEFORE, AFTER = Window(label="before", target=0, first=-9, last=0), Window(label="after", target=90, first=80, last=99)


def _of_kind(kind):
    return [one for one in CHOSEN if isinstance(applied(*one, AFTER), kind)]


VALUES, CRITERIA, SORTED = map(_of_kind, (Value, Criterion, Categories))


@st.composite
def values(draw, place, depth=2):
    """Draw a value whose windows come from `place`."""

    def below():
        return draw(values(place, depth - 1))

    word = draw(st.integers(0, 6 if depth == 0 else 13))
    match word:
        case 0:
            return getattr(draw(series), draw(st.sampled_from(["at", "first", "last"])))(draw(place))
        case 1:
            return PatientNumber(field=draw(st.sampled_from(["age_at_index", "age_at_onset", "time_since_diagnosis"])))
        case 2:
            measure, choices = draw(st.sampled_from(VALUES))
            return applied(measure, choices, draw(place))
        case 3:
            return draw(taken).dose_at(draw(days))
        case 4:
            return draw(taken).days_on(first=draw(days), last=500)
        case 5:
            return draw(series).nearest(visit_day(draw(place), cmas, ulceration), within=draw(st.integers(0, 30)))
        case 6:
            return draw(taken).start
        case 7:
            one, other = below(), below()
            kind = draw(st.sampled_from("+-*/"))
            return _or(
                lambda: {"+": one.__add__, "-": one.__sub__, "*": one.__mul__, "/": one.__truediv__}[kind](other), one
            )
        case 8:
            one, number = below(), draw(numbers)
            return _or(lambda: number - one if draw(st.booleans()) else one * number, one)
        case 9:
            one, other = below(), below()
            return _or(lambda: draw(st.sampled_from([Total, FirstRecorded]))(of=(one, other)), one)
        case 10:
            one, other = below(), below()
            return _or(lambda: Extreme(which=draw(st.sampled_from(["largest", "smallest"])), of=(one, other)), one)
        case 11:
            one, other, criterion = below(), below(), draw(criteria(place, 0))
            return _or(lambda: Where(criterion=criterion, then=one, otherwise=other), one)
        case 12:
            one = below()
            return _or(lambda: Bands(of=one, edges=(0.5, 10.0), points=(0.0, 1.0, 2.0)), one)
    one = draw(st.sampled_from([lambda of: Rounded(of=of), lambda of: Function(name="sqrt", of=of)]))(below())
    return one if draw(st.booleans()) else CountTrue(of=(draw(criteria(place, 0)),))


@st.composite
def criteria(draw, place, depth=2):
    """Draw a criterion whose windows come from `place`."""
    word = draw(st.integers(0, 7 if depth == 0 else 11))
    match word:
        case 0 | 1:
            value, number = draw(values(place, max(depth - 1, 0))), draw(numbers)
            kind = draw(st.sampled_from(["__le__", "__ge__", "__lt__", "__gt__", "equals"]))
            return _or(lambda: getattr(value, kind)(number), value.recorded())
        case 2:
            return draw(values(place, max(depth - 1, 0))).recorded()
        case 3:
            return draw(st.sampled_from([ulceration.at, ulceration.recorded_at]))(draw(place))
        case 4:
            one = condition(*draw(st.lists(texts, min_size=1, max_size=2, unique=True)))
            return draw(st.sampled_from([lambda: one.by(draw(days)), one.ever, lambda: one.present(draw(place))]))()
        case 5:
            return draw(taken).taken_on(draw(days))
        case 6:
            measure, choices = draw(st.sampled_from(CRITERIA))
            return applied(measure, choices, draw(place))
        case 7:
            return PatientIs(field="site", texts=(draw(texts),))
        case 8:
            found = draw(categories(place))
            return found.is_in(*draw(st.lists(st.sampled_from(found.levels), min_size=1, max_size=2, unique=True)))
        case 9:
            return not_(draw(criteria(place, depth - 1)))
        case 10:
            return at_least(1, of=[draw(criteria(place, depth - 1)), draw(criteria(place, 0))])
    join = draw(st.sampled_from([all_of, any_of, none_of]))
    return join(*(draw(criteria(place, depth - 1)) for _ in range(draw(st.integers(1, 3)))))


@st.composite
def categories(draw, place):
    """Draw categories of the catalogue, or some of the study's own."""
    if draw(st.booleans()):
        measure, choices = draw(st.sampled_from(SORTED))
        return applied(measure, choices, draw(place))
    cases = tuple((level, draw(criteria(place, 1))) for level in ("good", "fair")[: draw(st.integers(1, 2))])
    return Categories(key=draw(texts), version="1", label=draw(texts), cases=cases, otherwise="poor")


# Lines of a table name a window; what is asked of visit after visit names the visit at hand somewhere.
_here, _visit = windows(), st.just(Visit())
_asked_value = values(st.one_of(_visit, _visit, windows())).filter(of_every_visit)
_asked = (criteria(_visit) | categories(_visit)).filter(of_every_visit)


@st.composite
def endpoints(draw, number):
    variable = draw(_asked)
    at = (AFTER, day_window(200, give_or_take=draw(st.integers(0, 30))))
    levels = variable.levels if isinstance(variable, Categories) else ("yes", "no")
    events = st.builds(
        IntercurrentEvent, name=texts, strategy=st.sampled_from(["composite", "treatment policy"]), how=texts
    )
    return Endpoint(
        key=f"endpoint {number}", label=draw(texts), variable=variable, at=at,
        if_not_evaluable=draw(st.sampled_from([levels[-1], "leave_out"])),
        intercurrent=tuple(draw(st.lists(events, max_size=1))),
    )  # fmt: skip


@st.composite
def outcomes(draw, number):
    value = draw(_asked_value)
    return Outcome(
        key=f"outcome {number}", label=draw(texts), unit=draw(texts), value=value, decimals=draw(st.integers(0, 4)),
        precision=draw(st.integers(0, 15)), low=draw(st.none() | st.integers(-5, 0)), high=draw(st.none() | st.floats(1, 9)),
    )  # fmt: skip


@st.composite
def analyses(draw, number, populations):
    """Draw an analysis: a table, changes, responses, or one of the shipped studies'."""
    key, among = f"analysis {number}", draw(st.sampled_from(populations))
    match draw(st.integers(0, 3)):
        case 0:
            lines = [Heading(label=draw(texts)), Share(key="share", label=draw(texts), criterion=draw(criteria(_here)))]
            value = draw(values(_here))
            more = _or(
                lambda: Number(key="number", label="n", unit="points", value=value, summary="mean_sd", decimals=1), None
            )
            return Characteristics(
                key=key, title=draw(texts), lines=(*lines, *filter(None, [more])), population=among, note=draw(texts),
                quartiles=draw(st.sampled_from([6, 7, "spss"])),
            )  # fmt: skip
        case 1:
            outcome = _or(lambda: draw(outcomes(number)), None)
            if outcome is not None:
                test = Friedman(
                    p="exact", pairwise=draw(st.sampled_from(["dunn", "conover"])), adjust="holm", against="first"
                )
                made = _or(lambda: ChangeOverVisits(
                    key=key, title=draw(texts), outcomes=(outcome,), visits=(BEFORE, AFTER), test=test, quartiles=6,
                    population=among,
                ), None)  # fmt: skip
                if made is not None:
                    return made
        case 2:
            endpoint = _or(lambda: draw(endpoints(number)), None)
            if endpoint is not None:
                level = draw(st.sampled_from(endpoint.levels))
                return OutcomeOverVisits(
                    key=key, title=draw(texts), endpoint=endpoint, together=(("taken together", (level,)),),
                    figure=draw(st.booleans()), conf_level=draw(st.sampled_from([0.95, 0.9])),
                )  # fmt: skip
    shipped = draw(st.sampled_from([one for protocol in SHIPPED for one in protocol.analyses]))
    return dataclasses.replace(shipped, key=key)


@st.composite
def protocols(draw):
    """Draw a whole protocol."""
    populations = tuple(
        Population(key=f"population {number}", label=draw(texts), criterion=draw(criteria(_here)))
        for number in range(draw(st.integers(1, 2)))
    )
    rules = [
        Rule(name=f"rule {number}", criterion=draw(criteria(_here)), reason=draw(st.just("") | texts),
             if_not_evaluable=draw(st.sampled_from(["keep", "leave_out"])))
        for number in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    example = ExamplePatient(
        label=draw(texts),
        tables={"patients": ({"sex": "female", "birth_date": datetime.date(2010, 1, draw(st.integers(1, 28)))},)},
        expects={"rule 0": draw(st.sampled_from([None, True, 1.5, "word"]))},
    )
    return Protocol(
        key=draw(texts), version=draw(texts), title=draw(texts), question=draw(texts),
        index=draw(st.sampled_from([recorded_days(), date_of("diagnosis_date"), first_dose("a", "b")])),
        windows=(BEFORE, AFTER), eligibility=Eligibility(include=tuple(rules[:1]), exclude=tuple(rules[1:])),
        analyses=tuple(draw(analyses(number, populations)) for number in range(draw(st.integers(1, 3)))),
        seed=draw(st.integers(0, 2**40)), populations=populations, examples=(example,),
        notes=tuple(draw(st.lists(texts, max_size=2))), observations=(OWN,) if draw(st.booleans()) else (),
        defaults=draw(st.just(Defaults()) | st.builds(
            Defaults, visit_day=st.none() | _asked_value, follow_up=st.none() | windows(),
            weight_within=st.none() | st.integers(0, 60), quartiles=st.none() | st.sampled_from([6, "spss"]),
            conf_level=st.sampled_from([0.95, 0.8]), if_not_evaluable=st.none() | st.just(("keep", "leave_out")),
        )),
        synthetic=draw(st.just("") | texts),
    )  # fmt: skip
