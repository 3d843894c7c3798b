"""What one report costs: the PDF beside bare typst on the same page, the picture beside the page, and longer cases."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from benchmarks.cases import write_case
from benchmarks.harness import Remark, Row, take_turns, timed
from codelog.case.codec import decode
from codelog.case.events import Event
from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol
from codelog.clinical.tables import load_tables
from codelog.debrief.picture import draw
from codelog.debrief.render.html import report_html
from codelog.debrief.render.pdf import page_and_picture, report_pdf, template
from codelog.debrief.report.value import DebriefReport, build_report
from codelog.log.store import open_store

TITLE = "one report"
SIZES = (50, 500, 5_000)
QUICK_SIZES = (50, 500)
SVG_BUDGET_KB = 200


def measure(*, quick: bool) -> list[Row | Remark]:
    """The rows of this benchmark."""
    rounds = 3 if quick else 9
    sizes = QUICK_SIZES if quick else SIZES
    logs = {size: _events(size) for size in (200, *sizes)}
    usual = _report(logs[200])
    page, picture = page_and_picture(usual)
    took = take_turns(
        {
            "pdf": partial(timed, partial(report_pdf, usual)),
            "typst": partial(timed, partial(_bare_typst, page, picture)),
            "picture": partial(timed, partial(draw, usual)),
            "html": partial(timed, partial(report_html, usual)),
        },
        rounds,
    )
    lines: list[Row | Remark] = [
        Row("PDF, 200 entries", took["pdf"], "typst on the same page", took["typst"], ratio_budget=2),
        Row("picture, 200 entries", took["picture"], "the jinja2 page", took["html"], ratio_budget=2),
        Remark(f"the picture of 200 entries is {len(picture) / 1000:.0f} kB; budget {SVG_BUDGET_KB} kB"),
    ]
    for size in sizes:
        report = _report(logs[size])
        took = take_turns(
            {
                "value": partial(timed, partial(_report, logs[size])),
                "html": partial(timed, partial(report_html, report)),
            },
            rounds=3,
        )
        lines.append(Row(f"the value, {size:,} entries", took["value"]))
        lines.append(Row(f"its HTML, {size:,} entries", took["html"]))
    return lines


def _bare_typst(page: str, picture: str) -> None:
    inputs = {"page": page, "picture": picture, "paper": "a4"}
    typst.compile(template(), ignore_system_fonts=True, sys_inputs=inputs, pdf_standards=["ua-1"])


def _events(entries: int) -> list[Event]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.db"
        write_case(path, entries)
        with open_store(path, read_only=True) as store:
            return [decode(line) for line in store.lines(store.find_case("last"))]


def _report(events: list[Event]) -> DebriefReport:
    protocol = load_protocol(DEFAULT_PROTOCOL)
    return build_report(
        events, protocol, load_tables(), chain={}, generated_at=events[-1].recorded_at, version="0"
    )
