"""A study defines measures of its own: checked, run by their worked examples, found by key in every form."""

from __future__ import annotations

import dataclasses

import pytest

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation
from myosotis.definitions import Definitions, definitions_beside, read_definitions
from myosotis.errors import ProtocolError, UnknownNameError
from myosotis.language import Categories, Visit, any_of, baseline_window, recorded_days, week
from myosotis.language.values import NamedValue
from myosotis.loading import declaring_files, load_protocol
from myosotis.measures.declare import measured, told
from myosotis.measures.observations import ck
from myosotis.measures.own import OwnMeasure, defined
from myosotis.plan import share, table_one
from myosotis.protocol import Protocol

WARD = Citation(text="The ward, 2019")
GRIP = measured("grip", "grip strength", unit="kg", low=0, high=90, source=WARD)
TIRED = told("tired", "tired", source=WARD)
W0, W4 = baseline_window(days=3), week(4, give_or_take=3)


def weak(**more):
    words = {
        "source": WARD,
        "examples": (
            ({"grip": 19.9}, True),
            ({"grip": 20, "tired": "no"}, False),
            ({"tired": "yes"}, True),
            ({"tired": "no"}, None),
        ),
    } | more
    return defined("weak", "weak", any_of(GRIP.at(Visit()) < 20, TIRED.at(Visit())), **words)


def protocol(*measures, analyses=None):
    return Protocol(
        key="p", version="1", title="t", question="q", index=recorded_days(), windows=(W0, W4), eligibility=(), seed=1,
        analyses=analyses or (table_one("T", ck, quartiles=7),), observations=(GRIP, TIRED), measures=measures,
    )  # fmt: skip


def test_a_measure_of_the_study_is_asked_at_a_visit_under_its_name():
    asked = weak().at(W4)
    assert (asked.key, asked.version, asked.label) == ("weak", "1", "weak")
    assert asked.of == any_of(GRIP.at(W4) < 20, TIRED.at(W4))
    half = defined("half", "half", GRIP.at(Visit()) / 2, unit="kg", low=0, source=WARD, examples=(({"grip": 3}, 1.5),))
    assert isinstance(half.at(W0), NamedValue)
    level = Categories(key="l", version="1", label="l", cases=(("low", GRIP.at(Visit()) < 20),), otherwise="high")
    sorted_ = defined("level", "level of grip", level, source=WARD, examples=(({"grip": 3}, "low"),))
    assert sorted_.at(W0).is_in("low").key == "level.low"
    protocol(weak(), half, sorted_).check_examples()


@pytest.mark.parametrize(
    ("write", "told_"),
    [
        (lambda: weak(examples=()), "weak has no worked example"),
        (lambda: weak(examples=("a",)), "defined: examples is ('a',); its first is 'a'; give a tuple of 2"),
        (lambda: defined("x", "x", GRIP.at(W0) < 3, source=WARD, examples=(({}, None),)), "is the same at every visit"),
        (lambda: defined("x", "x", 3, source=WARD, examples=(({}, None),)),
            "defined: rule is 3; give a value, such as"),
        (lambda: defined("x", "x", GRIP.at(Visit()), source=WARD, examples=(({}, None),)),
            "'x' is a number without unit or range"),
        (lambda: OwnMeasure(definition=weak().definition, rule=GRIP.at(Visit())),
            "weak is a yes or no and its rule is none"),
        (lambda: protocol(weak(), weak()), "'weak' are declared twice"),
        (lambda: protocol(dataclasses.replace(weak(), definition=dataclasses.replace(weak().definition, key="cmas"))),
         "'cmas' are in the catalogue already"),
        (lambda: protocol(weak(examples=(({"grip": 20}, True),))).check_examples(),
         "weak: the worked example 1 expects True, the rule gives None; correct the rule or the example"),
    ],
)  # fmt: skip
def test_a_measure_that_cannot_be_meant_is_refused(write, told_):
    with pytest.raises(ProtocolError) as caught:
        write()
    assert told_ in str(caught.value)


def test_a_changed_rule_has_another_fingerprint_and_other_words_have_not():
    other = dataclasses.replace(weak(), rule=any_of(GRIP.at(Visit()) < 21, TIRED.at(Visit())))
    reworded = dataclasses.replace(weak(), definition=dataclasses.replace(weak().definition, label="feeble"))
    assert weak().fingerprint != other.fingerprint
    assert weak().fingerprint == reworded.fingerprint


def test_it_says_the_same_in_every_form():
    declared = protocol(weak(), analyses=(table_one("T", weak().at(W0), quartiles=7),))
    for text, read in ((declared.to_json(), Protocol.from_json), (declared.to_toml(), Protocol.from_toml)):
        assert read(text) == declared
    assert "weak.at(week_0)" in declared.to_toml()


FROM_BASELINE = GRIP.at(Visit()).percent_change_from(GRIP.at(W0))
RISES = (
    ({"baseline": {"grip": 10}, "visit": {"grip": 12}}, 20),
    ({"baseline": {"grip": 10}, "visit": {}}, None),
    ({"visit": {"grip": 12}}, None),
    ({"baseline": {"grip": 0}, "visit": {"grip": 12}}, None),
)


def test_a_measure_of_the_study_may_look_back_to_a_baseline():
    words = {"unit": "%", "source": WARD}
    rise = defined("rise", "rise of grip", FROM_BASELINE, examples=RISES, **words)
    declared = protocol(
        rise, analyses=(table_one("T", share(rise.at(W4) >= 20, label="rose", key="rose"), quartiles=7),)
    )
    declared.check_examples()
    assert Protocol.from_toml(declared.to_toml()) == declared
    assert Protocol.from_json(declared.to_json()) == declared
    wrong = defined("rise", "rise of grip", FROM_BASELINE, examples=(*RISES[1:], (RISES[0][0], 21)), **words)
    with pytest.raises(ProtocolError, match=r"worked example 4 expects 21, the rule gives 20"):
        protocol(wrong).check_examples()


def test_an_observation_called_visit_is_a_value_like_any_other():
    visits = measured("visit", "visits so far", unit="1", low=0, high=90, source=WARD)
    many = defined(
        "many", "many visits", visits.at(Visit()) > 3, source=WARD, examples=(({"visit": 4}, True), ({}, None))
    )
    many.check_examples(Catalogue.of(visits.definition))


# --- definitions.toml -------------------------------------------------------------------------------------------------

FILE = """
observations = ['measured("grip", "grip strength", unit="kg", low=0, high=90, source=ward)']
measures = ['defined("weak", "weak", grip.at(Visit()) < bound, source=ward, examples=[[{"grip": 19}, True], [{}, None]])']
[names]
ward = 'Citation(text="The ward, 2019")'
bound = 20
"""
STUDY = """
key = "p"
version = "1"
title = "t"
question = "q"
seed = 1
index = "recorded_days()"
windows = ["w"]
eligibility = ['include("weak", weak.at(w), if_not_evaluable="leave_out")']
analyses = ['table_one("T", grip, quartiles=7)']
[names]
w = "baseline_window(days=3)"
"""
IN_PYTHON = """
from myosotis import Protocol, baseline_window, definitions_beside, include, recorded_days, table_one
own = definitions_beside(__file__)
w = baseline_window(days=3)
protocol = Protocol(key="p", version="1", title="t", question="q", seed=1, index=recorded_days(), windows=(w,),
    eligibility=(include("weak", own["weak"].at(w), if_not_evaluable="leave_out"),),
    analyses=(table_one("T", own["grip"], quartiles=7),))
"""


def test_what_lies_beside_a_protocol_is_known_to_each_of_its_forms(tmp_path):
    (tmp_path / "definitions.toml").write_text(FILE, encoding="utf-8")
    (tmp_path / "protocol.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "protocol.py").write_text(IN_PYTHON, encoding="utf-8")
    found = load_protocol(tmp_path)
    assert [one.key for one in found.own_definitions] == ["grip"]
    assert [one.key for one in found.measures] == ["weak"]
    found.check_examples()
    assert declaring_files(tmp_path) == ("protocol.py", "protocol.toml", "definitions.toml")
    (tmp_path / "protocol.json").write_text(found.to_json(), encoding="utf-8")
    assert load_protocol(tmp_path) == found


def test_a_mistake_in_the_file_is_told_with_its_place(tmp_path):
    (tmp_path / "definitions.toml").write_text(FILE.replace("grip.at(Visit())", "grap.at(Visit())"), encoding="utf-8")
    with pytest.raises(
        ProtocolError, match=r"^definitions\.toml, line 3, column 38: 'grap' is not known; did you mean 'grip'"
    ):
        read_definitions(tmp_path)
    (tmp_path / "definitions.toml").write_bytes(b"\xff")
    with pytest.raises(ProtocolError, match=r"definitions\.toml is not text in UTF-8"):
        read_definitions(tmp_path)


def test_a_key_that_is_not_defined_is_told_with_the_nearest(tmp_path):
    (tmp_path / "definitions.toml").write_text(FILE, encoding="utf-8")
    own = definitions_beside(str(tmp_path / "protocol.py"))
    with pytest.raises(UnknownNameError, match=r"definitions\.toml defines no 'gripp'; did you mean 'grip'"):
        own["gripp"]
    assert read_definitions(tmp_path / "nowhere") == Definitions()
