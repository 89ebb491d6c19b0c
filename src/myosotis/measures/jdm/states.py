"""Clinically inactive disease: the published rule, the paper's variant, and the one with the physician essential."""

from __future__ import annotations

from collections.abc import Mapping

from myosotis.core.definition import Citation, Definition, Example
from myosotis.language.criteria import Criterion, NamedCriterion, all_of, at_least
from myosotis.language.windows import Window
from myosotis.measures.citations import ALMEIDA_2015, LAZAREVIC_2013, WANG_2022
from myosotis.measures.declare import part
from myosotis.measures.jdm.core_sets import mmt8_of_80
from myosotis.measures.jdm.instruments import cmas
from myosotis.measures.measure import Measure
from myosotis.measures.observations import ck, physician_global

__all__ = [
    "MEASURES", "ROWS", "inactive_disease_almeida_2015", "inactive_disease_wang_2022",
    "inactive_parts", "physician_essential", "printo_inactive_disease_2013", "three_of_four",
]  # fmt: skip

# CK (U/L), CMAS, MMT-8, physician global (cm) -> PRINTO at 0.2, PRINTO at 2.0, physician global essential.
ROWS: tuple[tuple[tuple[float | None, ...], tuple[bool | None, ...]], ...] = (
    ((150, 48, 78, 0.2), (True, True, True)),
    ((151, 48, 78, 0.2), (True, True, True)),
    ((150, 48, 78, 0.3), (True, True, False)),
    ((151, 48, 78, 0.3), (False, True, False)),
    ((151, 47, 78, 0.2), (False, False, False)),
    ((151, 48, 78, 2.0), (False, True, False)),
    ((151, 48, 78, 2.1), (False, False, False)),
    ((100, None, 80, 0.0), (True, True, True)),
    ((100, None, None, 0.0), (None, None, None)),
    ((100, 52, None, 1.5), (None, True, False)),
    ((200, None, 80, None), (None, None, None)),
    ((200, 40, 80, None), (False, False, False)),
    ((100, 52, 80, None), (True, True, None)),
)


def inactive_parts(visit: Window, physician_global_at_most: float) -> dict[str, NamedCriterion]:
    """Give the four criteria by name, each not evaluable when its observation is missing; all bounds are included."""
    bound = physician_global_at_most
    return {
        "ck": part("ck_inactive", "creatine kinase is at most 150 U/L", ck.at(visit) <= 150),
        "cmas": part("cmas_inactive", "CMAS is at least 48", cmas.at(visit) >= 48),
        "mmt8": part("mmt8_inactive", "MMT-8 is at least 78", mmt8_of_80(visit) >= 78),
        "physician_global": part(
            "physician_global_inactive",
            f"physician global activity is at most {bound:g} cm",
            physician_global.at(visit) <= bound,
        ),
    }


def three_of_four(parts: Mapping[str, Criterion]) -> Criterion:
    """Ask for at least three of the four."""
    return at_least(3, of=tuple(parts.values()))


def physician_essential(parts: Mapping[str, Criterion]) -> Criterion:
    """Ask for the physician global and at least two of the other three."""
    others = tuple(one for name, one in parts.items() if name != "physician_global")
    return all_of(parts["physician_global"], at_least(2, of=others))


def _printo(visit: Window) -> Criterion:
    return three_of_four(inactive_parts(visit, 0.2))


def _wang(visit: Window) -> Criterion:
    return three_of_four(inactive_parts(visit, 2.0))


def _almeida(visit: Window) -> Criterion:
    return physician_essential(inactive_parts(visit, 0.2))


def _examples(column: int) -> tuple[Example, ...]:
    names = ("ck", "cmas", "mmt8", "physician_global")
    return tuple(
        Example(inputs={"visit": dict(zip(names, row, strict=True))}, expected=expected[column])
        for row, expected in ROWS
    )


# Of a MMT-8 on 0 to 150, 79 is no sign of full strength.
_ANOTHER_SCALE = Example(
    inputs={"visit": {"ck": 100, "mmt8": 79, "mmt_max": 150, "physician_global": 0.2}},
    expected=None,
    note="MMT-8 of both sides",
)


def _definition(key: str, label: str, citations: tuple[Citation, ...], column: int, note: str) -> Definition:
    return Definition(
        key=key,
        version="2",
        kind="criterion",
        label=label,
        citations=citations,
        missing="a missing criterion stays open: true once enough hold, false once they cannot, else not evaluable",
        type="yes or no",
        examples=(*_examples(column), _ANOTHER_SCALE),
        note=note + " MMT-8 is that of 0 to 80: one whose mmt_max is another stays open.",
    )


_MUSCLE_NORMAL = (
    "A child without muscle disease meets the CK, CMAS and MMT-8 criteria from the start, whatever the skin does. "
)
_YOUNG = "CMAS 48 is out of reach of many healthy children under 5 years: see cmas_decides_under_5."

printo_inactive_disease_2013 = Measure(
    definition=_definition(
        "printo_inactive_disease_2013",
        "clinically inactive disease (PRINTO 2013)",
        (LAZAREVIC_2013,),
        0,
        "The CK bound is an absolute 150 U/L, not a multiple of the laboratory's limit. " + _MUSCLE_NORMAL + _YOUNG,
    ),
    moments=("visit",),
    rule=_printo,
)
inactive_disease_wang_2022 = Measure(
    definition=_definition(
        "inactive_disease_wang_2022",
        "clinically inactive disease (Wang 2022)",
        (WANG_2022,),
        1,
        "As printed there: physician global at most 2 cm, ten times the published 0.2. " + _MUSCLE_NORMAL + _YOUNG,
    ),
    moments=("visit",),
    rule=_wang,
)
inactive_disease_almeida_2015 = Measure(
    definition=_definition(
        "inactive_disease_almeida_2015",
        "clinically inactive disease with the physician global essential (Almeida 2015)",
        (ALMEIDA_2015, LAZAREVIC_2013),
        2,
        "The physician global is required and two of the other three, since in 307 visits judged inactive on muscle "
        "alone 65.8% had a rash. " + _YOUNG,
    ),
    moments=("visit",),
    rule=_almeida,
)

MEASURES: tuple[Measure, ...] = (
    printo_inactive_disease_2013,
    inactive_disease_wang_2022,
    inactive_disease_almeida_2015,
)
