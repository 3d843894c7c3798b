"""`codelog config`: path, show, check."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.cli_kit import Command


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration file in use; it is not there yet."""
    monkeypatch.delenv("CODELOG_CONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "codelog" / "config.toml"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_path_is_told_whether_the_file_is_there_or_not(codelog: Command, file: Path) -> None:
    assert codelog("config", "path").out == f"{file}\n"
    assert codelog("config", "path", "--json").rows() == [{"path": str(file), "exists": False}]
    write(file, "")
    assert codelog("config", "path", "--json").rows() == [{"path": str(file), "exists": True}]


def test_show_writes_a_file_that_says_the_same(codelog: Command, file: Path, tmp_path: Path) -> None:
    write(file, 'theme = "light"\n[keys]\nundo = "?"\n')
    shown = codelog("config", "show")
    assert shown.code == 0 and 'theme = "light"' in shown.out and '"undo" = "?"' in shown.out
    copy = tmp_path / "copy.toml"
    copy.write_text(shown.out)
    assert codelog("config", "check", str(copy)).out == f"{copy}: sound\n"
    values = codelog("config", "show", "--json").rows()[0]
    write(file, shown.out)
    assert codelog("config", "show", "--json").rows() == [values]
    assert values["theme"] == "light" and values["keys"]["undo"] == "?" and values["bell"] == []


def test_show_of_a_broken_file_shows_the_defaults_that_hold_and_says_so(codelog: Command, file: Path) -> None:
    write(file, 'theme = "lihgt"\n')
    ran = codelog("config", "show")
    assert ran.code == 0 and 'theme = "auto"' in ran.out
    assert ran.err.startswith(f"codelog: {file}:1: theme:") and "The defaults hold." in ran.err


def test_check_names_each_fault_and_exits_with_one(codelog: Command, file: Path) -> None:
    ran = codelog("config", "check")
    assert ran.code == 0 and ran.out == f"{file}: there is no such file; the defaults hold\n"
    write(file, 'theem = "light"\n\nflash = 3\n')
    ran = codelog("config", "check")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        f'{file}:1: theem: unknown key; the nearest valid key is "theme".',
        f"{file}:3: flash: expected true or false, found 3.",
    ]
    rows = codelog("config", "check", "--json").rows()
    assert [(row["key"], row["line"]) for row in rows] == [("theem", 1), ("flash", 3)]
    write(file, "flash = true\n")
    ran = codelog("config", "check")
    assert (ran.code, ran.out) == (0, f"{file}: sound\n")


def test_check_of_what_is_no_readable_file(
    codelog: Command, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codelog("config", "check", str(tmp_path / "none.toml")).code == 2
    monkeypatch.setenv("CODELOG_CONFIG", str(tmp_path / "none.toml"))
    ran = codelog("config", "check")
    assert ran.code == 1 and "there is no such file" in ran.out
    monkeypatch.setenv("CODELOG_CONFIG", str(tmp_path))
    ran = codelog("config", "check")
    assert ran.code == 1 and "expected a file, found a folder" in ran.out
