"""What a protocol may say: each field of each declaration holds one kind of thing, and a slip is told with the fix."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping
from types import UnionType

import numpy as np
import pytest

import myosotis.analysis
import myosotis.language
import myosotis.study
from myosotis.analysis import (
    ChangeOverVisits,
    Characteristics,
    EventsOfInterest,
    Exposure,
    Friedman,
    Number,
    Numbers,
    Outcome,
    OutcomeOverVisits,
    PatientTable,
    Share,
    SwimmerPlot,
)
from myosotis.analysis.samples import Published, TimeToEvent
from myosotis.core.definition import Citation, Range
from myosotis.errors import MyosotisError, ProtocolError, UnknownNameError
from myosotis.language import Visit, all_of, at_least, baseline_window, condition, drugs, month, visit_day, week
from myosotis.language import criteria as criteria_module
from myosotis.language import record as record_module
from myosotis.language import series as series_module
from myosotis.language import values as values_module
from myosotis.language import windows as windows_module
from myosotis.language.applied import Applied
from myosotis.language.criteria import Categories, Criterion, HasCondition, PatientIs, TextIs
from myosotis.language.declaring import QUARTILES
from myosotis.language.misused import same
from myosotis.language.value_unit import units_of
from myosotis.language.values import (
    Bands,
    Divide,
    Function,
    NamedValue,
    PatientNumber,
    Picked,
    Subtract,
    Value,
    as_value,
)
from myosotis.language.windows import Window
from myosotis.measures.catalogue import measures
from myosotis.measures.declare import written
from myosotis.measures.jdm.instruments import cmas, ulceration
from myosotis.measures.jdm.skin import rash_improved
from myosotis.measures.observations import ck, weight
from myosotis.measures.own import OwnMeasure, defined
from myosotis.measures.safety_grades import ctcae_5_alt, ctcae_5_ck
from myosotis.plan import Defaults
from myosotis.protocol import ExamplePatient, Protocol
from myosotis.statistics.describe.quantiles import QuantileDefinition
from myosotis.study import Eligibility, Endpoint, IntercurrentEvent, Population, Rule

W0, W4, W12 = baseline_window(days=28), week(4, give_or_take=14), week(12, give_or_take=28)
VALUE, CRITERION = cmas.at(W0), cmas.at(W0) >= 48
MTX = drugs("MTX", names=("methotrexate",))
SORTED = Categories(key="c", version="1", label="c", cases=(("good", CRITERION),), otherwise="poor")
FRIEDMAN = Friedman(p="asymptotic", pairwise="dunn", adjust="holm", against="first")
ENDPOINT = Endpoint(key="e", label="e", variable=cmas.at(Visit()) >= 48, at=(W4,), if_not_evaluable="no")
SHARE = Share(key="s", label="s", criterion=CRITERION)
OUTCOME = Outcome(key="cmas", label="CMAS", unit="points", value=cmas.at(Visit()), decimals=1, precision=0)
CHANGE = ChangeOverVisits(key="k", title="t", outcomes=(OUTCOME,), visits=(W0, W4), test=FRIEDMAN, quartiles=6)

OWN = written("remark", "remark", source=Citation(text="A scale of the ward, 2019"))

DAY = visit_day(Visit(), cmas)
# What an annotation asks, for declarations that any such value makes whole.
CRITERION_OF_VISIT = cmas.at(Visit()) >= 48
OF_KIND: dict[object, object] = {
    str: "points", int: 3, float: 0.5, bool: True, Value: VALUE, Picked: VALUE, Criterion: CRITERION,
    Categories: SORTED, Window: W4, Population: Population(key="p", label="p"),
    series_module.Treatment: MTX, values_module.Drugs: MTX.drugs, Friedman: FRIEDMAN, Endpoint: ENDPOINT, Outcome: OUTCOME,
    series_module.Series: weight, record_module.IndexDate: record_module.recorded_days(),
    Applied: Applied(of="cmas", word="at", given=(W4,)), Defaults: Defaults(),
    Numbers: Numbers(of=VALUE),
    Published: Published(label="A", count=3, total=9, citation="A 2020"),
    OwnMeasure: defined("own", "own", CRITERION_OF_VISIT, source=Citation(text="The ward, 2019"), examples=(({}, None),)),
    Rule: Rule(name="r", criterion=CRITERION, if_not_evaluable="keep"), Eligibility: Eligibility(include=()),
    IntercurrentEvent: IntercurrentEvent(name="n", strategy="composite", how="h"),
    ExamplePatient: ExamplePatient(label="l", tables={"patients": ({},)}, expects={}),
    myosotis.analysis.LaboratoryTest: myosotis.analysis.LaboratoryTest(series=ck, grade=ctcae_5_ck),
}  # fmt: skip
# And those that need more.
FIELDS: dict[str, dict[str, object]] = {
    "Estimate": {"method": "describe", "choices": {}},
    "ResponseSensitivity": {"of": cmas.at(Visit()) >= 48, "visits": (W0, W4)},
    "ChangeSensitivity": {
        "of": cmas.at(Visit()),
        "visits": (W0, W4),
        "worst": 0.0,
        "best": 52.0,
        "shifts": (0.0, -2.0),
    },
    "Repeated": {"of": cmas.at(Visit()), "visits": (W0, W4)},
    "RepeatedInGroups": {"of": cmas.at(Visit()), "visits": (W0, W4)},
    "AtLeast": {"count": 1},
    "Started": {"after": VALUE, "until": cmas.at(W4)},
    "Categories": {"cases": (("good", CRITERION),), "otherwise": "poor"},
    "Eligibility": {"exclude": ()},
    "Window": {"first": 0, "target": 3, "last": 9},
    "Bands": {"edges": (1.0,), "points": (0.0, 1.0)},
    "Exposure": {"unit": "mg", "visit_day": DAY},
    "ConcomitantDrugs": {"visit_day": DAY},
    "SwimmerPlot": {"visit_day": DAY},
    "PatientIs": {"field": "site"},
    "Series": {"definition": cmas.definition},
    "Flag": {"definition": ulceration.definition},
    "Number": {"unit": "points"},
    "Outcome": {"value": cmas.at(Visit()), "low": 0, "high": 52},
    "ChangeOverVisits": {"visits": (W0, W4)},
    "GlucocorticoidTaper": {"visit_day": DAY, "visits": (W0, W4), "last_day": 168, "subgroups": ()},
    "LaboratoryTest": {"series": ck, "grade": ctcae_5_ck},
    "LaboratorySafety": {"baseline": W0, "follow_up": W4},
    "OrganOutcomes": {"baseline": W0, "visit": W4},
    "Endpoint": {"variable": cmas.at(Visit()) >= 48, "if_not_evaluable": "no"},
    "OutcomeOverVisits": {"together": (("any", ("yes",)),)},
    "DoseCurves": {"first_day": 0},
    "EventTimes": {"visits": (W4,), "times": TimeToEvent(days=VALUE, event=CRITERION)},
    "IndexDate": {"rule": "first dose"},
    "Column": {"words": ("yes", "no")},
    "Protocol": {"analyses": (CHANGE,), "populations": (), "observations": (OWN,), "measures": ()},
    "ExamplePatient": {"tables": {"patients": ({},)}, "expects": {}},
    "Characteristics": {"lines": (SHARE,)},
    "PatientTable": {"columns": (myosotis.analysis.Column(key="c", label="c", of=VALUE),)},
    "AdverseEvents": {"of_interest": (myosotis.analysis.of_interest("z", "Zoster", "zoster"),)},
}
COMPUTED = {"Attrition", "AttritionStep", "ScheduleFinding", "VisitTable"}  # what a run makes, no one writes


def declarations():
    modules = (
        myosotis.analysis, myosotis.study, myosotis.language, values_module, criteria_module, series_module,
        windows_module,
    )  # fmt: skip
    found = {getattr(module, name) for module in modules for name in module.__all__}
    found |= {record_module.IndexDate, Protocol, ExamplePatient}
    kinds = {one for one in found if isinstance(one, type) and dataclasses.is_dataclass(one)}
    return sorted((one for one in kinds if one.__name__ not in COMPUTED), key=lambda one: one.__name__)


def hints_of(kind):
    return typing.get_type_hints(kind, localns={"Criterion": Criterion})


def sample(hint):
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return arguments[0]
    if origin in (typing.Union, UnionType):
        return sample(arguments[0])
    if origin is Mapping:
        return {"x": sample(arguments[1])}
    if origin is tuple:
        return tuple(sample(one) for one in arguments if one is not Ellipsis)
    return OF_KIND[hint]


def made(kind, **given):
    """Make a declaration of which everything but what is given is as it should be."""
    whole = {}
    for field in dataclasses.fields(kind):
        known = FIELDS.get(kind.__name__, {})
        whole[field.name] = known[field.name] if field.name in known else sample(hints_of(kind)[field.name])
    return kind(**{**whole, **given})


def of_value(value):
    return dataclasses.replace(OUTCOME, value=value)


CASES = [(kind, field.name) for kind in declarations() for field in dataclasses.fields(kind)]


def test_there_is_much_to_say():
    assert len(declarations()) > 60


@pytest.mark.parametrize("kind", declarations(), ids=lambda kind: kind.__name__)
def test_the_declaration_that_the_slips_are_made_in_is_whole(kind):
    assert isinstance(made(kind), kind)


@pytest.mark.parametrize(("kind", "name"), CASES, ids=lambda one: getattr(one, "__name__", one))
def test_a_field_of_the_wrong_kind_is_refused_by_its_name_or_is_of_the_kind_asked(kind, name):
    for wrong in (object(), {"a": 1}, cmas, ctcae_5_ck, VALUE, CRITERION, -1.5, "wrong", ("a", 1)):
        told = refusal(lambda wrong=wrong: made(kind, **{name: wrong}))
        if told is None:
            assert belongs(wrong, hints_of(kind)[name])
        else:
            assert "fault of myosotis" not in told
            assert name in told or type(wrong) is not object


def refusal(write):
    """Give the words of a refusal, or None; anything but an error of the package's own passes through."""
    try:
        write()
    except MyosotisError as error:
        return str(error)
    return None


def belongs(value, hint):
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, UnionType):
        return any(belongs(value, one) for one in arguments)
    if origin is tuple:
        return isinstance(value, tuple) and all(belongs(one, arguments[0]) for one in value)
    if origin is typing.Literal:
        return value in arguments
    if origin is not None:
        return (issubclass(origin, Callable) and callable(value)) or isinstance(value, origin)
    return isinstance(value, (int, float) if hint is float else hint)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, name in CASES
        if typing.get_origin(hints_of(kind)[name]) is tuple and typing.get_args(hints_of(kind)[name])[-1] is Ellipsis
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_list_is_kept_as_a_tuple_and_a_bare_text_is_refused_with_its_comma(kind, name):
    whole = getattr(made(kind), name)
    assert getattr(made(kind, **{name: list(whole)}), name) == whole
    with pytest.raises(ProtocolError, match=rf"{name} is 'female'; one text in a tuple needs a comma: \('female',\)"):
        made(kind, **{name: "female"})


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, name in CASES if typing.get_origin(hints_of(kind)[name]) is typing.Literal],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_closed_choice_is_refused_with_the_nearest_name(kind, name):
    allowed = typing.get_args(hints_of(kind)[name])
    near = max(allowed, key=len)
    slip = near[:-1] + "q" if len(near) > 3 else "quite another"
    told = f"did you mean {near!r}" if len(near) > 3 else "give one of"
    with pytest.raises(ProtocolError, match=f"{name} is {slip!r}; {told}"):
        made(kind, **{name: slip})


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda: Share(key="s", label="s", criterion=VALUE), "criterion is a value; give a criterion, .*: compare it"),
        (lambda: made(Number, value=CRITERION), "value is a criterion; give a value, .*: a criterion is true or false"),
        (lambda: made(Number, value=cmas), r"value is cmas, without a visit; give a value, .*: write cmas.at\(window\)"),
        (lambda: made(Number, value=ctcae_5_ck), r"write ctcae_5_ck.at\(window\)"),
        (lambda: made(Number, value=ctcae_5_alt), r"write ctcae_5_alt.between\(baseline, visit\)"),
        (lambda: Share(key="s", label="s", criterion=SORTED), r"ask whether it is one of them, .is_in\('good'\)"),
        (lambda: Share(key="s", label="s", criterion=MTX), r"ask the treatment, as in .taken_on\(0\)"),
        (lambda: Share(key="s", label="s", criterion=condition("ILD")), r"ask the condition, as in .ever\(\)"),
        (lambda: made(Outcome, value=cmas), r"value is cmas, without a visit; give a value, .*: write cmas.at\(window\)"),
        (lambda: made(Outcome, value=cmas.at), r"value is .at without its brackets; .*: call it, .at\(...\)"),
        (lambda: made(Outcome, value=lambda w: cmas.at(w)), "value is a function; give a value"),
        (lambda: made(Outcome, value=ctcae_5_alt), r"write ctcae_5_alt.between\(baseline, visit\)"),
        (lambda: made(Outcome, decimals="1"), "decimals is '1'; give a whole number, without quotes"),
        (lambda: made(Outcome, decimals=-1), "decimals is -1; give a whole number from 0 to 15"),
        (lambda: made(Outcome, precision=0.5), "precision is 0.5; give a whole number"),
        (lambda: made(Outcome, low=52, high=0), "give the lower end as low"),
        (lambda: made(Outcome, key=" "), "key is ' '; give a key"),
        (lambda: made(Number, summary="mean"), "summary is 'mean'; did you mean 'mean_sd'"),
        (lambda: made(Characteristics, quartiles=12), "quartiles is 12; give a definition of quantiles: 1 to 9"),
        (lambda: made(Characteristics, quartiles="tuckey"), "did you mean 'tukey'"),
        (lambda: made(OutcomeOverVisits, conf_level=95), "conf_level is 95; give a number between 0 and 1"),
        (lambda: PatientIs(field="race", texts=("x",)), "field is 'race'; give one of 'sex', 'site'"),
        (lambda: PatientIs(field="sex", texts=("Female",)), "its first is 'Female'; did you mean 'female'"),
        (lambda: PatientNumber(field="age"), "field is 'age'; give one of 'age_at_index'"),
        (lambda: TextIs(of=VALUE, texts=()), "name nothing, so that nobody would be counted"),
        (lambda: condition(), "name nothing"),
        (lambda: condition(["ILD", "MAS"]), "its first is .*; give a text"),
        (lambda: drugs("MTX", names="MTX"), r"needs a comma: \('MTX',\)"),
        (lambda: drugs("MTX", names=("MTX",), factors=[1.0]), "factors is no dictionary"),
        (lambda: drugs("MTX", names=("MTX",), factors={"MTX": "2"}), "its first is .*; its second is '2'; give a finite"),
        (lambda: week("4", give_or_take=14), "number is '4'; give a whole number, without quotes"),
        (lambda: week(4, give_or_take="14"), "give_or_take is '14'"),
        (lambda: month("3", give_or_take=30), "number is '3'"),
        (lambda: baseline_window(days="28"), "days is '28'"),
        (lambda: cmas.at(4), r"window is 4; give a window, such as week\(4, give_or_take=14\)"),
        (lambda: ctcae_5_ck.at(4), "window is 4; give a window"),
        (lambda: cmas < 48, r"cmas has no visit; write cmas.at\(window\)"),
        (lambda: ck - 1, r"ck has no visit; write ck.at\(window\)"),
        (lambda: ctcae_5_ck >= 3, r"ctcae_5_ck has no visit; write ctcae_5_ck.at\(window\)"),
        (lambda: VALUE - cmas, r"write cmas.at\(window\)"),
        (lambda: VALUE <= CRITERION, "one side is a criterion; give a value"),
        (lambda: VALUE.change_from(cmas), r"write cmas.at\(window\)"),
        (lambda: VALUE.reduced_by("half", from_=cmas.at(W4)), "share is 'half'; give a finite number"),
        (lambda: all_of([CRITERION, CRITERION]), "give a criterion"),
        (lambda: at_least("2", (CRITERION, CRITERION)), "count is '2'"),
        (lambda: VALUE == 5, r"== 5 compares the expression itself, .* is always False; write .equals\(5\)"),
        (lambda: VALUE != 5, r"write .equals\(5\)"),
        (lambda: VALUE in (1, 2), r"write .equals\(1\)"),
        (lambda: CRITERION == True, r"write the criterion alone for true and not_\(criterion\) for false"),  # noqa: E712
        (lambda: SORTED == "good", r"write .is_in\('good'\)"),
        (lambda: cmas == 48, r"write cmas.at\(window\)"),
        (lambda: ulceration == "yes", r"write ulceration.at\(window\)"),
        (lambda: ctcae_5_ck == 3, r"write ctcae_5_ck.at\(window\)"),
        (lambda: VALUE <= 150 & cmas.at(W4) >= 48, r"all_of\(a <= 150, b >= 48\)"),
        (lambda: VALUE | CRITERION, r"all_of\(a <= 150, b >= 48\)"),
        (lambda: CRITERION & CRITERION, "join criteria with all_of"),
        (lambda: cmas <= 150 & ck >= 48, r"ck has no visit; write ck.at\(window\)"),
        (lambda: ulceration | ulceration, r"write ulceration.at\(window\)"),
        (lambda: 3 < VALUE < 5, r"write 3 < value < 5 as all_of\(value > 3, value < 5\)"),
        (lambda: CRITERION and VALUE, "join criteria with all_of"),
        (lambda: not CRITERION, "join criteria with all_of"),
        (lambda: max(VALUE, cmas.at(W4)), r"max\(a, b\) as Extreme\(which=\"largest\""),
        (lambda: "x" if VALUE else "y", "a value has no truth of its own"),
        (lambda: "x" if SORTED else "y", "ask whether it is one of them, with .is_in"),
        (lambda: cmas or ck, r"cmas has no truth of its own; write cmas.at\(window\)"),
        (lambda: ulceration or 0, r"write ulceration.at\(window\)"),
        (lambda: VALUE * "2", "one side is '2'; give a value"),
        (lambda: "2" - VALUE, "one side is '2'; give a value"),
        (lambda: 1 * cmas, r"cmas has no visit"),
        (lambda: MTX.days_on(first=10, last=0), "days on MTX: first is 10 and last is 0, .* give the earlier day as first"),
        (lambda: MTX.cumulative_dose(first=10, last=0), "cumulative dose of MTX: first is 10 and last is 0"),
        (lambda: MTX.days_on(first=MTX.start + 9, last=MTX.start), "first is .* plus 9.* nothing could ever be counted"),
        (lambda: MTX.started_between(84, 0), "a start of MTX: after is 84 and until is 0"),
        (lambda: MTX.started_between(84, 84), "after is 84 and until is 84"),
        (lambda: HasCondition(names=("ILD",), first=as_value(9), last=as_value(1)), "ILD: first is 9 and last is 1"),
        (lambda: Window(label="w", target=5, first=9, last=1), "ends on day 1, before it begins on day 9"),
        (lambda: week(4, give_or_take=-14), "give_or_take is -14, .* give the days as a number from 0"),
        (lambda: month(4, give_or_take=-14), "give_or_take is -14"),
        (lambda: baseline_window(days=-28), "days is -28"),
        (lambda: cmas.nearest(0, within=-1), "cmas nearest to a day: within is -1"),
        (lambda: made(Exposure, weight_within=-1), "weight_within is -1; give the days as a number from 0"),
        (lambda: made(SwimmerPlot, last_day=-1), "draws day 0 to day -1; give a day from 0"),
        (lambda: ctcae_5_alt.between(W4, W0), "week 0 as the visit, which ends on day 0, before the baseline week 4"),
        (lambda: Range(low=10, high=0), "a range from 10 to 0 holds no number; give the lower end as low"),
        (lambda: visit_day(W0, VALUE), "its first is a value; give a series"),
        (lambda: visit_day("week 4", cmas), "window is 'week 4'"),
        (lambda: condition("ILD").present("week 4"), "window is 'week 4'"),
        (lambda: SORTED.is_in(["good"]), "its first is .*; give a text"),
        (lambda: made(Characteristics, lines=SHARE), "write one alone with a comma"),
        (lambda: made(Characteristics, lines=(SHARE, SHARE)), "lines 's' stand twice"),
        (lambda: made(Characteristics, lines=()), "has no lines; give at least one"),
        (lambda: made(PatientTable, columns=()), "needs columns"),
        (lambda: made(ChangeOverVisits, visits=(W0, W0)), "visits 'week 0' stand twice"),
        (lambda: made(ChangeOverVisits, outcomes=(OUTCOME, OUTCOME)), "outcomes 'cmas' stand twice"),
        (lambda: made(Outcome, value=cmas.at(Visit()) > 3), "value is a criterion; give a value"),
        (lambda: made(ChangeOverVisits, outcomes=(of_value(VALUE),)),
         r"value is the same at every visit; name the visit at hand where it names a window, as in cmas.at\(Visit\(\)\)"),
        (lambda: made(Endpoint, variable=CRITERION, at=(W4, W12)), "variable is the same at every visit"),
        (lambda: made(Endpoint, variable=CRITERION, at=(W4,)), "variable is the same at every visit"),
        (lambda: made(SwimmerPlot, endpoint=made(Endpoint, at=(W4, W12)), visit_day=visit_day(W0, cmas)),
         "visit_day is the same at every visit"),
        (lambda: made(ChangeOverVisits, outcomes=(of_value(cmas.at(Visit()).change_from(VALUE)),)),
         "at week 0 a value would be compared with itself"),
        (lambda: made(ChangeOverVisits, outcomes=(of_value(cmas.at(Visit()).percent_change_from(VALUE)),)),
         "at week 0 a value would be compared with itself"),
        (lambda: made(Endpoint, variable=cmas.at(Visit()).reduced_by(0.5, from_=VALUE), at=(W0, W4)),
         "at week 0 a value would be compared with itself"),
        (lambda: made(Endpoint, variable=rash_improved.between(W0, Visit(), skin_improvement="one point"), at=(W0,)),
         "rash_improved compares two moments and was given week 0 as both"),
        (lambda: made(Protocol, populations=(Population(key="p", label="p", criterion=cmas.at(Visit()) > 3),)).nodes(),
         "population: p is asked once, but names the visit at hand; name the visit, as in cmas.at"),
        (lambda: made(ChangeOverVisits, outcomes=tuple(
            dataclasses.replace(OUTCOME, key=key) for key in ("mmt8", "cmas"))),
         "outcomes 'mmt8' and 'cmas' are the same value at every visit"),
        (lambda: made(Endpoint, variable=cmas.at(Visit())), "variable is a value; give categories, .* or a criterion"),
        (lambda: made(Endpoint, if_not_evaluable="leave out"), "did you mean 'leave_out'"),
        (lambda: made(Endpoint, at=(W4, W4)), "each once"),
        (lambda: made(OutcomeOverVisits, together=(("any", ("good",)),)), "names 'good'; the levels are 'yes', 'no'"),
        (lambda: made(OutcomeOverVisits, together=(("yes", ("yes",)),)), "levels and groups 'yes' stand twice"),
        (lambda: made(EventsOfInterest, criteria=("deth",)), "its first is 'deth'; did you mean 'death'"),
        (lambda: made(Exposure, unit="g"), "says 'g', but doses are counted in mg; write unit='mg'"),
        (lambda: made(Rule, name=""), "a rule has no name"),
        (lambda: made(Protocol, windows=W4), "windows is .*write one alone with a comma"),
        (lambda: made(Protocol, analyses=(ChangeOverVisits,)), "give an analysis"),
        (lambda: MTX.dose_at(W4), "one side is the window week 4; .*: a window has several days; give one of them"),
        (lambda: MTX.taken_on("2020-01-01"), "or a number without quotes; days are counted from day 0"),
        (lambda: Share(key="s", label="s", criterion=lambda w: CRITERION), "is a function; .*: call it, as in responder"),
        (lambda: condition("ILD").with_status(window=W4), "with_status names no status of ILD; name one"),
        (lambda: measures()["ctcae_5_ckk"], "there is no measure 'ctcae_5_ckk'; did you mean 'ctcae_5_ck'"),
        (lambda: made(ExamplePatient, tables={"patient": ({},)}), "tables has 'patient'; did you mean 'patients'"),
        (lambda: made(ExamplePatient, tables={"patients": {"sex": "male"}}), r"no tuple of records; .* as in \({...},\)"),
        (lambda: made(ExamplePatient, tables={"patients": ({}, {})}), "tables has 2 patients; an example is of one"),
        (lambda: made(ExamplePatient, tables={}), "tables has 0 patients; an example is of one"),
        (lambda: made(ExamplePatient, tables={"patients": ({"sexx": "male"},)}).record(record_module.recorded_days()),
         "the example .*: patients, record 1: no column 'sexx'; did you mean 'sex'"),
        (lambda: made(Protocol, seed="1"), "seed is '1'"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_fix(write, told):
    with pytest.raises((ProtocolError, UnknownNameError), match=told):
        write()


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (cmas.at(W0), "mg/dL", "points"),
        (ck.at(W0), "", "U/L"),
        (ck.at(W0).upper_limit, "g/L", "U/L"),
        (cmas.at(W4).change_from(cmas.at(W0)), "%", "points"),
        (cmas.at(W4) - cmas.at(W0), "cm", "points"),
        (ck.at(W4).percent_change_from(ck.at(W0)), "U/L", "%"),
        (PatientNumber(field="time_since_diagnosis"), "years", "months"),
        (NamedValue(key="k", version="1", label="k", unit="mmol/L", of=VALUE), "mg/dL", "mmol/L"),
        (MTX.days_on(first=0, last=9), "weeks", "days"),
        (MTX.dose_at(0), "g", "mg/day"),
        (weight.nearest(0, within=9), "g", "kg"),
    ],
)
def test_a_unit_that_is_not_the_value_s_is_refused(value, unit, told):
    with pytest.raises(ProtocolError, match=f"unit is '{unit}', but the value is in '{told}'"):
        made(Number, value=value, unit=unit)
    assert made(Number, value=value, unit=told).unit == told


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (cmas.at(W0), ""),  # a score has no dimension, under whatever name
        (ck.at(W0), "IU/L"),  # another spelling
        (ck.at(W0) / 60, "µkat/L"),  # what a product is in nobody can tell
        (MTX.dose_at(0) / weight.at(W0), "mg/kg/day"),
        (Bands(of=VALUE, edges=(1.0,), points=(0.0, 1.0)), "level"),
        (drugs("steroid", classes=("steroid",), factors={"methylprednisolone": 1.25}).dose_at(0), "mg prednisone/day"),
    ],
)
def test_a_unit_stands_where_it_is_the_value_s_or_the_value_s_cannot_be_told(value, unit):
    assert made(Number, value=value, unit=unit).unit == unit
    assert normal_or_none(value, unit)


def normal_or_none(value, unit):
    from myosotis.core.units import normal

    return not units_of(value) or normal(unit) in map(normal, units_of(value))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (lambda: 1.1 * VALUE, lambda: VALUE * 1.1),
        (lambda: 2 + VALUE, lambda: VALUE + 2),
        (lambda: np.float64(1.1) * VALUE, lambda: VALUE * 1.1),
        (lambda: VALUE >= np.int64(3), lambda: VALUE >= 3),  # noqa: SIM300 - numpy on the right
        (lambda: np.int64(3) <= VALUE, lambda: VALUE >= 3),
        (lambda: 3 < VALUE, lambda: VALUE > 3),  # noqa: SIM300 - what is tested
        (lambda: 2 - VALUE, lambda: Subtract(left=as_value(2), right=VALUE)),
        (lambda: 2 / VALUE, lambda: Divide(left=as_value(2), right=VALUE)),
        (lambda: -VALUE, lambda: 0 - VALUE),
        (lambda: abs(VALUE), lambda: Function(name="abs", of=VALUE)),
    ],
)  # fmt: skip
def test_a_number_may_stand_on_either_side(written, meant):
    assert written() == meant()
    assert hash(written()) == hash(meant())


def test_two_expressions_are_the_same_where_all_of_them_is():
    assert cmas.at(W0) == VALUE
    assert cmas.at(W4) != VALUE
    assert VALUE != CRITERION
    assert VALUE != None  # noqa: E711 - what an expression that may be left out is compared with
    assert {VALUE: 1}[cmas.at(W0)] == 1
    assert {CRITERION: 1}[cmas.at(W0) >= 48] == 1
    assert SORTED in (SORTED,)
    assert all(
        kind.__eq__ is same
        for kind in declarations()
        if issubclass(kind, Value | Criterion | Categories) or kind in (series_module.Series, series_module.Flag)
    )


def test_every_definition_of_quartiles_can_be_named():
    assert set(typing.get_args(QuantileDefinition)) == set(QUARTILES)


def test_everybody_is_included_where_no_rule_is_given():
    assert Eligibility(include=()).rules == Eligibility().rules == ()


def test_a_number_of_days_may_be_written_as_a_whole_float():
    assert week(4.0, give_or_take=14.0) == W4
    assert isinstance(Window(label="w", target=0.0, first=0, last=1).target, int)


def test_a_measure_with_its_baseline_makes_the_values_of_an_outcome():
    grade = dataclasses.replace(OUTCOME, unit="grade", value=ctcae_5_alt.between(W0, Visit()))
    assert made(ChangeOverVisits, outcomes=(grade,), visits=(W4, W12))


def test_intercurrent_events_name_a_strategy_of_the_guideline():
    with pytest.raises(ProtocolError, match="did you mean 'treatment policy'"):
        IntercurrentEvent(name="n", strategy="treatment-policy", how="h")
