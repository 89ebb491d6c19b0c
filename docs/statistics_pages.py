"""The two pages on statistics: how each method was proved, and how its numbers stand beside those of other programs.

Nothing on them is typed by hand: proofs are read from the tests, values of other programs from committed output, and
our own values and scipy's are computed when the pages are built.
"""

from __future__ import annotations

import ast
import csv
import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from myosotis import statistics as st
from myosotis.analysis.estimate import NOT_ASKED
from myosotis.analysis.samples import KINDS as TAKEN
from myosotis.statistics import METHODS, QUESTIONS, SAMPLES, Method

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "reference" / "data"
KINDS = {
    "published": "a published example",
    "independent": "an independent implementation in the tests",
    "R": "R",
    "PSPP": "GNU PSPP",
    "scipy": "scipy",
    "property": "a defining property",
    "edge": "edge cases",
}

WAYS: dict[str, str] = {"exact": "exact", "asymptotic": "asymptotic", "monte_carlo": "by random draws"}


def pages() -> dict[str, str]:
    """Return the text of both pages by their path below `docs/`."""
    return {"conformance.md": conformance_page(), "statistics.md": statistics_page()}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Proof:
    """What one test says that it proves."""

    method: str
    kind: str
    source: str
    test: str


def proofs(folder: Path = ROOT / "tests") -> tuple[Proof, ...]:
    """Read every `pytest.mark.proof` below a folder of tests, without running them."""
    found = []
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "pytest.mark.proof":
                continue
            try:
                named = {str(k.arg): ast.literal_eval(k.value) for k in node.keywords}
            except ValueError as error:
                raise ValueError(f"{path.name}, line {node.lineno}: a proof takes literal keywords only") from error
            if set(named) != {"method", "kind", "source"} or node.args or named["kind"] not in KINDS:
                message = f"{path.name}, line {node.lineno}: a proof names method, kind ({', '.join(KINDS)}) and source"
                raise ValueError(message)
            found.append(Proof(**named, test=str(path.relative_to(folder))))
    return tuple(sorted(set(found)))


def statistics_page() -> str:
    """Write what each method assumes, for how many patients it is meant, and how it was proved."""
    known: dict[str, list[Proof]] = {}
    for proof in proofs():
        known.setdefault(proof.method, []).append(proof)
    lines = [
        "# Statistics: what each method assumes, and how it was proved",
        "",
        "Generated from `myosotis.statistics.METHODS` and from the tests; every line under *Proved by* is a test that runs.",
        "",
        *_samples(),
        *_reach(),
    ]
    beside: dict[str, set[str]] = {}
    for row in rows():
        beside.setdefault(row.method, set()).update(row.programs())
    for folder, names in QUESTIONS.items():
        lines += [f"## {question(folder)}", ""]
        for name in names:
            lines += _section(name, METHODS[name], known.get(name, []), beside.get(name, set()))
    return "\n".join(lines) + "\n"


def _section(name: str, method: Method, found: list[Proof], beside: set[str]) -> list[str]:
    lines = [f"### {method.label}: `{name}`", "", f"- Takes {method.sample}: {SAMPLES[method.sample]}."]
    lines += [f"- Assumes: {method.assumes}.", f"- Meant for: {method.meant_for}."]
    if method.inference:
        lines.append(f"- P-value or limits: {' or '.join(WAYS[way] for way in method.inference)}.")
    if method.smallest_p:
        lines.append(f"- Smallest exact p-value: {method.smallest_p}.")
    lines.append(f"- {_in_a_protocol(name, method)}")
    lines += [f"- Source: {method.source}.", "- Proved by:"]
    for kind, words in KINDS.items():
        given = sorted({(p.source, p.test) for p in found if p.kind == kind})
        lines += [f"    - {words}: {source} (`tests/{test}`)" for source, test in given]
    if beside:
        programs = ", ".join(p for p in ("R", "SPSS", "SAS", "scipy") if p in beside)
        lines.append(f"- Beside {programs}: see [conformance](conformance.md).")
    return [*lines, ""]


def question(folder: str) -> str:
    """Return the question that a folder of methods answers, as its package says it."""
    said = importlib.import_module(f"myosotis.statistics.{folder}").__doc__
    assert said is not None
    return said.strip().removesuffix(".")


def _in_a_protocol(name: str, method: Method) -> str:
    """Say how a protocol asks for a method, or why it does not by itself."""
    if name in NOT_ASKED:
        return f"In a protocol: {NOT_ASKED[name]}."
    sample = next(kind.__name__ for kind, one in TAKEN.items() if one == method.sample)
    return f'In a protocol: `estimate("{name}", {sample}(...), title="...")`.'


def _samples() -> list[str]:
    """Tabulate the kinds of sample, and the methods that take each."""
    lines = ["## Kinds of sample", "", "| sample | what it is | methods |", "|---|---|---|"]
    for sample, words in SAMPLES.items():
        taken = ", ".join(f"`{name}`" for name, method in METHODS.items() if method.sample == sample)
        lines.append(f"| {sample} | {words} | {taken} |")
    return [*lines, ""]


def _reach() -> list[str]:
    """Tabulate which thresholds the exact paired tests can reach at all."""
    lines = [
        "## What few patients can show",
        "",
        "The exact signed-rank and sign tests of n pairs that changed cannot give a smaller p-value than this, however "
        "large the change; after Bonferroni for 3 or 6 comparisons the bound rises.",
        "",
        "| n | smallest p | times 3 | times 6 |",
        "|---|---|---|---|",
    ]
    for n in range(4, 13):
        least = st.sign_test([0.0] * n, [1.0] * n).smallest_p
        assert least is not None
        lines.append(f"| {n} | " + " | ".join(f"{min(1.0, least * m):.3g}" for m in (1, 3, 6)) + " |")
    return [*lines, ""]


# ---------------------------------------------------------------------------------------------- conformance

HYPNOSIS = np.array(
    [
        [23.1, 22.7, 22.5, 22.6],
        [57.6, 53.2, 53.7, 53.1],
        [10.5, 9.7, 10.8, 8.3],
        [23.6, 19.6, 21.1, 21.6],
        [11.9, 13.8, 13.7, 13.3],
        [54.6, 47.1, 39.2, 37.0],
        [21.0, 13.6, 13.7, 14.8],
        [20.3, 23.6, 16.3, 14.8],
    ]
)
FEAR, JOY = HYPNOSIS[:, 0], HYPNOSIS[:, 1]
TIED = np.array([0, 0, 1, 1, -2, 4, 3, 2, -1, 5], dtype=float)
_PATTERNS = (
    (1, 1, 1, 6),
    (1, 1, 0, 16),
    (1, 0, 1, 2),
    (1, 0, 0, 4),
    (0, 1, 1, 2),
    (0, 1, 0, 4),
    (0, 0, 1, 6),
    (0, 0, 0, 6),
)
DRUGS = np.array([row[:3] for row in _PATTERNS for _ in range(row[3])], dtype=float)
STREPTOMYCIN = ((28, 27), (4, 48))
AML_TIME = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
AML_EVENT = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
AML_GROUP = [0] * 11 + [1] * 12
COUNTS, YEARS = [0, 3, 1, 7, 0, 2], [1, 1, 1, 2, 1, 1]
SCORES = [[2, 1, 1], [2, 2, 1], [1, 0, 0], [2, 2, 0], [0, 1, 0], [1, 1, 2], [2, 0, 1], [1, 2, 0]]
P_VALUES = [0.001, 0.012, 0.02, 0.04, 0.3]
HYPNOSIS_TEXT = "skin potential, 8 × 4 (Lehmann 1975, p. 264)"
DRUGS_TEXT = "three drugs, 46 × 3 (Agresti 1990)"
AML_TEXT = "maintenance in leukaemia, n = 23 (R survival, aml)"
SAS_FRIEDMAN = "SAS/STAT User's Guide, Version 8, FREQ, Example 28.8"
SAS_COCHRAN = "SAS/STAT User's Guide, Version 8, FREQ, Example 28.9"
SAS_BINOMIAL = "SAS/STAT User's Guide, Version 8, FREQ, Example 28.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number: how we compute it, and where others printed it.

    `r` names an entry of `conformance.json`; `spss` the table, how many times it came before, row and column in PSPP's
    output; `sas` the printed text and where. `agree_when` names the option that makes the programs agree. `differs`
    names a program that gives another number, and why.
    """

    method: str
    quantity: str
    data: str
    ours: Callable[[], float]
    r: str | None = None
    spss: tuple[str, int, str, int] | None = None
    sas: tuple[str, str] | None = None
    scipy: Callable[[], float] | None = None
    agree_when: str
    tolerance: float = 1e-8
    differs: dict[str, str] = field(default_factory=dict)

    def programs(self) -> set[str]:
        """Name the programs that have a number in this row."""
        asked = {"R": self.r, "SPSS": self.spss, "SAS": self.sas, "scipy": self.scipy}
        return {name for name, there in asked.items() if there is not None}


@cache
def r_values() -> dict[str, dict[str, object]]:
    """Return R's values by key, each with the call that gave it."""
    read: dict[str, dict[str, object]] = json.loads((DATA / "conformance.json").read_text(encoding="utf-8"))["values"]
    return read


@cache
def pspp_tables() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Return PSPP's tables in their order: title and rows."""
    text = (DATA / "conformance_pspp.csv").read_text(encoding="utf-8")
    tables = []
    for block in text.split("\n\n"):
        title, *rows = block.strip().split("\n")
        tables.append((title.removeprefix("Table: "), tuple(tuple(r) for r in csv.reader(rows))))
    return tuple(tables)


def pspp_value(title: str, before: int, row: str, column: int) -> str:
    """Return a printed cell: the row that holds a label, in the table of that title after `before` others of it."""
    rows = [body for name, body in pspp_tables() if name == title][before]
    return next(r for r in rows if row in r)[column]


def rows() -> Iterator[Row]:
    """List the numbers to compare."""
    from scipy import stats as sp

    statistic = "Test Statistics"
    yield Row(
        method="quartiles",
        quantity="upper quartile",
        data=HYPNOSIS_TEXT + ", fear",
        ours=lambda: st.quartiles(FEAR, "spss").q3,
        r="quartile_6",
        spss=("Percentiles", 0, "Weighted Average", 4),
        scipy=lambda: float(np.quantile(FEAR, 0.75, method="weibull")),
        agree_when='definition 6: ours `"spss"`, R `type = 6`, SPSS `HAVERAGE`, numpy `"weibull"`, GraphPad Prism',
    )
    yield Row(
        method="quartiles",
        quantity="upper quartile",
        data=HYPNOSIS_TEXT + ", fear",
        ours=lambda: st.quartiles(FEAR, "r").q3,
        r="quartile_7",
        scipy=lambda: float(np.quantile(FEAR, 0.75)),
        agree_when='definition 7: ours `"r"`, the default of R and numpy',
    )
    yield Row(
        method="quartiles",
        quantity="upper quartile",
        data=HYPNOSIS_TEXT + ", fear",
        ours=lambda: st.quartiles(FEAR, "sas").q3,
        r="quartile_2",
        spss=("Percentiles", 1, "Weighted Average", 4),
        scipy=lambda: float(np.quantile(FEAR, 0.75, method="averaged_inverted_cdf")),
        agree_when='definition 2: `"sas"` (QNTLDEF=5), R `type = 2`, SPSS `AEMPIRICAL`, numpy `averaged_inverted_cdf`',
    )
    yield Row(
        method="quartiles",
        quantity="upper hinge",
        data=HYPNOSIS_TEXT + ", fear",
        ours=lambda: st.quartiles(FEAR, "tukey").q3,
        r="hinge",
        spss=("Percentiles", 0, "Tukey's Hinges", 4),
        agree_when="Tukey's hinges, which SPSS draws in box plots",
    )
    yield Row(
        method="friedman",
        quantity="chi-square",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.friedman(HYPNOSIS).statistic,
        r="friedman",
        spss=(statistic, 0, "Chi-Square", 1),
        sas=("6.4500", SAS_FRIEDMAN),
        scipy=lambda: float(sp.friedmanchisquare(*HYPNOSIS.T).statistic),
        agree_when="all correct for ties",
    )
    yield Row(
        method="friedman",
        quantity="p, chi-square",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.friedman(HYPNOSIS, p="asymptotic").p_value,
        r="friedman_p",
        spss=(statistic, 0, "Asymp. Sig.", 1),
        sas=("0.0917", SAS_FRIEDMAN),
        scipy=lambda: float(sp.friedmanchisquare(*HYPNOSIS.T).pvalue),
        agree_when='`p="asymptotic"`; `"auto"` gives the exact p',
    )
    yield Row(
        method="kendall_w",
        quantity="W",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.kendall_w(HYPNOSIS).statistic,
        spss=(statistic, 1, "Kendall's W", 1),
        agree_when="patients are the judges of the visits",
    )
    yield Row(
        method="quade",
        quantity="F",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.quade(HYPNOSIS).statistic,
        r="quade",
        agree_when="always",
    )
    yield Row(
        method="quade",
        quantity="p, F distribution",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.quade(HYPNOSIS, p="asymptotic").p_value,
        r="quade_p",
        agree_when='`p="asymptotic"`',
    )
    yield Row(
        method="durbin",
        quantity="chi-square of a complete table",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.durbin(HYPNOSIS).statistic,
        r="friedman",
        agree_when="the design is complete, where it is Friedman's",
    )
    yield Row(
        method="skillings_mack",
        quantity="chi-square of a complete table",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.skillings_mack(HYPNOSIS, p="asymptotic").statistic,
        r="friedman",
        agree_when="the table is complete and untied, where it is Friedman's",
    )
    yield Row(
        method="friedman_pairwise",
        quantity="adjusted p, fear against calmness",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.friedman_pairwise(HYPNOSIS, "dunn", "bonferroni")[2].p_adjusted,
        r="dunn_bonferroni",
        agree_when="Dunn with Bonferroni over all pairs and no tie correction, as SPSS NPTESTS does",
    )
    yield Row(
        method="signed_rank",
        quantity="exact p",
        data=HYPNOSIS_TEXT + ", fear and joy",
        ours=lambda: st.signed_rank(JOY, FEAR).p_value,
        r="signed_rank_p",
        scipy=lambda: float(sp.wilcoxon(FEAR, JOY, method="exact").pvalue),
        agree_when="there are no ties and no zeros",
    )
    yield Row(
        method="signed_rank",
        quantity="asymptotic p",
        data=HYPNOSIS_TEXT + ", fear and joy",
        ours=lambda: st.signed_rank(JOY, FEAR, p="asymptotic").p_value,
        spss=(statistic, 2, "Asymp. Sig. (2-tailed)", 1),
        scipy=lambda: float(sp.wilcoxon(FEAR, JOY, method="approx").pvalue),
        agree_when='`p="asymptotic"` without continuity correction',
    )
    yield Row(
        method="signed_rank",
        quantity="exact p, zeros after Pratt",
        data="ten made-up changes with ties and zeros",
        ours=lambda: st.signed_rank(TIED * 0, TIED).p_value,
        r="signed_rank_tied_p",
        agree_when='`zeros="pratt"`',
    )
    yield Row(
        method="signed_rank",
        quantity="exact p, zeros dropped",
        data="ten made-up changes with ties and zeros",
        ours=lambda: st.signed_rank(TIED * 0, TIED, zeros="wilcox").p_value,
        r="signed_rank_tied_wilcox_p",
        agree_when='`zeros="wilcox"`',
    )
    yield Row(
        method="signed_rank",
        quantity="asymptotic p, zeros dropped",
        data="ten made-up changes with ties and zeros",
        ours=lambda: st.signed_rank(TIED * 0, TIED, zeros="wilcox", p="asymptotic").p_value,
        spss=(statistic, 4, "Asymp. Sig. (2-tailed)", 1),
        scipy=lambda: float(sp.wilcoxon(TIED, zero_method="wilcox", method="approx").pvalue),
        agree_when='`zeros="wilcox"`, the only rule of SPSS, and `p="asymptotic"`',
    )
    yield Row(
        method="sign_test",
        quantity="exact p",
        data=HYPNOSIS_TEXT + ", fear and joy",
        ours=lambda: st.sign_test(JOY, FEAR).p_value,
        r="sign_p",
        spss=(statistic, 3, "Exact Sig. (2-tailed)", 1),
        scipy=lambda: float(sp.binomtest(6, 8).pvalue),
        agree_when="always",
    )
    yield Row(
        method="hodges_lehmann",
        quantity="median change",
        data=HYPNOSIS_TEXT + ", fear and joy",
        ours=lambda: st.hodges_lehmann(JOY, FEAR).estimate or np.nan,
        r="hodges_lehmann",
        agree_when="there are no ties; with ties R returns another number",
    )
    yield Row(
        method="hodges_lehmann",
        quantity="lower 95 % limit",
        data=HYPNOSIS_TEXT + ", fear and joy",
        ours=lambda: st.hodges_lehmann(JOY, FEAR).low or np.nan,
        r="hodges_lehmann_low",
        agree_when='`interval="exact"` and no ties',
    )
    yield Row(
        method="rank_sum",
        quantity="exact p",
        data=HYPNOSIS_TEXT + ", fear and joy as two groups",
        ours=lambda: st.rank_sum(FEAR, JOY).p_value,
        r="rank_sum_p",
        agree_when="ties are kept in the exact distribution; R's `wilcox.test` and SPSS do not",
    )
    yield Row(
        method="rank_sum",
        quantity="asymptotic p",
        data=HYPNOSIS_TEXT + ", fear and joy as two groups",
        ours=lambda: st.rank_sum(FEAR, JOY, p="asymptotic").p_value,
        spss=(statistic, 8, "value", 4),
        scipy=lambda: float(sp.mannwhitneyu(FEAR, JOY, method="asymptotic", use_continuity=False).pvalue),
        agree_when='`p="asymptotic"`, ties corrected, no continuity correction',
    )
    yield Row(
        method="rank_sum_shift",
        quantity="shift",
        data=HYPNOSIS_TEXT + ", fear and joy as two groups",
        ours=lambda: st.rank_sum_shift(FEAR, JOY).estimate or np.nan,
        r="rank_sum_shift",
        agree_when="always",
    )
    yield Row(
        method="clopper_pearson",
        quantity="lower 90 % limit",
        data="341 of 762 children have brown eyes",
        ours=lambda: st.clopper_pearson(341, 762, 0.9).low or np.nan,
        r="clopper_pearson",
        sas=("0.4174", SAS_BINOMIAL),
        scipy=lambda: float(sp.beta.ppf(0.05, 341, 422)),
        agree_when="always",
    )
    yield Row(
        method="wilson",
        quantity="lower 95 % limit",
        data="15 of 20",
        ours=lambda: st.wilson(15, 20).low or np.nan,
        r="wilson",
        scipy=lambda: float(sp.binomtest(15, 20).proportion_ci(0.95, "wilson").low),
        agree_when="no continuity correction",
    )
    yield Row(
        method="jeffreys",
        quantity="lower 95 % limit",
        data="15 of 20",
        ours=lambda: st.jeffreys(15, 20).low or np.nan,
        r="jeffreys",
        scipy=lambda: float(sp.beta.ppf(0.025, 15.5, 5.5)),
        agree_when="the count is neither 0 nor n",
    )
    yield Row(
        method="cochran_q",
        quantity="Q",
        data=DRUGS_TEXT,
        ours=lambda: st.cochran_q(DRUGS).statistic,
        r="cochran_q",
        spss=(statistic, 7, "Cochran's Q", 1),
        sas=("8.4706", SAS_COCHRAN),
        agree_when="one row a patient; PSPP 1.6.2 prints a negative Q for weighted rows",
    )
    yield Row(
        method="cochran_q",
        quantity="p, chi-square",
        data=DRUGS_TEXT,
        ours=lambda: st.cochran_q(DRUGS, p="asymptotic").p_value,
        spss=(statistic, 7, "Asymp. Sig.", 1),
        sas=("0.0145", SAS_COCHRAN),
        agree_when='`p="asymptotic"`; `"auto"` gives the exact p',
    )
    yield Row(
        method="mcnemar",
        quantity="chi-square",
        data=DRUGS_TEXT + ", drugs B and C",
        ours=lambda: st.mcnemar(st.paired_table(DRUGS[:, 1], DRUGS[:, 2])).statistic,
        r="mcnemar",
        agree_when="both correct for continuity",
    )
    yield Row(
        method="mcnemar_exact",
        quantity="exact p",
        data=DRUGS_TEXT + ", drugs B and C",
        ours=lambda: st.mcnemar_exact(st.paired_table(DRUGS[:, 1], DRUGS[:, 2])).p_value,
        r="mcnemar_exact_p",
        spss=(statistic, 6, "b & c", 2),
        scipy=lambda: float(sp.binomtest(8, 28).pvalue),
        agree_when="always",
    )
    yield Row(
        method="fisher_exact",
        quantity="exact p",
        data="streptomycin, 28/55 and 4/52 improved (MRC 1948)",
        ours=lambda: st.fisher_exact(STREPTOMYCIN).p_value,
        r="fisher_p",
        scipy=lambda: float(sp.fisher_exact(STREPTOMYCIN).pvalue),
        agree_when="two-sided by the probability of tables",
    )
    yield Row(
        method="fisher_exact",
        quantity="odds ratio",
        data="streptomycin, 28/55 and 4/52 improved (MRC 1948)",
        ours=lambda: st.fisher_exact(STREPTOMYCIN).odds_ratio or np.nan,
        r="fisher_odds",
        scipy=lambda: float(sp.contingency.odds_ratio(STREPTOMYCIN).statistic),
        agree_when="conditional maximum likelihood, not the cross product",
        tolerance=1e-6,
        differs={"R": "its search stops at the fourth digit"},
    )
    yield Row(
        method="boschloo",
        quantity="exact p",
        data="7/9 and 2/9 improved",
        ours=lambda: st.boschloo(((7, 2), (2, 7))).p_value,
        scipy=lambda: float(sp.boschloo_exact(((7, 2), (2, 7)), n=128).pvalue),
        agree_when="the search over the common proportion is fine enough",
        tolerance=1e-4,
    )
    yield Row(
        method="barnard",
        quantity="exact p",
        data="7/9 and 2/9 improved",
        ours=lambda: st.barnard(((7, 2), (2, 7))).p_value,
        scipy=lambda: float(sp.barnard_exact(((7, 2), (2, 7)), n=128).pvalue),
        agree_when="pooled score, and a search over the common proportion that is fine enough",
        tolerance=1e-4,
    )
    yield Row(
        method="poisson_rate",
        quantity="lower 95 % limit",
        data="14 events in 400 patient-years",
        ours=lambda: st.poisson_rate(14, 400.0).low or np.nan,
        r="poisson_low",
        scipy=lambda: float(sp.chi2.ppf(0.025, 28) / 800),
        agree_when="always",
    )
    yield Row(
        method="rate_ratio",
        quantity="exact p",
        data="11 events in 800, 21 in 3011 patient-years",
        ours=lambda: st.rate_ratio(11, 800.0, 21, 3011.0).p_value or np.nan,
        r="rate_ratio_p",
        scipy=lambda: float(sp.binomtest(11, 32, 800 / 3811).pvalue),
        agree_when='`two_sided="minimum-likelihood"`',
    )
    yield Row(
        method="negative_binomial_rate",
        quantity="rate",
        data="counts 0 3 1 7 0 2 in 1 1 1 2 1 1 years",
        ours=lambda: st.negative_binomial_rate(COUNTS, YEARS).estimate or np.nan,
        r="negative_binomial",
        agree_when="maximum likelihood in both",
        tolerance=1e-7,
    )
    yield Row(
        method="kaplan_meier",
        quantity="survival at 30",
        data=AML_TEXT,
        ours=lambda: _at(30, "survival"),
        r="kaplan_meier",
        scipy=lambda: float(_scipy_curve().evaluate(30)),
        agree_when="always",
    )
    yield Row(
        method="kaplan_meier",
        quantity="lower 95 % limit at 30",
        data=AML_TEXT,
        ours=lambda: _at(30, "low"),
        r="kaplan_meier_low",
        agree_when='R `conf.type = "log-log"`, the default of SAS and not of R',
    )
    yield Row(
        method="kaplan_meier_median",
        quantity="median",
        data=AML_TEXT,
        ours=lambda: st.kaplan_meier_median(st.kaplan_meier(AML_TIME, AML_EVENT)).estimate or np.nan,
        r="km_median",
        agree_when='`convention="midpoint"`',
    )
    yield Row(
        method="restricted_mean",
        quantity="mean to 30",
        data=AML_TEXT,
        ours=lambda: st.restricted_mean(AML_TIME, AML_EVENT, 30.0).estimate or np.nan,
        r="restricted_mean",
        agree_when="the horizon is the same",
    )
    yield Row(
        method="log_rank",
        quantity="chi-square",
        data=AML_TEXT,
        ours=lambda: st.log_rank(AML_TIME, AML_EVENT, AML_GROUP).statistic,
        r="log_rank",
        scipy=_scipy_log_rank,
        agree_when="the variance is hypergeometric",
    )
    yield Row(
        method="pooled_proportion",
        quantity="pooled proportion",
        data="5/7, 8/20, 12/18 and 3/11 responders (made up)",
        ours=lambda: st.pooled_proportion([5, 8, 12, 3], [7, 20, 18, 11], nodes=7).estimate or np.nan,
        r="pooled",
        agree_when="binomial-normal model with seven nodes; R's optimiser leaves the sixth digit open",
        tolerance=1e-5,
    )
    for name, key in (("hommel", "hommel"), ("holm", "holm"), ("bh", "bh")):
        yield Row(
            method="adjust_p",
            quantity=f"third of five p, {name}",
            data="0.001 0.012 0.02 0.04 0.3",
            ours=lambda name=name: st.adjust_p(P_VALUES, name)[2],
            r=key,
            scipy=(lambda: float(sp.false_discovery_control(P_VALUES)[2])) if name == "bh" else None,
            agree_when="always",
        )
    yield Row(
        method="mixed_model",
        quantity="F",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.mixed_model(HYPNOSIS, covariance="random_intercept").equal_visits.statistic,
        r="mixed_f",
        agree_when='`df="kenward_roger"`, REML',
        tolerance=1e-6,
    )
    yield Row(
        method="mixed_model",
        quantity="denominator df",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.mixed_model(HYPNOSIS, covariance="random_intercept").equal_visits.df[1],
        r="mixed_df",
        agree_when='`df="kenward_roger"`, REML',
    )
    yield from _more_rows()
    yield Row(
        method="cumulative_link_mixed_model",
        quantity="log odds ratio, third visit",
        data="made-up scores 0 to 2, 8 × 3",
        ours=lambda: st.cumulative_link_mixed_model(SCORES, quadrature_points=25).changes[1].estimate,
        r="ordinal",
        agree_when="25 quadrature nodes; R's default (Laplace) gives another likelihood",
        tolerance=1e-4,
    )
    yield Row(
        method="cumulative_link_mixed_model",
        quantity="log-likelihood",
        data="made-up scores 0 to 2, 8 × 3",
        ours=lambda: st.cumulative_link_mixed_model(SCORES, quadrature_points=25).log_likelihood,
        r="ordinal_loglik",
        agree_when="25 quadrature nodes",
    )


def _more_rows() -> Iterator[Row]:
    from scipy import stats as sp

    yield Row(
        method="quantile",
        quantity="30 % quantile",
        data=HYPNOSIS_TEXT + ", fear",
        ours=lambda: st.quantile(FEAR, 0.3),
        r="quantile_6",
        scipy=lambda: float(np.quantile(FEAR, 0.3, method="weibull")),
        agree_when="definition 6, our default and not R's",
    )
    yield Row(
        method="describe",
        quantity="standard deviation",
        data=HYPNOSIS_TEXT + ", fear",
        ours=lambda: st.describe(FEAR).sd or np.nan,
        r="deviation",
        scipy=lambda: float(np.std(FEAR, ddof=1)),
        agree_when="divided by n - 1, in numpy `ddof=1`",
    )
    yield Row(
        method="page_trend",
        quantity="exact p of a fall",
        data=HYPNOSIS_TEXT,
        ours=lambda: st.page_trend(HYPNOSIS[:, ::-1], p="exact").p_value,
        scipy=lambda: float(sp.page_trend_test(HYPNOSIS[:, ::-1], method="exact").pvalue),
        agree_when="there are no ties; scipy's exact distribution ignores them",
    )
    yield Row(
        method="binomial_test",
        quantity="exact p against 0.3",
        data="3 of 20",
        ours=lambda: st.binomial_test(3, 20, 0.3).p_value,
        r="binomial_p",
        scipy=lambda: float(sp.binomtest(3, 20, 0.3).pvalue),
        agree_when='`two_sided="minimum-likelihood"`',
    )
    yield Row(
        method="chi_square",
        quantity="chi-square",
        data="streptomycin, 28/55 and 4/52 improved (MRC 1948)",
        ours=lambda: st.chi_square(STREPTOMYCIN).statistic,
        r="pearson",
        scipy=lambda: float(sp.chi2_contingency(STREPTOMYCIN, correction=False).statistic),
        agree_when="no continuity correction, which R and scipy apply to two by two counts unless told",
    )
    yield Row(
        method="first_event_incidence",
        quantity="lower 95 % limit",
        data=AML_TEXT,
        ours=lambda: st.first_event_incidence(AML_TIME, AML_EVENT).low or np.nan,
        r="first_event_low",
        agree_when="always",
    )
    yield Row(
        method="rank_biserial",
        quantity="correlation",
        data=HYPNOSIS_TEXT + ", fear and joy",
        ours=lambda: st.rank_biserial(JOY, FEAR).estimate or np.nan,
        r="rank_biserial",
        agree_when="nobody stayed the same",
    )
    yield Row(
        method="turnbull",
        quantity="log-likelihood",
        data="eight made-up intervals between visits at 0, 4, 12 and 24",
        ours=lambda: st.turnbull([0, 0, 4, 4, 0, 12, 12, 4], [4, 12, 12, 24, 24, 24, np.inf, np.inf]).log_likelihood,
        r="turnbull",
        agree_when="intervals are open on the left",
    )
    yield Row(
        method="rubin_pool",
        quantity="degrees of freedom",
        data="estimates 1, 1.4, 1.2, each with variance 0.25, 18 complete-data degrees",
        ours=lambda: st.rubin_pool([1.0, 1.4, 1.2], [0.25] * 3, complete_df=18).df,
        r="rubin_df",
        agree_when="Barnard and Rubin's degrees of freedom: ours given `complete_df`, R given n and k",
    )


def _at(time: float, what: str) -> float:
    curve = st.kaplan_meier(AML_TIME, AML_EVENT)
    return float(getattr(curve, what)[int(np.searchsorted(curve.time, time, side="right")) - 1])


def _censored(keep: int | None = None):
    from scipy import stats as sp

    chosen = [i for i in range(len(AML_TIME)) if keep is None or AML_GROUP[i] == keep]
    return sp.CensoredData(
        uncensored=[AML_TIME[i] for i in chosen if AML_EVENT[i]],
        right=[AML_TIME[i] for i in chosen if not AML_EVENT[i]],
    )


def _scipy_curve():
    from scipy import stats as sp

    return sp.ecdf(_censored()).sf


def _scipy_log_rank() -> float:
    from scipy import stats as sp

    return float(sp.logrank(_censored(0), _censored(1)).statistic ** 2)


def agrees(value: float, printed: str) -> bool:
    """Tell whether a number rounds to a printed text, within half a unit of its last digit."""
    digits = len(printed.partition(".")[2])
    return abs(value - float(printed)) <= 0.5 * 10.0**-digits + 1e-9


def conformance_page() -> str:
    """Write our value beside the others'."""
    origin = json.loads((DATA / "conformance.json").read_text(encoding="utf-8"))["origin"]
    lines = [
        "# Conformance: our numbers beside those of R, SPSS, SAS and scipy",
        "",
        f"R: {origin} (`reference/conformance.R`). SPSS stands for GNU PSPP 1.6.2 (`reference/conformance.sps`), which "
        "prints few digits. SAS values are those its manual prints. Our values and scipy's are computed when this page "
        "is built. A dash means that the program was not asked or lacks the method.",
    ]
    notes: list[str] = []
    for folder, names in QUESTIONS.items():
        compared = [row for row in rows() if row.method in names]
        if compared:
            lines += ["", f"## {question(folder)}", "", *_compared(compared, notes)]
    lines += ["", "## The calls behind the columns", "", *dict.fromkeys(notes)]
    missing = [n for n in METHODS if n not in {row.method for row in rows()}]
    lines += ["", "Not compared on this page, but proved in the tests ([how](statistics.md)):", ""]
    lines += [", ".join(f"`{n}`" for n in missing) + "."]
    return "\n".join(lines) + "\n"


def _compared(compared: list[Row], notes: list[str]) -> list[str]:
    """Tabulate numbers beside those of the others, and note the calls that gave them."""
    lines = [
        "| method | quantity | data | ours | R | SPSS | SAS | scipy | they agree when |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in compared:
        cells = [f"`{row.method}`", row.quantity, row.data, f"{row.ours():.6g}"]
        cells.append("—" if row.r is None else f"{float(str(r_values()[row.r]['value'])):.6g}")
        cells.append("—" if row.spss is None else pspp_value(*row.spss))
        cells.append("—" if row.sas is None else row.sas[0])
        cells.append("—" if row.scipy is None else f"{row.scipy():.6g}")
        reason = "; ".join(f"{program} differs: {why}" for program, why in row.differs.items())
        cells.append(row.agree_when + (f". {reason}" if reason else ""))
        lines.append("| " + " | ".join(cells) + " |")
        if row.r is not None:
            notes.append(f"- `{row.method}`, {row.quantity}: R `{r_values()[row.r]['option']}`")
        if row.sas is not None:
            notes.append(f"- `{row.method}`, {row.quantity}: {row.sas[1]}")
    return lines
