"""An export folder in the form of the log's contract, written without the code that is tested, and its tampering."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.log.log_lines import CASE, OTHER_CASE, TERMINAL, make_line, make_stream, sha256

SIGNER = "t-5166e7"
FIRST = f"{CASE}.{TERMINAL}.jsonl"
SECOND = f"{OTHER_CASE}.{TERMINAL}.jsonl"
NOTE = f"{CASE}.{TERMINAL}.checkpoint"
KEY = f"{SIGNER}.pub.pem"


def write_folder(folder: Path, count: int = 20) -> None:
    """Two signed streams, a key, a protocol, a manifest and the list of all."""
    private = Ed25519PrivateKey.generate()
    (folder / "protocols").mkdir(parents=True)
    (folder / "protocols" / "p.toml").write_text("id = 'p'\n")
    (folder / "manifest.json").write_text("{}\n")
    public = private.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    other = Ed25519PrivateKey.generate().public_key()
    older = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / KEY).write_bytes(older + pem)
    for case in (CASE, OTHER_CASE):
        lines = make_stream(count, case=case)
        (folder / f"{case}.{TERMINAL}.jsonl").write_text("".join(lines))
        (folder / f"{case}.{TERMINAL}.checkpoint").write_text(note(private, case, lines))
    seal(folder)


def note(private: Ed25519PrivateKey, case: str, lines: list[str]) -> str:
    """The signed note of a stream's end."""
    text = (
        f"codelog checkpoint 1\ncase {case}\nterminal {TERMINAL}\ncount {len(lines)}\nhead {sha256(lines[-1])}\n"
        "time 2026-11-22T16:30:00.000Z\nsoftware codelog 9\n"
    )
    raw = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(SIGNER.encode() + b"\n\x01" + raw).digest()[:4]
    signed = base64.b64encode(key_id + private.sign(text.encode())).decode()
    return f"{text}\n\u2014 {SIGNER} {signed}\n"


def seal(folder: Path) -> None:
    """Write the list of all files anew, as a forger would too."""
    sums = folder / "SHA256SUMS"
    sums.unlink(missing_ok=True)
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    sums.write_text(
        "".join(
            f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder)}\n" for file in files
        )
    )


Tampering = Callable[[list[str]], list[str]]


def edit(number: int, old: str, new: str) -> Tampering:
    """Put other words into a line."""
    return lambda lines: [*lines[: number - 1], lines[number - 1].replace(old, new), *lines[number:]]


def rechained(lines: list[str], start: int) -> list[str]:
    """Another history from a line on, with a chain that links."""
    kept = lines[: start - 1]
    while len(kept) < len(lines):
        kept.append(make_line(len(kept) + 1, sha256(kept[-1]), data={"text": "forged"}))
    return kept


# What is done to the first stream, what codelog says of it, in a word and a sentence, and what the script says.
TAMPERINGS: dict[str, tuple[Tampering, str, str, str]] = {
    "edited": (edit(10, "entry 10", "entry 99"), "edited", "line 10 was edited", "line 11 does not link"),
    "edited twice": (
        lambda lines: edit(11, "entry 11", "entry 98")(edit(10, "entry 10", "entry 99")(lines)),
        "edited",
        "line 12 does not link to line 11 either",
        "line 11 does not link",
    ),
    "last edited": (
        edit(20, "entry 20", "entry 99"),
        "altered",
        "line 20 does not hash to the head",
        "line 20 does not hash to the head",
    ),
    "missing": (lambda lines: lines[:9] + lines[10:], "missing", "event 10 is missing", "line 10 has seq 11"),
    "first missing": (lambda lines: lines[1:], "missing", "event 1 is missing", "line 1 has seq 2"),
    "repeated": (
        lambda lines: lines[:10] + lines[9:],
        "inserted",
        "line 11 has seq 10.* it is line 10 once more",
        "line 11 has seq 10",
    ),
    "inserted": (
        lambda lines: [*lines[:9], make_line(10, sha256(lines[8]), data={"text": "forged"}), *lines[9:]],
        "inserted",
        "so line 10 was inserted",
        "line 11 has seq 10",
    ),
    "inserted after": (
        lambda lines: [*lines[:10], make_line(10, sha256(lines[8]), data={"text": "forged"}), *lines[10:]],
        "inserted",
        "so line 11 was inserted",
        "line 11 has seq 10",
    ),
    "swapped": (
        lambda lines: [*lines[:9], lines[10], lines[9], *lines[11:]],
        "reordered",
        "they have changed places",
        "line 10 has seq 11",
    ),
    "moved": (
        lambda lines: [*lines[:9], *lines[10:15], lines[9], *lines[15:]],
        "reordered",
        "event 10 stands at line 15: it was moved",
        "line 10 has seq 11",
    ),
    "tail cut": (
        lambda lines: lines[:17],
        "tail_cut",
        "the tail is cut: 20 lines were signed .* and 17 are here",
        "the tail is cut: 20 lines were signed, and 17 are here",
    ),
    "emptied": (lambda lines: [], "tail_cut", "the tail is cut", "it is empty"),
    "added": (
        lambda lines: [*lines, make_line(21, sha256(lines[-1]))],
        "appended",
        "line 21 was added",
        "line 21 was added",
    ),
    "forked": (
        lambda lines: rechained(lines, 15),
        "altered",
        "another history of the same stream",
        "line 20 does not hash to the head",
    ),
    "cut short": (
        lambda lines: [*lines[:19], lines[19].rstrip("\n")],
        "cut_short",
        "line 20 has no newline",
        "line 20 has no newline",
    ),
    "no line": (
        lambda lines: [*lines[:9], "what\n", *lines[10:]],
        "not_a_line",
        "line 10 is not a line",
        "line 10 is not a line",
    ),
    "of another case": (
        lambda lines: [
            *lines[:9],
            make_line(10, sha256(lines[8]), case=OTHER_CASE),
            *lines[10:],
        ],
        "foreign",
        f"line 10 belongs to case {OTHER_CASE}",
        "line 10 belongs to another stream",
    ),
}
