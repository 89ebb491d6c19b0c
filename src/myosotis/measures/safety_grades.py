"""Laboratory abnormalities graded by CTCAE version 5: grade 0 to 4, by limits of normal or by the patient's baseline."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.criteria import Criterion, all_of, any_of
from myosotis.language.values import Bands, Divide, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.citations import CTCAE_5
from myosotis.measures.ctcae_bands import below, by_baseline, by_limit, multiples, stepped
from myosotis.measures.measure import Measure
from myosotis.measures.observations import (
    alt,
    ast,
    bilirubin,
    cholesterol,
    ck,
    creatinine,
    ggt,
    haemoglobin,
    leucocytes,
    lymphocytes,
    neutrophils,
    platelets,
    triglycerides,
)
from myosotis.measures.safety_examples import ALT_57_TO_85, BaselineTable, edges, falls, rise, rises

__all__ = [
    "MEASURES", "OBSERVATIONS", "ctcae_5_alt", "ctcae_5_anaemia", "ctcae_5_ast", "ctcae_5_bilirubin",
    "ctcae_5_cholesterol", "ctcae_5_ck", "ctcae_5_creatinine", "ctcae_5_ggt", "ctcae_5_leucocytes",
    "ctcae_5_lymphocytes", "ctcae_5_neutrophils", "ctcae_5_platelets", "ctcae_5_triglycerides",
    "transaminases_may_be_muscle",
]  # fmt: skip

ADMIRAL = Citation(
    text="Pharmaverse admiral: machine-readable NCI-CTCAE version 5 grading criteria (ncictcaev5.json)",
    place="the file in which the operators were read",
)
SOURCES = (CTCAE_5, ADMIRAL)
_MUSCLE = (
    "ALT, AST and CK are muscle enzymes: a rise may be active myositis, not harm to the liver. Look at CK and GGT before "
    "calling it hepatotoxicity (transaminases_may_be_muscle). "
)
_AGE = "Children need the limits of their age; the fixed bounds are those of adults. "


_TRANSAMINASE = BaselineTable(normal=(3, 5, 20), abnormal=(3, 5, 20), first=1.5, first_included=True)
_GGT = BaselineTable(normal=(2.5, 5, 20), abnormal=(2.5, 5, 20), first=2.0, first_included=True)
_CREATININE = (1.5, 3.0, 6.0)
_BILIRUBIN = BaselineTable(normal=(1.5, 3, 10), abnormal=(1.5, 3, 10), first=1.0, first_included=False)


def _creatinine(baseline: Window, visit: Window) -> Value:
    """Take the higher of two grades: by the upper limit, and by the baseline whatever it was."""
    before, now = creatinine.at(baseline), creatinine.at(visit)
    by_limit = multiples(creatinine, (1.0, *_CREATININE), visit)
    by_course = Bands(of=Divide(left=now, right=before), edges=(1.5, 3.0), points=(0.0, 2.0, 3.0))
    return Where(criterion=by_limit >= by_course, then=by_limit, otherwise=by_course)


def _cholesterol(visit: Window) -> Value:
    now = cholesterol.at(visit)
    return stepped(((now > 12.92, 4.0), (now > 10.34, 3.0), (now > 7.75, 2.0), (now > now.upper_limit, 1.0)))


def _triglycerides(visit: Window) -> Value:
    now = triglycerides.at(visit)
    return stepped(((now > 11.4, 4.0), (now > 5.7, 3.0), (now > 3.42, 2.0), (now >= 1.71, 1.0)))


def _measure(
    key: str,
    label: str,
    rule: Callable[..., Value],
    examples: tuple[Example, ...],
    *,
    note: str,
    missing: str,
    of_baseline: Callable[..., Value] | None = None,
    highest: int = 4,
) -> Measure:
    version, own = ("1", "") if of_baseline is None else ("2", " The baseline itself is graded by its limit.")
    return Measure(
        definition=Definition(
            key=f"ctcae_5_{key}", version=version, kind="score", label=f"{label}, CTCAE grade", citations=SOURCES,
            missing=missing, unit="grade", range=Range(low=0, high=highest, step=1), direction="lower is better",
            examples=examples, note=note.strip() + own if own else note,
        ),
        moments=("visit",) if of_baseline is None else ("baseline", "visit"),
        rule=rule,
        of_baseline=of_baseline,
    )  # fmt: skip


_NO_LIMIT = "not evaluable without the value or without the upper limit recorded with it"
_NO_BASELINE = (
    "not evaluable without the value, without the baseline and its upper limit (whether it was abnormal decides), or "
    "without the value's own limit after a normal baseline"
)
_NO_LOWER = "not evaluable without the value, or where only the lower limit could tell grade 1 from 0 and is missing"


_BOTH_BRANCHES = (
    "Version 5 grades by the baseline where that was above its own limit: a rise to less than {first} times it is grade "
    "0. Earlier versions knew the limit only. "
)

ctcae_5_alt = _measure(
    "alt", "ALT increased", partial(by_baseline, alt, _TRANSAMINASE), (*edges("alt", _TRANSAMINASE), *ALT_57_TO_85),
    note=_BOTH_BRANCHES.format(first="1.5") + _MUSCLE, missing=_NO_BASELINE,
    of_baseline=partial(by_limit, alt, _TRANSAMINASE.normal),
)  # fmt: skip
ctcae_5_ast = _measure(
    "ast", "AST increased", partial(by_baseline, ast, _TRANSAMINASE), edges("ast", _TRANSAMINASE),
    note=_BOTH_BRANCHES.format(first="1.5") + _MUSCLE, missing=_NO_BASELINE,
    of_baseline=partial(by_limit, ast, _TRANSAMINASE.normal),
)  # fmt: skip
ctcae_5_ggt = _measure(
    "ggt", "GGT increased", partial(by_baseline, ggt, _GGT), edges("ggt", _GGT),
    note=_BOTH_BRANCHES.format(first="2") + "Not a muscle enzyme.", missing=_NO_BASELINE,
    of_baseline=partial(by_limit, ggt, _GGT.normal),
)  # fmt: skip
ctcae_5_bilirubin = _measure(
    "bilirubin", "bilirubin increased", partial(by_baseline, bilirubin, _BILIRUBIN), edges("bilirubin", _BILIRUBIN),
    note="After an abnormal baseline every rise above it counts.", missing=_NO_BASELINE,
    of_baseline=partial(by_limit, bilirubin, _BILIRUBIN.normal),
)  # fmt: skip
ctcae_5_creatinine = _measure(
    "creatinine", "creatinine increased", _creatinine,
    (
        rise("creatinine", 80, 60, 71, 0.0, "60 to 71 is 1.18 times the baseline and within this limit"),
        rise("creatinine", 65, 60, 71, 1.0, "the same rise above the limit of that age"),
        rise("creatinine", 80, 60, 80, 0.0), rise("creatinine", 80, 60, 80.5, 1.0),
        rise("creatinine", 80, 60, 90, 1.0, "exactly 1.5 times the baseline"), rise("creatinine", 80, 60, 90.5, 2.0),
        rise("creatinine", 80, 30, 50, 2.0, "1.67 times the baseline, within the limit"),
        rise("creatinine", 80, 100, 120, 1.0, "exactly 1.5 times the limit"),
        rise("creatinine", 80, 100, 120.5, 2.0),
        rise("creatinine", 80, 60, 180, 2.0, "exactly 3 times the baseline"), rise("creatinine", 80, 60, 180.5, 3.0),
        rise("creatinine", 80, 100, 240, 2.0), rise("creatinine", 80, 100, 240.5, 3.0),
        rise("creatinine", 80, 100, 480, 3.0), rise("creatinine", 80, 100, 480.5, 4.0),
        rise("creatinine", 80, None, 71, None),
        Example(inputs={"baseline": {"creatinine": 60}, "visit": {"creatinine": 71}}, expected=None),
    ),
    note="The higher of two grades: by the limit, and by the baseline (grade 2 above 1.5, grade 3 above 3 times it). "
    + _AGE, missing="not evaluable without the value, its upper limit, or the baseline",
    of_baseline=partial(by_limit, creatinine, _CREATININE),
)  # fmt: skip
ctcae_5_ck = _measure(
    "ck", "creatine kinase increased", partial(multiples, ck, (1.0, 2.5, 5.0, 10.0)),
    (
        *rises(
            "ck", 200,
            (200, 0), (200.5, 1), (500, 1), (500.5, 2), (1000, 2), (1000.5, 3), (2000, 3), (2000.5, 4),
        ),
        Example(inputs={"visit": {"ck": 500}}, expected=None),
    ),
    note=_MUSCLE, missing=_NO_LIMIT,
)  # fmt: skip


ctcae_5_neutrophils = _measure(
    "neutrophils", "neutrophil count decreased", partial(below, neutrophils, (1.5, 1.0, 0.5)),
    falls("neutrophils", 1.8, (1.8, 0), (1.79, 1), (1.5, 1), (1.49, 2), (1.0, 2), (0.99, 3), (0.5, 3), (0.49, 4)),
    note=_AGE, missing=_NO_LOWER,
)  # fmt: skip
ctcae_5_lymphocytes = _measure(
    "lymphocytes", "lymphocyte count decreased", partial(below, lymphocytes, (0.8, 0.5, 0.2)),
    falls("lymphocytes", 1.0, (1.0, 0), (0.99, 1), (0.8, 1), (0.79, 2), (0.5, 2), (0.49, 3), (0.2, 3), (0.19, 4)),
    note=_AGE, missing=_NO_LOWER,
)  # fmt: skip
ctcae_5_leucocytes = _measure(
    "leucocytes", "white cell count decreased", partial(below, leucocytes, (3.0, 2.0, 1.0)),
    falls("leucocytes", 4.0, (4.0, 0), (3.9, 1), (3.0, 1), (2.9, 2), (2.0, 2), (1.9, 3), (1.0, 3), (0.9, 4)),
    note=_AGE, missing=_NO_LOWER,
)  # fmt: skip
ctcae_5_platelets = _measure(
    "platelets", "platelet count decreased", partial(below, platelets, (75.0, 50.0, 25.0)),
    falls("platelets", 150, (150, 0), (149, 1), (75, 1), (74, 2), (50, 2), (49, 3), (25, 3), (24, 4)),
    note=_AGE, missing=_NO_LOWER,
)  # fmt: skip
ctcae_5_anaemia = _measure(
    "anaemia", "anaemia", partial(below, haemoglobin, (100.0, 80.0)),
    falls("haemoglobin", 115, (115, 0), (114, 1), (100, 1), (99, 2), (80, 2), (79, 3)),
    note="Grade 4 is a clinical judgement (life-threatening), and an indicated transfusion is grade 3 whatever the "
    "value: neither is told by the haemoglobin. " + _AGE,
    missing=_NO_LOWER, highest=3,
)  # fmt: skip
ctcae_5_cholesterol = _measure(
    "cholesterol", "cholesterol high", _cholesterol,
    (
        *rises(
            "cholesterol", 5.2,
            (5.2, 0), (5.21, 1), (7.75, 1), (7.76, 2), (10.34, 2), (10.35, 3), (12.92, 3), (12.93, 4),
        ),
        Example(inputs={"visit": {"cholesterol": 5.0}}, expected=None),
        Example(inputs={"visit": {"cholesterol": 8.0}}, expected=2.0, note="beyond the limit's say"),
    ),
    note="In mmol/L.", missing="not evaluable without the value, or at 7.75 and below without its upper limit",
)  # fmt: skip
ctcae_5_triglycerides = _measure(
    "triglycerides", "hypertriglyceridaemia", _triglycerides,
    (
        *rises(
            "triglycerides", None,
            (1.70, 0), (1.71, 1), (3.42, 1), (3.43, 2), (5.7, 2), (5.71, 3), (11.4, 3), (11.41, 4),
        ),
        Example(inputs={"visit": {}}, expected=None),
    ),
    note="In mmol/L; no limit of normal is needed.", missing="not evaluable without the value",
)  # fmt: skip


def _may_be_muscle(visit: Window) -> Criterion:
    raised = [one.at(visit) > one.at(visit).upper_limit for one in (alt, ast)]
    return all_of(any_of(*raised), ck.at(visit) > ck.at(visit).upper_limit)


def _with_ck(alt_: float, ck_: float | None, expected: bool | None, note: str = "") -> Example:
    given: dict[str, float] = {"alt": alt_, "alt_upper_limit": 40, "ast": 30, "ast_upper_limit": 40}
    if ck_ is not None:
        given |= {"ck": ck_, "ck_upper_limit": 200}
    return Example(inputs={"visit": given}, expected=expected, note=note)


transaminases_may_be_muscle = Measure(
    definition=Definition(
        key="transaminases_may_be_muscle",
        version="1",
        kind="criterion",
        label="raised ALT or AST beside a raised creatine kinase",
        citations=(CTCAE_5,),
        missing="not evaluable without an enzyme or a limit that decides",
        type="yes or no",
        examples=(
            _with_ck(85, 900, True),
            _with_ck(85, 200, False, "creatine kinase at its limit"),
            _with_ck(40, 900, False, "ALT at its limit"),
            _with_ck(85, None, None),
        ),
        note="A caution of this package, not a rule of CTCAE: "
        + _MUSCLE.removesuffix(" (transaminases_may_be_muscle). "),
    ),
    moments=("visit",),
    rule=_may_be_muscle,
)

OBSERVATIONS: tuple[Definition, ...] = ()
MEASURES: tuple[Measure, ...] = (
    ctcae_5_alt,
    ctcae_5_ast,
    ctcae_5_ggt,
    ctcae_5_bilirubin,
    ctcae_5_creatinine,
    ctcae_5_ck,
    ctcae_5_neutrophils,
    ctcae_5_lymphocytes,
    ctcae_5_leucocytes,
    ctcae_5_platelets,
    ctcae_5_anaemia,
    ctcae_5_cholesterol,
    ctcae_5_triglycerides,
    transaminases_may_be_muscle,
)
