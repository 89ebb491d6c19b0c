"""A report is always written: every analysis over cohorts that have nothing to give, through to the page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from myosotis.analysis import (
    JAK_INHIBITOR_EVENTS,
    AdverseEvents,
    ChangeOverVisits,
    Characteristics,
    Column,
    ConcomitantDrugs,
    DoseCurves,
    DrugNames,
    Exposure,
    Friedman,
    GlucocorticoidTaper,
    LaboratorySafety,
    LaboratoryTest,
    Number,
    OrganOutcomes,
    Outcome,
    OutcomeOverVisits,
    PatientTable,
    Present,
    Share,
    SwimmerPlot,
)
from myosotis.language import Visit, baseline_window, condition, drugs, first_dose, recorded_days, visit_day, week
from myosotis.language.criteria import Known, PatientIs
from myosotis.language.record import records
from myosotis.language.values import PatientNumber
from myosotis.language.windows import Window
from myosotis.measures.jdm.instruments import cmas
from myosotis.measures.observations import alt, ck, physician_global, weight
from myosotis.measures.safety_grades import ctcae_5_alt, ctcae_5_ck
from myosotis.model.dataset import Dataset
from myosotis.presentation.present import present
from myosotis.protocol import Protocol
from myosotis.report.figures import to_svg
from myosotis.report.html import render_html
from myosotis.report.lookup import lookup
from myosotis.report.page import lay_out
from myosotis.report.tables import table_csv
from myosotis.run import Study, compute
from myosotis.study import Eligibility, Endpoint, Population, Rule
from myosotis.study.schedule import assign_visits

START = date(2020, 1, 1)
VISITS = (baseline_window(days=28), week(4, give_or_take=14), week(12, give_or_take=28))
W0, W4, W12 = VISITS
FOLLOW_UP = Window(label="24 weeks", target=84, first=1, last=167)
BARICITINIB = drugs("baricitinib", names=("baricitinib",))
STEROID = drugs("glucocorticoid", classes=("glucocorticoid",))
NOBODY = Population(key="nobody", label="Nobody", criterion=Known(truth=False))
OPEN = Population(key="open", label="Not known", criterion=Known(truth=None))


seen_on = visit_day(Visit(), physician_global, cmas)


def endpoint(population, name="low"):
    return Endpoint(
        key=f"{name}-{population.key}",
        label="low activity",
        variable=physician_global.at(Visit()) <= 2,
        at=(W4, W12),
        if_not_evaluable="leave_out",
        population=population,
    )


def change(key, population, p="exact", **test):
    spec = {"pairwise": "exact", "adjust": "holm", "against": "first", **test}
    outcomes = tuple(
        Outcome(
            key=one.definition.key,
            label=one.definition.label,
            unit=one.definition.unit,
            value=one.at(Visit()),
            decimals=1,
            precision=1,
        )
        for one in (cmas, physician_global)
    )
    return ChangeOverVisits(
        key=f"{key}-{population.key}",
        title=f"Change {key}",
        outcomes=outcomes,
        visits=VISITS,
        test=Friedman(p=p, **spec),
        quartiles=6,
        population=population,
    )


def analyses(population):
    key = population.key
    shared = {"population": population}
    return (
        Characteristics(
            key=f"characteristics-{key}",
            title="Characteristics",
            quartiles=6,
            lines=(
                Share(key="female", label="Female", criterion=PatientIs(field="sex", texts=("female",))),
                Number(
                    key="age", label="Age", unit="years", value=PatientNumber(field="age_at_index"),
                    summary="mean_sd", decimals=1,
                ),
                Number(key="ck", label="CK", unit="U/L", value=ck.at(W0), summary="median_iqr", decimals=1),
            ),
            **shared,
        ),
        change("exact", population),
        change("auto", population, p="auto", pairwise="conover", against="all"),
        change("plain", population, p="asymptotic", pairwise="nemenyi", adjust="none", against="all"),
        change("drawn", population, p="monte_carlo", pairwise="permutation"),
        OutcomeOverVisits(key=f"response-{key}", title="Response", endpoint=endpoint(population)),
        AdverseEvents(
            key=f"safety-{key}", title="Safety", treatment=BARICITINIB, emergent_until=30, follow_up=FOLLOW_UP,
            of_interest=JAK_INHIBITOR_EVENTS[:2], **shared,
        ),
        LaboratorySafety(
            key=f"laboratory-{key}", title="Laboratory", baseline=W0, follow_up=FOLLOW_UP,
            tests=(LaboratoryTest(series=alt, grade=ctcae_5_alt), LaboratoryTest(series=ck, grade=ctcae_5_ck)), **shared,
        ),
        Exposure(
            key=f"exposure-{key}", title="Exposure", treatment=BARICITINIB, last_day=167, weight=weight, weight_within=28,
            quartiles=6, visits=(W4, W12), visit_day=seen_on, below_label=BARICITINIB.dose_at(0) < 2, **shared,
        ),
        ConcomitantDrugs(
            key=f"concomitant-{key}", title="Concomitant drugs", treatment=STEROID, visits=(W4, W12), visit_day=seen_on,
            **shared,
        ),
        GlucocorticoidTaper(
            key=f"taper-{key}", title="Taper", visits=VISITS, visit_day=seen_on, weight_within=28, last_day=167, quartiles=6,
            **shared,
        ),
        OrganOutcomes(key=f"organs-{key}", title="Organs", conditions=("ILD",), baseline=W0, visit=W12, **shared),
        PatientTable(
            key=f"patients-{key}", title="Patients", columns=(
                Column(key="age", label="Age", of=PatientNumber(field="age_at_index")),
                Present(key="organs", label="Organs", of=(("ILD", condition("ILD").by(0)),)),
                DrugNames(key="drugs", label="Drugs", treatment=STEROID, when="at the start"),
            ), **shared,
        ),
        SwimmerPlot(
            key=f"swimmer-{key}", title="Lanes", treatments=(BARICITINIB,), last_day=167,
            endpoint=endpoint(population, "lane"), visit_day=seen_on, started=STEROID, **shared,
        ),
        DoseCurves(key=f"curves-{key}", title="Curves", last_day=167, weight_within=28, first_day=-28, **shared),
    )  # fmt: skip


TREATED = Rule(name="treated", criterion=BARICITINIB.taken_on(0), if_not_evaluable="leave_out")
NEVER = Rule(name="never", criterion=Known(truth=False), if_not_evaluable="leave_out")


def day(number):
    return START + timedelta(days=number)


def patient(name):
    return {"patient_id": name, "sex": "female", "birth_date": "2012-01-01"}


def treated(name):
    return {
        "patient_id": name, "drug": "baricitinib", "drug_class": "JAK inhibitor", "start": START, "dose": 4.0,
        "dose_unit": "mg/day",
    }  # fmt: skip


def seen(name, number, **observed):
    return [{"patient_id": name, "date": day(number), "name": key, "number": value} for key, value in observed.items()]


THREE = ("a", "b", "c")
DAYS = (0, 28, 84)
COHORTS = {
    "nobody was seen at every visit": (
        Eligibility(include=(TREATED,)),
        {
            "patients": [patient(one) for one in THREE],
            "treatments": [treated(one) for one in THREE],
            "observations": [
                row
                for i, one in enumerate(THREE)
                for j, number in enumerate(DAYS)
                if i != j
                for row in seen(one, number, cmas=20.0 + i + 3 * j, physician_global=6.0 - j + i / 2)
            ],
        },
    ),
    "all values tie": (
        Eligibility(include=(TREATED,)),
        {
            "patients": [patient(one) for one in THREE],
            "treatments": [treated(one) for one in THREE],
            "observations": [
                row for one in THREE for number in DAYS for row in seen(one, number, cmas=40.0, physician_global=3.0)
            ],
        },
    ),
    "nobody is included": (
        Eligibility(include=(NEVER,)),
        {"patients": [patient(one) for one in THREE], "treatments": [treated(one) for one in THREE]},
    ),
    "no rule, and nothing but patients": (Eligibility(include=()), {"patients": [patient(one) for one in THREE]}),
    "one patient": (
        Eligibility(),
        {
            "patients": [patient("a")],
            "treatments": [treated("a")],
            "observations": [
                row
                for number in DAYS
                for row in seen("a", number, cmas=30.0 + number / 7, physician_global=5.0, ck=90.0, alt=30.0)
            ],
        },
    ),
    "one visit only": (
        Eligibility(),
        {
            "patients": [patient(one) for one in THREE],
            "treatments": [treated(one) for one in THREE],
            "observations": [
                row for i, one in enumerate(THREE) for row in seen(one, 0, cmas=20.0 + i, physician_global=5.0, weight=30.0)
            ],
        },
    ),
    "nobody took the drug": (
        Eligibility(),
        {
            "patients": [patient(one) for one in THREE],
            "treatments": [{**treated("a"), "drug": "methotrexate", "drug_class": "conventional"}],
            "events": [{"patient_id": "a", "term": "Cough", "start": START}],
        },
    ),
}  # fmt: skip


FIRST = next(iter(COHORTS.values()))[1]  # a population of nobody is looked at once; it is the same in all


@pytest.fixture(scope="module", params=COHORTS)
def bundle(request):
    eligibility, tables = COHORTS[request.param]
    populations = [Population(key="full analysis", label="All"), *([NOBODY] if tables == FIRST else [])]
    protocol = Protocol(
        key="s",
        version="1",
        title="Study",
        question="What is left?",
        index=first_dose("baricitinib") if "treatments" in tables else recorded_days(),
        windows=VISITS,
        eligibility=eligibility,
        populations=(NOBODY, OPEN),
        analyses=tuple(one for population in populations for one in analyses(population)),
        seed=1,
    )  # fmt: skip
    data = Dataset.of(**tables)
    found = {record.patient_id: record for record in records(data, protocol.index)}
    visits = assign_visits(found.values(), protocol.windows)
    return request.param, compute(Study(protocol=protocol, data=data, visits=visits, records=found))


def test_the_report_is_written_and_its_tables_keep_their_columns(bundle):
    _, made = bundle
    index = lookup(made, present(made))
    laid = lay_out(index)
    page = render_html(laid, index, {figure.key: to_svg(figure.spec) for figure in laid.figures})
    assert page.rstrip().endswith("</html>")
    for table in laid.tables:
        lines = table_csv(table).splitlines()
        assert len(lines) >= 2
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert {"exact-full analysis-tests", "exact-full analysis-pairs", "safety-full analysis"} <= {
        table.key for table in laid.tables
    }
    trace_of = {
        row["result_id"]: index.rows_behind(row) for row in made.results.to_pylist() if row["analysis"] == "flow"
    }
    listed = {row["listing_id"] for row in made.listings.to_pylist()}
    assert all(set(ids) & listed for ids in trace_of.values() if ids)
    assert any(trace_of.values())


def test_what_has_no_value_says_why(bundle):
    _, made = bundle
    rows = made.results.to_pylist()
    gone = [row for row in rows if row["status"] != "ok"]
    assert gone
    assert all(row["number"] is None and row["note"] for row in gone)
    assert all(row["number"] is not None for row in rows if row["status"] == "ok")
    told = {row["analysis"].split("-")[0] for row in gone}
    assert {"exact", "auto", "plain", "drawn", "laboratory", "taper", "organs"} <= told


def test_no_test_is_told_where_none_could_be_made(bundle):
    which, made = bundle
    tests = [
        row
        for row in made.results.to_pylist()
        if row["analysis"] == "exact-full analysis" and row["variable"] == "test" and not row["comparison"]
    ]
    values = {row["statistic"] for row in tests if row["status"] == "ok"}
    # That nobody had a value at every visit is a number: the patients of the test are none.
    assert "n" in values
    if which != "one patient":
        assert "p_value" not in values
