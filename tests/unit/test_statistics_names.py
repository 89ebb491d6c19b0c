from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from myosotis import statistics
from myosotis.errors import StatisticsError
from myosotis.statistics import HELPERS, METHODS, PREPARATIONS, QUESTIONS, SAMPLES

FOLDER = Path(statistics.__file__).parent
# Parts that several methods share and no reader calls: reached by their module, not by the package.
MACHINERY = {
    "common.arguments",
    "common.arrays",
    "common.assumptions",
    "models.cumulative_link",
    "models.restricted_likelihood",
    "permutation.arrangements",
    "permutation.conditional_p",
    "permutation.effort",
    "permutation.monte_carlo",
    "permutation.ranks",
    "permutation.within_patient",
    "repeated.rank_means",
    "repeated.rank_sum_difference",
}
EVERY = {".".join(p.relative_to(FOLDER).with_suffix("").parts) for p in FOLDER.rglob("*.py") if p.stem != "__init__"}
RECORDS = {f"{folder}.methods" for folder in QUESTIONS}
MODULES = sorted(EVERY - MACHINERY - RECORDS)
FUNCTIONS = {name for name in statistics.__all__ if inspect.isfunction(getattr(statistics, name))}


def test_the_machinery_named_here_exists():
    assert EVERY >= MACHINERY | RECORDS


@pytest.mark.parametrize("module", MODULES)
def test_every_name_a_module_offers_can_be_taken_from_the_package(module):
    loaded = importlib.import_module(f"myosotis.statistics.{module}")
    assert loaded.__all__, "a module says what it offers"
    for name in loaded.__all__:
        assert name in statistics.__all__
        assert name in dir(statistics)
        assert getattr(statistics, name) is getattr(loaded, name)


@pytest.mark.parametrize("folder", sorted({*QUESTIONS, "common", "permutation"}))
def test_a_folder_says_its_idea_in_one_line_and_loads_nothing(folder):
    text = (FOLDER / folder / "__init__.py").read_text()
    assert text.count("\n") == 1
    assert len(ast.parse(text).body) == 1
    assert ast.get_docstring(ast.parse(text)).endswith(".")


@pytest.mark.parametrize("folder", QUESTIONS)
def test_a_method_stands_in_the_folder_of_the_question_it_answers(folder):
    assert QUESTIONS[folder]
    for name in QUESTIONS[folder]:
        assert getattr(statistics, name).__module__.startswith(f"myosotis.statistics.{folder}.")


def test_the_names_that_a_type_checker_sees_are_the_names_offered():
    tree = ast.parse((FOLDER / "__init__.py").read_text())
    block = next(n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    seen = {(node.module, alias.name) for node in block.body for alias in node.names}
    assert sorted(name for _, name in seen) == sorted(statistics.__all__)
    for module, name in seen:
        assert getattr(importlib.import_module(module), name) is getattr(statistics, name)
    assert len(set(statistics.__all__)) == len(statistics.__all__)


def test_a_name_that_does_not_exist_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'friedmann'"):
        statistics.friedmann  # noqa: B018


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_the_package_and_all_its_modules_import_without_heavy_ones():
    imports = "; ".join(f"import myosotis.statistics.{m}" for m in sorted(EVERY))
    heavy = "[m for m in ('scipy', 'numba', 'pandas', 'pyarrow', 'ibis') if m in sys.modules]"
    assert run(f"import sys, myosotis.statistics; print(*{heavy})") == []
    assert run(f"import sys; {imports}; print(*{heavy})") == []


def test_asking_for_one_method_loads_no_other():
    code = "import sys; from myosotis.statistics import wilson; print(*sys.modules)"
    loaded = {m for m in run(code) if m.startswith("myosotis.statistics.")}
    assert "myosotis.statistics.proportions.intervals" in loaded
    assert not [m for m in loaded if m.startswith("myosotis.statistics.repeated")]


def test_a_folder_of_the_same_name_never_hides_the_method():
    code = (
        "import myosotis.statistics.describe; from myosotis.statistics import describe; "
        "import myosotis.statistics.describe.summary, myosotis.statistics as s; "
        "print(type(describe).__name__, type(s.describe).__name__)"
    )
    assert run(code) == ["function"] * 2


def test_every_public_name_is_a_method_with_a_record_or_a_helper_with_a_reason():
    assert set(METHODS) | set(PREPARATIONS) == FUNCTIONS
    assert set(METHODS) & set(PREPARATIONS) == set()
    assert set(HELPERS) == set(statistics.__all__) - FUNCTIONS
    for name, reason in {**PREPARATIONS, **HELPERS}.items():
        assert len(reason.split()) > 3, name
        assert not reason.endswith(".")
        assert set(re.findall(r"`(\w+)`", reason)) <= FUNCTIONS, name


def test_what_a_helper_is_said_to_be_returned_by_returns_it():
    said = {name: re.findall(r"`(\w+)`", reason) for name, reason in HELPERS.items() if "return" in reason}
    assert said
    for name, functions in said.items():
        for function in functions:
            assert name in inspect.signature(getattr(statistics, function)).return_annotation, name


def test_the_kinds_of_sample_are_a_closed_list_in_words_and_each_is_taken_by_a_method():
    assert tuple(SAMPLES) == get_args(statistics.Sample)
    assert {method.sample for method in METHODS.values()} == set(SAMPLES)
    assert len(set(SAMPLES.values())) == len(SAMPLES)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_method_says_what_a_reader_needs(name):
    method = METHODS[name]
    assert method.label[0].isupper() or method.label[0].isdigit()
    for text in (method.assumes, method.meant_for):
        assert text
        assert not text.endswith(".")
    assert set(method.inference) <= set(get_args(statistics.PKind))
    assert len(set(method.inference)) == len(method.inference)
    assert "exact" in method.inference or method.smallest_p is None
    # A year, and a DOI unless the source is a book, a guideline or a journal without any.
    assert any(str(year) in method.source for year in range(1900, 2030)) or "doi:" in method.source
    assert any(mark in method.source for mark in ("doi:10.", "Wiley", "ICH", "ISBN")), method.source


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_public_function_says_what_it_does_first(name):
    text = inspect.getdoc(getattr(statistics, name))
    assert text
    assert text.splitlines()[0].endswith(".")
    if name in METHODS:
        assert "Source" in text
        assert ">>>" in text


TABLE = np.random.default_rng(3).integers(0, 4, (9, 4)).astype(np.float32)
BEFORE, AFTER = TABLE[:, 0], TABLE[:, 1]
COUNTS, YEARS = np.array([0, 3, 1, 7, 0, 2]), np.array([1, 1, 1, 2, 1, 1], dtype=np.float32)
TWO_BY_TWO = np.array([[5, 3], [1, 9]])
TIMES, EVENTS = np.array([1, 2, 3, 4, 4, 6]), np.array([True, False, True, True, False, True])
ANSWERS = {
    **{
        name: lambda f: f(TABLE)
        for name in ("friedman", "quade", "page_trend", "kendall_w", "durbin", "skillings_mack")
    },
    **{name: lambda f: f(TABLE) for name in ("friedman_pairwise", "relative_effects", "cumulative_link_mixed_model")},
    "cochran_q": lambda f: f(TABLE > 1),
    "mixed_model": lambda f: f(TABLE, covariance="random_intercept"),
    "grouped_relative_effects": lambda f: f(TABLE, np.arange(9) % 2),
    "max_t": lambda f: f({"strength": AFTER - BEFORE}),
    **{name: lambda f: f(BEFORE) for name in ("describe", "median_interval", "quartiles")},
    "quantile": lambda f: f(BEFORE, np.array([0.25, 0.5])),
    **{name: lambda f: f(BEFORE, AFTER) for name in ("signed_rank", "sign_test", "hodges_lehmann", "rank_biserial")},
    **{
        name: lambda f: f(BEFORE, AFTER)
        for name in ("standardized_response_mean", "paired_t", "rank_sum", "rank_sum_shift")
    },
    **{name: lambda f: f(np.int64(3), np.int64(9)) for name in ("clopper_pearson", "wilson", "jeffreys", "mid_p")},
    "binomial_test": lambda f: f(np.int64(3), np.int64(9)),
    "poisson_rate": lambda f: f(np.int64(3), np.float64(2)),
    "rate_ratio": lambda f: f(np.int64(3), np.float64(2), np.int64(1), np.float64(2)),
    **{name: lambda f: f(COUNTS, YEARS) for name in ("negative_binomial_rate", "patient_bootstrap_rate")},
    **{name: lambda f: f(TWO_BY_TWO) for name in ("mcnemar", "mcnemar_exact", "mcnemar_mid_p", "fisher_exact")},
    **{name: lambda f: f(TWO_BY_TWO) for name in ("boschloo", "barnard", "chi_square", "paired_difference_tango")},
    "paired_difference_newcombe": lambda f: f(TWO_BY_TWO),
    **{name: lambda f: f(TIMES, EVENTS) for name in ("kaplan_meier", "first_event_incidence")},
    "kaplan_meier_median": lambda f: f(statistics.kaplan_meier(TIMES, EVENTS)),
    "restricted_mean": lambda f: f(TIMES, EVENTS, np.float64(3)),
    "log_rank": lambda f: f(TIMES, EVENTS, np.arange(6) % 2),
    "turnbull": lambda f: f(TIMES, TIMES + 2),
    "pooled_proportion": lambda f: f(np.array([5, 8, 12]), np.array([7, 20, 18])),
    "rubin_pool": lambda f: f(np.array([1.0, 1.4, 1.2]), np.full(3, 0.25)),
    "adjust_p": lambda f: f(np.array([0.01, 0.2]), "holm"),
    "friedman_critical_value": lambda f: f(np.int64(7), 3),
}


SEEDED = ("friedman", "quade", "durbin", "skillings_mack", "kendall_w", "cochran_q")


def leaves(value):
    if dataclasses.is_dataclass(value):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, (list, tuple)):
        return {kind for part in value for kind in leaves(part)}
    return {type(value)}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_arrays_of_any_kind_go_in_and_plain_numbers_come_out(name):
    assert leaves(ANSWERS[name](getattr(statistics, name))) <= {float, int, str, bool, type(None)}


@pytest.mark.parametrize(
    "name", [name for name in sorted(METHODS) if "p" in inspect.signature(getattr(statistics, name)).parameters]
)
def test_a_method_that_offers_ways_to_its_p_offers_those_of_its_record(name):
    function, ways = getattr(statistics, name), METHODS[name].inference
    sample = (
        (TIMES, EVENTS, np.arange(6) % 2) if name == "log_rank" else (BEFORE, AFTER) if "rank" in name else (TABLE,)
    )
    sample = (TABLE > 1,) if name == "cochran_q" else sample
    for way in get_args(statistics.PKind):
        asked = {"p": way} | ({"resamples": 200} if way == "monte_carlo" else {})
        if way in ways:
            assert function(*sample, **asked).p_kind == way
        else:
            with pytest.raises((StatisticsError, TypeError)):
                function(*sample, **asked)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_answer_reaches_its_p_as_the_record_of_its_method_says(name):
    answer, method = ANSWERS[name](getattr(statistics, name)), METHODS[name]
    reached = getattr(answer, "p_kind", None)
    assert reached is None or reached in method.inference
    if reached == "exact":
        assert answer.smallest_p is not None
        assert method.smallest_p
    if isinstance(answer, statistics.HypothesisTest | statistics.IntervalEstimate):
        assert method.inference


@pytest.mark.parametrize("name", SEEDED)
def test_a_drawn_p_keeps_plain_numbers_however_its_seed_was_given(name):
    drawn = getattr(statistics, name)(TABLE > 1, "monte_carlo", seed=np.int64(4), resamples=np.int64(200))
    assert leaves(drawn) <= {float, int, str, bool, type(None)}
    assert drawn.seed == 4


def test_the_methods_whose_answers_are_no_records_of_numbers_are_these():
    # Data come out of multiple imputation; tipping points are of such data.
    completed = {"observed_case", "complete_case", "non_responder", "last_observation", "worst_case", "best_case"}
    imputed = {"multiple_imputation", "tipping_point", "responder_tipping_point"}
    assert set(METHODS) - set(ANSWERS) <= completed | imputed
