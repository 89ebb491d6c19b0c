"""What may be shown to a colleague holds no identity: planted names, dates, notes and ages are searched in every byte."""

from __future__ import annotations

import json
import re
import shutil
import struct
import zlib
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from myosotis.presentation.document import decimals_printed
from myosotis.presentation.present import present
from myosotis.report.page import lay_out
from myosotis.report.write import indexes_of
from myosotis.results import compare, read_bundle
from myosotis.results.bundle import everyones
from myosotis.run import run_study

STUDY = Path(__file__).parents[2] / "examples" / "baricitinib_jdm"
BOOK = Path("data") / "synthetic_cohort.xlsx"
FIRST, LAST = (
    ("Amalie", "Bjørk", "Chloé", "Dovilė", "Emîne"),
    ("Quistgård", "Rzepecka", "Szczęsny", "Tøndering", "Xu-Ünal"),
)
SECRET = "mother Ottilie 0171 5550123"
TELEPHONE = 1715550199


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Run the study on the same children under invented full names, with secrets in columns and cells no result uses."""
    study = tmp_path_factory.mktemp("privacy") / "study"
    shutil.copytree(STUDY, study, ignore=shutil.ignore_patterns("synthesis", "*.md", "make_*"))
    book = openpyxl.load_workbook(study / BOOK)
    names: dict[str, str] = {}
    dates: set[date] = set()
    for sheet in book:
        for cell in (one for row in sheet.iter_rows(min_row=2) for one in row):
            if isinstance(cell.value, datetime):
                dates.add(cell.value.date())
            elif isinstance(cell.value, str) and re.fullmatch(r"P\d+", cell.value):
                i = int(cell.value[1:])
                cell.value = names.setdefault(cell.value, f"{FIRST[i % 5]} {LAST[i // 5]} {i}")
    head = {cell.value: cell.column for cell in book["Patients"][1]}
    for row in range(2, book["Patients"].max_row + 1):
        book["Patients"].cell(row, head["Note"]).value = SECRET  # ignored
    book["Visits"].cell(3, 11).value = SECRET  # rejected: no number
    book["Visits"].cell(4, 9).value = TELEPHONE  # rejected: no CMAS
    births = {row[0]: row[2].date() for row in book["Patients"].iter_rows(min_row=2, values_only=True) if row[2]}
    ages = {
        (value.date() - births[row[0]]).days / 365.25
        for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] in births
        for value in row if isinstance(value, datetime) and value.date() != births[row[0]]
    }  # fmt: skip
    book.save(study / BOOK)
    out = study / "out"
    run_study(study, out)
    return out, sorted(names.values()), dates, ages


def spellings(day: date) -> set[str]:
    month, short = f"{day:%B}", f"{day:%b}"
    numbers = {
        f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}", f"{day:%d/%m/%Y}",
        f"{day:%m/%d/%Y}", f"{day:%Y%m%d}", f"{day.day}/{day.month}/{day.year}", f"{day.month}/{day.day}/{day.year}",
        f"{day:%d-%m-%Y}", f"{day:%d.%m.%y}",
    }  # fmt: skip
    words = {f"{day.day} {m} {day.year}" for m in (month, short)} | {
        f"{m} {day.day}, {day.year}" for m in (month, short)
    }
    return numbers | words


def texts(path: Path) -> str:
    """Give all that a file says: its bytes as text, and what its format packs away."""
    content = path.read_bytes()
    found = [
        content.decode("utf-8", errors="replace"),
        content.decode("latin-1"),
        content.decode("utf-16-le", "replace"),
    ]
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        found += [
            json.dumps(table.to_pylist(), ensure_ascii=False),
            str(table.schema.metadata),
            str(pq.read_metadata(path)),
        ]
    if path.suffix == ".pdf":
        for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
            try:
                found.append(zlib.decompress(packed).decode("latin-1"))
            except zlib.error:
                found.append(packed.decode("latin-1"))
    if path.suffix == ".png":
        found += [kind + text for kind, text in chunks(content)]
    if path.suffix == ".json":
        found.append(json.dumps(json.loads(content), ensure_ascii=False))
    return "\n".join(found)


def chunks(content: bytes) -> list[tuple[str, str]]:
    at, found = 8, []
    while at < len(content):
        (length,), kind = struct.unpack(">I", content[at : at + 4]), content[at + 4 : at + 8].decode("latin-1")
        body = content[at + 8 : at + 8 + length]
        found.append((kind, "" if kind == "IDAT" else body.decode("latin-1")))
        at += 12 + length
    return found


@pytest.fixture(scope="module")
def shown(planted):
    """What every file at the root says."""
    out = planted[0]
    paths = [path for path in out.rglob("*") if path.is_file() and "patient_level" not in path.relative_to(out).parts]
    assert {path.suffix for path in paths} == {
        ".parquet", ".json", ".sha256", ".sql", ".html", ".svg", ".pdf", ".png", ".csv",
    }  # fmt: skip
    return {path.relative_to(out).as_posix(): texts(path) for path in paths}


def test_no_name_and_no_text_of_a_cell_that_no_result_uses_stands_at_the_root(shown, planted):
    for name, text in shown.items():
        for person in (*planted[1], *LAST, SECRET, "Ottilie", "5550123", str(TELEPHONE), f"{TELEPHONE:g}"):
            assert person.casefold() not in text.casefold(), (name, person)


def test_no_date_of_a_patient_stands_at_the_root_in_any_spelling(shown, planted):
    wanted = {one for day in planted[2] for one in spellings(day)}
    assert len(planted[2]) > 150
    for name, text in shown.items():
        # A digest is hexadecimal and can hold any eight digits.
        read = re.sub(r"\b[0-9a-f]{12,64}\b", "", text)
        found = wanted & set(re.findall(r"(?<!\d)\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?!\d)", read))
        found |= wanted & set(re.findall(r"(?<!\d)\d{8}(?!\d)", read))
        found |= wanted & set(re.findall(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b[A-Z][a-z]+ \d{1,2}, \d{4}\b", read))
        assert not found, (name, found)


def test_no_age_of_a_patient_stands_at_the_root_to_more_than_one_decimal(shown, planted):
    out, _, _, ages = planted
    # Five decimals tell an age to the day; some scores happen to be the same number to fewer. Patient-years are sums of
    # days over all patients, and some of them happen to be the same days as an age.
    assert len(ages) > 200
    long = {f"{age:.9f}"[:-4] for age in ages if round(age, 3) != age}
    for name, text in shown.items():
        if name != "results.parquet":
            numbers = re.findall(r"(?<![\d.])(\d{1,2}\.\d{5})\d+(?!\d|(?:</code>)? patient-years)", text)
            found = long & set(numbers)
            assert not found, (name, found)
    for row in pq.read_table(out / "results.parquet").to_pylist():
        if row["unit"] in ("years", "months"):
            assert row["number"] is None or row["number"] == round(row["number"], 1), row


def test_every_digit_of_an_age_stands_in_the_folder_of_single_patients_and_prints_the_same(planted):
    out, _, _, ages = planted
    root, whole = (
        {row["result_id"]: row for row in pq.read_table(out / part / "results.parquet").to_pylist()}
        for part in ("", "patient_level")
    )
    differing = [key for key in whole if root[key] != whole[key]]
    assert list(root) == list(whole)
    assert {root[key]["unit"] for key in differing} == {"years", "months"}
    assert all({**root[key], "number": None} == {**whole[key], "number": None} for key in differing)
    youngest = [row for row in whole.values() if row["unit"] == "years" and row["statistic"] == "minimum"]
    assert any(abs(row["number"] - age) < 1 / 366 for row in youngest for age in ages)
    bundle = read_bundle(out)
    assert bundle.results.to_pylist() == list(whole.values())
    assert everyones(bundle, decimals_printed(present(bundle))).results.to_pylist() == list(root.values())
    shown, apart = (lay_out(one) for one in indexes_of(bundle))
    printed = [[cell.placed.rendered.text for row in t.rows for cell in row.cells if cell] for t in shown.tables]
    assert printed == [
        [cell.placed.rendered.text for row in t.rows for cell in row.cells if cell] for t in apart.tables
    ]


def test_a_bundle_without_its_part_about_patients_is_compared_as_everyone_is_told(planted, tmp_path):
    alone = tmp_path / "alone"
    shutil.copytree(planted[0], alone)
    shutil.rmtree(alone / "patient_level")
    whole, part = read_bundle(planted[0]), read_bundle(alone)
    assert part.results != whole.results
    assert compare(part, whole) == compare(whole, part) == []


def test_no_row_of_a_person_stands_at_the_root(planted):
    out = planted[0]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert not {"listings", "members", "query", "protocol"} & set(manifest)
    files = len(json.dumps(manifest["files"]))
    assert len((out / "manifest.json").read_bytes()) - files < 8_000, "what was read and declared, and no layout"
    for path in out.glob("figures/*.vl.json"):
        assert "patient" not in path.read_text(encoding="utf-8").replace("Patients", "").replace("patients", ""), (
            path.name
        )
    assert not list(out.glob("figures/swimmer*"))
    assert not list(out.glob("figures/curves*"))


def test_all_of_it_stands_in_the_folder_of_single_patients_but_for_cells_that_no_result_uses(planted):
    """So that the searches above are known to find what they search for."""
    out, names, dates, _ = planted
    apart = {path.relative_to(out).as_posix(): texts(path) for path in out.glob("patient_level/**/*") if path.is_file()}
    for name in ("patient_level/report.html", "patient_level/listings.parquet"):
        assert all(person in apart[name] for person in names), name
    assert any(day.isoformat() in apart["patient_level/report.html"] for day in dates)
    assert any(names[0] in text for name, text in apart.items() if name.endswith("swimmer.svg"))
    for name, text in apart.items():
        assert "5550123" not in text, name
    everyones, whole = (pq.read_table(out / part / "checks.parquet").to_pylist() for part in ("", "patient_level"))
    assert len(everyones) == len(whole)
    assert f"{TELEPHONE:g}" in str(whole)
    assert {row["source_row"] for row in everyones} == {None}
    ledger = pq.read_table(out / "patient_level" / "ledger.parquet").to_pylist()
    unused = [cell for cell in ledger if cell["fate"] in ("ignored", "rejected")]
    assert {cell["fate"] for cell in unused} == {"ignored", "rejected"}
    assert {cell["found"] for cell in unused} == {""}
