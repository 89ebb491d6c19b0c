"""Printed text: rounding on decimal digits, p-values that do not mislead, and one function a format."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myosotis.errors import ProtocolError, UsageError
from myosotis.presentation.layout import Cell
from myosotis.report import format as printed
from myosotis.report.cells import FORMATS, render_cell
from myosotis.results import ResultRow
from myosotis.statistics import describe

MINUS, THIN, SPACE = "\u2212", "\u202f", "\u00a0"

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def row(number, *, statistic="estimate", status="ok", note="", unit="", **keys):
    made = ResultRow(
        study="s", analysis="a", statistic=statistic, number=number, provenance_id="p", status=status, note=note,
        unit=unit, **keys,
    )  # fmt: skip
    return {"result_id": made.id, **{name: getattr(made, name) for name in made.__slots__}}


def cell(name, *rows, decimals=None, others=()):
    results = {r["result_id"]: r for r in (*rows, *others)}
    return render_cell(Cell(format=name, results=[r["result_id"] for r in rows], decimals=decimals), results)


def numbers(*values, **keys):
    return [row(value, level=str(i), **keys) for i, value in enumerate(values)]


NONE = {"number": None, "status": "not_estimable", "note": "All values are tied."}


# --- rounding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2.675, 2, "2.68"),  # the binary float lies below 2.675, its shortest text does not
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),  # half to even would give 2
        (-2.5, 0, MINUS + "3"),
        (-1.25, 1, MINUS + "1.3"),
        (-0.04, 1, "0.0"),  # no negative zero
        (-0.0, 2, "0.00"),
        (9.995, 2, "10.00"),
        (2.8275, 3, "2.828"),
        (1e22, 1, "10000000000000000000000.0"),  # more digits than a decimal context holds
        (5e-324, 3, "0.000"),
        (7.25, 1, "7.3"),  # a quartile of a score with half steps
    ],
)
def test_numbers_round_half_away_from_zero_on_their_decimal_digits(value, decimals, text):
    assert printed.number(value, decimals) == text


def half_away(exact: Fraction, decimals: int) -> Decimal:
    steps = int(abs(exact) * 10**decimals + Fraction(1, 2))
    return Decimal(steps if exact > 0 else -steps).scaleb(-decimals)


def read(text: str) -> Decimal:
    assert not text.startswith(MINUS) or any(digit in text for digit in "123456789")  # no negative zero
    return Decimal(text.replace(MINUS, "-"))


@given(FINITE, st.integers(0, 15))
def test_a_number_is_printed_within_half_a_step_of_its_shortest_decimal_text(value, decimals):
    text = printed.number(value, decimals)
    away = abs(Fraction(read(text)) - Fraction(Decimal(repr(value))))
    step = Fraction(1, 10**decimals)
    assert away <= step / 2 + step / 1000  # a value next to a half may stand for the half
    assert len(text.partition(".")[2]) == decimals


RECORDED = st.tuples(st.integers(-9_999_999, 9_999_999), st.integers(0, 3)).map(lambda t: Fraction(t[0], 10 ** t[1]))


@given(st.lists(RECORDED, min_size=1, max_size=9), st.integers(0, 3))
def test_medians_and_means_of_recorded_decimals_print_as_those_worked_out_by_hand(recorded, decimals):
    floats = [float(one) for one in recorded]
    found = describe(floats, 6)
    assert read(printed.number(found.median, decimals)) == half_away(exact_median(recorded), decimals)
    assert read(printed.number(found.mean, decimals)) == half_away(sum(recorded) / len(recorded), decimals)


@given(RECORDED, RECORDED, st.integers(0, 3))
def test_differences_of_recorded_decimals_print_as_those_worked_out_by_hand(now, before, decimals):
    assert read(printed.number(float(now) - float(before), decimals)) == half_away(now - before, decimals)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 1))
def test_a_computed_proportion_prints_as_its_fraction_does(pair, decimals):
    share = Fraction(*pair)
    for computed in (pair[0] / pair[1], 1 - (pair[1] - pair[0]) / pair[1]):
        text = printed.percent(computed, decimals)
        if text[0] not in "<>":
            assert read(text) == half_away(100 * share, decimals)


def test_a_half_that_binary_arithmetic_left_a_hair_below_is_a_half():
    assert printed.number((8.1 + 8.2) / 2, 1) == "8.2"
    assert printed.number((2.3 + 2.4) / 2, 1) == "2.4"
    assert printed.number(2.5 - 2.35, 1) == "0.2"
    assert printed.number(2.35 - 2.5, 1) == MINUS + "0.2"
    assert printed.number(100000.35 - 100000.3, 1) == "0.1"
    assert printed.number((1e10 + 0.1 + 1e10 + 0.2) / 2, 1) == "10000000000.2"
    assert printed.percent(1 - 0.885) == "12"
    assert printed.number(0.1499, 1) == "0.1"


def exact_median(values: list[Fraction]) -> Fraction:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


@given(FINITE)
def test_the_exact_text_reads_back_as_the_same_float(value):
    assert float(printed.exact(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_printed_as_one(value):
    for write in (printed.number, printed.integer, printed.percent, printed.p_value):
        with pytest.raises(UsageError):
            write(value)


@pytest.mark.parametrize("decimals", [-1, 16])
def test_decimals_beyond_a_float_are_refused(decimals):
    with pytest.raises(UsageError, match="0 to 15"):
        printed.number(1.0, decimals)


def test_whole_numbers_are_grouped_from_ten_thousand_and_a_fraction_is_refused():
    assert [printed.integer(v) for v in (0.0, 20, 9999, 10_000, 10_482_113, -12)] == [
        "0", "20", "9999", f"10{THIN}000", f"10{THIN}482{THIN}113", MINUS + "12",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="not one"):
        printed.integer(19.5)


# --- percentages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (15, 20, "75"),
        (1, 8, "13"),  # 12.5 away from zero
        (1, 99, "1"),
        (1, 100, "1.0"),  # one decimal from a total of 100 on
        (0, 160, "0.0"),
        (160, 160, "100.0"),
        (1, 3000, "<0.1"),
        (2999, 3000, ">99.9"),
        (0, 20, "0"),
        (20, 20, "100"),
    ],
)
def test_percentages_follow_the_size_of_the_total(count, total, text):
    assert printed.percent_of(count, total) == text


@given(st.integers(1, 5000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_percentage_is_within_half_a_step_and_says_none_or_all_only_when_true(pair):
    count, total = pair
    text = printed.percent_of(count, total)
    step = Fraction(1) if total < 100 else Fraction(1, 10)
    share = Fraction(100 * count, total)
    if text[0] == "<":
        assert 0 < share < Fraction(text[1:])
    elif text[0] == ">":
        assert Fraction(text[1:]) < share < 100
    else:
        assert abs(Fraction(text) - share) <= step / 2
        assert (Fraction(text) == 0) == (count == 0)
        assert (Fraction(text) == 100) == (count == total)


def test_a_percentage_of_nobody_or_of_more_than_all_is_refused():
    with pytest.raises(UsageError, match="total above 0"):
        printed.percent_of(0, 0)
    with pytest.raises(UsageError, match="outside 0 to 1"):
        printed.percent_of(21, 20)
    with pytest.raises(UsageError, match="outside 0 to 1"):
        printed.percent(-0.01)


# --- p-values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "<0.001"),
        (0.00099999, "<0.001"),
        (0.001, "0.001"),
        (0.0228, "0.023"),
        (0.04937, "0.049"),
        (0.0496, "0.0496"),
        (0.04999, "0.04999"),
        (0.0499996, "0.0499996"),
        (0.05, "0.050"),
        (0.0504, "0.0504"),
        (0.05000000000000001, "0.05000000000000001"),
        (0.0505, "0.051"),
        (0.9994, "0.999"),
        (0.9995, ">0.999"),
        (1.0, ">0.999"),
    ],
)
def test_p_values(value, text):
    assert printed.p_value(value) == text


@given(st.floats(0, 1))
def test_a_p_value_reads_back_within_its_digits_and_on_its_side_of_five_percent(value):
    text = printed.p_value(value)
    p = Decimal(repr(value))
    if text.startswith("<"):
        assert p < Decimal("0.001")
        assert text == "<0.001"
    elif text.startswith(">"):
        assert p > Decimal("0.999")
    else:
        shown = Decimal(text)
        assert abs(shown - p) <= Decimal("0.501").scaleb(shown.as_tuple().exponent)
        assert (shown < Decimal("0.05")) == (p < Decimal("0.05"))
        assert (shown == Decimal("0.05")) == (p == Decimal("0.05"))


@pytest.mark.parametrize("value", [-1e-9, 1.0000001])
def test_a_p_value_outside_its_range_is_refused(value):
    with pytest.raises(UsageError, match="outside 0 to 1"):
        printed.p_value(value)


# --- formats of cells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "decimals", "text"),
    [
        ("integer", [20.0], None, "20"),
        ("number", [2.8275], 3, "2.828"),
        ("number", [2.85], None, "2.9"),
        ("median_iqr", [6.0, 4.0, 7.25], 1, "6.0 [4.0, 7.3]"),
        ("median_iqr", [-1.0, -2.5, 0.0], 1, f"{MINUS}1.0 [{MINUS}2.5, 0.0]"),
        ("mean_sd", [7.84, 3.96], 1, "7.8 (SD 4.0)"),
        ("range", [0.0, 9.0], 0, "0 to 9"),
        ("n_of_total", [15.0, 20.0], None, "15/20 (75%)"),
        ("n_of_total", [0.0, 0.0], None, "0/0"),
        ("n_of_total", [37.0, 160.0], None, "37/160 (23.1%)"),
        ("count_range", [0.0, 3.0], None, "0 to 3"),
        ("n_of_total_interval", [0.0, 18.0, 0.0, 0.185, 2.0], None, "0/18 (0%; 0 to 19); up to 2"),
        ("rate_interval", [12.5, 3.0, 40.25, 10.0, 13.0], 1, "12.5 (3.0 to 40.3); possible 10.0 to 13.0"),
        ("n_of_total_open", [12.0, 18.0, 2.0, 14.0], None, "12/18 (67%); 14 if both open patients count"),
        ("n_of_total_open", [12.0, 19.0, 1.0, 13.0], None, "12/19 (63%); 13 if the open patient counts"),
        ("n_of_total_open", [0.0, 0.0, 3.0, 3.0], None, "0/0; 3 if all 3 open patients count"),
        ("n_of_total_interval", [15.0, 20.0, 0.509, 0.913], None, "15/20 (75%; 51 to 91)"),
        ("n_of_total_interval", [0.0, 160.0, 0.0, 0.0228], None, "0/160 (0.0%; 0.0 to 2.3)"),
        ("n_of_total_interval", [0.0, 0.0, 0.0, 1.0], None, "0/0"),
        ("percent", [0.145], 0, "15%"),
        ("percent", [0.145], 1, "14.5%"),
        ("percent_interval", [0.75, 0.509, 0.913], 0, "75% (51 to 91)"),
        ("p_value", [0.0228], None, "0.023"),
        ("p_value", [0.0002], None, "<0.001"),
        ("p_equals", [0.0228], None, f"p{SPACE}={SPACE}0.023"),
        ("p_equals", [0.0002], None, f"p{SPACE}<{SPACE}0.001"),
        ("p_equals", [1.0], None, f"p{SPACE}>{SPACE}0.999"),
        ("interval", [-6.25, -18.5, 3.0], 1, f"{MINUS}6.3 ({MINUS}18.5 to 3.0)"),
        ("count_events", [26.0, 10.0], None, "26 events in 10 patients"),
        ("count_events", [1.0, 1.0], None, "1 event in 1 patient"),
        ("count_events", [0.0], None, "0 events"),
        ("rate_interval", [2.8166, 1.84, 4.127], 2, "2.82 (1.84 to 4.13)"),
    ],
)  # fmt: skip
def test_each_format(name, values, decimals, text):
    assert cell(name, *numbers(*values), decimals=decimals).text == text


def test_every_format_is_tested():
    tested = next(m for m in test_each_format.pytestmark if m.name == "parametrize").args[1]
    assert {case[0] for case in tested} == set(FORMATS)


def test_a_bare_proportion_takes_its_decimals_from_its_total():
    share, total = row(0.14375, statistic="proportion"), row(160.0, statistic="total")
    assert cell("percent", share, others=[total], decimals=0).text == "14.4%"
    small = row(20.0, statistic="n")
    assert cell("percent", share, others=[small], decimals=1).text == "14%"


def test_each_number_of_a_cell_names_its_own_result():
    count, total, low, high = rows = numbers(15.0, 20.0, 0.509, 0.913)
    shown = cell("n_of_total_interval", *rows)
    assert [(p.text, p.result_id) for p in shown.parts if p.result_id] == [
        ("15", count["result_id"]), ("20", total["result_id"]), ("75%", count["result_id"]),
        ("51", low["result_id"]), ("91", high["result_id"]),
    ]  # fmt: skip
    assert shown.result_ids == tuple(r["result_id"] for r in rows)


def test_the_title_holds_the_number_before_rounding_with_its_unit():
    assert cell("number", row(2.8275, unit="points")).title == "2.8275 points"


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_first_result_without_a_value_prints_as_not_estimable_with_its_note(name):
    count = max(FORMATS[name][0])
    shown = cell(name, row(**NONE), *numbers(*[1.0] * (count - 1)))
    assert shown.text == ("p not estimable" if name == "p_equals" else "not estimable")
    assert shown.status == "not_estimable"
    assert shown.title == "All values are tied."


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_any_suppressed_result_hides_the_whole_cell(name):
    count = max(FORMATS[name][0])
    hidden = row(None, status="suppressed", note="Fewer than five patients.", level="hidden")
    shown = cell(name, *numbers(*[1.0] * (count - 1)), hidden)
    assert (shown.text, shown.status) == ("suppressed", "suppressed")


def test_missing_bounds_leave_the_number_and_are_named():
    low, high = (row(**NONE, level=name) for name in ("low", "high"))
    number = row(3.0)
    assert cell("median_iqr", number, low, high).text == "3.0 [quartiles not estimable]"
    assert cell("interval", number, low, high).text == "3.0 (interval not estimable)"
    assert cell("interval", number, row(1.0, level="b"), high).text == "3.0 (1.0 to not estimable)"
    assert cell("interval", number, low, high).notes == ("All values are tied.",)


def test_a_failed_statistic_never_shows_a_number_it_may_carry():
    assert cell("number", row(3.0, status="failed", note="No convergence.")).text == "not estimable"


def test_text_is_printed_as_it_is_unless_suppressed():
    assert render_cell(Cell(format="text", text="0 to 9", results=[]), {}).text == "0 to 9"
    hidden = row(None, status="suppressed", note="Fewer than five patients.", text="secret")
    assert cell("text", hidden).text == "suppressed"


def test_cells_that_ask_for_what_is_not_there_are_refused():
    with pytest.raises(ProtocolError, match="does not hold"):
        render_cell(Cell(format="integer", results=["feed"]), {})
    with pytest.raises(ProtocolError, match="takes 3 results, 1 are given"):
        cell("median_iqr", row(1.0))
