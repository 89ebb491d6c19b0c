"""Small workbooks of every format, made part by part, so that a test can hold what no writer would write."""

from __future__ import annotations

import io
import struct
import zipfile

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(parts):
    """Pack parts, given by name, as a workbook."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, part in parts.items():
            pack.writestr(name, part)
    return content.getvalue()


def xlsx(rows, *, head="", tail="", shared="", styles='<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'):
    """Make an .xlsx of one sheet, Visits, whose `sheetData` holds `rows`; style 1 is a date."""
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")]
            + [("sharedStrings", "sharedStrings.xml")] * bool(shared)
        )
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="r0" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{_RELATION}"><sheets><sheet name="Visits" sheetId="1" r:id="r0"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/styles.xml": f"<styleSheet {NS}><cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/worksheets/sheet1.xml": f"<worksheet {NS}>{head}<sheetData>{rows}</sheetData>{tail}</worksheet>",
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    return packed(parts)


def xlsb(cells, merged=()):
    """Make an .xlsb of one sheet, Visits, of cells (row, column, value); bytes stand for an error code.

    `merged` holds first and last row, first and last column of merged cells, from 0.
    """
    rows: dict[int, list[tuple[int, object]]] = {}
    for row, column, value in cells:
        rows.setdefault(row, []).append((column, value))
    last = [max(cell[i] for cell in cells) - 1 for i in (0, 1)]
    sheet = _record(129) + _record(148, struct.pack("<IIII", 0, last[0], 0, last[1])) + _record(145)
    for row, held in sorted(rows.items()):
        sheet += _record(0, struct.pack("<I", row - 1) + bytes(13))
        for column, value in sorted(held):
            place = struct.pack("<II", column - 1, 0)
            if isinstance(value, bytes):
                sheet += _record(3, place + value)
            elif isinstance(value, str):
                sheet += _record(6, place + _wide(value))
            else:
                sheet += _record(5, place + struct.pack("<d", value))
    sheet += _record(146)
    if merged:
        held = b"".join(_record(176, struct.pack("<IIII", *places)) for places in merged)
        sheet += _record(177, struct.pack("<I", len(merged))) + held + _record(178)
    sheet += _record(130)
    book = (
        _record(131)
        + _record(153, bytes(12))
        + _record(143)
        + _record(156, struct.pack("<II", 0, 1) + _wide("r0") + _wide("Visits"))
    )
    book += _record(144) + _record(132)
    relations = f'<Relationship Id="r0" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.bin"/>'
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f"<Relationships>{relations}</Relationships>",
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def ods(rows, manifest=""):
    """Make an .ods of one sheet, Visits, whose table holds `rows`."""
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{names} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
        f'calcext:1.0"><office:body><office:spreadsheet><table:table table:name="Visits">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": content,
        }
    )


def xls(cells, *, more=b"", end=b"", dimensions=None, stream="Workbook"):
    """Make an .xls of one sheet, Visits, of cells (row, column, value); bytes stand for an error code."""
    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    name = b"Visits"
    book = _old(0x0809, start) + more
    where = len(book) + 4 + 8 + len(name) + 4
    book += _old(0x0085, struct.pack("<IBBBB", where, 0, 0, len(name), 0) + name) + _old(0x000A)
    book += _old(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    if dimensions:
        book += _old(0x0200, struct.pack("<IIHHH", *dimensions, 0))
    for row, column, value in cells:
        place = struct.pack("<HHH", row - 1, column - 1, 0)
        if isinstance(value, bytes):
            book += _old(0x0205, place + value + b"\x01")
        elif isinstance(value, str):
            book += _old(0x0204, place + struct.pack("<HB", len(value), 0) + value.encode("latin-1"))
        else:
            book += _old(0x0203, place + struct.pack("<d", value))
    return compound(stream, book + end + _old(0x000A))


def compound(stream, content):
    """Put one stream into a compound file, in sectors of 512 bytes."""
    content = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\x00")
    n = len(content) // 512
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [table, end, *(i + 3 for i in range(n - 1)), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    sectors = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    sectors += _entry("Root Entry", 5, end, 0, child=1) + _entry(stream, 2, 2, len(content)) + bytes(256)
    return header + sectors + content


def _entry(name, kind, first, length, child=0xFFFFFFFF):
    text = (name + "\x00").encode("utf-16-le")
    body = text.ljust(64, b"\x00") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (body + bytes(36) + struct.pack("<II", first, length)).ljust(128, b"\x00")


def _old(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind, body=b""):
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(body)
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + body
