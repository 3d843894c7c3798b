"""A report in any of its forms, as bytes. What a form needs is imported when it is asked for."""

from __future__ import annotations

from typing import Literal, get_args

from codelog.debrief.report.value import DebriefReport

Format = Literal["html", "pdf", "text", "json"]
Paper = Literal["a4", "letter"]
FORMATS: tuple[Format, ...] = get_args(Format)
PAPERS: tuple[Paper, ...] = get_args(Paper)

ENDINGS = {"html": ".html", "pdf": ".pdf", "text": ".txt", "json": ".json"}
"""How the file of each form is called at its end."""


def printed(report: DebriefReport, form: Format, paper: Paper = "a4") -> bytes:
    """The report in one form. Raises NoTypst for a PDF where typst is not installed."""
    if form == "html":
        from codelog.debrief.render.html import report_html

        return report_html(report).encode()
    if form == "pdf":
        from codelog.debrief.render.pdf import report_pdf

        return report_pdf(report, paper)
    if form == "json":
        from codelog.debrief.report.as_json import report_json

        return report_json(report).encode()
    from codelog.debrief.render.text import report_text

    return "".join(f"{line}\n" for line in report_text(report)).encode()
