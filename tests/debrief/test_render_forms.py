"""The printed forms held against those that were looked at (`CODELOG_UPDATE_REPORTS=1` takes them anew), and their parts."""

from __future__ import annotations

import dataclasses
import io
import os
import re
from pathlib import Path
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject

from codelog.case.events import read_data
from codelog.clinical.protocols import load_protocol
from codelog.debrief.render.html import report_html
from codelog.debrief.render.layout import NOT_A_DEVICE, lay_out
from codelog.debrief.render.page import cell, ref_words, stretches
from codelog.debrief.render.pdf import report_pdf
from codelog.debrief.render.text import LEAST_WIDTH, report_text
from codelog.debrief.render.wrapping import columns, wrapped
from codelog.log.chain import Break
from tests.debrief.renderkit import Tags, hostile, long_case, pdf_text, published
from tests.debrief.reportkit import SCENARIOS, events_of, log_of, replayed, report_of, scenario

GOLDEN = Path(__file__).parent / "golden"
HELD = ("blood-loss-at-birth", "purpura-fulminans-two-tibias")
NAMES = [path.stem for path in SCENARIOS]
NOTE = {"text": "a note"}


def held_against(name: str, made: str, tmp_path: Path) -> None:
    """Compare with the file that was looked at."""
    golden = GOLDEN / name
    if os.environ.get("CODELOG_UPDATE_REPORTS"):
        golden.write_text(made, encoding="utf-8")
    if made != golden.read_text(encoding="utf-8"):
        other = tmp_path / name
        other.write_text(made, encoding="utf-8")
        pytest.fail(f"{name} is not what is printed now, which is in {other}")


@pytest.mark.parametrize("name", HELD)
def test_that_the_text_is_as_it_was(name: str, tmp_path: Path) -> None:
    held_against(f"report-{name}.txt", "\n".join(report_text(published(name))) + "\n", tmp_path)


@pytest.mark.parametrize("name", HELD)
def test_that_the_page_is_as_it_was(name: str, tmp_path: Path) -> None:
    """Without the picture, which is held against a drawing of its own."""
    page = re.sub(r"<svg.*</svg>", "<svg></svg>", report_html(published(name)), flags=re.DOTALL)
    held_against(f"report-{name}.html", page, tmp_path)


@pytest.mark.parametrize("width", [20, LEAST_WIDTH, 61, 80, 133])
@pytest.mark.parametrize("name", NAMES)
def test_that_no_line_is_longer_than_the_width(name: str, width: int) -> None:
    lines = list(report_text(published(name), width))
    assert max(map(columns, lines)) <= max(width, LEAST_WIDTH)
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("words", ["漢字", "漢" * 60, "e\u0301" * 90, "한국어 " * 30])
def test_that_letters_of_two_columns_and_of_none_fit_too(words: str) -> None:
    lines = list(report_text(hostile(words), 80))
    assert max(map(columns, lines)) <= 80
    assert columns("漢") == 2 and columns("e\u0301") == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one two", ["one", "two"]),
        ("on two", ["on two"]),
        ("oneones two", ["oneone", "s two"]),
        ("漢字漢字", ["漢字漢", "字"]),
        ("漢字漢 x", ["漢字漢", "x"]),
    ],
)
def test_how_lines_are_broken(text: str, lines: list[str]) -> None:
    assert wrapped(text, 6) == lines


@pytest.mark.parametrize("name", NAMES)
def test_that_every_entry_of_a_page_leads_somewhere_and_every_id_is_one(name: str) -> None:
    page = Tags(report_html(published(name)))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    targets = set(page.targets())
    assert targets and {target.removeprefix("#") for target in targets} <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_that_every_number_that_is_printed_can_be_looked_up(name: str) -> None:
    report = published(name)
    homes = set(lay_out(report).looked_up())
    page = report_html(report)
    unlinked = re.findall(r'class="refs">\[[^<]*#', page)
    assert unlinked == []
    assert homes >= {entry.number for entry in report.course.entries}


def test_that_a_retracted_entry_and_an_amendment_can_be_looked_up() -> None:
    retract = {"target": 2, "reason": "undone"}
    amend = {"target": 3, "changes": {"text": "another"}, "reason": "misheard"}
    log = log_of(
        (1, "note.added", NOTE),
        (2, "note.added", NOTE),
        (3, "event.retracted", retract),
        (4, "event.amended", amend),
    )
    assert {1, 2, 3, 4, 5} <= set(lay_out(report_of(log)).looked_up())


@pytest.mark.parametrize("name", NAMES)
def test_that_page_one_of_a_pdf_has_all_for_a_ten_minute_debrief(name: str) -> None:
    first, *rest = pdf_text(report_pdf(published(name)))
    for heading in ("Case", "Whathappened", "Keyintervals", "Everyattemptataccess"):
        assert heading in first
    assert "Attemptsindetail" not in first
    assert 2 <= len(rest) <= 7
    for number, page in enumerate((first, *rest), start=1):
        assert "TRAINING" in page
        assert f"page{number}of{len(rest) + 1}" in page
        assert "".join(NOT_A_DEVICE.split()) in page
        assert "Protocolgomella1:verified." in page


def test_that_an_unverified_protocol_is_said_on_every_page() -> None:
    nrp = load_protocol("nrp")
    report = report_of(events_of(scenario(HELD[0])), nrp)
    assert report.header.protocol.status == "unverified"
    for page in pdf_text(report_pdf(report)):
        assert "Protocolnrp1:unverified." in page
    assert "Protocol nrp 1: unverified." in Tags(report_html(report)).text


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_that_a_pdf_is_tagged_titled_and_of_its_paper(paper: str, size: tuple[int, int]) -> None:
    pdf = PdfReader(io.BytesIO(report_pdf(published(HELD[0]), paper)))  # type: ignore[arg-type]
    root = pdf.root_object
    assert cast(DictionaryObject, root["/MarkInfo"])["/Marked"] == BooleanObject(True)
    assert "/StructTreeRoot" in root and str(root["/Lang"]).startswith("en")
    assert pdf.metadata is not None and "Debrief report" in str(pdf.metadata.title)
    assert pdf.metadata.creation_date is None
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages} == {size}
    assert "/OpenAction" not in root and "/JavaScript" not in str(root.get("/Names", ""))


def test_that_the_break_of_a_chain_comes_first_in_every_form() -> None:
    broken = report_of(events_of(scenario(HELD[0])), chain={"replay": Break(5, "line 5 does not link")})
    said = "The log of terminal replay is not as it was written: line 5 does not link."
    assert f"!! {said}" in list(report_text(broken, 200))[:4]
    text = Tags(report_html(broken)).text
    assert text.index(said) < text.index("What happened")
    first = pdf_text(report_pdf(broken))[0]
    assert first.index("".join(said.split())) < first.index("Whathappened")
    assert "BROKEN" in first


def test_that_a_clinical_case_is_not_marked_and_one_of_no_known_mode_is() -> None:
    assert lay_out(published(HELD[0])).mark == "TRAINING"
    opens = {"setting": "nicu", "zero": "birth", "mode": "clinical"}
    log = log_of((1, "note.added", NOTE), (2, "case.closed", {"outcome": "other", "events": 3}))
    clinical = [dataclasses.replace(log[0], data=read_data("case.opened", opens, None)), *log[1:]]
    assert lay_out(report_of(clinical)).mark == ""
    assert lay_out(report_of(log[1:])).mark == "MODE NOT KNOWN"


@pytest.mark.parametrize(
    "report",
    [
        report_of([]),
        report_of(log_of()),
        report_of(log_of((-30.0, "note.added", NOTE))),
        replayed(("0:10", "note.added", NOTE), ("26:00:00", "case.closed", {"outcome": "other"})),
        report_of(log_of((1, "clock.stepped", {"wall_ms": -3_600_000}))),
        hostile(""),
    ],
    ids=["empty", "one event", "before zero", "across midnight", "clock step", "words that are none"],
)
def test_that_odd_cases_are_printed(report: object) -> None:
    assert len(list(report_text(report))) > 20  # type: ignore[arg-type]
    assert Tags(report_html(report)).ids()  # type: ignore[arg-type]
    assert pdf_text(report_pdf(report))  # type: ignore[arg-type]


def test_that_a_long_case_is_printed_whole() -> None:
    report = long_case(600)
    assert any("#599" in line for line in report_text(report))
    assert sum("#6" in page for page in pdf_text(report_pdf(report))) > 1
    assert Tags(report_html(report)).text.count("Heart rate") > 500


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((), ""),
        ((5,), "#5"),
        ((6, 5), "#5-6"),
        ((1, 2, 3, 5, 7, 8), "#1-3 #5 #7-8"),
        ((3, "t-a/1", 1, "t-a/2"), "#1 #3 #t-a/1 #t-a/2"),
        (tuple(range(1, 21, 2)), "#1 #3 #5 #7 #9 #11 #13 #15 #17 #19"),
        (tuple(range(1, 25, 2)), "#1 #3 #5 #7 #9 #11 #13 #15 #17 #19 and 2 more"),
    ],
)
def test_how_event_numbers_are_printed(events: tuple[int | str, ...], words: str) -> None:
    assert ref_words(events) == words
    found, left_out = stretches(events)
    assert len(found) <= 10 and (left_out > 0) == ("more" in words)


def test_that_a_cell_shows_what_would_hide() -> None:
    assert cell("a\u202eb\x1b").text == "a\\u202eb\\x1b"
