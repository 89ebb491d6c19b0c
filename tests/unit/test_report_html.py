"""The report page: every number leads to its trace, nothing is loaded, and no typed number can slip in."""

from __future__ import annotations

import csv
import dataclasses
import importlib.util
import io
import itertools
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from myosotis import report
from myosotis.errors import BundleError, ProtocolError
from myosotis.presentation.layout import Cell
from myosotis.report.anchors import anchors, place_cell
from myosotis.report.flow import FlowStep, flow_svg
from myosotis.report.page import lay_out
from myosotis.report.palette import _luminance
from myosotis.report.prose import render_template
from myosotis.report.source_rows import rows_table
from myosotis.results import Bundle, ResultRow, read_bundle, write_bundle


def _load(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = _load("report_example").example
layouts = _load("layouts")
write_report, write_interactive, index_of = layouts.write_report, layouts.write_interactive, layouts.index_of

VOID = {"meta", "br", "img", "link", "hr", "input"}
# HTML lets the end tags of cells and rows be left out; the tables of source rows do so for size.
IMPLIED = {"td", "th", "tr", "thead", "tbody"}


class Page(HTMLParser):
    """Collect what the tests ask of a page: elements in order, with their attributes, parents and text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(text.replace("\u00a0", " "))
        self.close()
        assert not self.open, f"left open: {[e['tag'] for e in self.open]}"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = {"tag": tag, **dict(attrs), "text": "", "inside": [e["tag"] for e in self.open]}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self.open and self.open[-1]["tag"] != tag and self.open[-1]["tag"] in IMPLIED:
            self.open.pop()
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1]["tag"] == tag, f"</{tag}> closes <{self.open[-1]['tag']}>"
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **attributes):
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [e for e in self.elements if e["tag"] == tag and all(e.get(k) == v for k, v in wanted.items())]

    def ids(self):
        return [e["id"] for e in self.elements if "id" in e]


def write(bundle, folder):
    """Write both reports and read the one that shows single patients."""
    write_report(bundle, folder)
    return (folder / "patient_level" / "report.html").read_text(encoding="utf-8")


def changed(bundle, **manifest):
    return dataclasses.replace(bundle, manifest={**bundle.manifest, **manifest})


@pytest.fixture(scope="module")
def bundle():
    return example()


@pytest.fixture(scope="module")
def folder(bundle, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    write_report(bundle, folder)
    return folder


@pytest.fixture(scope="module")
def html(folder):
    return (folder / "patient_level" / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shown(folder):
    """The report for everyone."""
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


# --- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["html", "shown"])
def test_ids_are_unique_and_every_link_within_the_page_arrives(part, request):
    page = Page(request.getfixturevalue(part))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    inner = [a["href"][1:] for a in page.all("a") if a["href"].startswith("#")]
    assert inner
    assert set(inner) <= set(ids)


def test_every_number_of_every_table_is_a_link_to_its_trace(page, bundle):
    results = {row["result_id"]: row for row in bundle.results.to_pylist()}
    numbers = page.all("a", class_="number")
    assert {a["href"] for a in numbers} == {"#" + e["id"] for e in page.all("article", class_="trace")}
    assert all(a["href"].removeprefix("#trace-") in results for a in numbers)
    cells = [e for e in page.elements if e["tag"] == "td" and re.search(r"\d", e["text"])]
    tables = {"Table 1", "Table 2"}
    wraps = [e for e in page.all("div") if e.get("aria-label") in tables]
    assert len(wraps) == 2
    printed = [c["text"] for c in cells if re.search(r"\[|\(\d+%", c["text"])]
    assert len(printed) == 12 + 9
    for text in printed:
        for digits in re.findall(r"<?\d[\d.]*%?", text):
            assert any(a["text"] == digits for a in numbers), digits


def test_a_trace_says_what_it_is_the_exact_number_method_definitions_and_rows_and_leads_back(page, bundle):
    row = next(
        r for r in bundle.results.to_pylist()
        if r["statistic"] == "q1" and r["variable"] == "steroid" and r["visit"] == "week 12"
    )  # fmt: skip
    trace = next(e for e in page.all("article", class_="trace") if e["id"] == f"trace-{row['result_id']}")
    text = trace["text"]
    assert repr(row["number"]) in text
    for words in (
        "First quartile: prednisone-equivalent dose, week 12, Full analysis", "mg/kg/day", row["method"],
        "Median and quartiles of Prednisone dose over the patients with a value at week 12.", "steroid@1.0",
        "20 values of 20 patients", "Back to Table 1, Figure 3", row["result_id"],
    ):  # fmt: skip
        assert words in text, words


def test_the_rows_behind_a_number_name_patient_value_day_date_file_sheet_row_and_column(html, bundle):
    listing = next(r for r in bundle.listings.to_pylist() if r["listing_id"] == "steroid-12")
    block = re.search(r'<details class="behind" id="rows-steroid-12">.*?</details>', html, re.S).group()
    assert (
        "In every row: observation steroid; unit mg/kg/day; day 84; file data/cohort.xlsx; sheet visits; column steroid."
        in block
    )
    assert f'<th scope="row">P1<td>{listing["number"]!r}<td>{listing["date"]}<td>2' in block
    assert block.count('<tr><th scope="row">') == 20


def test_a_result_of_several_outcomes_leads_to_the_rows_of_each(bundle, tmp_path):
    joint = "steroid-0 steroid-24"
    provenance = [{**r, "listing_id": joint if r["listing_id"] == "steroid-24" else r["listing_id"]}
                  for r in bundle.provenance.to_pylist()]  # fmt: skip
    made = Bundle.of(
        rows=[], provenance=provenance, definitions=[], checks=[], listings=bundle.listings.to_pylist(), ledger=[],
        manifest=bundle.manifest,
    )  # fmt: skip
    html = write(dataclasses.replace(made, results=bundle.results), tmp_path)
    assert '<a href="#rows-steroid-0">20 values of 20 patients</a>; <a href="#rows-steroid-24">' in html


def test_missing_values_and_verdicts_are_told_in_words():
    empty = dict.fromkeys(("unit", "day", "date", "source", "sheet", "source_row", "source_column"))
    rows = [
        {**empty, "role": "value", "patient_id": p, "item": "x", "number": number, "text": text}
        for p, number, text in (("A", None, "missing"), ("B", 1.0, "true"), ("C", 0.0, "false"), ("D", 0.0, ""))
    ]
    text = str(rows_table([{**row, "source_row": 0} for row in rows]))
    assert re.findall(r'scope="row">(\w)<td>(\w+)', text) == [
        ("A", "missing"),
        ("B", "true"),
        ("C", "false"),
        ("D", "0"),
    ]
    assert "Row" not in text


def test_evidence_stands_below_the_value_it_made(html):
    block = re.search(r'<details class="behind" id="rows-response-24">.*?</details>', html, re.S).group()
    assert re.search(r'scope="row">P1<td>complete response<td>.*?<tr class="evidence"><td><td>1<td>skin_das', block)
    assert block.count('class="evidence"') == 20


def test_rows_are_shared_between_results_not_repeated(html, bundle):
    # P1 has a value in each of four visits of three measures and in three visits of response.
    assert html.count('<tr><th scope="row">P1<td>') == 4 * 3 + 3
    assert len(re.findall(r'id="rows-[^"]+"', html)) == len(set(bundle.listings["listing_id"].to_pylist()))


# --- nothing leaves the page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["html", "shown"])
def test_the_page_loads_nothing_and_runs_nothing(part, request):
    html = request.getfixturevalue(part)
    page = Page(html)
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert not [e for e in page.elements if any(name.startswith("on") for name in e)]
    assert not [e for e in page.elements if "src" in e]
    style = page.all("style")[0]["text"]
    assert "@import" not in style
    assert "url(" not in style
    assert not re.findall(r"url\((?!#)", html)
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy.startswith("default-src 'none'")


def test_only_citations_lead_out_of_the_page(page):
    outer = [a for a in page.all("a") if not a["href"].startswith("#")]
    assert len(outer) == 5
    assert {a["href"] for a in outer} == {"https://doi.org/10.1000/xyz%3C1%3E"}
    assert all("article" in a["inside"] for a in outer)


# --- structure ------------------------------------------------------------------------------------------------------


def test_headings_are_in_order_and_there_is_one_title(page):
    levels = [int(e["tag"][1]) for e in page.elements if re.fullmatch(r"h[1-6]", e["tag"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_tables_and_figures_can_be_read_without_seeing_them(page):
    assert page.all("html")[0]["lang"] == "en"
    named = [e for e in page.all("table") if e.get("id", "").startswith("table-")]
    assert len(named) == len(page.all("caption")) - 5  # populations, windows, files, cells, checks
    assert all(e.get("scope") in ("col", "row") for e in page.all("th"))
    drawings = [e for e in page.all("div") if e.get("role") == "img"]
    assert len(drawings) == 4
    assert all(e["aria-label"].startswith("Figure ") for e in drawings)
    flow = page.all("svg", class_="flow")[0]
    assert "Excluded: lost to follow-up, n = 1." in flow["aria-label"]
    assert all(e.get("tabindex") == "0" for e in page.all("div") if e.get("role") == "region")


def test_the_contents_list_the_sections_that_are_there(page):
    listed = [a["href"][1:] for a in page.all("a") if "nav" in a["inside"]]
    assert listed == [e["id"] for e in page.all("section")]


def test_the_colours_of_text_reach_the_contrast_of_wcag_aa(page):
    style = page.all("style")[0]["text"]
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", style))
    banner = re.search(r"\.banner \{ background: (#\w{3,6}); color: (#\w{6})", style).groups()
    pairs = [(named[text], back) for text in ("ink", "soft", "accent", "warn") for back in ("#ffffff", named["petal"])]
    for text, back in [*pairs, (banner[1], banner[0]), (named["ink"], "#fff0a8")]:
        light, dark = sorted((_luminance(text), _luminance(back)))[::-1]
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, back)


def test_synthetic_data_are_announced_above_and_below(page):
    banners = [e for e in page.elements if e.get("class") == "banner"]
    assert len(banners) == 2
    assert all("Synthetic data." in e["text"] and "drawn to exercise the report" in e["text"] for e in banners)
    assert "footer" in banners[1]["inside"]
    assert page.elements.index(banners[0]) < page.elements.index(page.all("h1")[0])


def test_real_data_have_no_banner(bundle, tmp_path):
    study = {**bundle.manifest["study"], "synthetic": False}
    assert 'class="banner"' not in write(changed(bundle, study=study), tmp_path)


def test_text_from_outside_is_shown_and_never_taken_for_markup(tmp_path):
    evil = '<script>alert("1")</script> & <b>'
    made = example(title=evil)
    manifest = {
        "flow": {"steps": [{**step, "label": evil} for step in made.manifest["flow"]["steps"]]},
        "limitations": [evil],
        "listings": [{"key": evil, "title": evil, "columns": [evil], "rows": [[evil]]}],
        "tables": [{**table, "title": evil, "note": evil, "key": evil} for table in made.manifest["tables"][:1]],
        "figures": [{**figure, "title": evil, "caption": evil} for figure in made.manifest["figures"][:1]],
    }
    text = write(changed(made, **manifest), tmp_path)
    assert "<script" not in text
    assert "<b>" + " &" not in text
    assert "&lt;script&gt;" in text
    assert Page(text).all("h1")[0]["text"] == evil
    assert [p.name for p in (tmp_path / "tables").iterdir()] == ["script-alert-1-script-b.csv"]


def test_a_result_without_a_value_says_so_and_why(page):
    missing = page.all("td", class_="figure-column missing")
    assert [e["text"] for e in missing] == ["not estimablea"]
    note = next(e["text"] for e in page.all("span", class_="footnote"))
    assert note == "a All seven differences are 0, so no shift can be estimated."


def test_beside_a_suppressed_number_nothing_of_single_patients_is_shown(bundle, tmp_path):
    rows = bundle.results.to_pylist()
    small = next(r for r in rows if r["statistic"] == "count" and r["number"] == 2)
    small.update(number=None, status="suppressed", note="Fewer than five patients.")
    hidden = dataclasses.replace(bundle, results=type(bundle.results).from_pylist(rows, schema=bundle.results.schema))
    text = write(hidden, tmp_path)
    shown = Page(text)
    assert [e["id"] for e in shown.all("figure")] == ["flow", "figure-response"]
    assert not re.search(r"\bP1\b", text)
    assert {"listings", "rows"}.isdisjoint(shown.ids())
    assert "suppressed" in [e["text"].rstrip("abc") for e in shown.all("td")]
    assert "withheld" in next(e["text"] for e in shown.all("article") if e["id"] == f"trace-{small['result_id']}")


def test_a_bundle_with_nothing_but_a_study_still_gives_a_page(tmp_path):
    empty = Bundle.of(
        rows=[], provenance=[], definitions=[], checks=[], listings=[], ledger=[],
        manifest={"study": {"key": "s", "title": "Nothing yet"}},
    )  # fmt: skip
    bare = Page(write(empty, tmp_path))
    assert bare.all("h1")[0]["text"] == "Nothing yet"
    assert not bare.all("section")
    with pytest.raises(BundleError, match=r"holds no protocol\.json, .* run the study again"):
        report.write_report(empty, tmp_path)


# --- files ----------------------------------------------------------------------------------------------------------


def test_the_folder_holds_pages_figures_and_tables(folder):
    found = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    ends = ("pdf", "png", "svg", "vl.json")
    expected = [f"figures/{key}.{end}" for key in ("cmas", "response", "skin_das", "steroid") for end in ends]
    expected += [f"figures/flow.{end}" for end in ("pdf", "png", "svg")]
    expected += [f"patient_level/figures/{key}.{end}" for key in ("cmas", "skin_das", "steroid") for end in ends]
    pages = ["report.html", "patient_level/report.html"]
    assert found == sorted([*expected, *pages, "tables/course.csv", "tables/response.csv"])


def test_only_the_owner_may_enter_the_folder_of_single_patients(folder):
    modes = {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in folder.rglob("*")}
    apart = {name: mode for name, mode in modes.items() if name.startswith("patient_level")}
    assert {mode for name, mode in apart.items() if (folder / name).is_dir()} == {0o700}
    assert {mode for name, mode in apart.items() if (folder / name).is_file()} == {0o600}


def test_the_report_for_everyone_shows_the_same_tables_and_no_patient(shown, html, bundle):
    everyone, single = Page(shown), Page(html)
    assert [e["text"] for e in everyone.all("td", class_="figure-column")][:30] == [
        e["text"] for e in single.all("td", class_="figure-column")
    ][:30]
    assert not re.search(r"\bP\d+\b", shown)
    assert not set(bundle.listings["date"].to_pylist()) & set(re.findall(r"\d{4}-\d\d-\d\d", shown))
    assert {"listings", "rows"}.isdisjoint(everyone.ids())
    assert "in patient_level/report.html" in shown
    assert "This page shows single patients" in html


def test_the_report_for_everyone_is_drawn_from_the_root_alone(bundle, folder, tmp_path):
    (tmp_path / "bundle").mkdir()
    write_bundle(bundle, tmp_path / "bundle")
    shutil.rmtree(tmp_path / "bundle" / "patient_level")
    write_report(read_bundle(tmp_path / "bundle"), tmp_path / "again")
    assert not (tmp_path / "again" / "patient_level").exists()
    for path in (tmp_path / "again").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (folder / path.relative_to(tmp_path / "again")).read_bytes(), path.name


def test_an_age_has_every_digit_only_where_single_patients_are_shown(bundle, tmp_path):
    row = next(r for r in bundle.results.to_pylist() if r["variable"] == "steroid" and r["statistic"] == "q1")
    rows = [{**r, "unit": "years", "number": 8.372143} if r == row else r for r in bundle.results.to_pylist()]
    aged = dataclasses.replace(bundle, results=type(bundle.results).from_pylist(rows, schema=bundle.results.schema))
    assert "8.372143" in write(aged, tmp_path)
    everyone = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "8.372143" not in everyone
    assert "<code>8.37</code>" in everyone


def test_every_pdf_holds_one_font_since_two_would_be_numbered_in_no_fixed_order(folder):
    assert {path.name: path.read_bytes().count(b"/FontFile") for path in (folder / "figures").glob("*.pdf")} == {
        f"{name}.pdf": 1 for name in ("cmas", "flow", "response", "skin_das", "steroid")
    }


def test_the_flow_stands_alone_without_links_and_beside_a_figure_of_the_same_key(folder, bundle, tmp_path):
    alone = Page((folder / "figures" / "flow.svg").read_text(encoding="utf-8"))
    assert not alone.all("a")
    assert "n = 22" in [e["text"] for e in alone.all("text")]
    figure = {**bundle.manifest["figures"][0], "key": "flow"}
    write_report(changed(bundle, figures=[figure]), tmp_path)
    assert (tmp_path / "figures" / "flow.svg").read_bytes() == (folder / "figures" / "flow.svg").read_bytes()
    assert (tmp_path / "figures" / "flow-2.svg").read_bytes() == (folder / "figures" / "skin_das.svg").read_bytes()


def test_a_table_as_csv_holds_the_printed_text_and_the_ids(folder, bundle):
    text = (folder / "tables" / "response.csv").read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["Response", "week 4", "week 12", "week 24", *(f"result ids: week {w}" for w in (4, 12, 24))]
    cell = next(row for row in rows if row[0] == "Complete response")
    assert cell[3] == "15/20 (75%; 55 to 90)"
    ids = set(bundle.results["result_id"].to_pylist())
    assert len(cell[6].split()) == 4
    assert set(cell[6].split()) <= ids


def test_a_cell_that_a_spreadsheet_would_run_is_defused(bundle, tmp_path):
    table = {"key": "t", "number": "1", "title": "", "columns": [{"label": "a"}],
             "rows": [{"label": "=cmd()", "cells": [{"format": "text", "text": "+1", "results": []}]}]}  # fmt: skip
    write_report(changed(bundle, tables=[table], figures=[]), tmp_path)
    rows = list(csv.reader(io.StringIO((tmp_path / "tables" / "t.csv").read_text(encoding="utf-8-sig"))))
    assert rows[1][:2] == ["'=cmd()", "'+1"]


def test_writing_twice_and_from_the_written_bundle_gives_the_same_bytes(bundle, folder, tmp_path):
    (tmp_path / "bundle").mkdir()
    write_bundle(bundle, tmp_path / "bundle")
    write_report(read_bundle(tmp_path / "bundle"), tmp_path / "again")
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_interactive_figures_hold_their_scripts(bundle, tmp_path):
    one = changed(bundle, figures=bundle.manifest["figures"][:1])
    paths = write_interactive(one, tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in paths]
    assert names == ["figures/skin_das.html", "patient_level/figures/skin_das.html"]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script[^>]+src=", text)
        assert "vega" in text
        assert ('"patient":"P10"' in text.replace(": ", ":")) is (path == paths[1])


def test_a_refused_report_leaves_the_folder_as_it_was(bundle, tmp_path):
    bad = changed(bundle, findings=[{"heading": "H", "sentences": [{"template": "75% responded.", "values": {}}]}])
    with pytest.raises(ProtocolError):
        write_report(bad, tmp_path)
    assert not list(tmp_path.iterdir())


def test_twelve_thousand_rows_stay_within_a_page_of_six_megabytes(tmp_path):
    listings, rows, provenance, cells = [], [], [], []
    for v in range(15):
        for p in range(160):
            row = {"listing_id": f"l{v}", "patient_id": f"P{p}", "item": "das28", "number": p * 1.7 + v, "day": p,
                   "date": "2020-02-02", "source": "data/visits.csv", "sheet": "", "source_row": p + 2,
                   "source_column": f"v{v}"}  # fmt: skip
            listings.append({**row, "role": "value"})
            listings += [{**row, "role": "evidence", "item": f"part {i}", "source_column": f"c{i}"} for i in range(4)]
        provenance.append({"provenance_id": f"p{v}", "listing_id": f"l{v}", "sentence": "Median.", "definitions": []})
        made = [
            ResultRow(study="s", analysis="a", statistic=s, number=1.0, visit=f"v{v}", provenance_id=f"p{v}")
            for s in ("median", "q1", "q3")
        ]
        rows += made
        cells.append({"format": "median_iqr", "results": [r.id for r in made]})
    table = {"key": "t", "number": "1", "title": "T", "columns": [{"label": "x"}],
             "rows": [{"label": str(i), "cells": [c]} for i, c in enumerate(cells)]}  # fmt: skip
    big = Bundle.of(rows=rows, provenance=provenance, definitions=[], checks=[], listings=listings, ledger=[],
                    manifest={"study": {"key": "s", "title": "Big"}, "tables": [table]})  # fmt: skip
    text = write(big, tmp_path)
    assert text.count('<tr><th scope="row">P') == 15 * 160
    assert text.count('<tr class="evidence">') == 4 * 15 * 160
    assert len(text.encode()) < 6_000_000


def test_a_very_long_listing_says_what_it_leaves_out():
    row = {"role": "value", "item": "x", "number": 1.0, "text": "", "unit": "", "day": 0, "date": "", "source": "f",
           "sheet": "", "source_row": 1, "source_column": "c"}  # fmt: skip
    text = rows_table([{**row, "patient_id": str(i)} for i in range(12)], limit=10)
    assert text.count('<th scope="row">') == 10
    assert "2 more rows are in listings.parquet" in text


# --- prose ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def index(bundle):
    return index_of(bundle)


@pytest.mark.parametrize(
    "template",
    [
        "Seen at week 24.",
        "Seen at WEEK 24, and before.",
        "MMT-8 rose.",
        "The skin-DAS (0 to 9) fell.",
        "The skin-DAS, 0 to 9, fell.",
        "A change of skin_das.",
        "No digits at all.",
    ],
)
def test_digits_within_a_known_label_may_be_typed(index, template):
    assert render_template(template, {}, index).text == template


def test_labels_of_figures_and_table_rows_may_be_typed_as_well(bundle):
    figure = {**bundle.manifest["figures"][0], "title": "CDASI-2 by visit", "y": {"label": "DAS28", "unit": ""}}
    table = {"key": "t", "number": "1", "title": "", "columns": [], "rows": [{"label": "grade 3", "cells": []}]}
    known = index_of(changed(bundle, figures=[figure], tables=[table]))
    assert render_template("CDASI-2 by visit, DAS28, grade 3.", {}, known).text
    with pytest.raises(ProtocolError, match=r"typed number '4\.'"):
        render_template("DAS28, grade 4.", {}, known)


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("In 15 of the children.", "15"),
        ("p < 0.05 at week 24.", "0.05"),
        ("Seen at week 24 in 75% of them.", "75%"),
        ("Seen at week 240.", "240"),
        ("Seen at week 24.5.", "24.5"),
        ("Seen at week 13.", "13"),
        ("The range is 0 to 9.", "0"),
        ("MMT-80 rose.", "MMT-80"),
        ("In ½ of them.", "½"),
        ("In ٣ of them.", "٣"),
        ("n=20", "n=20"),
    ],
)
def test_a_typed_number_is_refused(index, template, found):
    with pytest.raises(ProtocolError, match="typed number") as caught:
        render_template(template, {}, index)
    assert found in str(caught.value)


def test_a_placeholder_cannot_carry_a_typed_number_or_a_format(index):
    with pytest.raises(ProtocolError, match="typed number"):
        render_template("Reached by {x}.", {"x": Cell(format="text", text="16/20", results=[])}, index)
    with pytest.raises(ProtocolError, match="no value is given"):
        render_template("Reached by {cr}.", {}, index)
    with pytest.raises(ProtocolError, match="does not use the value cr"):
        render_template("Reached by some.", {"cr": Cell(format="text", text="x", results=[])}, index)
    for template in ("{x:.2f}", "{x!r}", "{x.y}", "{}", "{x[a]}"):
        with pytest.raises(ProtocolError):
            render_template(template, {"x": Cell(format="text", text="x", results=[])}, index)
    with pytest.raises(ProtocolError, match="cannot be read"):
        render_template("An open { brace", {}, index)


def test_a_plain_finding_is_held_to_the_same_rule(bundle):
    bad = changed(bundle, findings=[{"heading": "H", "sentences": ["In 15 of 20."]}])
    with pytest.raises(ProtocolError, match="typed number"):
        lay_out(index_of(bad))


def test_prose_and_table_print_the_same_text_of_the_same_result(page):
    prose = next(e["text"] for e in page.all("p") if e["text"].startswith("Complete response"))
    assert "15/20 (75%; 55 to 90)" in prose
    assert [e["text"] for e in page.all("td")].count("15/20 (75%; 55 to 90)") == 1


# --- parts ----------------------------------------------------------------------------------------------------------


def test_a_row_with_a_cell_too_few_is_refused(bundle):
    table = bundle.manifest["tables"][0]
    rows = [{**table["rows"][0], "cells": table["rows"][0]["cells"][:-1]}, *table["rows"][1:]]
    with pytest.raises(ProtocolError, match="4 cells under 5 columns"):
        lay_out(index_of(changed(bundle, tables=[{**table, "rows": rows}])))


def test_the_flow_refuses_steps_that_make_no_diagram(index, bundle):
    key = bundle.manifest["flow"]["steps"][0]["result"]
    count = place_cell(Cell(format="integer", results=[key]), index, "a", "Flow")
    with pytest.raises(ProtocolError, match="begin with a start"):
        flow_svg([FlowStep(kind="excluded", label="x", count=count)])
    with pytest.raises(ProtocolError, match="use start, excluded, remaining"):
        flow_svg([FlowStep(kind="other", label="x", count=count)])


def test_the_flow_shows_every_label_whole_and_every_count(index, bundle):
    steps = bundle.manifest["flow"]["steps"]
    placed = [
        place_cell(Cell(format="integer", results=[s["result"]]), index, f"f{i}", "Flow") for i, s in enumerate(steps)
    ]
    long = "a reason so long that it must be broken over several lines of the box, and then over one more"
    drawn = flow_svg(
        [FlowStep(kind=s["kind"], label=long if i == 1 else s["label"], count=c)
         for i, (s, c) in enumerate(zip(steps, placed, strict=True))]
    )  # fmt: skip
    words = " ".join(e["text"] for e in Page(str(drawn)).all("text"))
    assert long in words
    assert [a["text"] for a in Page(str(drawn)).all("a")] == ["22", "1", "1", "20"]


def test_a_figure_prints_its_numbers_with_the_decimals_of_the_table(page):
    drawn = [a["text"] for a in page.all("a", class_="number") if a["id"].startswith("figure-steroid:n1.")]
    table = next(e["text"] for e in page.all("td") if re.fullmatch(r"0\.\d\d \[.*\]", e["text"]))
    assert drawn == re.findall(r"\d\.\d\d", table)


def test_several_sources_of_a_definition_are_several_links(bundle, tmp_path):
    first = bundle.definitions.to_pylist()[0]
    made = Bundle.of(rows=[], provenance=[], definitions=[{**first, "doi": "10.1/a; 10.2/b"}], checks=[], listings=[],
                     ledger=[], manifest={"study": bundle.manifest["study"]})  # fmt: skip
    links = [a["href"] for a in Page(write(made, tmp_path)).all("a") if a["href"].startswith("http")]
    assert links == ["https://doi.org/10.1/a", "https://doi.org/10.2/b"]


def test_anchors_never_collide():
    keys = ["a b", "a-b", "a/b", "", "é", "a-b-2"]
    made = anchors(keys, "x")
    assert len(set(made.values())) == len(keys)
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in made.values())
