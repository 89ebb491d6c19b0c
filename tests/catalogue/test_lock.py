"""A changed rule with an unchanged version fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from myosotis.core.definition import Range, fingerprint
from myosotis.errors import DataError
from myosotis.measures import printo_inactive_disease_2013
from myosotis.measures.catalogue import fingerprints
from myosotis.measures.lock import broken, lock_text, main, read_lock

LOCK = Path(__file__).parents[2] / "definitions.lock"


def test_the_catalogue_agrees_with_the_lock():
    assert broken(read_lock(LOCK.read_text(encoding="utf-8")), fingerprints()) == []


def test_the_lock_reads_back_as_the_catalogue():
    assert read_lock(lock_text()) == dict(fingerprints())


@pytest.mark.parametrize(
    ("locked", "now", "said"),
    [
        ({"a": ("1", "x")}, {"a": ("1", "x")}, []),
        ({"a": ("1", "x")}, {"a": ("1", "y")}, ["give it a new version"]),
        ({"a": ("1", "x")}, {"a": ("2", "y")}, ["write it anew"]),
        ({"a": ("1", "x")}, {}, ["no longer in the catalogue"]),
        ({}, {"a": ("1", "x")}, ["not in the lock"]),
    ],
)
def test_what_disagrees_is_said(locked, now, said):
    problems = broken(locked, now)
    assert len(problems) == len(said)
    assert all(word in problem for word, problem in zip(said, problems, strict=True))


def test_a_changed_bound_and_a_changed_range_change_the_fingerprint_and_wording_does_not():
    measure = printo_inactive_disease_2013
    before = measure.fingerprint
    stricter = replace(measure, rule=lambda visit: measure.rule(visit=replace(visit, target=visit.target)))
    assert stricter.fingerprint == before
    from myosotis.measures import inactive_disease_wang_2022

    assert replace(measure, rule=inactive_disease_wang_2022.rule).fingerprint != before
    definition = measure.definition
    assert fingerprint(replace(definition, note="other words"), "rule") == fingerprint(definition, "rule")
    assert fingerprint(replace(definition, range=Range(low=0)), "rule") != fingerprint(definition, "rule")


def test_the_lock_is_not_overwritten_when_a_rule_changed_under_its_version(tmp_path, capsys):
    path = tmp_path / "definitions.lock"
    assert main([str(path)]) == 0
    assert path.read_text(encoding="utf-8") == lock_text()
    changed = lock_text().replace(fingerprints()["cmas"][1], "0" * 16)
    path.write_text(changed, encoding="utf-8")
    assert main([str(path)]) == 1
    assert "cmas" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == changed
    assert main([]) == 2


def test_a_line_that_is_no_entry_is_refused():
    with pytest.raises(DataError, match="line 2"):
        read_lock("# header\ncmas 1\n")
