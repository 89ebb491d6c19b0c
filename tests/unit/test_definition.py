"""A definition is complete or refused, its range is exact at the edges, and a changed rule shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from myosotis.core.catalogue import Catalogue, nearest_names
from myosotis.core.definition import Citation, Definition, Example, Range, fingerprint
from myosotis.errors import ProtocolError, UnknownNameError

CITATION = Citation(text="Huber AM, et al. Arthritis Rheum 2004.", doi="10.1002/art.20179", place="Table 2")
CMAS = Definition(
    key="cmas", version="1", kind="score", label="Childhood Myositis Assessment Scale", citations=(CITATION,),
    missing="not evaluable", unit="points", range=Range(low=0, high=52, step=1), direction="higher is better",
)  # fmt: skip


class TestRange:
    @pytest.mark.parametrize(
        ("bounds", "inside", "outside"),
        [
            (Range(low=0, high=52), [0, 52, 26.5], [-1e-12, 52.0000001]),
            (Range(low=0, high=52, low_included=False), [1e-300, 52], [0, -1]),
            (Range(low=0, high=52, high_included=False), [0, 51.999], [52, 53]),
            (Range(low=0), [0, 1e300], [-1]),
            (Range(high=0), [0, -1e300], [1]),
            (Range(), [-1e300, 0, 1e300], []),
        ],
    )
    def test_edges_are_where_it_says(self, bounds, inside, outside):
        assert all(bounds.contains(value) for value in inside)
        assert not any(bounds.contains(value) for value in outside)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
    def test_what_is_not_finite_is_nowhere(self, value):
        assert not Range().contains(value)
        assert not Range(step=1).on_grid(value)

    @pytest.mark.parametrize(
        ("bounds", "on", "off"),
        [
            (Range(low=0, step=1), [0, 1, 52], [0.5, 1.001]),
            (Range(low=0, step=0.1), [0.1, 0.3, 0.7, 0.1 * 3], [0.25]),
            (Range(low=1, step=2), [1, 3, 5], [2, 4]),
            (Range(low=0, high=3, step=0.125), [0.125, 2.875], [0.1]),
            (Range(low=0, step=0.01), [1234567.89], [1234567.895]),
            (Range(low=0), [0.123456], []),
        ],
    )
    def test_the_grid_starts_at_the_lower_bound(self, bounds, on, off):
        assert all(bounds.on_grid(value) for value in on)
        assert not any(bounds.on_grid(value) for value in off)

    @pytest.mark.parametrize(
        ("bounds", "text"),
        [
            (Range(), "any number"), (Range(low=0), "0 or more"), (Range(low=0, low_included=False), "more than 0"),
            (Range(high=9), "up to 9"), (Range(high=9, high_included=False), "less than 9"),
            (Range(low=-1, high=1), "−1 to 1"), (Range(low=0, high=52, step=1), "0 to 52, in steps of 1"),
            (Range(low=0, high=1, low_included=False, high_included=False), "0 to 1, 0 excluded, 1 excluded"),
        ],
    )  # fmt: skip
    def test_it_reads_aloud(self, bounds, text):
        assert str(bounds) == text


class TestDefinition:
    @pytest.mark.parametrize("name", ["key", "version", "label", "citations", "missing"])
    def test_what_every_definition_states_cannot_be_left_out(self, name):
        with pytest.raises(ProtocolError, match=f"has no {name}"):
            replace(CMAS, **{name: () if name == "citations" else ""})

    @pytest.mark.parametrize("left_out", [{"unit": ""}, {"range": None}])
    def test_a_number_has_unit_and_range(self, left_out):
        with pytest.raises(ProtocolError, match="without unit or range"):
            replace(CMAS, **left_out)

    def test_a_truth_needs_neither(self):
        assert replace(CMAS, type="yes or no", unit="", range=None).unit == ""

    def test_a_citation_prints_text_place_and_doi(self):
        assert str(CITATION) == "Huber AM, et al. Arthritis Rheum 2004, Table 2, doi:10.1002/art.20179"


class TestFingerprint:
    def test_wording_does_not_change_it(self):
        example = Example(inputs={"cmas": 1}, expected=1)
        for change in (
            {"label": "CMAS"},
            {"note": "n"},
            {"citations": (Citation(text="x"),)},
            {"examples": (example,)},
        ):
            assert fingerprint(replace(CMAS, **change), "sum") == fingerprint(CMAS, "sum")

    @pytest.mark.parametrize(
        "change",
        [{"key": "x"}, {"version": "2"}, {"kind": "formula"}, {"missing": "zero"}, {"unit": "1"}, {"analyte": "x"},
         {"range": Range(low=0, high=51, step=1)}, {"direction": "neither"}, {"type": "text"}],
    )  # fmt: skip
    def test_what_can_change_a_value_changes_it(self, change):
        assert fingerprint(replace(CMAS, **change), "sum") != fingerprint(CMAS, "sum")

    def test_the_rule_changes_it(self):
        assert fingerprint(CMAS, "sum of items") != fingerprint(CMAS, "mean of items")
        assert len(fingerprint(CMAS, "sum")) == 16


class TestCatalogue:
    CATALOGUE = Catalogue.of(replace(CMAS, key="mmt8"), CMAS)

    def test_definitions_come_in_key_order_and_by_key(self):
        assert [definition.key for definition in self.CATALOGUE] == ["cmas", "mmt8"]
        assert self.CATALOGUE["cmas"] is CMAS
        assert "cmas" in self.CATALOGUE
        assert "ck" not in self.CATALOGUE
        assert len(self.CATALOGUE) == 2

    def test_a_wrong_key_names_the_nearest(self):
        with pytest.raises(UnknownNameError, match="no 'cmass'; did you mean 'cmas'"):
            self.CATALOGUE["cmass"]
        with pytest.raises(UnknownNameError, match="known are cmas, mmt8"):
            self.CATALOGUE["weight"]

    def test_two_definitions_of_one_key_are_refused(self):
        with pytest.raises(ProtocolError, match="two definitions have the key 'cmas'"):
            Catalogue.of(CMAS, replace(CMAS, version="2"))

    def test_an_empty_catalogue_says_so(self):
        assert nearest_names("x", []) == "none is known"
