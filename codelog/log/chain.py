"""The chain of a stream: each line names the digest of the line before it.

Verifying hashes the bytes as they stand and never writes them anew, so the form of a line is no matter of trust.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

import msgspec

_NOT_A_LINE = (msgspec.DecodeError, UnicodeDecodeError)

GENESIS = "0" * 64
"""`prev` of the first line of a stream, and the head of a stream without lines."""

What = Literal[
    "altered",
    "edited",
    "missing",
    "inserted",
    "reordered",
    "foreign",
    "not_a_line",
    "cut_short",
    "empty",
    "tail_cut",
    "appended",
    "forked",
    "bad_signature",
    "store",
]
"""What is wrong, as far as the evidence goes; `altered` where it does not tell which line was, or how."""


class Link(msgspec.Struct, gc=False):
    """What the chain needs to know of a line."""

    case: str
    terminal: str
    seq: int
    prev: str


class _Line(Link, gc=False):
    """A link, and what tells whether this version can read the line."""

    v: Any = None
    kind: Any = None
    data: msgspec.Raw = msgspec.Raw()


@dataclass(frozen=True, slots=True)
class Intact:
    """Every line links. `head` is the digest of the last one; a cut tail shows only against a known count or head."""

    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first line (1-based) that is not as it was written, and a sentence that says so; 0: no line in particular."""

    line: int
    problem: str
    what: What = "altered"


@dataclass(slots=True)
class Survey:
    """What a verification notices on its way. `marks` are the counts whose heads are wanted.

    `kinds` and `versions` name the first line of each; `fraction` is the first line with a number that is not whole.
    `kept` is the digest stored beside the line at hand, if any is, and `mismatch` the first line that is not as it says.
    """

    marks: Collection[int] = frozenset()
    heads: dict[int, str] = field(default_factory=dict)
    versions: dict[Any, int] = field(default_factory=dict)
    kinds: dict[Any, int] = field(default_factory=dict)
    fraction: int | None = None
    kept: str | None = None
    mismatch: int | None = None


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
    lines: Iterable[bytes],
    case: str | None = None,
    terminal: str | None = None,
    *,
    after: Intact | None = None,
    survey: Survey | None = None,
) -> Intact | Break:
    """Recompute the chain of one stream in one pass and flat memory: from its first line on, or `after` some.

    `lines` are the exact bytes, newlines included. Without `case` and `terminal` those of the first line hold for
    all. An altered last line that is still canonical JSON shows only against a known head.
    """
    decode, hashed = _decode_line, sha256
    seen = Survey() if survey is None else survey
    marks, heads, versions, kinds = seen.marks, seen.heads, seen.versions, seen.kinds
    head, count = (GENESIS, 0) if after is None else (after.head, after.count)
    first, line = count, b""
    rest = iter(lines)
    for following in rest:
        before, line = line, following
        count += 1
        try:
            link = decode(line)
        except _NOT_A_LINE as error:
            return Break(count, f"line {count} is not a line of a codelog log: {_plain(error)}", "not_a_line")
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
            return _judged(count, line, link, before, head, case, terminal, rest)
        head = hashed(line).hexdigest()
        if seen.kept is not None and seen.kept != head and seen.mismatch is None:
            seen.mismatch = count
        if count in marks:
            heads[count] = head
        try:
            if link.kind not in kinds:
                kinds[link.kind] = count
            if link.v not in versions:
                versions[link.v] = count
        except TypeError:
            # An array or object, which no version and no kind is.
            kinds.setdefault(None, count)
        if _MAY_BE_FRACTION(link.data) and seen.fraction is None and _has_fraction(link.data):
            seen.fraction = count
    if count > first and not is_canonical(line):
        problem = f"line {count} is not in canonical form: it was altered after it was written"
        return Break(count, problem, "edited")
    return Intact(count, head)


def verify_stream(
    case: str, terminal: str, stored: Iterable[tuple[int, bytes, str]], survey: Survey | None = None
) -> Intact | Break:
    """As `verify_lines`, for (seq, line, digest) rows out of a store, whose seq and digest are checked too."""
    seen = Survey() if survey is None else survey
    moved: list[Break] = []

    def lines() -> Iterator[bytes]:
        for number, (seq, line, seen.kept) in enumerate(stored, 1):
            if seq != number and not moved:
                problem = f"line {number} is stored under the number {seq}: the row was altered"
                moved.append(Break(number, problem))
            yield line

    finding = verify_lines(lines(), case, terminal, survey=seen)
    wrong = moved
    if seen.mismatch is not None:
        problem = f"line {seen.mismatch} does not hash to the digest that is stored beside it: one of them was altered"
        wrong = [Break(seen.mismatch, problem), *moved]
    first = min(wrong, key=lambda found: found.line, default=None)
    if first is not None and (isinstance(finding, Intact) or first.line < finding.line):
        return first
    return finding


_decode = msgspec.json.Decoder(Link).decode
_decode_line = msgspec.json.Decoder(_Line).decode

# Cheap, and wrong where a text looks like a number: then the line is parsed.
_MAY_BE_FRACTION = re.compile(rb"[:,\[]-?[0-9]+[.eE]").search


def _has_fraction(data: Any) -> bool:
    try:
        todo = [msgspec.json.decode(data)]
    except _NOT_A_LINE:
        return False
    while todo:
        value = todo.pop()
        if isinstance(value, float):
            return True
        if isinstance(value, (dict, list)):
            todo += value.values() if isinstance(value, dict) else value
    return False


def _judged(
    number: int,
    line: bytes,
    link: Link,
    before: bytes,
    head: str,
    case: str,
    terminal: str,
    rest: Iterator[bytes],
) -> Break:
    if not line.endswith(b"\n"):
        return Break(number, f"line {number} has no newline at its end: it was cut short", "cut_short")
    if (link.case, link.terminal) != (case, terminal):
        problem = (
            f"line {number} belongs to case {link.case} of terminal {link.terminal}, "
            f"not to case {case} of terminal {terminal}"
        )
        return Break(number, problem, "foreign")
    if link.seq > number:
        return _ahead(number, link, rest)
    if link.seq < number:
        return _behind(number, line, link, before, next(rest, b""))
    return _unlinked(number, line, link, before, head, next(rest, b""))


def _ahead(number: int, link: Link, rest: Iterator[bytes]) -> Break:
    """A line stands where an earlier one should: it has been taken out, or stands further on."""
    for place, other in enumerate(rest, number + 1):
        if _seq(other) != number:
            continue
        if place == number + 1:
            problem = f"line {number} has seq {link.seq} and line {place} has seq {number}: they have changed places"
        else:
            problem = (
                f"line {number} has seq {link.seq}, and event {number} stands at line {place}: it was moved"
            )
        return Break(number, problem, "reordered")
    missing = f"event {number} is" if link.seq == number + 1 else f"events {number} to {link.seq - 1} are"
    return Break(number, f"line {number} has seq {link.seq}: {missing} missing from here", "missing")


def _behind(number: int, line: bytes, link: Link, before: bytes, following: bytes) -> Break:
    """A number comes a second time. Of two lines that follow the same one, the next line may tell which belongs."""
    problem = f"line {number} has seq {link.seq}, which came before: it was inserted or moved"
    if line == before:
        return Break(number, f"{problem}; it is line {number - 1} once more", "inserted")
    earlier = _link(before)
    if earlier is None or (earlier.seq, earlier.prev) != (link.seq, link.prev):
        return Break(number, problem, "inserted")
    next_link = _link(following)
    problem = f"line {number - 1} and line {number} both follow line {number - 2}, each as event {link.seq}"
    if next_link is not None and next_link.prev == digest(line):
        return Break(
            number - 1,
            f"{problem}; line {number + 1} links to line {number}, so line {number - 1} was inserted",
            "inserted",
        )
    if next_link is not None and next_link.prev == digest(before):
        return Break(
            number,
            f"{problem}; line {number + 1} links to line {number - 1}, so line {number} was inserted",
            "inserted",
        )
    return Break(number, f"{problem}; nothing tells which of them is true", "forked")


def _unlinked(number: int, line: bytes, link: Link, before: bytes, head: str, following: bytes) -> Break:
    """A line in its place does not link: it or the one before it is not as it was written."""
    if number == 1:
        problem = (
            f"line 1 does not link: its prev is {link.prev}, but the first line of a stream has 64 zeros"
        )
        return Break(number, problem, "edited")
    problem = f"line {number} does not link: its prev is {link.prev}, but line {number - 1} hashes to {head}"
    if before and not is_canonical(before):
        problem += f"; line {number - 1} is no longer in canonical form, so it is the one that was altered"
        return Break(number, problem, "edited")
    next_link = _link(following)
    if next_link is None:
        problem += f"; line {number - 1} was edited, or line {number} was"
        return Break(number, problem, "edited")
    if next_link.prev == digest(line):
        problem += f"; line {number + 1} links to line {number} as it stands, so line {number - 1} was edited or replaced"
        return Break(number, problem, "edited")
    problem += f"; line {number + 1} does not link to line {number} either, so line {number} was edited"
    return Break(number, problem, "edited")


def _seq(line: bytes) -> int | None:
    link = _link(line)
    return None if link is None else link.seq


def _link(line: bytes) -> Link | None:
    try:
        return _decode(line)
    except _NOT_A_LINE:
        return None


def _plain(error: Exception) -> str:
    return str(error).replace("Object missing required field", "it lacks the field")
