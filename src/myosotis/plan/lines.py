"""Lines of a table of characteristics and columns of a table of patients, in short words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from myosotis.analysis import Column, DrugNames, Heading, Number, Present, Share
from myosotis.errors import ProtocolError
from myosotis.language import condition, drugs
from myosotis.language.checked import word
from myosotis.language.criteria import Categories, Criterion, PatientIs
from myosotis.language.series import Treatment
from myosotis.language.values import PatientNumber, Value
from myosotis.language.windows import Window
from myosotis.plan.described import Asked, described, key_of, placed
from myosotis.plan.draft import Draft, Said

__all__ = [
    "Patient", "column", "drug_names", "line_of", "mean_sd", "median_iqr", "on_drugs", "patient", "present", "share",
    "with_conditions",
]  # fmt: skip

Summary = Literal["mean_sd", "median_iqr"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What the patients table says of a patient."""

    @property
    def female(self) -> Criterion:
        """Ask whether the patient is female."""
        return PatientIs(field="sex", texts=("female",))

    @property
    def male(self) -> Criterion:
        """Ask whether the patient is male."""
        return PatientIs(field="sex", texts=("male",))

    @property
    def age(self) -> Value:
        """Give the age on day 0 in years."""
        return PatientNumber(field="age_at_index")

    @property
    def age_at_onset(self) -> Value:
        """Give the age at onset in years."""
        return PatientNumber(field="age_at_onset")

    @property
    def time_since_diagnosis(self) -> Value:
        """Give the time from diagnosis to day 0 in months."""
        return PatientNumber(field="time_since_diagnosis")


patient = Patient()


@word
def mean_sd(of: Asked, *, label: str = "", key: str = "", unit: str = "", decimals: int | None = None) -> Draft:
    """Print mean and standard deviation of a number; what is left out says its definition."""
    return _number("mean_sd", of, label, key, unit, decimals)


@word
def median_iqr(of: Asked, *, label: str = "", key: str = "", unit: str = "", decimals: int | None = None) -> Draft:
    """Print median and quartiles of a number; what is left out says its definition."""
    return _number("median_iqr", of, label, key, unit, decimals)


@word
def share(of: Asked, *, label: str = "", key: str = "") -> Draft:
    """Print how many have what a criterion asks, and the percentage; what is left out says its definition."""
    return Draft(
        word="share", make=_make_share, given=(("of", of), ("label", label), ("key", key), ("at", Said.FIRST_VISIT))
    )


@word
def on_drugs(*names: str, day: int = 0) -> tuple[Share, ...]:
    """Print how many take each of some drugs on a day, a line each."""
    return tuple(
        Share(key=key_of(name), label=_capital(name), criterion=drugs(name, names=(name,)).taken_on(day))
        for name in names
    )


@word
def with_conditions(*names: str, day: int = 0, **worded: str) -> tuple[Share, ...]:
    """Print how many had each of some conditions recorded by a day, a line each.

    Those given by name are worded as said: `with_conditions("calcinosis", ILD="Interstitial lung disease")`.
    """
    labels = {**{name: _capital(name) for name in names}, **worded}
    return tuple(Share(key=name, label=label, criterion=condition(name).by(day)) for name, label in labels.items())


@word
def column(label: str, of: Asked, *, key: str = "", decimals: int = 1, words: tuple[str, str] = ("yes", "no")) -> Draft:
    """Print an expression for each patient; a measure or an observation is asked at the first visit."""
    return Draft(
        word=f"column({label!r})",
        make=_make_column,
        given=(
            ("label", label), ("of", of), ("key", key or key_of(label)), ("decimals", decimals), ("words", words),
            ("at", Said.FIRST_VISIT),
        ),
    )  # fmt: skip


@word
def present(label: str, *of: tuple[str, Criterion], key: str = "") -> Present:
    """Name for each patient those of some criteria that are true; each is a label with its criterion."""
    return Present(key=key or key_of(label), label=label, of=of)


@word
def drug_names(
    label: str, treatment: Treatment, when: Literal["before", "at the start", "later"], *, key: str = ""
) -> DrugNames:
    """Name for each patient the drugs of a treatment that were given before day 0, on it, or later."""
    return DrugNames(key=key or key_of(label), label=label, treatment=treatment, when=when)


def line_of(one: object) -> object:
    """Make a line of what stands in a table: a text is a heading, a criterion a share, a number its median and quartiles."""
    if isinstance(one, str):
        return Heading(label=one)
    if isinstance(one, Draft | Heading | Number | Share):
        return one
    return Draft(word="table_one", make=_make_line, given=(("of", one), ("at", Said.FIRST_VISIT)))


def flat(parts: Iterable[object]) -> tuple[object, ...]:
    """Spread what several words gave together."""
    return tuple(one for part in parts for one in (part if isinstance(part, tuple) else (part,)))


def _number(summary: Summary, of: Asked, label: str, key: str, unit: str, decimals: int | None) -> Draft:
    return Draft(
        word=summary,
        make=_make_number,
        given=(
            ("summary", summary), ("of", of), ("label", label), ("key", key), ("unit", unit), ("decimals", decimals),
            ("at", Said.FIRST_VISIT),
        ),
    )  # fmt: skip


def _make_number(
    summary: Summary, of: Asked, label: str, key: str, unit: str, decimals: int | None, at: Window
) -> Number:
    value, known = placed(of, at), described(of)
    digits = decimals if decimals is not None else known.decimals
    told = {"label": label or _capital(known.label), "key": key or known.key, "unit": unit or known.unit}
    lacking = [name for name, one in (*told.items(), ("decimals", digits)) if one in ("", None)]
    if lacking or digits is None:
        raise ProtocolError(f"{summary}: no definition says the {lacking[0]} of this number; give {lacking[0]}=")
    return Number(**told, value=value, summary=summary, decimals=digits)  # type: ignore[arg-type]  # checked by Number


def _make_share(of: Asked, label: str, key: str, at: Window) -> Share:
    criterion, known = placed(of, at), described(of)
    told = {"label": label or _capital(known.label), "key": key or known.key}
    lacking = [name for name, one in told.items() if not one]
    if lacking:
        raise ProtocolError(f"share: no definition says the {lacking[0]} of this criterion; give {lacking[0]}=")
    return Share(**told, criterion=criterion)  # type: ignore[arg-type]  # checked by Share


def _make_line(of: Asked, at: Window) -> Number | Share:
    if isinstance(placed(of, at), Value):
        return _make_number("median_iqr", of, "", "", "", None, at)
    if of == patient.female or of == patient.male:
        word = "female" if of == patient.female else "male"
        return _make_share(of, word.capitalize(), word, at)
    return _make_share(of, "", "", at)


def _make_column(label: str, of: Asked, key: str, decimals: int, words: tuple[str, str], at: Window) -> Column:
    asked: Value | Criterion | Categories = placed(of, at)
    return Column(key=key, label=label, of=asked, decimals=decimals, words=words)


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
