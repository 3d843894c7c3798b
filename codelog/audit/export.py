"""The export: cases of a store into a folder that anybody can check."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from codelog.audit import manifest as papers
from codelog.audit.deidentify.case import deidentified
from codelog.audit.deidentify.groups import Groups
from codelog.audit.exported import ExportedCase, Stream, StreamFound, Unreadable
from codelog.audit.folder import WorkingFolder, new_folder
from codelog.audit.formats import JSONL, Writer, writers
from codelog.audit.manifest import Origin
from codelog.audit.signing import CheckpointSource
from codelog.case.events import ProtocolRef
from codelog.case.instants import format_instant, parse_instant
from codelog.clinical.tables import load_tables
from codelog.live.protocols import ProtocolFound, protocol_named_by
from codelog.log.chain import Intact
from codelog.log.store import Snapshot, Store

BATCH = 50_000
"""After so many lines the work is noted, and an export that is cut off can be taken up from there."""

_SCRIPT = "verify.sh"


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported. `cases` None: all. `include_text`: free text stays in a de-identified export.

    `snomed`: FHIR bundles carry SNOMED CT codes, which need a licence.
    """

    cases: Sequence[str] | None
    formats: tuple[str, ...]
    deidentify: bool
    include_text: bool
    origin: Origin
    snomed: bool = True

    @property
    def generated_at(self) -> int:
        """The instant that stands in the files; of a de-identified export, no date but the year."""
        if not self.deidentify:
            return self.origin.at
        return parse_instant(f"{format_instant(self.origin.at)[:4]}-01-01T00:00:00.000Z")


@dataclass
class Outcome:
    """What was exported: the ids of the cases in the store, and the SHA-256 of the manifest.

    `problems` are (case, sentence); `taken_up` cases were done by an earlier export.
    """

    cases: list[str]
    lines: int
    taken_up: int
    problems: list[tuple[str, str]]
    manifest: str


Told = Callable[[int, int], None]
"""Hears that so many further steps of so many in all are done."""


def write_export(
    store: Store,
    request: Request,
    target: Path,
    *,
    signer: CheckpointSource,
    told: Told,
    noted: Callable[[Outcome], None],
) -> Outcome:
    """Export cases of a store to the new folder `target`; all of it, or nothing.

    An interrupted export of everything is taken up by the next one that asks for the same. `noted` is called once all
    is written and before anybody can see it. Raises TargetRefused, FolderFailed, NoPyarrow or StoreError.
    """
    resumable = request.cases is None and not request.deidentify
    with (
        store.snapshot() as snapshot,
        new_folder(target, _identity(request), resumable=resumable) as folder,
    ):
        source = _Source(store, snapshot, request.cases)
        if request.deidentify:
            outcome = _deidentified(source, request, folder, told)
        else:
            outcome = _as_they_are(source, request, folder, signer, told)
        noted(outcome)
    return outcome


def _identity(request: Request) -> dict[str, Any]:
    """What has to be the same for one export to go on with the work of another."""
    return {
        "cases": None if request.cases is None else list(request.cases),
        "formats": list(request.formats),
        "snomed": request.snomed,
        "deidentify": request.deidentify,
        "purpose": request.origin.purpose,
        "by": request.origin.by,
        "terminal": request.origin.terminal,
        "software": request.origin.software,
    }


def _as_they_are(
    source: _Source, request: Request, folder: WorkingFolder, signer: CheckpointSource, told: Told
) -> Outcome:
    wanted = source.ids()
    done = {entry["case"] for batch in folder.done for entry in batch}
    told(len(done), len(wanted))
    run = _Run(request, folder, signer)
    for id in wanted:
        if id not in done:
            run.add(source.case(id))
            told(1, len(wanted))
    entries = run.end()
    paper = papers.manifest(request.origin, request.formats, entries, folder.files.values())
    return _finished(folder, paper, entries, wanted, taken_up=len(done))


def _deidentified(source: _Source, request: Request, folder: WorkingFolder, told: Told) -> Outcome:
    wanted = source.ids()
    told(0, 2 * len(wanted))
    groups, left_out = Groups(), {}
    for id in wanted:
        case = source.case(id)
        try:
            groups.count(case.intact_state())
        except Unreadable as error:
            left_out[id] = f"left out: {error}"
        told(1, 2 * len(wanted))
    run = _Run(request, folder, None)
    # Their order in the store, or of their ids, would be a way back to them.
    for id in secrets.SystemRandom().sample(wanted, len(wanted)):
        if id not in left_out:
            case = source.case(id)
            state = case.intact_state()
            exactness = groups.exactness(state)
            run.add(deidentified(case, state.zero, exactness, include_text=request.include_text))
        told(1, 2 * len(wanted))
    entries = run.end()
    paper = papers.deidentified_manifest(
        request.origin,
        request.formats,
        entries,
        folder.files.values(),
        left_out=len(left_out),
        reviewed_text=request.include_text,
    )
    outcome = _finished(folder, paper, entries, wanted)
    outcome.problems += left_out.items()
    return outcome


def _finished(
    folder: WorkingFolder,
    paper: bytes,
    entries: Sequence[Mapping[str, Any]],
    cases: list[str],
    *,
    taken_up: int = 0,
) -> Outcome:
    written = folder.write(papers.MANIFEST, "what this folder is", paper)
    folder.write(papers.SUMS, "for sha256sum", papers.sums(folder.files.values()))
    return Outcome(
        cases=cases,
        lines=sum(stream["lines"] for entry in entries for stream in entry["streams"]),
        taken_up=taken_up,
        problems=[(entry["case"], problem) for entry in entries for problem in entry["problems"]],
        manifest=written.sha256,
    )


class _Source:
    """The cases of a store as they are at one moment."""

    def __init__(self, store: Store, snapshot: Snapshot, wanted: Sequence[str] | None) -> None:
        self._store = store
        self._snapshot = snapshot
        self._wanted = wanted
        self._tables = load_tables()
        self._protocols: dict[ProtocolRef | None, ProtocolFound] = {}

    def ids(self) -> list[str]:
        """The ids of the cases wanted, each once."""
        return self._snapshot.cases() if self._wanted is None else list(dict.fromkeys(self._wanted))

    def case(self, id: str) -> ExportedCase:
        """A case, nothing of it read yet."""
        streams = tuple(
            Stream(terminal, partial(self._snapshot.lines, id, terminal))
            for terminal in self._snapshot.streams(id)
        )
        return ExportedCase(id, streams, self._tables, self._protocol)

    def _protocol(self, ref: ProtocolRef | None) -> ProtocolFound:
        if ref not in self._protocols:
            self._protocols[ref] = protocol_named_by(self._store, ref)
        return self._protocols[ref]


class _Run:
    """Cases on their way into the folder, in batches."""

    def __init__(self, request: Request, folder: WorkingFolder, signer: CheckpointSource | None) -> None:
        self._folder = folder
        self._signer = signer
        self._lines = JSONL in request.formats
        self._writers: list[Writer] = writers(
            request.formats, folder, request.generated_at, snomed=request.snomed
        )
        self._batch: list[dict[str, Any]] = []
        self._batch_lines = 0

    def add(self, case: ExportedCase) -> None:
        """Write a case in every format."""
        found: list[StreamFound] = []
        if case.has_safe_names():
            found = [self._stream(case, stream) for stream in case.streams]
            for writer in self._writers:
                writer.add(case)
        else:
            case.add_problem("left out: its id or the name of a terminal is none that codelog gives")
        self._batch.append(papers.case_entry(case, found, self._protocol_file(case)))
        self._batch_lines += sum(stream.lines for stream in found)
        if self._batch_lines >= BATCH:
            self._end_batch()

    def end(self) -> list[dict[str, Any]]:
        """Finish every file; what the manifest says of every case."""
        self._end_batch()
        for writer in self._writers:
            writer.end()
        if self._lines:
            script = resources.files("codelog.audit") / _SCRIPT
            self._folder.write(_SCRIPT, "checks this folder without codelog", script.read_bytes())
        return [entry for batch in self._folder.done for entry in batch]

    def _end_batch(self) -> None:
        for writer in self._writers:
            writer.end_batch()
        self._folder.note(self._batch)
        self._batch, self._batch_lines = [], 0

    def _stream(self, case: ExportedCase, stream: Stream) -> StreamFound:
        if not self._lines:
            return case.read_through(stream, None)
        name = f"{case.id}.{stream.terminal}"
        found = case.read_through(
            stream, self._folder.file(f"{name}.jsonl", "the stored lines of a stream").write
        )
        self._folder.finish(f"{name}.jsonl")
        if self._signer is not None and isinstance(found.chain, Intact) and found.lines:
            self._sign(case, stream, found.chain, self._signer)
        return found

    def _sign(self, case: ExportedCase, stream: Stream, end: Intact, signer: CheckpointSource) -> None:
        signed = signer.checkpoint(case.id, stream.terminal, end)
        if signed is None:
            return
        note = signed.note.write().encode()
        self._folder.write(f"{case.id}.{stream.terminal}.checkpoint", "the signed end of a stream", note)
        key = f"{signed.note.signer}.pub.pem"
        keys = b"" if key in self._folder.files else signer.public_keys(signed.note.signer)
        if keys:
            self._folder.write(key, "the public keys of a terminal", keys)

    def _protocol_file(self, case: ExportedCase) -> str | None:
        """The name of the file that the case was opened with, in the folder; None where it is not to be had."""
        if case.opened is None or case.opened.protocol is None:
            return None
        try:
            found = case.found
        except Unreadable as error:
            case.add_problem(str(error))
            return None
        if found.changed:
            return None
        name = f"protocols/{found.protocol.digest}.toml"
        if name not in self._folder.files:
            self._folder.write(name, f"the protocol {found.protocol.id}", found.protocol.content)
        return name
