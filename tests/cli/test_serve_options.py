"""`codelog serve` opens itself to others only with a token, and says in a sentence what it cannot do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.cli_kit import Command


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "ward.example", "127.1"])
def test_that_others_need_a_token(codelog: Command, host: str) -> None:
    ran = codelog("serve", "--host", host, "--port", "0")
    assert (ran.code, ran.out) == (2, "")
    assert "add --token-file or --token" in ran.err


def test_that_a_token_is_given_or_made(codelog: Command, tmp_path: Path) -> None:
    ran = codelog("serve", "--token", "--token-file", str(tmp_path / "token"))
    assert ran.code == 2
    assert "leave one of them out" in ran.err


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("x" * 15, False),
        ("x" * 16, True),
        ("x" * 256, True),
        ("x" * 257, False),
        ("", False),
        ("sixteen letters; not", False),
        ("two-lines-of-text\ntwo-lines-of-text", False),
        ("ümläut-ümläut-ümläut", False),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_a_token_is(codelog: Command, tmp_path: Path, text: str, good: bool) -> None:
    file = tmp_path / "token"
    file.write_text(f"{text}\n", encoding="utf-8")
    file.chmod(0o640)
    ran = codelog("serve", "--host", NOT_OURS, "--token-file", str(file))
    assert ran.code == 2
    assert ("does not hold a token" not in ran.err) is good
    assert ("cannot be used" in ran.err) is good
    assert not text or text not in ran.err + ran.out


def test_that_a_token_that_everybody_can_read_is_refused(codelog: Command, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("x" * 32)
    file.chmod(0o644)
    ran = codelog("serve", "--host", NOT_OURS, "--token-file", str(file))
    assert ran.code == 2
    assert "chmod o=" in ran.err


def test_that_a_token_file_that_is_not_there_is_told(codelog: Command, tmp_path: Path) -> None:
    ran = codelog("serve", "--token-file", str(tmp_path / "none"))
    assert ran.code == 2
    assert "cannot be read" in ran.err


def test_that_a_busy_port_is_told(codelog: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        ran = codelog("serve", "--port", str(port))
    assert (ran.code, ran.out) == (2, "")
    assert f"port {port} on 127.0.0.1 cannot be used: Address already in use" in ran.err


def test_that_a_store_that_cannot_be_had_is_told_before_anything_is_served(
    codelog: Command, store_path: Path
) -> None:
    store_path.parent.mkdir(parents=True)
    store_path.write_bytes(b"something else, and much longer than the head of a database file" * 100)
    ran = codelog("serve", "--port", "0")
    assert (ran.code, ran.out) == (3, "")


NOT_OURS = "192.0.2.1"
"""An address for documentation, which no machine has."""
