"""Fixtures of the terminal's tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of a test lies."""
    return tmp_path / "codelog.db"


@pytest.fixture(autouse=True)
def own_spill_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests must not find what others left in the folder for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
