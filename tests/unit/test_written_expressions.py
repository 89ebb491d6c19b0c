"""A protocol in TOML is read and never executed; what is wrong in it is told with line, column and the nearest name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from myosotis.document import from_toml
from myosotis.errors import ProtocolError
from myosotis.language import Visit, all_of, any_of, at_least, baseline_window, condition, drugs, none_of, not_, week
from myosotis.language.criteria import PatientIs
from myosotis.language.expression import Constant
from myosotis.language.values import Extreme, Where
from myosotis.loading import load_protocol
from myosotis.measures.catalogue import measures
from myosotis.measures.jdm.instruments import cmas, skin_das, ulceration
from myosotis.measures.observations import ck, weight
from myosotis.protocol import Protocol
from myosotis.study import Population

EXAMPLES = Path(__file__).parents[2] / "examples"
W0, W4 = baseline_window(days=28), week(4, give_or_take=14)
MTX = drugs("MTX", names=("methotrexate",), factors={"x": 2.0})

NAMES = """[names]
week_0 = "baseline_window(days=28)"
week_4 = "week(4, give_or_take=14)"
both = ["week_0", "week_4"]
mtx = 'drugs("MTX", names=["methotrexate"], factors={"x": 2})'
"""


def criterion(text, names=NAMES):
    """Read one criterion as a population's."""
    quoted = f"'''{text}'''" if '"' in text or "\n" in text else f'"{text}"'
    return from_toml(f'key = "p"\nlabel = "p"\ncriterion = {quoted}\n{names}', Population).criterion


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ck.at(week_0) <= 150", ck.at(W0) <= 150),
        ("not_(ck.at(week_0) < 150.5)", not_(ck.at(W0) < 150.5)),
        ("at_least(2, of=[ck.at(week_0) <= 150, cmas.at(week_0) >= 48, ulceration.at(week_0)])",
         at_least(2, of=[ck.at(W0) <= 150, cmas.at(W0) >= 48, ulceration.at(W0)])),
        ("all_of(\n  ck.at(week_0) <= 150,  # U/L\n  cmas.at(week_0) >= 48,\n)",
         all_of(ck.at(W0) <= 150, cmas.at(W0) >= 48)),
        ("any_of(*[skin_das.at(week_0).recorded(), ck.at(week_0).recorded()])",
         any_of(skin_das.at(W0).recorded(), ck.at(W0).recorded())),
        ("none_of(mtx.taken_on(0), mtx.start > week_4.last)", none_of(MTX.taken_on(0), MTX.start > W4.last)),
        ("mtx.dose_at(0) / weight.at(week_0) + 1 >= 2 * 3 - 0.5", MTX.dose_at(0) / weight.at(W0) + 1 >= 5.5),
        ("-ck.at(week_0) <= -(1 + 2)", -ck.at(W0) <= -3),
        ("ck.at(both[1]).equals(3)", ck.at(W4).equals(3)),
        ("abs(ck.at(both[0:1][0])) > 3", abs(ck.at(W0)) > 3),
        ('condition("ILD", "MAS").by(-1)', condition("ILD", "MAS").by(-1)),
        ('PatientIs(field="sex", texts=["female"])', PatientIs(field="sex", texts=("female",))),
        ('Extreme(which="largest", of=[ck.at(week_0), cmas.at(week_0)]) > 3',
         Extreme(which="largest", of=(ck.at(W0), cmas.at(W0))) > 3),
        ("Where(criterion=Known(truth=None), then=ck.at(week_0), otherwise=Constant(number=1)) >= week_4.target / 7",
         None),
        ('rash_improved.between(week_0, Visit(), skin_improvement="one point")',
         measures()["rash_improved"].between(W0, Visit(), skin_improvement="one point")),
    ],
)  # fmt: skip
def test_a_written_expression_is_the_one_that_python_makes(text, meant):
    found = criterion(text)
    if meant is None:
        from myosotis.language.criteria import Known

        meant = Where(criterion=Known(truth=None), then=ck.at(W0), otherwise=Constant(number=1.0)) >= 4
    assert found == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ck.att(week_0) <= 150", "line 3, column 14: ck has no 'att'; did you mean 'at'?"),
        ("kc.at(week_0) <= 150", "line 3, column 14: 'kc' is not known; did you mean 'ck'"),
        ("ck.at(weak_0) <= 150", "line 3, column 20: 'weak_0' is not known; did you mean 'week_0'"),
        ("cmas <= 150", "line 3, column 14: cmas "),
        ("ck.at(week_0) <= 150 and cmas.at(week_0) > 3", "cannot stand in an expression; join criteria with all_of"),
        ("ck.at(week_0) <= 150 & cmas.at(week_0) > 3", "compares twice"),
        ("(ck.at(week_0) <= 150) & (cmas.at(week_0) > 3)", "cannot be calculated; join criteria with all_of"),
        ("not ck.at(week_0) <= 150", "write not_(criterion)"),
        ("3 < ck.at(week_0) < 5", "compares twice; write all_of(value > 3, value < 5)"),
        ("ck.at(week_0) == 5", ".equals(...) for values"),
        ("ck.at(week_0) in [5]", ".equals(...) for values"),
        ("ck.at(week_0) ** 2 > 5", "calculate with + - * /"),
        ("lambda: 1", "write what is asked of the visit at hand with Visit()"),
        ("[one for one in both]", "write each of them"),
        ("1 if True else 2", "choose between two values with Where"),
        ("f'{week_0}'", "write the text as it is, without f"),
        ("(x := 3)", "give it a name under [names]"),
        ("ck.at(week_0) <=", "this is no expression"),
        ("ck.at(week_0 <= 3", "this is no expression"),
        ("", "this is no expression"),
        ("week_0", "line 3, column 13: Population 'p': criterion is the window week 0; give a criterion"),
        ("ck.at(week_0)", "Population 'p': criterion is"),
        ("ck.at", "Population 'p': criterion is"),
        ("ck.at(week_0, 3) > 1", ".at was given 2 without a name and takes at most 1"),
        ("ck.at(when=week_0) > 1", ".at has no 'when'"),
        ("ck.at() > 1", ".at was not given window"),
        ("ck.at(**week_0) > 1", "'week_0' holds no arguments with their names; leave the ** out"),
        ("ck.at(*week_0) > 1", "'week_0' is no list"),
        ("both(1)", "'both' cannot be called"),
        ("both[2]", "'both' has 2 entries, counted from 0, and none at 2"),
        ("week_0[0]", "'week_0' is no list"),
        ("both['a']", "is no whole number"),
        ("both[::2]", "a part of a list has a first and a last place"),
        ("1 / 0 > ck.at(week_0)", "'1 / 0' divides by 0"),
        ("True + 1 > 2", "'True' is no number and no value"),
        ("'a' * 1000000000 > 2", "is no number and no value"),
        ("b'a'", "is no number, text, True, False or None"),
        ("1j > ck.at(week_0)", "is no number, text, True, False or None"),
        ("... > ck.at(week_0)", "is no number, text, True, False or None"),
        ("drugs('a', factors={1: 2}).taken_on(0)", "each entry in braces needs a name"),
        ("drugs('a', factors={'a': 2, 'a': 3}).taken_on(0)", "'a' is there twice"),
        ("response_wang_2022.between(week_0, week_4).is_in('x')", "response_wang_2022"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(text, told):
    with pytest.raises(ProtocolError) as caught:
        criterion(text)
    assert told in str(caught.value)
    assert str(caught.value).startswith("line ")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "ck.__class__",
        "ck.at.__globals__",
        "ck.at.__func__",
        "().__class__.__base__",
        "''.join(['a'])",
        "'{0.__class__}'.format(ck)",
        "Window.__init__",
        "Window.mro()",
        "Series.at(ck, week_0)",
        "response_wang_2022.rule(baseline=week_0, visit=week_4)",
        "response_wang_2022.definition.key.upper()",
        "open('x')",
        "eval('1')",
        "print(1)",
        "exec",
        "explain(ck.at(week_0))",
        "at_visit(1, week_0)",
        "Protocol.from_json('{}')",
        "load_protocol('.')",
        "type(ck)",
        "getattr(ck, 'at')",
        "abs.__self__",
        "abs(-1)",
        "await ck",
        "(yield 1)",
    ],
)
def test_nothing_but_the_words_of_the_language_is_reached(text):
    with pytest.raises(ProtocolError):
        criterion(text)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ('key = "p"\nlabel = "p"\ncriterion = "a"\n[names]\na = "b"\nb = "not_(a)"\n',
         "line 6, column 11: 'a' uses itself; write it out"),
        ('key = "p"\nlabel = "p"\n[names]\nck = "1"\n', "line 4, column 1: 'ck' is a word of the language or the catalogue"),
        ('key = "p"\nlabel = "p"\n[names]\n"a b" = "1"\n', "line 4, column 1: 'a b' cannot be used in an expression"),
        ('key = "p"\nlabel = "p"\nnames = 3\n', "names is no table"),
        ('key = "p"\nlabell = "p"\n', "line 2, column 1: Population has no 'labell'; did you mean 'label'?"),
        ('key = "p"\n', "line 1, column 1: Population was not given label"),
        ('key = 3\nlabel = "p"\n', "line 1, column 7: Population 'p': key is 3; give a text"),
        ('key = "p"\nlabel = "p"\ncriterion = {is = "Compar"}\n',
         "line 3, column 13: there is no kind 'Compar' here; did you mean 'Compare'"),
        ('key = "p"\nlabel = "p"\ncriterion = {truth = true}\n', "line 3, column 13: say which kind of record this is"),
        ('key = "p"\nlabel = "p"\ncriterion = {is = "Window", label = "x"}\n', "there is no kind 'Window' here"),
        ('key = "p"\nlabel = \n', "line 2"),
        ('key = "p"\nkey = "p"\n', "line 2"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_tables_is_told_with_its_place(document, told):
    with pytest.raises(ProtocolError) as caught:
        from_toml(document, Population)
    assert told in str(caught.value)


def test_a_place_in_a_text_of_several_lines_is_that_of_the_file():
    document = (
        'key = "p"\nlabel = "p"\ncriterion = """\nall_of(\n  ck.at(W) <= 1,\n  "é" == cmas.att(W),\n)"""\n'
        '[names]\nW = "week(4, give_or_take=1)"\n'
    )
    with pytest.raises(ProtocolError, match=r"^line 6, column 3: "):
        from_toml(document, Population)
    with pytest.raises(ProtocolError, match=r"^line 6, column 10: cmas has no 'att'"):
        from_toml(document.replace('"é" ==', "3.5 <="), Population)
    # The letter with an accent is one character and two bytes.
    with pytest.raises(ProtocolError, match=r"^line 6, column 11: cmas has no 'att'"):
        from_toml(document.replace('"é" ==', "'é'  <="), Population)


def test_text_that_is_nested_too_deeply_is_refused():
    for text in ("(" * 5000 + "1" + ")" * 5000, "not_(" * 5000 + "1" + ")" * 5000, "-" * 50_000 + "1"):
        with pytest.raises(ProtocolError):
            criterion(text)


def test_a_name_may_stand_before_what_it_is_made_of():
    names = '[names]\nsoon = "ck.at(later) <= bound"\nlater = "week(4, give_or_take=14)"\nbound = 150\n'
    assert criterion("soon", names) == (ck.at(W4) <= 150)


def test_a_record_may_be_written_as_a_table():
    document = """
        key = "p"
        label = "p"
        [criterion]
        is = "Compare"
        left = "ck.at(w)"
        operator = "<="
        right = {is = "Constant", number = 150}
        [names.w]
        is = "Window"
        label = "week 4"
        first = 14
        target = 28
        last = 42
    """
    assert from_toml(document, Population).criterion == (ck.at(W4) <= 150)


def test_a_study_in_toml_is_the_study_in_python_and_runs_without_executing_anything(tmp_path):
    protocol = load_protocol(EXAMPLES / "rheumatoid_arthritis" / "protocol.py")
    (tmp_path / "protocol.toml").write_text(protocol.to_toml(), encoding="utf-8")
    assert load_protocol(tmp_path) == protocol
    (tmp_path / "protocol.toml").write_text(
        protocol.to_toml().replace("das28.at(Visit())", "das29.at(Visit())"), encoding="utf-8"
    )
    with pytest.raises(
        ProtocolError, match=r"^protocol\.toml, line \d+, column \d+: 'das29' is not known; did you mean 'das28'"
    ):
        load_protocol(tmp_path)


def test_an_observation_of_the_study_s_own_is_named_by_its_key():
    toml = """
        key = "ward"
        version = "1"
        title = "Mood"
        question = "Does mood improve?"
        seed = 1
        index = "recorded_days()"
        windows = ["w"]
        eligibility = {}
        observations = [
            'measured("mood", "mood", unit="points", low=0, high=30, source=Citation(text="A scale of the ward, 2019"))',
            'told("slept", "slept well", source=Citation(text="A scale of the ward, 2019"))',
        ]
        [names]
        w = "week(4, give_or_take=14)"
        [[analyses]]
        is = "Characteristics"
        key = "c"
        title = "c"
        quartiles = 6
        lines = [
            {is = "Number", key = "m", label = "M", unit = "points", value = "mood.at(w)",decimals = 1, summary = "mean_sd"},
            {is = "Share", key = "slept", label = "Slept", criterion = "slept.at(w)"},
        ]
    """
    protocol = from_toml(toml, Protocol)
    assert [one.key for one in protocol.own_definitions] == ["mood", "slept"]
    assert from_toml(protocol.to_toml(), Protocol) == protocol
    assert "mood.at(week_4)" in protocol.to_toml()
    assert dataclasses.replace(protocol, seed=2) != protocol
    with pytest.raises(ProtocolError, match="'mod' is not known; did you mean 'mood'"):
        from_toml(toml.replace('"mood.at(w)"', '"mod.at(w)"'), Protocol)
