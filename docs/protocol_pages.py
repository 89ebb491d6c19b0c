"""The page of the protocol: every word it may hold, with the kinds of its fields, from the declarations themselves."""

from __future__ import annotations

import dataclasses
import inspect
import textwrap
import typing
from collections.abc import Iterator
from types import NoneType, UnionType

from protocol_examples import EXAMPLES, NAMES

import myosotis
from myosotis import analysis, language, plan, study
from myosotis.language import criteria, series, values
from myosotis.measures import declare, own
from myosotis.plan import lines
from myosotis.protocol import Protocol


def _names() -> str:
    return "\n".join(f"{name} = {text}" for name, text in NAMES.items())


# The study that the README shows in Python.
TOML = """\
key = "small-study"
version = "1.0"
title = "CMAS after starting baricitinib"
question = "Does muscle strength improve?"
index = 'first_dose("baricitinib")'
windows = ["baseline_window(days=28)", "week_4", "week(12, give_or_take=28)", "week(24, give_or_take=28)"]
eligibility = ['include("severe disease", severe_jdm, if_not_evaluable="leave_out")']
analyses = ["change(cmas)"]
seed = 1

[defaults]
quartiles = 6
test = {is = "Friedman", p = "exact", pairwise = "exact", adjust = "holm", against = "first"}

[names]
week_4 = "week(4, give_or_take=14)"
"""

DEFINITIONS = """\
observations = ['measured("grip", "grip strength", unit="kg", low=0, high=90, step=0.5, source=ward)']
measures = [
    '''defined(
        "weak_grip", "weak grip", grip.at(Visit()) < 20, source=ward,
        examples=[[{"grip": 19.5}, True], [{"grip": 20}, False], [{}, None]],
    )''',
]

[names]
ward = 'Citation(text="The scale of our ward, 2019")'
"""

HEAD = f"""# What a protocol may say

A study folder holds a protocol in one of three forms, which say the same and are turned into each other by
`myosotis protocol STUDY --to toml`, `--to py` or `--to json`:

- `protocol.toml` is read, and nothing of it is executed. It can be edited without knowing Python.
- `protocol.py` ends with `protocol = Protocol(...)`. It is executed as Python when a study is run, checked or explained: it
  can do whatever you can do on your machine, so run only protocols that you trust.
- `protocol.json` is what a results bundle keeps: every definition of the catalogue by its key, version and fingerprint, so
  that it is refused where the catalogue says something else by now.

Where a folder holds several, they must declare the same.

## In TOML

```toml
{TOML}```

- A table is a record, and its keys are the fields listed below. Where several kinds of record can stand, `is` says which.
- A text is the text itself where a text is asked, and otherwise an expression in the words of this page, with `+ - * /`,
  one comparison, lists, and what is asked of something behind a dot. Observations and measures stand by their keys
  (`myosotis catalogue`).
- Under `[names]` stand names of your own for expressions and records that are long or used more than once, in any order.
- In the `expects` of an example patient `{{is = "not evaluable"}}` stands for a result that there is not.

## Definitions of your own

What the catalogue does not hold, a study defines itself: observations with `measured`, `told` and `written`, scores and
criteria with `defined`, whose worked examples are run before any patient is read. They stand in the protocol, under
`observations` and `measures`, or in a file `definitions.toml` beside it, which is read in the same way and can be shared by
several studies:

```toml
{DEFINITIONS}```

Their keys are words of `protocol.toml`; in `protocol.py` write `own = definitions_beside(__file__)` and `own["weak_grip"]`.
A mapping may name the observations. Groups of drugs and conditions are words under `[names]`. What belongs to a disease and
not to a study is a pack: a module that another package names by the entry point `myosotis.packs`.

An error names line and column, and the nearest name: `protocol.toml, line 9, column 13: 'weak' is not known; did you mean
'week'?`.

## The words

All fields are given by name. A list may stand where a tuple is asked; in Python one thing alone in a tuple needs its comma:
`("female",)`. What cannot be meant is refused before any patient is read, with the line, the field, what was given and how
to write it: a value where a criterion is asked, a series without its visit, a word that is no choice, a unit that is not
the value's, a moment compared with itself. A drug, class, condition or site that the protocol names and no row has is told
by `myosotis check`.

The examples use these names:

```python
{_names()}
```
"""

SECTIONS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("The study", (
        Protocol, plan.Defaults, plan.include, plan.exclude, plan.recorded, study.Population, study.example_patient,
    )),
    (
        "Day 0 and visits",
        (
            language.first_dose, language.date_of, language.recorded_days, language.baseline_window, language.week,
            language.month, language.day_window, language.Window, language.visit_day, language.Visit,
        ),
    ),
    ("What was measured, given and recorded", (
        series.Series, series.Flag, declare.measured, declare.told, declare.written, own.defined, language.drugs,
        series.Treatment, language.condition, series.Condition, lines.Patient, criteria.PatientIs, values.PatientNumber,
    )),
    ("Values and criteria", (
        values.Value, language.all_of, language.any_of, language.none_of, language.not_, language.at_least,
        criteria.Categories, values.Bands, values.Where,
    )),
    ("Tables of the patients", (
        plan.table_one, plan.mean_sd, plan.median_iqr, plan.share, plan.on_drugs, plan.with_conditions, plan.patient_table,
        plan.column, plan.present, plan.drug_names,
    )),
    ("What is followed and counted", (
        plan.change, plan.outcome, plan.count, plan.endpoint, plan.treatment_policy, plan.composite, plan.estimate,
        plan.time_to_event, plan.sensitivity,
    )),
    ("Treatment", (plan.exposure, plan.new_drugs, plan.taper, plan.dose_curves, plan.swimmer)),
    ("Safety", (plan.organs, plan.adverse_events, analysis.of_interest, plan.laboratory_safety)),
    ("Written out", (
        study.Eligibility, study.Rule, study.ExamplePatient, study.Endpoint, study.IntercurrentEvent,
        *(getattr(analysis, name) for name in sorted(analysis.__all__) if name != "of_interest"),
    )),
)  # fmt: skip

# What stands before a section.
BEFORE = {
    "Tables of the patients": """\
An analysis, a line or a rule in short words takes from the definition the label, unit, decimals and range, and from the
study its visits and whatever `Defaults` says; each word may say otherwise. What neither says is refused, with both places
where it can be said. The protocol keeps the whole record that a short word stands for, see [Written out](#written-out).
""",
    "Written out": "What the short words stand for, field by field. Any of it can be written in a protocol too.\n",
}

# Found in the catalogue or made by a word of their own, not written field by field; and those that are asked for more.
_FOUND = (series.Series, series.Flag, series.Treatment, series.Condition, lines.Patient, language.Visit)
_ASKED = (*_FOUND, values.Value, criteria.Categories)

_WIDTH = 100
# What a protocol names otherwise than its class is called.
_NAMED = {"Patient": "patient"}

_WORDS = {
    str: "text", int: "whole number", float: "number", bool: "True or False", NoneType: "nothing",
}  # fmt: skip


def pages() -> dict[str, str]:
    """Give the page by its path under docs/."""
    parts = [HEAD]
    for title, words in SECTIONS:
        parts.append(f"## {title}\n")
        parts += [BEFORE[title]] if title in BEFORE else []
        parts += ["\n".join((*_entry(word), *_examples(word))) for word in words if callable(word)]
    return {"protocol.md": "\n".join(parts)}


def _entry(word: object) -> Iterator[str]:
    name = word.__name__  # type: ignore[attr-defined]
    if not isinstance(word, type):
        call = f"{name}{_signature(word)}"
        if len(call) <= _WIDTH:
            yield f"### `{call}`\n\n{_import(word)}{_told(word)}\n"
        else:
            laid = textwrap.fill(call, width=_WIDTH, subsequent_indent=" " * (len(name) + 1))
            yield f"### `{name}`\n\n{_import(word)}```python\n{laid}\n```\n\n{_told(word)}\n"
        return
    yield f"### {name}\n\n{_import(word)}{_told(word)}\n"
    if dataclasses.is_dataclass(word) and word not in _FOUND:
        yield "| field | holds | if left out |\n|---|---|---|"
        hints = typing.get_type_hints(word, localns={"Criterion": criteria.Criterion})
        for field in dataclasses.fields(word):
            yield f"| `{field.name}` | {_kind(hints[field.name])} | {_default(field)} |"
        yield ""
    for method, member in vars(word).items():
        if (
            word in _ASKED
            and not method.startswith("_")
            and (inspect.isfunction(member) or isinstance(member, property))
        ):
            call = _signature(member) if inspect.isfunction(member) else ""
            yield f"- `.{method}{call}` {_told(member)}".replace("\n\n", " ").replace("\n", " ")
    yield ""


def _examples(word: object) -> Iterator[str]:
    """Show how a word is used, in lines that a test evaluates."""
    name = _NAMED.get(word.__name__, word.__name__)  # type: ignore[attr-defined]
    if name in EXAMPLES:
        yield "```python\n" + "\n".join(EXAMPLES[name]) + "\n```\n"


def _import(word: object) -> str:
    if word in (series.Series, series.Flag, values.Value, series.Treatment, series.Condition):
        return ""  # found in the catalogue, or made of what was
    name = word.__name__  # type: ignore[attr-defined]
    name = _NAMED.get(name, name)
    if name in myosotis.__all__:
        return f"`from myosotis import {name}`\n\n"
    place = next((one for one in (language, analysis, study) if name in one.__all__), inspect.getmodule(word))
    return f"`from {place.__name__} import {name}`\n\n"  # type: ignore[union-attr]


def _signature(word: object) -> str:
    found = inspect.signature(word)  # type: ignore[arg-type]
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in found.parameters.values() if one.name != "self"]
    return str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def _told(word: object) -> str:
    """Give a docstring without its examples for the interpreter."""
    lines = (inspect.getdoc(word) or "").splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(">>>")), len(lines))
    return "\n".join(lines[:start]).strip()


def _kind(hint: object) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return ", ".join(f"`{one!r}`" for one in arguments)
    if origin in (typing.Union, UnionType):
        return " or ".join(dict.fromkeys(_kind(one) for one in arguments if one is not NoneType))
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return f"several: {_kind(arguments[0])}"
        return f"({', '.join(map(_kind, arguments))})"
    if origin is not None:
        return "a dictionary"
    name = getattr(hint, "__name__", str(hint))
    return _WORDS.get(hint, name)  # type: ignore[call-overload, no-any-return]


def _default(field: dataclasses.Field[object]) -> str:
    if field.default is dataclasses.MISSING:
        return "must be given"
    if isinstance(field.default, study.Population):
        return "all included patients"
    if isinstance(field.default, series.Series):
        return f"`{field.default.definition.key}`"
    empty = isinstance(field.default, tuple | str | NoneType | plan.Defaults) and not field.default
    if empty or field.default == plan.Defaults():
        return "none"
    return f"`{field.default!r}`"
