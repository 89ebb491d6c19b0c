"""Type I interferon signature: the median of six genes (Rice 2013), and a sum of z-scores against own controls."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.errors import DataError, NotEstimableError
from myosotis.language.criteria import Criterion
from myosotis.language.series import Series
from myosotis.language.values import Median, Value
from myosotis.language.windows import Window
from myosotis.measures.declare import measured
from myosotis.measures.measure import Measure

__all__ = [
    "MEASURES", "OBSERVATIONS", "SIX_GENES", "StandardisedInterferonScore", "ifi27", "ifi44l", "ifit1",
    "interferon_score_raised_rice_2013", "interferon_score_rice_2013", "isg15", "rsad2", "siglec1",
    "standardised_interferon_score",
]  # fmt: skip

RICE_2013 = Citation(
    text="Rice GI, Forte GMA, Szynkiewicz M, et al. Assessment of interferon-related biomarkers in Aicardi-Goutières "
    "syndrome associated with mutations in TREX1, RNASEH2A, RNASEH2B, RNASEH2C, SAMHD1, and ADAR: a case-control study. "
    "Lancet Neurol 2013;12:1159-69",
    doi="10.1016/S1474-4422(13)70258-8",
)
KIM_2018 = Citation(
    text="Kim H, de Jesus AA, Brooks SR, et al. Development of a validated interferon score using NanoString technology. "
    "J Interferon Cytokine Res 2018;38:171-85",
    doi="10.1089/jir.2017.0127",
)
THRESHOLD = 2.466
FEWEST_CONTROLS = 10


def _gene(key: str, symbol: str) -> Series:
    return measured(
        key, f"{symbol} expression", unit="1", low=0, low_included=False, source=RICE_2013, example=3.1,
        note="Fold change: relative quantity of the patient divided by the median of the controls, in whole blood.",
    )  # fmt: skip


ifi27 = _gene("ifi27", "IFI27")
ifi44l = _gene("ifi44l", "IFI44L")
ifit1 = _gene("ifit1", "IFIT1")
isg15 = _gene("isg15", "ISG15")
rsad2 = _gene("rsad2", "RSAD2")
siglec1 = _gene("siglec1", "SIGLEC1")

SIX_GENES: tuple[Series, ...] = (ifi27, ifi44l, ifit1, isg15, rsad2, siglec1)


def _six_gene_score(visit: Window) -> Value:
    return Median(of=tuple(gene.at(visit) for gene in SIX_GENES))


def _raised(visit: Window) -> Criterion:
    return _six_gene_score(visit) > THRESHOLD


def _fold_changes(expected: float | bool | None, *values: float | None, note: str = "") -> Example:
    names = (gene.definition.key for gene in SIX_GENES)
    return Example(inputs={"visit": dict(zip(names, values, strict=True))}, expected=expected, note=note)


_ALL_SIX = "needs all six genes; a median of five is not this score"
_NOTE = "The median of six fold changes. "

interferon_score_rice_2013 = Measure(
    definition=Definition(
        key="interferon_score_rice_2013",
        version="1",
        kind="score",
        label="interferon score of six genes",
        citations=(RICE_2013,),
        missing=_ALL_SIX,
        unit="1",
        range=Range(low=0, low_included=False),
        direction="lower is better",
        examples=(
            _fold_changes(6.75, 3.1, 12.0, 8.5, 5.0, 9.4, 2.2),
            _fold_changes(1.0, 1, 1, 1, 1, 1, 1),
            _fold_changes(None, 3.1, 12.0, 8.5, 5.0, 9.4, None),
        ),
        note=_NOTE
        + "Patients with Aicardi-Goutières syndrome 12.90, controls 0.93 (medians). Another score, the sum of z-scores of "
        "28 genes (Kim 2018), needs the laboratory's own controls and is a function: "
        "myosotis.measures.jdm.interferon.standardised_interferon_score.",
    ),
    moments=("visit",),
    rule=_six_gene_score,
)
interferon_score_raised_rice_2013 = Measure(
    definition=Definition(
        key="interferon_score_raised_rice_2013",
        version="1",
        kind="criterion",
        label="raised interferon score of six genes",
        citations=(RICE_2013,),
        missing=_ALL_SIX,
        type="yes or no",
        examples=(
            _fold_changes(True, 3.1, 12.0, 8.5, 5.0, 9.4, 2.2),
            _fold_changes(False, 2.466, 2.466, 2.466, 2.466, 2.466, 2.466, note="exactly the bound"),
            _fold_changes(True, 2.467, 2.467, 2.467, 2.467, 2.467, 2.467),
            _fold_changes(None, 9, 9, 9, 9, 9, None),
        ),
        note=_NOTE
        + "Raised above 2.466, the mean of that laboratory's 29 controls plus 2 standard deviations: another "
        "laboratory has to derive its own.",
    ),
    moments=("visit",),
    rule=_raised,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardisedInterferonScore:
    """Record a sum of z-scores: the score, the z of each gene, how many controls, and on which scale."""

    score: float
    z: Mapping[str, float]
    n_controls: int
    transform: str
    method: str


def standardised_interferon_score(
    expression: Mapping[str, float],
    controls: Mapping[str, Sequence[float]],
    *,
    genes: Sequence[str],
    transform: Literal["none", "log2"],
) -> StandardisedInterferonScore:
    """Sum the z-scores of genes against own healthy controls: (x − mean of controls) / standard deviation of controls.

    `expression` gives a patient's normalised expression by gene, `controls` that of the same controls by gene. `genes`
    says which genes count and `transform` whether logarithms (base 2) are taken first: neither the 28 genes nor the
    transform could be read in the original, so that neither is assumed. The standard deviation has n − 1 in its
    denominator. A cut-off is not given: every laboratory derives its own.

    Raises `DataError` for no gene, one named twice, a gene without a value, numbers that are not finite, or not above
    0 where logarithms are taken, and controls of unequal number; `NotEstimableError` for fewer than 10 controls or a
    gene that does not vary among them.

    Source: Kim 2018, doi:10.1089/jir.2017.0127.

    >>> same = [1.0, 3.0] * 5
    >>> standardised_interferon_score({"MX1": 4.0}, {"MX1": same}, genes=["MX1"], transform="none").n_controls
    10
    """
    _check_genes(expression, controls, genes)
    z = {}
    for gene in genes:
        reference = _transformed(gene, controls[gene], transform)
        spread = statistics.stdev(reference)
        if not spread > 0:
            raise NotEstimableError(f"{gene} does not vary among the controls; leave it out or take other controls")
        z[gene] = (_transformed(gene, [expression[gene]], transform)[0] - statistics.fmean(reference)) / spread
    return StandardisedInterferonScore(
        score=math.fsum(z.values()),
        z=MappingProxyType(z),
        n_controls=len(controls[genes[0]]),
        transform=transform,
        method=f"sum of z-scores of {len(genes)} genes against own controls",
    )


def _check_genes(
    expression: Mapping[str, float], controls: Mapping[str, Sequence[float]], genes: Sequence[str]
) -> None:
    if not genes or len(set(genes)) != len(genes):
        raise DataError(f"{len(genes)} genes were named, {len(set(genes))} different; name each once, at least one")
    missing = sorted({gene for gene in genes if gene not in expression or gene not in controls})
    if missing:
        raise DataError(f"{', '.join(missing)} has no value in the patient or the controls; the score needs every gene")
    numbers = {len(controls[gene]) for gene in genes}
    if len(numbers) > 1:
        raise DataError(f"genes were measured in {sorted(numbers)} controls; give the same controls for every gene")
    if min(numbers) < FEWEST_CONTROLS:
        raise NotEstimableError(
            f"{min(numbers)} controls were given; a standard deviation needs {FEWEST_CONTROLS} here"
        )


def _transformed(gene: str, values: Sequence[float], transform: str) -> list[float]:
    if transform not in ("none", "log2"):
        raise DataError(f"the transform {transform!r} was asked for; choose 'none' or 'log2'")
    for value in values:
        if not math.isfinite(value) or (transform == "log2" and value <= 0):
            raise DataError(f"{gene} has an expression of {value:g}; give finite numbers, above 0 for logarithms")
    return [math.log2(value) for value in values] if transform == "log2" else [float(value) for value in values]


OBSERVATIONS: tuple[Definition, ...] = tuple(gene.definition for gene in SIX_GENES)
MEASURES: tuple[Measure, ...] = (interferon_score_rice_2013, interferon_score_raised_rice_2013)
