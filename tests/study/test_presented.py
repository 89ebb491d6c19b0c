"""What a report shows is found by the keys of results: it stands under its own visit, and the root alone gives the same."""

from __future__ import annotations

import dataclasses
import json

import pytest

from myosotis.errors import BundleError
from myosotis.presentation.document import decimals_printed
from myosotis.presentation.present import present
from myosotis.results.bundle import everyones, read_bundle
from myosotis.run import run_study

EXAMPLES = ("baricitinib_jdm", "rheumatoid_arthritis", "primary_biliary_cholangitis")


@pytest.fixture(scope="module", params=EXAMPLES)
def bundle(request, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "out"
    run_study(request.config.rootpath / "examples" / request.param, out)
    return read_bundle(out)


def test_a_cell_under_a_visit_prints_results_of_that_visit(bundle):
    document = present(bundle)
    visits = {window.label for window in document.windows}
    rows = {row["result_id"]: row for row in bundle.results.to_pylist()}
    held = 0
    for table in document.tables:
        for line in table.rows:
            for column, cell in zip(table.columns, line.cells, strict=True):
                visit = column.label.removeprefix("New by ")
                if visit not in visits or cell is None:
                    continue
                for key in cell.results:
                    assert rows[key]["visit"] == visit or rows[key]["comparison"].startswith(f"{visit} vs "), (
                        f"{table.key}, {line.label!r}: a result of {rows[key]['visit']} stands under {visit}"
                    )
                    held += 1
    assert held >= 10


def test_every_result_that_a_document_refers_to_is_there(bundle):
    document = present(bundle)
    known = set(bundle.results["result_id"].to_pylist())
    printed = set(decimals_printed(document)) | {step.result for step in document.flow}
    printed |= {population.result for population in document.populations}
    assert len(printed) > 30
    assert printed <= known


def test_the_root_alone_gives_the_same_document_without_the_listings(bundle):
    whole = present(bundle)
    assert whole.listings
    shown = everyones(bundle, decimals_printed(whole))
    assert present(shown) == dataclasses.replace(whole, listings=())


def test_the_order_of_the_results_changes_nothing(bundle):
    turned = dataclasses.replace(bundle, results=bundle.results.take(list(reversed(range(bundle.results.num_rows)))))
    assert present(turned) == present(bundle)


@pytest.mark.parametrize("bundle", ["baricitinib_jdm"], indirect=True)
def test_a_bundle_whose_definitions_are_of_another_release_says_which_release_prints_it(bundle):
    text = json.dumps(bundle.manifest["protocol"])
    other = json.loads(text.replace('"fingerprint": "', '"fingerprint": "0'))
    assert other != bundle.manifest["protocol"]
    with pytest.raises(BundleError, match=r"made by myosotis \d.*its results stand"):
        present(dataclasses.replace(bundle, manifest={**bundle.manifest, "protocol": other}))


def test_every_column_of_a_listing_has_a_head_that_a_reader_would_write(bundle):
    document = present(bundle)
    assert {one.key for one in document.listings} == {one["key"] for one in bundle.manifest["listings"]}
    for listing in document.listings:
        assert listing.title
        assert not [column for column in listing.columns if column == "patient" or "_" in column], listing.key
