"""The chain of a stream: each line names the digest of the line before it.

Verifying hashes the bytes as they stand and never writes them anew, so the form of a line is no matter of trust.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

_NOT_A_LINE = (msgspec.DecodeError, UnicodeDecodeError)

GENESIS = "0" * 64
"""`prev` of the first line of a stream, and the head of a stream without lines."""


class Link(msgspec.Struct, gc=False):
    """What the chain needs to know of a line."""

    case: str
    terminal: str
    seq: int
    prev: str


@dataclass(frozen=True, slots=True)
class Intact:
    """Every line links. `head` is the digest of the last one; a cut tail shows only against a known count or head."""

    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first line (1-based) that is not as it was written, and a sentence that says so."""

    line: int
    problem: str


def digest(line: bytes) -> str:
    """SHA-256 of a line including its newline, as 64 hex digits."""
    return sha256(line).hexdigest()


def read_link(line: bytes) -> Link:
    """The chain's part of a line. Raises ValueError when it is no line of a log."""
    try:
        return _decode(line)
    except _NOT_A_LINE as error:
        raise ValueError(str(error)) from None


def is_canonical(line: bytes) -> bool:
    """Whether a line stands in the one form in which lines are written, newline included."""
    try:
        value: Any = msgspec.json.decode(line)
    except _NOT_A_LINE:
        return False
    return msgspec.json.encode(value, order="sorted") + b"\n" == line


def verify_lines(
    lines: Iterable[bytes], case: str | None = None, terminal: str | None = None
) -> Intact | Break:
    """Recompute the chain of one stream, from its first line on, in one pass and flat memory.

    `lines` are the exact bytes, newlines included. Without `case` and `terminal` those of the first line hold for
    all. An altered last line that is still canonical JSON shows only against a known head.
    """
    decode, hashed = _decode, sha256
    head, count, line = GENESIS, 0, b""
    rest = iter(lines)
    for following in rest:
        before, line = line, following
        count += 1
        try:
            link = decode(line)
        except _NOT_A_LINE as error:
            return Break(count, f"line {count} is not a line of a codelog log: {_plain(error)}")
        if case is None:
            case = link.case
        if terminal is None:
            terminal = link.terminal
        if (
            link.prev != head
            or link.seq != count
            or link.case != case
            or link.terminal != terminal
            or line[-1:] != b"\n"
        ):
            return Break(count, _problem(count, line, link, before, head, case, terminal, next(rest, b"")))
        head = hashed(line).hexdigest()
    if count and not is_canonical(line):
        return Break(count, f"line {count} is not in canonical form: it was altered after it was written")
    return Intact(count, head)


def verify_stream(case: str, terminal: str, stored: Iterable[tuple[int, str, str]]) -> Intact | Break:
    """As `verify_lines`, for (seq, line, digest) rows out of a store, whose seq and digest are checked too."""
    wrong: list[Break] = []

    def lines() -> Iterator[bytes]:
        for number, (seq, line, kept) in enumerate(stored, 1):
            encoded = line.encode()
            if not wrong and digest(encoded) != kept:
                problem = f"line {number} does not hash to the digest that is stored beside it: one of them was altered"
                wrong.append(Break(number, problem))
            elif not wrong and seq != number:
                wrong.append(
                    Break(number, f"line {number} is stored under the number {seq}: the row was altered")
                )
            yield encoded

    finding = verify_lines(lines(), case, terminal)
    if wrong and (isinstance(finding, Intact) or wrong[0].line < finding.line):
        return wrong[0]
    return finding


_decode = msgspec.json.Decoder(Link).decode


def _problem(
    number: int, line: bytes, link: Link, before: bytes, head: str, case: str, terminal: str, following: bytes
) -> str:
    if not line.endswith(b"\n"):
        return f"line {number} has no newline at its end: it was cut short"
    if (link.case, link.terminal) != (case, terminal):
        return (
            f"line {number} belongs to case {link.case} of terminal {link.terminal}, "
            f"not to case {case} of terminal {terminal}"
        )
    if link.seq > number:
        if _seq(following) == number:
            return f"line {number} has seq {link.seq} and line {number + 1} has seq {number}: they have changed places"
        missing = f"event {number} is" if link.seq == number + 1 else f"events {number} to {link.seq - 1} are"
        return f"line {number} has seq {link.seq}: {missing} missing from here"
    if link.seq < number:
        return f"line {number} has seq {link.seq}, which came before: it was inserted or moved"
    if number == 1:
        return f"line 1 does not link: its prev is {link.prev}, but the first line of a stream has 64 zeros"
    problem = f"line {number} does not link: its prev is {link.prev}, but line {number - 1} hashes to {head}"
    if not is_canonical(before):
        problem += f"; line {number - 1} is no longer in canonical form, so it is the one that was altered"
    return problem


def _seq(line: bytes) -> int | None:
    try:
        return _decode(line).seq
    except _NOT_A_LINE:
        return None


def _plain(error: Exception) -> str:
    return str(error).replace("Object missing required field", "it lacks the field")
