"""A sheet as one HTML page: self-contained, without a script, and nothing in it is fetched from anywhere."""

from __future__ import annotations

import base64
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from codelog.debrief.sheet.sheet import Sheet

_PACKAGE = "codelog.debrief.sheet"


def sheet_html(sheet: Sheet) -> str:
    """The page. What people wrote is text in it, never markup."""
    style = "".join(
        files(package).joinpath("templates", name).read_text(encoding="utf-8")
        for package, name in (("codelog.debrief.render", "report.css"), (_PACKAGE, "sheet.css"))
    )
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    return environment.get_template("sheet.html").render(
        sheet=sheet,
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        svg=Markup,
        kind=lambda block: type(block).__name__,
    )
