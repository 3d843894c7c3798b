"""The report as one HTML page: self-contained, without a script, and nothing in it is fetched from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from codelog.case.events import Ref
from codelog.debrief.picture import draw
from codelog.debrief.plain import plain
from codelog.debrief.render.layout import lay_out
from codelog.debrief.render.page import Page, Row, Table, pieces, stretches
from codelog.debrief.report.value import DebriefReport

_PACKAGE = "codelog.debrief.render"


def report_html(report: DebriefReport) -> str:
    """The page. What people wrote is text in it, never markup."""
    page = lay_out(report)
    style = files(_PACKAGE).joinpath("templates", "report.css").read_text(encoding="utf-8") + _paper_foot(
        page
    )
    places = _Places(page)
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        page=page,
        style=Markup(style),  # noqa: S704 - our own file, and words as numbers
        policy=_policy(style),
        picture=Markup(draw(report)),  # noqa: S704 - a drawing that escapes its words
        links=places.links,
        ids=places.ids,
        pieces=pieces,
        kind=lambda block: type(block).__name__,
    )


def _policy(style: str) -> str:
    """What a browser may do with the page: apply this very style, and no more."""
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _paper_foot(page: Page) -> str:
    """The rule that puts mark and foot on every page of paper; its words are written as numbers, so that none can act."""
    words = " ".join(part for part in (page.mark, page.foot) if part)
    numbers = "".join(f"\\{ord(letter):06x}" for letter in words)
    return (
        f'@page {{ @bottom-left {{ content: "{numbers}"; font: 7pt sans-serif; white-space: nowrap; }} }}\n'
    )


class _Places:
    """Where each entry can be looked up: the first row about it."""

    def __init__(self, page: Page) -> None:
        self._rows: dict[Ref, Row] = {}
        for section in (*page.front, *page.inside):
            for block in section.blocks:
                for row in block.rows if isinstance(block, Table) else ():
                    for ref in row.about:
                        self._rows.setdefault(ref, row)
        self._ids = {ref: f"entry-{number}" for number, ref in enumerate(self._rows, start=1)}

    def ids(self, row: Row) -> list[str]:
        """The ids that a row has to bear."""
        return [self._ids[ref] for ref in row.about if self._rows[ref] is row]

    def links(self, events: Iterable[Ref]) -> list[tuple[str, str | None]]:
        """Event numbers with the id of their place, if they have one; what joins them has none."""
        found, left_out = stretches(events)
        links: list[tuple[str, str | None]] = []
        for first, last in found:
            links.append((("" if not links else " ") + f"#{plain(str(first))}", self._ids.get(first)))
            if last != first:
                links += [("-", None), (str(last), self._ids.get(last))]
        return [*links, *([(f" and {left_out} more", None)] if left_out else [])]
