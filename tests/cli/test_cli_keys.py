"""`codelog keys`: the list and the card, with the keys that the configuration chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.terminal.actions import ACTIONS
from tests.cli.cli_kit import Command


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file that chooses one key."""
    path = tmp_path / "config.toml"
    path.write_text('[keys]\nundo = "?"\n')
    monkeypatch.setenv("CODELOG_CONFIG", str(path))
    return path


def test_every_action_is_listed_with_its_key(codelog: Command) -> None:
    rows = codelog("keys", "--json").rows()
    assert {row["id"] for row in rows} == {action.id for action in ACTIONS}
    assert len(rows) == len(ACTIONS)
    assert {row["id"]: row["key"] for row in rows}["undo"] == "?"
    listed = codelog("keys").out
    assert all(f"  {row['key']:>5}  {row['id']}" in listed for row in rows)


def test_the_card_as_text_and_as_a_page(codelog: Command) -> None:
    text = codelog("keys", "--card").out
    assert max(map(len, text.splitlines())) <= 80 and len(text.splitlines()) <= 60
    assert codelog("keys", "--card", "--format", "text").out == text
    page = codelog("keys", "--card", "--format", "html").out
    assert page.startswith("<!doctype html>")
    for shown in (text, page):
        assert "undo" in shown and "?" in shown


def test_a_broken_configuration_gives_the_default_keys_and_says_so(codelog: Command, config: Path) -> None:
    config.write_text('[keys]\nundo = "ctrl+z"\n')
    ran = codelog("keys", "--json")
    assert ran.code == 0 and "not a key that every terminal sends" in ran.err
    assert {row["id"]: row["key"] for row in ran.rows()}["undo"] == "z"


@pytest.mark.parametrize(
    "arguments", [("--format", "html"), ("--card", "--json"), ("--card", "--format", "pdf")]
)
def test_what_does_not_go_together_is_refused_in_one_sentence(
    codelog: Command, arguments: tuple[str, ...]
) -> None:
    ran = codelog("keys", *arguments)
    assert ran.code == 2 and ran.out == "" and ran.err.count("\n") == 1
