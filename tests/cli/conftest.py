"""A command line that runs in this process, on a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.cli.main import run
from tests.cli.cli_kit import Command, Ran


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "codelog.db"


@pytest.fixture
def codelog(store_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    def call(*arguments: str) -> Ran:
        code = run(["--db", str(store_path), *arguments])
        captured = capfdbinary.readouterr()
        assert b"Traceback" not in captured.err
        return Ran(code, captured.out.decode(), captured.err.decode())

    return call


@pytest.fixture
def opened(codelog: Command) -> Command:
    """The same, with a training case open."""
    ran = codelog("add", "new", "case.opened", "setting=nicu", "zero=opened", "mode=training", "label=test")
    assert ran.code == 0, ran.err
    return codelog
