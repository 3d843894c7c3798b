"""The charts and the printed sheets: well-formed, with a title on every mark, and safe."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pypdf
import pytest

from codelog.debrief.backtest_page import backtest_sheet
from codelog.debrief.charts import Bar, Dot, Move, Stairs, bars, moves, series, stairs
from codelog.debrief.qi.page import qi_sheet
from codelog.debrief.sheet.html import sheet_html
from codelog.debrief.sheet.pdf import sheet_pdf
from codelog.debrief.sheet.sheet import Drawing, Sheet
from tests.debrief.reportkit import GOMELLA, SCENARIOS, events_of
from tests.debrief.test_backtest import summed, under
from tests.debrief.test_qi_cohort import MARKUP, generated, published, reported

SVG = "{http://www.w3.org/2000/svg}"
DOT = Dot("2024-01", 50.0, 30.0, 70.0, "", "one")


def drawings(sheet: Sheet) -> list[str]:
    return [block.svg for chapter in sheet.chapters for block in chapter.blocks if isinstance(block, Drawing)]


@pytest.mark.parametrize(
    "svg",
    [
        stairs(MARKUP, [], [60]),
        stairs("x", [Stairs(MARKUP, [(60.0, 50.0)], 90.0, [70.0], [MARKUP])], [60, 90]),
        series(MARKUP, [], None, "%", 100, str),
        series("x", [DOT, Dot(MARKUP, None, None, None, "", MARKUP)], 50.0, "%", 100, lambda value: MARKUP),
        series("x", [Dot("a", 0.0, None, None, "", "")], 0.0, "s", 0, str),
        bars("x", []),
        bars(MARKUP, [Bar(MARKUP, 50, 40, 60, MARKUP), Bar("x", None, None, None, "3 of 4")]),
        moves("x", []),
        moves(
            "x",
            [Move(MARKUP, 0, -5, MARKUP), Move("b", None, 10**9, "new: x"), Move("c", 5, None, "gone: x")],
        ),
    ],
)
def test_every_chart_is_xml_whatever_it_is_given(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    assert root[0].tag == f"{SVG}title" and root.get("role") == "img"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "rect",
        "line",
        "path",
        "circle",
        "text",
    }
    assert "nan" not in svg and "inf" not in svg and "\u202e" not in svg and "\x1b" not in svg


def test_every_mark_of_the_reports_has_a_title_and_lies_within() -> None:
    found = drawings(qi_sheet(reported(generated())))
    assert len(found) > 8
    for svg in found:
        root = ElementTree.fromstring(svg)
        width, height = float(root.get("width", "")), float(root.get("height", ""))
        for mark in (*root.iter(f"{SVG}circle"), *root.iter(f"{SVG}path")):
            assert mark.find(f"{SVG}title") is not None
        for mark in root.iter(f"{SVG}circle"):
            assert 0 <= float(mark.get("cx", "")) <= width and 0 <= float(mark.get("cy", "")) <= height
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.get("x", "")) <= width and 0 <= float(text.get("y", "")) <= height


def test_the_same_bytes_every_time_and_nothing_from_outside() -> None:
    once, again = (sheet_html(qi_sheet(reported(published()))) for _ in range(2))
    assert once == again
    assert "<script" not in once and "src=" not in once and "default-src &#39;none&#39;" in once
    assert once.count("http") == once.count("http://www.w3.org/2000/svg") + once.count("http-equiv")


def test_pdf_is_tagged_repeatable_and_holds_the_figures() -> None:
    sheet = qi_sheet(reported(published()))
    pdf = sheet_pdf(sheet)
    assert pdf == sheet_pdf(sheet)
    read = pypdf.PdfReader(io.BytesIO(pdf))
    text = "\n".join(page.extract_text() for page in read.pages)
    assert "Figures over many cases" in text and "TRAINING" in text and "49 - 94 %" in text
    assert "/StructTreeRoot" in read.root_object and len(read.pages) < 12
    assert sheet_pdf(backtest_sheet(summed([under(GOMELLA, events_of(path)) for path in SCENARIOS[:2]])))
