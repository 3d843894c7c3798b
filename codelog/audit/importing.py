"""An export back into a store: the same lines, the same checkpoints, or nothing at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from codelog.audit.manifest import FORMAT, MANIFEST, SUMS
from codelog.audit.verify import CHECKPOINT, LINES, keys_beside, verify_path
from codelog.clinical.problems import ClinicalDataError
from codelog.clinical.protocols import load_protocol
from codelog.live.protocols import keep_protocol
from codelog.log import checkpoints
from codelog.log.chain import Break
from codelog.log.signing import receive_keys
from codelog.log.store import Store

_NAME = re.compile(r"([0-9A-Za-z_-]{1,64})\.([0-9A-Za-z_-]{1,64})")


class NotAnExport(Exception):
    """What was named is no export that could be imported; the message says why."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a folder and the file of its lines."""

    case: str
    terminal: str
    file: Path

    @property
    def checkpoint(self) -> Path:
        """Where its signed end is, if there is one."""
        return self.file.with_suffix(CHECKPOINT)


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was handed out: its streams, and the SHA-256 of its manifest."""

    path: Path
    streams: tuple[Stream, ...]
    manifest: str

    @property
    def cases(self) -> list[str]:
        """The ids of the cases."""
        return list(dict.fromkeys(stream.case for stream in self.streams))


Told = Callable[[int], None]
"""Hears of so many further streams."""


def read_export(path: Path) -> Export:
    """What a folder says that it is. Raises NotAnExport where it does not even claim to be an export with lines."""
    try:
        paper = (path / MANIFEST).read_bytes()
    except OSError:
        raise NotAnExport(f"{path} is no export: it has no {MANIFEST} that can be read") from None
    try:
        said = json.loads(paper)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotAnExport(f"{path / MANIFEST} is no manifest of an export that this codelog reads")
    if not (path / SUMS).is_file():
        raise NotAnExport(f"{path} is no whole export: it has no {SUMS}")
    streams = []
    for file in sorted(path.glob(f"*{LINES}")):
        match = _NAME.fullmatch(file.stem)
        if match is None:
            raise NotAnExport(f"{file.name} is not named CASE.TERMINAL{LINES}")
        streams.append(Stream(match[1], match[2], file))
    if not streams:
        raise NotAnExport(f"{path} has no lines to import; only an export with the format jsonl has")
    return Export(path, tuple(streams), sha256(paper).hexdigest())


def faults_of(store: Store, export: Export, told: Told) -> list[str]:
    """Why an export is not taken in, one sentence each: altered, broken, or another history (a fork). Raises CannotVerify.

    `told` hears of every stream that was examined.
    """
    faults = []
    for verdict in verify_path(export.path):
        if isinstance(verdict.finding, Break):
            faults.append(f"{Path(verdict.name).name}: {verdict.finding.problem}")
        told(verdict.name.endswith(LINES))
    if faults:
        return faults
    for stream in export.streams:
        faults += _misnamed(stream)
        faults += _fork(store, stream)
        told(1)
    return faults


def take_in(store: Store, export: Export, command: str, told: Told) -> list[Stream]:
    """Take an export without faults into a store, and return the streams that brought lines.

    What is stored already is left as it is. Raises StoreForked when somebody wrote another history meanwhile, or
    another StoreError.
    """
    new = []
    receive_keys(store.path, keys_beside(export.path), command)
    for stream in export.streams:
        with open(stream.file, encoding="utf-8", newline="\n") as lines:
            if store.append_stream(lines):
                new.append(stream)
        if stream.checkpoint.exists():
            checkpoints.keep(store, stream.checkpoint.read_text(encoding="utf-8"))
        told(1)
    for path in sorted(export.path.glob("protocols/*.toml")):
        try:
            keep_protocol(store, load_protocol(path))
        except ClinicalDataError:
            # Of a newer codelog, perhaps: the cases are kept all the same.
            continue
    return new


def _misnamed(stream: Stream) -> Iterator[str]:
    """Whether a file holds another stream than its name says; the chain has been verified."""
    with open(stream.file, "rb") as lines:
        first = json.loads(lines.readline())
    if (first["case"], first["terminal"]) != (stream.case, stream.terminal):
        yield f"{stream.file.name}: its lines are of case {first['case']}, terminal {first['terminal']}"


def _fork(store: Store, stream: Stream) -> Iterator[str]:
    """Whether a stream is stored with another line than the folder has; the longer may go on from the shorter."""
    stored = (line.encode() for line in store.lines(stream.case, stream.terminal))
    with open(stream.file, "rb") as given:
        for number, (ours, theirs) in enumerate(zip(stored, given, strict=False), 1):
            if ours != theirs:
                yield (
                    f"{stream.file.name}: case {stream.case} of terminal {stream.terminal} is stored here with another "
                    f"line {number}: two histories claim to be the same (a fork); keep both and find out which is true"
                )
                return
