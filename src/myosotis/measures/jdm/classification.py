"""Is it dermatomyositis: the criteria of Bohan and Peter (1975) and of EULAR/ACR (2017), with and without a biopsy."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from myosotis.core.definition import Definition, Example, Range
from myosotis.language.criteria import Categories, Criterion, Known, all_of, any_of, at_least, not_
from myosotis.language.series import Flag
from myosotis.language.values import (
    AgeAtOnset,
    Constant,
    Divide,
    FirstRecorded,
    Function,
    Rounded,
    Total,
    Value,
    Where,
)
from myosotis.language.windows import Window
from myosotis.measures.citations import BOHAN_PETER_1975, LUNDBERG_2017
from myosotis.measures.declare import part, part_value, told
from myosotis.measures.jdm import classification_examples as examples
from myosotis.measures.jdm.instruments import (
    emg,
    gottron_papules,
    gottron_sign,
    heliotrope_rash,
    muscle_biopsy,
    proximal_weakness,
    raised_enzymes,
    typical_rash,
)
from myosotis.measures.measure import Choice, Measure

__all__ = [
    "EULAR_ACR_TENTHS", "MEASURES", "OBSERVATIONS", "anti_jo1_positive", "biopsy_endomysial_infiltrate",
    "biopsy_perifascicular_atrophy", "biopsy_perimysial_infiltrate", "biopsy_rimmed_vacuoles",
    "bohan_peter_1975", "bohan_peter_1975_at_least_probable", "bohan_peter_1975_polymyositis", "dysphagia",
    "elevated_ck_ldh_ast_or_alt", "eular_acr_2017", "eular_acr_2017_biopsy", "eular_acr_2017_biopsy_probability",
    "eular_acr_2017_probability", "neck_flexor_weakness", "proximal_leg_weakness", "weakness_of_lower_limbs",
    "weakness_of_upper_limbs",
]  # fmt: skip

weakness_of_upper_limbs = told(
    "weakness_of_upper_limbs", "objective symmetric weakness of the proximal upper limbs", source=LUNDBERG_2017
)
weakness_of_lower_limbs = told(
    "weakness_of_lower_limbs", "objective symmetric weakness of the proximal lower limbs", source=LUNDBERG_2017
)
neck_flexor_weakness = told("neck_flexor_weakness", "neck flexors weaker than neck extensors", source=LUNDBERG_2017)
proximal_leg_weakness = told(
    "proximal_leg_weakness", "in the legs, proximal muscles weaker than distal ones", source=LUNDBERG_2017
)
dysphagia = told("dysphagia", "dysphagia or oesophageal dysmotility", source=LUNDBERG_2017)
anti_jo1_positive = told(
    "anti_jo1_positive", "anti-Jo-1 antibody present", source=LUNDBERG_2017,
    note="As the laboratory reports it; by which intensity is its own rule.",
)  # fmt: skip
elevated_ck_ldh_ast_or_alt = told(
    "elevated_ck_ldh_ast_or_alt", "CK, LDH, AST or ALT above its upper limit", source=LUNDBERG_2017,
    note="Any one of the four at any time of the disease's course.",
)  # fmt: skip
biopsy_endomysial_infiltrate = told(
    "biopsy_endomysial_infiltrate", "biopsy: endomysial infiltrate around, not invading, muscle fibres",
    source=LUNDBERG_2017,
)  # fmt: skip
biopsy_perimysial_infiltrate = told(
    "biopsy_perimysial_infiltrate", "biopsy: perimysial or perivascular infiltrate", source=LUNDBERG_2017
)
biopsy_perifascicular_atrophy = told(
    "biopsy_perifascicular_atrophy", "biopsy: perifascicular atrophy", source=LUNDBERG_2017
)
biopsy_rimmed_vacuoles = told("biopsy_rimmed_vacuoles", "biopsy: rimmed vacuoles", source=LUNDBERG_2017)

_OWN = (
    weakness_of_upper_limbs, weakness_of_lower_limbs, neck_flexor_weakness, proximal_leg_weakness, dysphagia,
    anti_jo1_positive, elevated_ck_ldh_ast_or_alt, biopsy_endomysial_infiltrate, biopsy_perimysial_infiltrate,
    biopsy_perifascicular_atrophy, biopsy_rimmed_vacuoles,
)  # fmt: skip
OBSERVATIONS: tuple[Definition, ...] = tuple(one.definition for one in _OWN)


def _item(flag: Flag, visit: Window) -> Criterion:
    return part(flag.definition.key, flag.definition.label, flag.at(visit))


def _muscle_items(visit: Window) -> tuple[Criterion, ...]:
    return tuple(_item(flag, visit) for flag in (proximal_weakness, muscle_biopsy, raised_enzymes, emg))


def _graded(definition: Definition, visit: Window, rash: Criterion, needed: tuple[int, int, int]) -> Categories:
    items = _muscle_items(visit)
    definite, probable, possible = (all_of(rash, at_least(count, of=items)) for count in needed)
    return Categories(
        key=definition.key,
        version=definition.version,
        label=definition.label,
        cases=(("definite", definite), ("probable", probable), ("possible", possible)),
        otherwise="none",
    )


def _dermatomyositis(visit: Window) -> Categories:
    return _graded(_BOHAN_PETER, visit, _item(typical_rash, visit), (3, 2, 1))


def _polymyositis(visit: Window) -> Categories:
    return _graded(_POLYMYOSITIS, visit, not_(_item(typical_rash, visit)), (4, 3, 2))


def _at_least_probable(visit: Window) -> Criterion:
    return all_of(_item(typical_rash, visit), at_least(2, of=_muscle_items(visit)))


_EXCLUSIONS = (
    "Presumes that neurological disease, dystrophy, infection, granuloma, metabolic or endocrine myopathy and myasthenia "
    "are excluded. Magnetic resonance imaging is not among the items of 1975. "
)
_AMYOPATHIC = "Clinically amyopathic disease, a rash without any of the four, meets no grade of dermatomyositis here. "
_STAYS_OPEN = "an item not recorded stays open; the grade is known once it cannot be changed by that item"


def _bohan_peter(
    key: str, label: str, worked: tuple[Example, ...], note: str, kind: str = "classification"
) -> Definition:
    return Definition(
        key=key, version="1", kind="criterion" if kind == "criterion" else "classification", label=label,
        citations=(BOHAN_PETER_1975,), missing=_STAYS_OPEN, type="yes or no" if kind == "criterion" else "text",
        examples=worked, note=note + _EXCLUSIONS + _AMYOPATHIC,
    )  # fmt: skip


_BOHAN_PETER = _bohan_peter(
    "bohan_peter_1975", "dermatomyositis by Bohan and Peter", examples.DERMATOMYOSITIS,
    "Rash with at least 3, 2 or 1 of proximal weakness, biopsy, raised enzymes and EMG. ",
)  # fmt: skip
_POLYMYOSITIS = _bohan_peter(
    "bohan_peter_1975_polymyositis", "polymyositis by Bohan and Peter", examples.POLYMYOSITIS,
    "No rash, with all 4, 3 or 2 of proximal weakness, biopsy, raised enzymes and EMG. ",
)  # fmt: skip
bohan_peter_1975 = Measure(definition=_BOHAN_PETER, moments=("visit",), rule=_dermatomyositis)
bohan_peter_1975_polymyositis = Measure(definition=_POLYMYOSITIS, moments=("visit",), rule=_polymyositis)
bohan_peter_1975_at_least_probable = Measure(
    definition=_bohan_peter(
        "bohan_peter_1975_at_least_probable", "at least probable dermatomyositis by Bohan and Peter",
        examples.AT_LEAST_PROBABLE, "Definite or probable. ", "criterion",
    ),
    moments=("visit",),
    rule=_at_least_probable,
)  # fmt: skip

# Score points in tenths: without, with biopsy (None: not an item without biopsy). Age at onset apart.
EULAR_ACR_TENTHS: tuple[tuple[Flag, int | None, int], ...] = (
    (weakness_of_upper_limbs, 7, 7),
    (weakness_of_lower_limbs, 8, 5),
    (neck_flexor_weakness, 19, 16),
    (proximal_leg_weakness, 9, 12),
    (heliotrope_rash, 31, 32),
    (gottron_papules, 21, 27),
    (gottron_sign, 33, 37),
    (dysphagia, 7, 6),
    (anti_jo1_positive, 39, 38),
    (elevated_ck_ldh_ast_or_alt, 13, 14),
    (biopsy_endomysial_infiltrate, None, 17),
    (biopsy_perimysial_infiltrate, None, 12),
    (biopsy_perifascicular_atrophy, None, 19),
    (biopsy_rimmed_vacuoles, None, 31),
)
_AGE_TENTHS = {False: (13, 21), True: (15, 22)}
_CUTS = {False: (75, 55, 53), True: (87, 67, 65)}
_LEVELS = ("definite", "probable", "possible")


def _age_tenths(*, biopsy: bool) -> Value:
    from_18, from_40 = (Constant(number=float(tenths)) for tenths in _AGE_TENTHS[biopsy])
    younger = Where(criterion=AgeAtOnset >= 18, then=from_18, otherwise=Constant(number=0.0))
    return Where(criterion=AgeAtOnset >= 40, then=from_40, otherwise=younger)


def _items(visit: Window, *, biopsy: bool) -> tuple[tuple[str, str, Value, float], ...]:
    """List key, label, tenths for a patient, and the most tenths there can be, of every item."""
    items = [("age_at_onset", "age at onset", _age_tenths(biopsy=biopsy), float(_AGE_TENTHS[biopsy][1]))]
    for flag, without, with_ in EULAR_ACR_TENTHS:
        tenths = with_ if biopsy else without
        if tenths is not None:
            points = Where(
                criterion=flag.at(visit), then=Constant(number=float(tenths)), otherwise=Constant(number=0.0)
            )
            items.append((flag.definition.key, flag.definition.label, points, float(tenths)))
    return tuple(items)


def _score(visit: Window, *, biopsy: bool) -> Value:
    parts = tuple(
        part_value(f"{key}_tenths", f"tenths of a point for {label}", "0.1 points", tenths)
        for key, label, tenths, _ in _items(visit, biopsy=biopsy)
    )
    return Divide(left=Total(of=parts), right=Constant(number=10.0))


def _class(definition: Definition, visit: Window, *, biopsy: bool) -> Categories:
    """Sort by the sum in tenths, known as soon as what is missing could not change it."""
    items = _items(visit, biopsy=biopsy)
    least = Total(of=tuple(FirstRecorded(of=(tenths, Constant(number=0.0))) for _, _, tenths, _ in items))
    most = Total(of=tuple(FirstRecorded(of=(tenths, Constant(number=top))) for _, _, tenths, top in items))
    cases = tuple(
        (level, any_of(least >= cut, all_of(most >= cut, Known(truth=None))))
        for level, cut in zip(_LEVELS, _CUTS[biopsy], strict=True)
    )
    return Categories(
        key=f"{definition.key}.class",
        version=definition.version,
        label=f"class by {definition.label}",
        cases=cases,
        otherwise="not an idiopathic inflammatory myopathy",
    )


def _probability(score: Callable[..., Value], visit: Window, midpoint: object) -> Value:
    """Give 100/(1 + exp(midpoint − score))."""
    assert isinstance(midpoint, int | float)
    named = part_value("score", "the score", "points", score(visit=visit))
    odds = Function(name="exp", of=Constant(number=float(midpoint)) - named)
    return Rounded(of=Divide(left=Constant(number=100.0), right=odds + 1))


_BY_SCORE = (
    "To be used only where nothing else explains the signs better. Points are added in tenths, so that no binary residue "
    "decides. The class is by score: {}. The published cut-offs are rounded, so that the probability of the same score "
    "may fall on the other side of 50, 55 or 90%. Without heliotrope rash, Gottron's papules or sign a biopsy is needed. "
    "The subclasses are not given: their tree was published as a figure that was not read."
)
_OPEN = "the score needs every item; the class is known as soon as the missing items could not change it"


def _eular_acr(*, biopsy: bool) -> Measure:
    definite, probable, possible = (f"{cut / 10:g}" for cut in _CUTS[biopsy])
    words = f"definite from {definite}, probable from {probable}, possible from {possible}"
    definition = Definition(
        key="eular_acr_2017_biopsy" if biopsy else "eular_acr_2017",
        version="2",
        kind="classification",
        label=f"EULAR/ACR 2017 score {'with' if biopsy else 'without'} biopsy",
        citations=(LUNDBERG_2017,),
        missing=_OPEN,
        unit="points",
        range=Range(low=0, high=sum(top for *_, top in _items(_ANY, biopsy=biopsy)) / 10, step=0.1),
        examples=examples.BIOPSY if biopsy else examples.NO_BIOPSY,
        note=_BY_SCORE.format(words),
    )
    return Measure(
        definition=definition,
        moments=("visit",),
        rule=partial(_score, biopsy=biopsy),
        sorting=partial(_class, definition, biopsy=biopsy),
    )


def _eular_acr_probability(*, biopsy: bool) -> Measure:
    return Measure(
        definition=Definition(
            key="eular_acr_2017_biopsy_probability" if biopsy else "eular_acr_2017_probability",
            version="2",
            kind="formula",
            label=f"probability of myositis by EULAR/ACR 2017 {'with' if biopsy else 'without'} biopsy",
            citations=(LUNDBERG_2017,),
            missing="needs every item of the score",
            unit="%",
            range=Range(low=0, high=100),
            examples=examples.BIOPSY_PROBABILITY if biopsy else examples.PROBABILITY,
            note="For information: the class is by score. The midpoint of the logistic curve, 5.33 without and 6.49 with "
            "biopsy, was not read in the original and is left to the protocol; with it the rounded cut-offs 5.3 and "
            "5.5 give 49.25% and 54.24%, not 50% and 55%.",
        ),
        moments=("visit",),
        rule=partial(_probability, partial(_score, biopsy=biopsy)),
        choices=(
            Choice(key="midpoint", label="the score at which the probability is 50%", example=6.49 if biopsy else 5.33),
        ),
    )


_ANY = Window(label="any visit", target=0, first=0, last=0)
eular_acr_2017 = _eular_acr(biopsy=False)
eular_acr_2017_biopsy = _eular_acr(biopsy=True)
eular_acr_2017_probability = _eular_acr_probability(biopsy=False)
eular_acr_2017_biopsy_probability = _eular_acr_probability(biopsy=True)

MEASURES: tuple[Measure, ...] = (
    bohan_peter_1975,
    bohan_peter_1975_polymyositis,
    bohan_peter_1975_at_least_probable,
    eular_acr_2017,
    eular_acr_2017_biopsy,
    eular_acr_2017_probability,
    eular_acr_2017_biopsy_probability,
)
