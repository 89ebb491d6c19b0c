"""What is not exactly known: a rule is settled exactly when every completion agrees, on both evaluators."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.language.evaluate import evaluate
from myosotis.language.evaluate_patient import evaluate_patient
from myosotis.language.record import records
from myosotis.model.dataset import Dataset

_SPEC = importlib.util.spec_from_file_location("inexact_records", Path(__file__).with_name("inexact_records.py"))
made = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)

few = settings(max_examples=30, deadline=None)


def data_of(people):
    """Write invented patients, named by their place, as a data set."""
    rows = [made.tables(name, one) for name, one in people.items()]
    return Dataset.of(
        patients=[row[0] for row in rows],
        treatments=[one for row in rows for one in row[1]],
        observations=[one for row in rows for one in row[2]],
        conditions=[one for row in rows for one in row[3]],
    )


def judged(nodes, data):
    found = {record.patient_id: record for record in records(data, made.INDEX)}
    return {
        name: {patient: evaluate_patient(node, record) for patient, record in found.items()}
        for name, node in nodes.items()
    }


def numbered(prefix, things):
    return {f"{prefix}{i}": one for i, one in enumerate(things)}


def with_completions(people):
    """Keep the patients whose completions can be listed, and name these after them."""
    full = {name: made.completions(one) for name, one in people.items()}
    kept = {name: one for name, one in people.items() if full[name]}
    return kept, {name: numbered(f"{name} ", full[name]) for name in kept}


@given(
    people=st.lists(made.patients(), min_size=1, max_size=6),
    criteria=st.lists(made.CRITERIA, min_size=1, max_size=6),
    values=st.lists(made.VALUES, min_size=1, max_size=4),
)
@few
def test_nothing_is_settled_that_a_completion_could_change(people, criteria, values):
    kept, full = with_completions(numbered("p", people))
    nodes = numbered("c", criteria) | numbered("v", values)
    vague = judged(nodes, data_of(kept))
    exact = judged(nodes, data_of({name: one for each in full.values() for name, one in each.items()}))
    for name, node in nodes.items():
        for patient in kept:
            mine, theirs = vague[name][patient], {exact[name][one].result for one in full[patient]}
            if mine.result is not None:
                close = {None if one is None else round(one, 9) for one in theirs}
                assert close == {round(mine.result, 9)}, node
            for number in theirs - {None} if name.startswith("v") else ():
                low, high = mine.interval.low, mine.interval.high
                assert low is None or low <= number + 1e-9, node
                assert high is None or number - 1e-9 <= high, node
            if name.startswith("v") and mine.interval.recorded is not None:
                # Beyond the last contact a number stays open in every completion, though there is one.
                assert {exact[name][one].interval.recorded for one in full[patient]} == {mine.interval.recorded}, node


@given(
    people=st.lists(made.nearly_exact_patients(), min_size=3, max_size=8),
    criteria=st.lists(made.leaf_criteria(), min_size=4, max_size=12),
)
@settings(max_examples=60, deadline=None)
def test_a_question_of_one_inexact_thing_is_open_only_when_its_completions_differ(people, criteria):
    kept, full = with_completions(numbered("p", people))
    nodes = numbered("c", criteria)
    vague = judged(nodes, data_of(kept))
    exact = judged(nodes, data_of({name: one for each in full.values() for name, one in each.items()}))
    for name, node in nodes.items():
        for patient, one in kept.items():
            theirs = {exact[name][full_one].result for full_one in full[patient]}
            expected = theirs.pop() if len(theirs) == 1 else None
            assert vague[name][patient].result == expected, (node, one)


@given(
    people=st.lists(made.patients(), min_size=4, max_size=10),
    criteria=st.lists(made.CRITERIA, min_size=6, max_size=10),
    values=st.lists(made.VALUES, min_size=4, max_size=8),
    categories=st.lists(made.CATEGORIES, min_size=1, max_size=2),
)
@settings(max_examples=15, deadline=None)
def test_the_engine_and_plain_python_say_the_same_of_generated_expressions(people, criteria, values, categories):
    nodes = numbered("c", criteria) | numbered("v", values) | numbered("k", categories)
    data = data_of(numbered("p", people))
    mine = judged(nodes, data)
    found = evaluate(nodes, data, made.INDEX)
    for name, node in nodes.items():
        for patient, result in found.of(name).items():
            expected = mine[name][patient].result
            if isinstance(expected, float) and isinstance(result, float):
                assert abs(expected - result) <= 1e-9 * max(1.0, abs(expected)), node
            else:
                assert result == expected, (node, patient)
