"""Checks files of lines and export folders, with nothing but what lies there and the keys one is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import file_digest
from pathlib import Path

from codelog.log.chain import GENESIS, Break, Intact, Survey, verify_lines
from codelog.log.keys import PublicKey, read_public_keys
from codelog.log.notes import SignedCheckpoint, read_checkpoint
from codelog.log.verdicts import Verdict, judge

LINES, CHECKPOINT, KEY, SUMS = ".jsonl", ".checkpoint", ".pub.pem", "SHA256SUMS"


class CannotVerify(Exception):
    """There is nothing that could be verified, or it cannot be read; the message says which."""


def verify_path(path: Path, given: Iterable[PublicKey] = ()) -> Iterator[Verdict]:
    """The verdicts of a file of lines, or of everything in an export folder. Raises CannotVerify.

    Signatures are checked with the `given` keys, else with those that lie beside the lines.
    """
    try:
        if not path.exists():
            raise CannotVerify(f"{path} does not exist")
        keys = {key.id: key for key in (*([] if given else keys_beside(path)), *given)}
        if path.is_dir():
            yield from _folder(path, keys)
        else:
            yield _file(path, keys)
    except OSError as error:
        raise CannotVerify(f"{error.filename or path} cannot be read: {error.strerror}") from None


def keys_beside(path: Path) -> list[PublicKey]:
    """The public keys that lie in a folder, or in that of a file. They prove no more than whoever made the folder says."""
    folder = path if path.is_dir() else path.parent
    return [key for file in sorted(folder.glob(f"*{KEY}")) for key in read_key_file(file)]


def read_key_file(file: Path) -> list[PublicKey]:
    """The public keys in `TERMINAL.pub.pem`. Raises CannotVerify."""
    try:
        return read_public_keys(file.name.removesuffix(KEY), file.read_text(encoding="ascii"))
    except (ValueError, UnicodeDecodeError) as error:
        raise CannotVerify(f"{file} is no file of public keys: {error}") from None


def _folder(folder: Path, keys: dict[str, PublicKey]) -> Iterator[Verdict]:
    sums = folder / SUMS
    streams = sorted(folder.glob(f"*{LINES}"))
    if not streams and not sums.exists():
        raise CannotVerify(f"{folder} holds no {LINES} file and no {SUMS} to verify")
    if sums.exists():
        yield from _listed(folder, sums)
    signed = any(True for end in (CHECKPOINT, KEY) for _ in folder.glob(f"*{end}"))
    for file in streams:
        verdict = _file(file, keys)
        if verdict.intact and signed and not file.with_suffix(CHECKPOINT).exists():
            problem = "its checkpoint is missing, and what is in this folder was signed"
            verdict = Verdict(str(file), Break(0, problem, "missing"))
        yield verdict
    for note in sorted(folder.glob(f"*{CHECKPOINT}")):
        lines = note.with_suffix(LINES)
        if not lines.exists():
            problem = f"its lines are missing: {note.name} signs a stream, and {lines.name} is not here"
            yield Verdict(str(lines), Break(1, problem, "missing"))


def _listed(folder: Path, sums: Path) -> Iterator[Verdict]:
    """Where the folder is not as the list of its files says."""
    listed = {sums.relative_to(folder)}
    for number, row in enumerate(sums.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        expected, _, name = row.partition(" ")
        relative = Path(name[1:])
        file = folder / relative
        if len(expected) != 64 or not name[1:] or relative.is_absolute() or ".." in relative.parts:
            yield Verdict(
                str(sums), Break(number, f"line {number} does not name a file of this folder", "edited")
            )
            continue
        listed.add(relative)
        if not file.is_file():
            yield Verdict(str(file), Break(0, f"it is listed in {SUMS}, and missing", "missing"))
            continue
        with file.open("rb") as content:
            if file_digest(content, "sha256").hexdigest() != expected:
                problem = f"its SHA-256 is not the one in {SUMS}: it was altered, or the list was"
                yield Verdict(str(file), Break(0, problem, "edited"))
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.relative_to(folder) not in listed:
            yield Verdict(str(file), Break(0, f"it is not listed in {SUMS}: it was added", "inserted"))


def _file(file: Path, keys: dict[str, PublicKey]) -> Verdict:
    from codelog.case.events import KINDS
    from codelog.log.audit_kinds import KINDS as AUDIT_KINDS

    note = file.with_suffix(CHECKPOINT)
    signed: list[SignedCheckpoint] = []
    unread: str | None = None
    if file.suffix == LINES and note.exists():
        try:
            signed = [read_checkpoint(note.read_text(encoding="utf-8"))]
        except (ValueError, UnicodeDecodeError) as error:
            unread = str(error)
    said = signed[0].checkpoint if signed else None
    survey = Survey(marks=frozenset() if said is None else frozenset({said.count}))
    with file.open("rb") as lines:
        finding = verify_lines(
            lines, None if said is None else said.case, None if said is None else said.terminal, survey=survey
        )
    verdict = judge(str(file), finding, survey, signed, keys, {*KINDS, *AUDIT_KINDS}, whole=True)
    if unread is not None and verdict.intact:
        return Verdict(str(file), Break(0, f"its checkpoint cannot be read: {unread}", "bad_signature"))
    if verdict.finding == Intact(0, GENESIS):
        return Verdict(str(file), Break(0, "it is empty: a stream has one line at least", "empty"))
    return verdict
