"""The study of primary biliary cholangitis, whose definitions are its own, against a second reading of its files."""

from __future__ import annotations

import csv
import statistics
from pathlib import Path

import pytest
from scipy.stats import friedmanchisquare

from myosotis.loading import load_protocol
from myosotis.measures.catalogue import catalogue
from myosotis.protocol import Protocol
from myosotis.run import run_study

STUDY = Path(__file__).parents[2] / "examples" / "primary_biliary_cholangitis"
# The visits as the protocol has them: target, first and last day.
WINDOWS = {
    "month 0": (0, -30, 30), "month 6": (183, 93, 273), "year 1": (365, 274, 456), "year 2": (731, 549, 913),
    "year 3": (1096, 914, 1278),
}  # fmt: skip


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return run_study(STUDY, tmp_path_factory.mktemp("pbc") / "out")


@pytest.fixture(scope="module")
def patients():
    """Read the visits once more, by the standard library alone: the day of each from its years."""
    found = {}
    with (STUDY / "data" / "visits.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = int(float(row["year"]) * 365.25 + 0.5)
            found.setdefault(row["id"], []).append((day, row))
    return found


def at(visits, window, column):
    """Give the value nearest to the target among those that are there, the earlier of two as near."""
    target, first, last = WINDOWS[window]
    there = [(abs(day - target), day, row[column]) for day, row in visits if first <= day <= last and row[column]]
    return min(there)[2] if there else None


def number(bundle, **keys):
    rows = [row for row in bundle.results.to_pylist() if all(row[name] == value for name, value in keys.items())]
    assert len(rows) == 1, rows
    return rows[0]["number"]


def test_everybody_is_read_and_nothing_is_lost(bundle):
    assert number(bundle, analysis="flow", variable="included") == 312
    assert not [row for row in bundle.checks.to_pylist() if row["severity"] == "error"]
    assert all(one["rejected"] == 0 for one in bundle.manifest["ledger"])


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("endpoint", "column", "factor"), [
    ("bilirubin", "serBilir", 17.104), ("albumin", "albumin", 10), ("prothrombin_time", "prothrombin", 1),
])  # fmt: skip
def test_number_and_median_at_each_visit(bundle, patients, window, endpoint, column, factor):
    values = [
        float(value) * factor for visits in patients.values() if (value := at(visits, window, column)) is not None
    ]
    common = {"analysis": "laboratory", "endpoint": endpoint, "variable": "value", "visit": window}
    assert number(bundle, **common, statistic="n") == len(values)
    assert number(bundle, **common, statistic="median") == pytest.approx(statistics.median(values), rel=1e-12)


@pytest.mark.parametrize(("endpoint", "column"), [("bilirubin", "serBilir"), ("albumin", "albumin")])
def test_friedman_of_those_seen_at_every_visit(bundle, patients, endpoint, column):
    rows = [[at(visits, window, column) for window in WINDOWS] for visits in patients.values()]
    whole = [[float(value) for value in row] for row in rows if None not in row]
    expected = friedmanchisquare(*zip(*whole, strict=True))
    common = {"analysis": "laboratory", "endpoint": endpoint, "variable": "test", "visit": "", "comparison": ""}
    chi = [row for row in bundle.results.to_pylist() if row["statistic"] == "statistic"
           and all(row[name] == value for name, value in common.items())]  # fmt: skip
    assert [row["number"] for row in chi] == [pytest.approx(expected.statistic, rel=1e-9)]
    assert len(whole) > 100


@pytest.mark.parametrize("window", list(WINDOWS)[1:])
def test_how_many_doubled_their_bilirubin(bundle, patients, window):
    pairs = [(at(visits, "month 0", "serBilir"), at(visits, window, "serBilir")) for visits in patients.values()]
    known = [(float(before), float(now)) for before, now in pairs if before and now]
    common = {"analysis": "doubled", "visit": window, "level": "yes"}
    assert number(bundle, **common, statistic="total") == len(known)
    assert number(bundle, **common, statistic="count") == sum(now >= 2 * before - 1e-9 for before, now in known)


@pytest.mark.parametrize("window", list(WINDOWS)[1:])
def test_who_is_decompensated_by_the_study_s_own_measure(bundle, patients, window):
    verdicts = []
    for visits in patients.values():
        ascites, edema = at(visits, window, "ascites"), at(visits, window, "edema")
        told = [
            None if ascites is None else ascites == "Yes",
            None if edema is None else edema == "edema despite diuretics",
        ]
        verdicts.append(True if True in told else None if None in told else False)
    common = {"analysis": "decompensated", "visit": window, "level": "yes"}
    assert number(bundle, **common, statistic="count") == sum(one is True for one in verdicts)
    assert number(bundle, **common, statistic="total") == sum(one is not None for one in verdicts)


def test_signs_of_liver_disease_at_the_start(bundle, patients):
    counts = []
    for visits in patients.values():
        signs = [at(visits, "month 0", column) for column in ("ascites", "hepatomegaly", "spiders", "edema")]
        if None not in signs:
            counts.append(sum(sign == "Yes" for sign in signs[:3]) + (signs[3] != "No edema"))
    common = {"analysis": "signs", "endpoint": "liver_signs", "variable": "value", "visit": "month 0"}
    assert number(bundle, **common, statistic="n") == len(counts)
    assert number(bundle, **common, statistic="median") == statistics.median(counts)


def test_nobody_has_a_visit_that_counts_after_death(bundle):
    """All 140 deaths end a follow-up; they come from the events, since the file holds one column for all three ends."""
    told = [row for row in bundle.checks.to_pylist() if row["rule"] == "fatal event without a day of death"]
    assert [row["severity"] for row in told] == ["note"]
    assert "140 times" in told[0]["message"]


def test_its_own_definitions_are_in_the_bundle_with_rule_source_and_fingerprint(bundle):
    found = {row["key"]: row for row in bundle.definitions.to_pylist()}
    own = [key for key in found if key not in catalogue()]
    assert sorted(own) == [
        "alkaline_phosphatase", "ascites", "decompensated", "hepatomegaly", "histologic_stage", "liver_signs", "oedema",
        "oedema_despite_diuretics", "prothrombin_time", "spider_naevi",
    ]  # fmt: skip
    assert found["decompensated"]["sentence"].startswith("any of these holds: ")
    assert "Murtaugh" in found["prothrombin_time"]["citation"]
    assert len({found[key]["fingerprint"] for key in own}) == len(own)


def test_the_protocol_with_its_definitions_says_the_same_in_every_form(tmp_path):
    protocol = load_protocol(STUDY)
    assert Protocol.from_json(protocol.to_json()) == protocol
    assert Protocol.from_toml(protocol.to_toml()) == protocol
    assert "decompensated.at(month_6)" in protocol.to_toml() or "decompensated.at(Visit())" in protocol.to_toml()
    (tmp_path / "protocol.py").write_text(protocol.to_python(), encoding="utf-8")
    assert load_protocol(tmp_path) == protocol
