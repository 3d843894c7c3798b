"""A sheet as PDF, set by typst: tagged, offline, and the same bytes every time."""

from __future__ import annotations

import dataclasses
import json
from importlib.resources import files
from typing import Any, Literal

from codelog.debrief.render.pdf import NoTypst
from codelog.debrief.sheet.sheet import Sheet

_STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: every part is tagged for a screen reader, or there is no PDF."""


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet on A4. Raises NoTypst where typst is not installed."""
    try:
        import typst
    except ImportError:
        raise NoTypst from None
    pdf: bytes = typst.compile(
        files("codelog.debrief.sheet").joinpath("templates", "sheet.typ").read_bytes(),
        sys_inputs={"sheet": json.dumps(_json(sheet), ensure_ascii=False)},
        pdf_standards=[_STANDARD],
    )
    return pdf


def _json(value: Any) -> Any:
    """The sheet as JSON: every block with its kind."""
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    if not dataclasses.is_dataclass(value):
        return value
    found = {field.name: _json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return found | {"kind": type(value).__name__}
