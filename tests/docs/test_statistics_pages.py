from __future__ import annotations

import importlib.util
import math
import re
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from myosotis import statistics as st
from myosotis.statistics import METHODS, PREPARATIONS, QUESTIONS, SAMPLES

ROOT = Path(__file__).parents[2]


def load():
    spec = importlib.util.spec_from_file_location("statistics_pages", ROOT / "docs" / "statistics_pages.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["statistics_pages"] = module
    spec.loader.exec_module(module)
    return module


pages = load()
ROWS = list(pages.rows())
IDS = [f"{i}-{r.method}" for i, r in enumerate(ROWS)]


@cache
def kinds():
    found = defaultdict(set)
    for proof in pages.proofs():
        found[proof.method].add(proof.kind)
    return found


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_method_is_proved_in_two_ways_at_least(name):
    assert len(kinds()[name]) >= 2


def test_no_proof_is_for_a_method_that_does_not_exist():
    assert set(kinds()) - set(METHODS) - set(PREPARATIONS) == set()


def test_the_smallest_p_values_that_the_page_states_are_those_that_the_methods_report():
    n, k = 5, 3
    x = np.random.default_rng(1).normal(size=(n, k))
    before, after = x[:, 0], x[:, 1]
    orders = math.factorial(k)
    table = ((3, 4), (2, 6))
    stated = [
        (st.friedman(x, p="exact"), orders / orders**n),
        (st.kendall_w(x, p="exact"), orders / orders**n),
        (st.quade(x, p="exact"), orders / orders**n),
        (st.page_trend(x, p="exact"), 1 / orders**n),
        (st.friedman_pairwise(x, "exact")[0], 2 / (k * (k - 1)) ** n),
        (st.signed_rank(before, after), 2 / 2**n),
        (st.sign_test(before, after), 2 / 2**n),
        (st.max_t([after - before]), 2 / 2**n),
        (st.mcnemar_exact(table), 2 / 2**6),
        (st.mcnemar_mid_p(table), 1 / 2**6),
        (st.rank_sum(before, after[:4]), 2 / math.comb(9, 5)),
        (st.binomial_test(3, 7, 0.3), 0.3**7),
    ]
    for test, least in stated:
        assert test.smallest_p == pytest.approx(least, rel=1e-10), test.method
    assert st.boschloo(table).smallest_p <= st.fisher_exact(table).smallest_p
    times, groups = [1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 1, 1, 1, 1]
    assert st.log_rank(times, [1] * 7, groups, p="exact").smallest_p >= 1 / math.comb(7, 3) - 1e-12


def near(row, value):
    return abs(row.ours() - value) <= row.tolerance * max(1.0, abs(value))


@pytest.mark.proof(method="quartiles", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="friedman", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="kendall_w", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="signed_rank", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="sign_test", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="rank_sum", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="cochran_q", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="mcnemar_exact", kind="PSPP", source="GNU PSPP 1.6.2: reference/conformance.sps")
@pytest.mark.proof(method="friedman", kind="published", source="SAS/STAT User's Guide, Version 8, Example 28.8")
@pytest.mark.proof(method="cochran_q", kind="published", source="SAS/STAT User's Guide, Version 8, Example 28.9")
@pytest.mark.proof(method="clopper_pearson", kind="published", source="SAS/STAT User's Guide, Version 8, Example 28.3")
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_our_number_agrees_with_every_program_or_the_page_says_why_not(row):
    verdicts = {}
    if row.r is not None:
        verdicts["R"] = near(row, float(pages.r_values()[row.r]["value"]))
    if row.spss is not None:
        verdicts["SPSS"] = pages.agrees(row.ours(), pages.pspp_value(*row.spss))
    if row.sas is not None:
        verdicts["SAS"] = pages.agrees(row.ours(), row.sas[0])
    if row.scipy is not None:
        verdicts["scipy"] = near(row, row.scipy())
    assert verdicts, "a row compares with something"
    assert {program for program, agrees in verdicts.items() if not agrees} == set(row.differs)
    assert row.method in METHODS


def test_what_pspp_and_sas_prove_is_what_the_page_compares():
    here = [p for p in pages.proofs() if p.test == "docs/test_statistics_pages.py"]
    assert {p.method for p in here if p.kind == "PSPP"} == {r.method for r in ROWS if r.spss is not None}
    assert {p.method for p in here if p.kind == "published"} == {r.method for r in ROWS if r.sas is not None}


def test_every_number_of_r_is_used():
    assert {row.r for row in ROWS if row.r is not None} == set(pages.r_values())


def test_a_printed_number_agrees_within_half_its_last_digit_and_not_beyond():
    assert pages.agrees(0.0917, ".092")
    assert pages.agrees(6.45, "6.4500")
    assert not pages.agrees(0.0926, ".092")
    assert not pages.agrees(6.4502, "6.4500")


def test_the_pages_hold_every_method_and_are_the_same_each_time():
    first = pages.pages()
    assert set(first) == {"conformance.md", "statistics.md"}
    for name, method in METHODS.items():
        assert (
            f"### {method.label}: `{name}`\n\n- Takes {method.sample}: {SAMPLES[method.sample]}.\n"
            in first["statistics.md"]
        )
        assert f"`{name}`" in first["conformance.md"]
    assert "| 7 | 0.0156 | 0.0469 | 0.0938 |" in first["statistics.md"]
    assert first == pages.pages()
    assert not re.search(r"\bnan\b", first["conformance.md"])


def test_the_pages_go_through_the_questions_in_order_with_their_methods_below():
    for text in pages.pages().values():
        asked = [text.index(f"\n## {pages.question(folder)}\n") for folder in QUESTIONS]
        assert asked == sorted(asked)
    text = pages.statistics_page()
    for folder, names in QUESTIONS.items():
        below = text.split(f"\n## {pages.question(folder)}\n")[1].split("\n## ")[0]
        assert re.findall(r"### .*: `(\w+)`", below) == list(names)


def test_a_table_row_has_as_many_cells_as_its_head():
    lines = [line for line in pages.pages()["conformance.md"].splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in lines} == {lines[0].count("|")}


def test_proofs_are_read_from_the_text_of_tests_and_must_be_literal(tmp_path):
    (tmp_path / "test_a.py").write_text(
        '@pytest.mark.proof(method="wilson", kind="R", source="s")\ndef test_a(): ...\n'
        'pytestmark = [pytest.mark.proof(method="wilson", kind="edge", source="t")]\n'
    )
    found = pages.proofs(tmp_path)
    assert [(p.method, p.kind, p.source, p.test) for p in found] == [
        ("wilson", "R", "s", "test_a.py"),
        ("wilson", "edge", "t", "test_a.py"),
    ]
    (tmp_path / "test_b.py").write_text('@pytest.mark.proof(method=NAME, kind="R", source="s")\ndef test_b(): ...\n')
    with pytest.raises(ValueError, match=r"test_b\.py, line 1: a proof takes literal"):
        pages.proofs(tmp_path)
    (tmp_path / "test_b.py").write_text('@pytest.mark.proof(method="x", kind="faith", source="s")\ndef test_b(): ...\n')
    with pytest.raises(ValueError, match="a proof names method, kind"):
        pages.proofs(tmp_path)
