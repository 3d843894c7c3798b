"""What is imported when: told from the modules of a fresh process, since a static look cannot see deferred imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

TERMINAL_ONLY = {"textual", "rich"}
STORE_ONLY = {"sqlalchemy", "alembic"}
HEAVY = (
    TERMINAL_ONLY | STORE_ONLY | {"click", "cryptography", "msgspec", "platformdirs", "tomllib", "asyncio"}
)

COMMAND = """
import sys
from codelog.cli.main import run
sys.exit(run({arguments!r}))
"""

# Runs the code given, and then writes the names of all modules into a file: the program may print what it likes.
PROBE = """
import atexit, json, sys
def note():
    with open(sys.argv[1], "w") as file:
        json.dump(sorted(sys.modules), file)
atexit.register(note)
exec(sys.argv[2])
"""


class Process:
    """A Python with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {"CODELOG_DB": str(folder / "codelog.db"), "HOME": str(folder)}

    def modules_after(self, code: str, *, exit_code: int = 0) -> set[str]:
        """The top-level modules that are loaded when the code has run."""
        noted = self.folder / "modules.json"
        done = subprocess.run(
            [sys.executable, "-c", PROBE, str(noted), code],
            env=self.environment,
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == exit_code, done.stderr
        return {name.partition(".")[0] for name in json.loads(noted.read_text())}

    def modules_after_command(self, *arguments: str, exit_code: int = 0) -> set[str]:
        """As `modules_after`, of a command line."""
        return self.modules_after(COMMAND.format(arguments=list(arguments)), exit_code=exit_code)


@pytest.fixture
def fresh(tmp_path: Path) -> Process:
    return Process(tmp_path)


@pytest.fixture
def with_case(fresh: Process) -> Process:
    """A process beside a store that is up to date and holds one case."""
    opening = ("add", "new", "case.opened", "setting=nicu", "zero=opened", "mode=training")
    fresh.modules_after_command(*opening)
    return fresh


def test_the_probe_sees_what_is_imported(fresh: Process) -> None:
    assert "sqlalchemy" in fresh.modules_after("def late():\n    import sqlalchemy\nlate()")


def test_the_package_alone_imports_nothing_heavy(fresh: Process) -> None:
    assert_without(fresh.modules_after("import codelog"), HEAVY)


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [(["--help"], 0), (["--version"], 0), (["no-such-command"], 2), (["--no-such-option"], 2)],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_help_and_usage_errors_are_quick(fresh: Process, arguments: list[str], exit_code: int) -> None:
    loaded = fresh.modules_after_command(*arguments, exit_code=exit_code)
    assert_without(
        loaded, TERMINAL_ONLY | STORE_ONLY | {"cryptography", "jinja2", "msgspec", "tomllib", "asyncio"}
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "last", "note.added", "text=on the way"),
        ("cases",),
        ("show", "last"),
        ("usability", "last"),
        ("report", "last"),
        ("report", "last", "--format", "html"),
        ("train",),
        ("verify",),
        ("db", "check"),
        ("protocol", "list"),
        ("keys", "--card"),
        ("config", "show"),
    ],
    ids=" ".join,
)
def test_side_commands_start_without_the_terminal(with_case: Process, arguments: tuple[str, ...]) -> None:
    assert_without(with_case.modules_after_command(*arguments), TERMINAL_ONLY)


@pytest.mark.parametrize(
    "arguments", [("add", "last", "note.added", "text=on the way"), ("cases",), ("verify",)], ids=" ".join
)
def test_a_store_that_is_up_to_date_is_opened_without_alembic(
    with_case: Process, arguments: tuple[str, ...]
) -> None:
    loaded = with_case.modules_after_command(*arguments)
    assert "sqlalchemy" in loaded
    assert_without(loaded, {"alembic", "mako"})


def test_the_terminal_opens_a_store_that_is_up_to_date_without_alembic(with_case: Process) -> None:
    code = (
        "import os; from codelog.terminal.desk import open_desk; open_desk(os.environ['CODELOG_DB']).close()"
    )
    assert_without(with_case.modules_after(code), {"alembic", "mako"})


def test_the_terminal_paints_before_it_needs_the_store(fresh: Process) -> None:
    assert_without(
        fresh.modules_after("import codelog.terminal.app"),
        STORE_ONLY | {"cryptography", "jinja2", "msgspec", "typst"},
    )


def test_a_file_is_verified_without_a_store(with_case: Process) -> None:
    scenario = Path(__file__).parents[1] / "scenarios" / "simulation-pair-io.jsonl"
    file = with_case.folder / "case.jsonl"
    with file.open("wb") as log:
        command = [sys.executable, "-c", COMMAND.format(arguments=["replay", str(scenario), "--json"])]
        subprocess.run(command, env=with_case.environment, check=True, stdout=log)
    assert_without(with_case.modules_after_command("verify", str(file)), TERMINAL_ONLY | {"alembic"})


def assert_without(loaded: Iterable[str], unwanted: set[str]) -> None:
    """Nothing of `unwanted` is among the modules."""
    assert sorted(unwanted.intersection(loaded)) == []
