"""The report as PDF, set by typst: tagged, offline, and the same bytes every time."""

from __future__ import annotations

import dataclasses
import json
import re
from importlib.resources import files
from typing import Any

from codelog.debrief.picture import draw
from codelog.debrief.render.formats import Paper
from codelog.debrief.render.layout import lay_out
from codelog.debrief.render.page import Cell, Facts, Row, pieces, ref_words
from codelog.debrief.report.value import DebriefReport

_PAPERS = {"a4": "a4", "letter": "us-letter"}

_OWN_LETTERS = re.compile(
    "[\n -~\u00a0-\u017f\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f\u2013-\u2026\u2190-\u2193]*"
)
"""Latin, Greek, Cyrillic and signs: for these, typst brings letters of its own."""


class NoTypst(Exception):
    """What sets a PDF is not installed."""

    def __init__(self) -> None:
        super().__init__("a PDF needs typst, which is not installed here: install codelog[pdf]")


def report_pdf(report: DebriefReport, paper: Paper = "a4") -> bytes:
    """The report on A4 or US Letter. Raises NoTypst where typst is not installed.

    Fonts of the system are looked at only for letters that typst does not bring: otherwise the bytes are the same on
    every machine. A letter that no font has is printed as its number.
    """
    try:
        import typst
    except ImportError:
        raise NoTypst from None
    page, picture = page_and_picture(report)
    source = template()

    def compiled(page: str, picture: str, *, own_fonts: bool) -> bytes:
        pdf: bytes = typst.compile(
            source,
            ignore_system_fonts=own_fonts,
            sys_inputs={"page": page, "picture": picture, "paper": _PAPERS[paper]},
            # PDF/UA-1: every part is tagged for a screen reader and every letter can be read, or there is no PDF.
            pdf_standards=["ua-1"],
        )
        return pdf

    if _OWN_LETTERS.fullmatch(page):
        return compiled(page, picture, own_fonts=True)
    try:
        return compiled(page, picture, own_fonts=False)
    except typst.TypstError:
        # No font here has some letter: rather its number than a box.
        return compiled(_numbered(page, "\\\\"), _numbered(picture, "\\"), own_fonts=True)


def page_and_picture(report: DebriefReport) -> tuple[str, str]:
    """What the template is given: the page as JSON, and the picture as SVG."""
    return json.dumps(_json(lay_out(report)), ensure_ascii=False), draw(report)


def template() -> bytes:
    """The page in typst's own language; it reads what it is given as data, never as markup."""
    return files("codelog.debrief.render").joinpath("templates", "report.typ").read_bytes()


def _numbered(text: str, backslash: str) -> str:
    """The text with each letter that typst has no font for as its number."""
    return "".join(
        letter if _OWN_LETTERS.fullmatch(letter) else f"{backslash}u{{{ord(letter):x}}}" for letter in text
    )


def _json(value: Any) -> Any:
    """The page as JSON: every block with its kind, every cell with its entries in words, its text where it may break."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    if isinstance(value, Facts):
        rows = [{"name": name, "value": _json(known)} for name, known in value.rows]
        return {"kind": "Facts", "rows": rows}
    if isinstance(value, Cell):
        return {"text": pieces(value.text), "refs": ref_words(value.events), "tone": value.tone}
    found = {field.name: _json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Row):
        found["refs"] = ref_words(value.events)
    return found | {"kind": type(value).__name__}
