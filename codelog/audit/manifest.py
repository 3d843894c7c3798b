"""What an export says of itself: what, why, by whom, when, with what, and the SHA-256 of every file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from codelog.audit.exported import ExportedCase, StreamFound
from codelog.audit.folder import FileEntry
from codelog.case.instants import format_instant
from codelog.log.chain import Intact

FORMAT = "codelog export 1"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an export comes from. `at` is an instant; the rest are words. `purpose` None: nobody said."""

    purpose: str | None
    by: str
    at: int
    terminal: str
    software: str


def case_entry(
    case: ExportedCase, streams: Iterable[StreamFound], protocol_file: str | None
) -> dict[str, Any]:
    """What the manifest says of a case; all of it may be null but its id, streams and problems."""
    opened = case.opened
    ref = None if opened is None else opened.protocol
    protocol = None
    if ref is not None:
        protocol = {"id": ref.id, "version": ref.version, "digest": ref.digest, "file": protocol_file}
    return {
        "case": case.id,
        "mode": None if opened is None else opened.mode,
        "state": {True: "closed", False: "open", None: None}[case.closed],
        "protocol": protocol,
        "streams": [_stream(found) for found in streams],
        "problems": case.problems,
    }


def _stream(found: StreamFound) -> dict[str, Any]:
    intact = isinstance(found.chain, Intact)
    return {
        "terminal": found.terminal,
        "lines": found.lines,
        "intact": intact,
        "head": found.chain.head if isinstance(found.chain, Intact) else None,
        "problem": None if isinstance(found.chain, Intact) else found.chain.problem,
    }


def manifest(
    origin: Origin,
    formats: Iterable[str],
    cases: Iterable[Mapping[str, Any]],
    files: Iterable[FileEntry],
) -> bytes:
    """The manifest of an export that tells who."""
    return _written(
        {
            "format": FORMAT,
            "deidentified": False,
            "purpose": origin.purpose or NOT_STATED,
            "by": origin.by,
            "at": format_instant(origin.at),
            "terminal": origin.terminal,
            "software": origin.software,
            "formats": list(formats),
            "cases": list(cases),
            "files": _files(files),
        }
    )


def deidentified_manifest(
    origin: Origin,
    formats: Iterable[str],
    cases: Iterable[Mapping[str, Any]],
    files: Iterable[FileEntry],
    *,
    left_out: int,
    reviewed_text: bool,
) -> bytes:
    """The manifest of an export that does not tell who: no person, no terminal, and of all dates the year."""
    return _written(
        {
            "format": FORMAT,
            "deidentified": True,
            "reviewed_text": reviewed_text,
            "purpose": origin.purpose or NOT_STATED,
            "year": int(format_instant(origin.at)[:4]),
            "software": origin.software,
            "formats": list(formats),
            "cases": list(cases),
            "cases_left_out": left_out,
            "files": _files(files),
        }
    )


def sums(files: Iterable[FileEntry]) -> bytes:
    """The digests in the form that `sha256sum --check` reads."""
    return "".join(f"{entry.sha256}  {entry.name}\n" for entry in _sorted(files)).encode()


def _files(files: Iterable[FileEntry]) -> list[dict[str, Any]]:
    return [
        {"name": entry.name, "bytes": entry.size, "sha256": entry.sha256, "what": entry.what}
        for entry in _sorted(files)
    ]


def _sorted(files: Iterable[FileEntry]) -> list[FileEntry]:
    return sorted(files, key=lambda entry: entry.name)


def _written(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(errors="replace")
