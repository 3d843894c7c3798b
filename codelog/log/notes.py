"""Signed notes: a text, a blank line, and who signed it. Their form only; `signing` makes and checks signatures.

The form is that of C2SP signed notes, so a note is checked with `openssl` alone. The text of a checkpoint is our own.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from codelog.log.chain import GENESIS, Intact

ORIGIN = "codelog checkpoint 1"
_DASH = "\u2014"
_ED25519 = b"\x01"
_KEY_ID, _SIGNATURE = 4, 64
_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_CHECKPOINT = re.compile(
    re.escape(ORIGIN) + r"\n"
    r"case ([0-9A-Za-z_-]{1,64})\n"
    r"terminal ([0-9A-Za-z_-]{1,64})\n"
    r"count ([1-9][0-9]{0,15})\n"
    r"head ([0-9a-f]{64})\n"
    r"time ([0-9TZ:.-]{24})\n"
    r"software ([^\n]{1,100})\n"
)


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text. `text` ends in a newline, `signer` is a terminal, `key` the id of its key as 8 hex digits."""

    text: str
    signer: str
    key: str
    signature: bytes

    def write(self) -> str:
        """The note as it stands in a file."""
        signed = base64.b64encode(bytes.fromhex(self.key) + self.signature).decode()
        return f"{self.text}\n{_DASH} {self.signer} {signed}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """That a stream had `count` lines and this head, said at `time` (UTC, as in the log) by a version of codelog."""

    case: str
    terminal: str
    count: int
    head: str
    time: str
    software: str

    @property
    def end(self) -> Intact:
        """The end of the stretch that is signed."""
        return Intact(self.count, self.head)

    def text(self) -> str:
        """What is signed."""
        return (
            f"{ORIGIN}\ncase {self.case}\nterminal {self.terminal}\ncount {self.count}\nhead {self.head}\n"
            f"time {self.time}\nsoftware {self.software}\n"
        )


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and the note that it was read from."""

    checkpoint: Checkpoint
    note: Note


def key_id(signer: str, raw: bytes) -> str:
    """The id of a public key (its 32 bytes) under the name of its owner, as 8 hex digits."""
    return sha256(signer.encode() + b"\n" + _ED25519 + raw).digest()[:_KEY_ID].hex()


def read_note(content: str) -> Note:
    """Take a note apart. Raises ValueError with a sentence when it is none."""
    text, blank, line = content.partition("\n\n")
    words = line.removesuffix("\n").split(" ")
    if not blank or "\n" in line.removesuffix("\n"):
        raise ValueError("it is no signed note: a text, a blank line and one line with the signature")
    if len(words) != 3 or words[0] != _DASH or not _NAME.fullmatch(words[1]):
        raise ValueError(f"its last line is no signature: it looks like {_DASH} TERMINAL BASE64")
    try:
        signed = base64.b64decode(words[2], validate=True)
    except (binascii.Error, ValueError):
        signed = b""
    if len(signed) != _KEY_ID + _SIGNATURE:
        raise ValueError("its signature is not the base64 of a key id and an Ed25519 signature")
    return Note(text + "\n", words[1], signed[:_KEY_ID].hex(), signed[_KEY_ID:])


def read_checkpoint(content: str) -> SignedCheckpoint:
    """Take a signed checkpoint apart; its signature is not checked. Raises ValueError with a sentence."""
    note = read_note(content)
    match = _CHECKPOINT.fullmatch(note.text)
    if match is None or match[4] == GENESIS:
        raise ValueError(
            f"its text is no checkpoint: it begins with {ORIGIN} and names case, terminal, count, head, time and software"
        )
    checkpoint = Checkpoint(match[1], match[2], int(match[3]), match[4], match[5], match[6])
    return SignedCheckpoint(checkpoint, note)
