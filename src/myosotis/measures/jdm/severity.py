"""Refractory and severe juvenile dermatomyositis, with the reason that makes it so."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.core.definition import Citation, Definition, Example
from myosotis.language.criteria import Criterion, all_of, any_of, not_
from myosotis.language.series import Condition, condition
from myosotis.language.values import AgeAtOnset, PatientNumber
from myosotis.language.windows import Window
from myosotis.measures.citations import BOHAN_PETER_1975, RENNEBOHM_2004, WANG_2022
from myosotis.measures.declare import part
from myosotis.measures.jdm.core_sets import mmt8_of_80
from myosotis.measures.jdm.instruments import (
    cardiac_involvement,
    cmas,
    gastrointestinal_involvement,
    inadequate_response_first_line,
    inadequate_response_glucocorticoid,
    muscle_involvement,
    typical_rash,
    ulcerative_skin_disease,
)
from myosotis.measures.measure import Measure
from myosotis.measures.observations import intensive_care

__all__ = [
    "FIRST_LINE_AGENTS", "MEASURES", "SEVERE_REASONS", "TABLES", "calcinosis", "cmas_decides_under_5",
    "interstitial_lung_disease", "refractory_jdm", "refractory_or_severe_jdm", "severe_jdm", "skin_only_jdm",
]  # fmt: skip

HEALTHY_4_YEARS = Citation(
    text="Quinones R, Morgan GA, Amoruso M, et al. Lack of achievement of a full score on the Childhood Myositis "
    "Assessment Scale by healthy four-year-olds and those recovering from juvenile dermatomyositis. Arthritis Care Res "
    "2013",
    doi="10.1002/acr.22041",
)

# The agents that the source calls first-line, as data: whether each is so elsewhere is not claimed.
FIRST_LINE_AGENTS = (
    "azathioprine", "methotrexate", "mycophenolate mofetil", "cyclosporine", "tacrolimus", "cyclophosphamide",
    "leflunomide", "intravenous immunoglobulin",
)  # fmt: skip

interstitial_lung_disease: Condition = condition("ILD", "interstitial lung disease")
calcinosis: Condition = condition("calcinosis")
_ulcers: Condition = condition("cutaneous ulceration", "skin ulceration")

# Contribution key -> what it says.
SEVERE_REASONS: dict[str, str] = {
    "onset_before_age_1": "onset before the age of 1 year",
    "cmas_below_15": "CMAS below 15",
    "mmt8_below_30": "MMT-8 below 30",
    "ulcerative_disease": "ulcerative skin disease",
    "gastrointestinal": "gastrointestinal involvement",
    "cardiac": "cardiac involvement",
    "lung": "interstitial lung disease",
    "calcinosis": "calcinosis",
    "intensive_care_needed": "need of intensive care",
}


def _refractory(visit: Window) -> Criterion:
    return all_of(
        part(
            "glucocorticoid_failed", "inadequate response to glucocorticoid",
            inadequate_response_glucocorticoid.at(visit),
        ),
        part(
            "first_line_failed", "inadequate response to a first-line agent", inadequate_response_first_line.at(visit)
        ),
    )  # fmt: skip


def _severe(visit: Window) -> Criterion:
    rules: dict[str, Criterion] = {
        "onset_before_age_1": AgeAtOnset < 1,
        "cmas_below_15": cmas.at(visit) < 15,
        "mmt8_below_30": mmt8_of_80(visit) < 30,
        "ulcerative_disease": any_of(_ulcers.by(visit.last), ulcerative_skin_disease.at(visit)),
        "gastrointestinal": gastrointestinal_involvement.at(visit),
        "cardiac": cardiac_involvement.at(visit),
        "lung": interstitial_lung_disease.by(visit.last),
        "calcinosis": calcinosis.by(visit.last),
        "intensive_care_needed": intensive_care.at(visit),
    }
    return any_of(*(part(key, SEVERE_REASONS[key], rule) for key, rule in rules.items()))


def _either(visit: Window) -> Criterion:
    return any_of(
        part("refractory", "refractory disease", _refractory(visit)), part("severe", "severe disease", _severe(visit))
    )


def _skin_only(visit: Window) -> Criterion:
    return all_of(
        part("rash", "typical rash", typical_rash.at(visit)),
        part("no_muscle_involvement", "no muscle involvement", not_(muscle_involvement.at(visit))),
    )


def _cmas_decides(visit: Window) -> Criterion:
    young = PatientNumber(field="age_at_index") < 5 - visit.target / 365.25
    return all_of(
        part("under_5", "under 5 years of age", young), part("cmas_below_48", "CMAS is below 48", cmas.at(visit) < 48)
    )


_NOT = {
    "age_at_onset": 6.0, "cmas": 41, "mmt8": 73, "ulcerative_skin_disease": "no", "gastrointestinal_involvement": "no",
    "cardiac_involvement": "no", "intensive_care": "no",
}  # fmt: skip
_FAILED = {"inadequate_response_glucocorticoid": "yes", "inadequate_response_first_line": "yes"}


def _example(expected: bool | None, conditions: tuple[str, ...] = (), **changes: object) -> Example:
    return Example(inputs={"visit": {**_NOT, **changes}, "conditions": list(conditions)}, expected=expected)


def _criterion(
    key: str,
    label: str,
    examples: tuple[Example, ...],
    note: str,
    citations: tuple[Citation, ...] = (WANG_2022,),
    missing: str = "not evaluable unless what is recorded settles it",
    version: str = "1",
) -> Definition:
    return Definition(
        key=key, version=version, kind="criterion", label=label, citations=citations, missing=missing, type="yes or no",
        examples=examples, note=note,
    )  # fmt: skip


refractory_jdm = Measure(
    definition=_criterion(
        "refractory_jdm",
        "refractory juvenile dermatomyositis",
        (
            Example(inputs={"visit": _FAILED}, expected=True),
            Example(inputs={"visit": {**_FAILED, "inadequate_response_first_line": "no"}}, expected=False),
            Example(inputs={"visit": {**_FAILED, "inadequate_response_glucocorticoid": None}}, expected=None),
            Example(inputs={"visit": {"inadequate_response_first_line": "no"}}, expected=False),
        ),
        "Inadequate response to glucocorticoid and to at least one first-line agent; what is inadequate is adjudicated, "
        "since the source states neither a measure nor a duration. Dependence on glucocorticoid alone is not meant.",
    ),
    moments=("visit",),
    rule=_refractory,
)
severe_jdm = Measure(
    definition=_criterion(
        "severe_jdm",
        "severe juvenile dermatomyositis",
        (
            _example(False),
            _example(True, age_at_onset=0.99),
            _example(False, age_at_onset=1.01),
            _example(True, cmas=14),
            _example(False, cmas=15),
            _example(True, mmt8=29),
            _example(False, mmt8=30),
            _example(None, mmt8=29, mmt_max=150),
            _example(True, ulcerative_skin_disease="yes"),
            _example(True, gastrointestinal_involvement="yes"),
            _example(True, cardiac_involvement="yes"),
            _example(True, intensive_care="yes"),
            _example(True, ("ILD",)),
            _example(True, ("calcinosis",)),
            _example(False, ("MAS",)),
            _example(None, cmas=None),
            _example(True, ("ILD",), cmas=None),
        ),
        "One reason is enough, and the contributions show which. Age under 1 year is taken at onset. Macrophage "
        "activation is not in the source's list; dysphagia and central nervous disease, named elsewhere, are not either.",
        missing="not evaluable unless a reason holds; a condition that was never recorded is absent",
        version="2",
    ),
    moments=("visit",),
    rule=_severe,
)
refractory_or_severe_jdm = Measure(
    definition=_criterion(
        "refractory_or_severe_jdm",
        "refractory or severe juvenile dermatomyositis",
        (
            Example(inputs={"visit": {**_NOT, **_FAILED}}, expected=True),
            _example(True, ("calcinosis",)),
            _example(False, inadequate_response_glucocorticoid="no"),
            _example(None),
        ),
        "Either is enough.",
        missing="not evaluable unless one of the two holds; a condition that was never recorded is absent",
        version="2",
    ),
    moments=("visit",),
    rule=_either,
)
skin_only_jdm = Measure(
    definition=_criterion(
        "skin_only_jdm",
        "typical rash without muscle involvement",
        (
            Example(inputs={"visit": {"typical_rash": "yes", "muscle_involvement": "no"}}, expected=True),
            Example(inputs={"visit": {"typical_rash": "yes", "muscle_involvement": "yes"}}, expected=False),
            Example(inputs={"visit": {"typical_rash": "yes"}}, expected=None),
        ),
        "What is safe to say of clinically amyopathic disease: typical rash and no muscle involvement as the "
        "investigator judged it. How long weakness must be absent, and what enzymes, MRI, EMG or biopsy may show, "
        "differs between authors and is not decided here. Rash alone meets no grade of Bohan and Peter.",
        citations=(WANG_2022, BOHAN_PETER_1975),
    ),
    moments=("visit",),
    rule=_skin_only,
)
cmas_decides_under_5 = Measure(
    definition=_criterion(
        "cmas_decides_under_5",
        "CMAS below 48 in a child under 5 years",
        (
            Example(inputs={"visit": {"age_at_index": 4.0, "cmas": 47}}, expected=True),
            Example(inputs={"visit": {"age_at_index": 4.0, "cmas": 48}}, expected=False),
            Example(inputs={"visit": {"age_at_index": 6.0, "cmas": 40}}, expected=False),
            Example(inputs={"visit": {"age_at_index": 4.0}}, expected=None),
        ),
        "A caution, not a state: 28 healthy children of 4 years had a mean CMAS of 46.6, so that this child may fail "
        "the criterion without being weak. The age is that on the target day of the window.",
        citations=(HEALTHY_4_YEARS, RENNEBOHM_2004),
        missing="not evaluable without age or CMAS unless the other settles it",
    ),
    moments=("visit",),
    rule=_cmas_decides,
)

MEASURES: tuple[Measure, ...] = (
    refractory_jdm,
    severe_jdm,
    refractory_or_severe_jdm,
    skin_only_jdm,
    cmas_decides_under_5,
)

# What the page of this group prints beside the rules.
TABLES: Mapping[str, Mapping[str, object]] = {
    "Agents that the source calls first-line": dict.fromkeys(FIRST_LINE_AGENTS, ""),
}
