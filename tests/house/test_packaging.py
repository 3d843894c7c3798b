"""The project's own papers: versions, what it depends on, and what its files may not say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import codelog

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

PIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*==[0-9]+(?:\.[0-9]+)*")
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[([a-z,]+)\])?")

# Where packages come from is everybody's own affair. The words stand apart, so that this file names no host either.
HOST = re.compile(r"\b(?:pypi|pythonhosted|npmjs|debian|anaconda)\.(?:org|com|io|net)\b", re.IGNORECASE)
INDEX_OPTION = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|PIP_(?:EXTRA_)?INDEX_URL")

OURS = ("codelog", "migrations", "tests", "benchmarks", "docs", ".ci")
TEXT = {
    "",
    ".py",
    ".toml",
    ".txt",
    ".md",
    ".ini",
    ".mako",
    ".tcss",
    ".sql",
    ".json",
    ".jsonl",
    ".typ",
    ".html",
    ".sh",
}


def test_the_version_stands_in_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert metadata.version("codelog") == codelog.__version__


def test_the_changelog_knows_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(codelog.__version__)}\] - ", changes, re.MULTILINE)


def test_constraints_are_names_and_versions_only() -> None:
    pins = constraint_lines()
    assert [pin for pin in pins if not PIN.fullmatch(pin)] == []
    names = [pin.partition("==")[0] for pin in pins]
    assert names == sorted(set(names))


def test_every_dependency_is_pinned() -> None:
    pinned = {pin.partition("==")[0] for pin in constraint_lines()}
    wanted = {name for requirement in every_requirement() for name in named(requirement)} | {"pip"}
    assert sorted(wanted - pinned - {"codelog"}) == []


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text(encoding="utf-8")
    given = set(re.findall(r"^- \*\*([a-z0-9-]+)\*\*", reasons, re.MULTILINE))
    wanted = {name for requirement in every_requirement() for name in named(requirement)}
    wanted -= {"codelog", "psycopg-binary"}
    assert sorted(wanted - given) == []
    assert sorted(given - wanted) == []


def test_textual_is_pinned_exactly() -> None:
    assert any(re.fullmatch(r"textual==[0-9.]+", line) for line in PROJECT["project"]["dependencies"])


def test_the_pure_core_is_kept_from_every_dependency() -> None:
    contracts = {contract["name"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}
    forbidden = set(contracts["case, clinical and rules need the standard library only"]["forbidden_modules"])
    extras = PROJECT["project"]["optional-dependencies"]
    runtime = [*PROJECT["project"]["dependencies"], *(line for lines in extras.values() for line in lines)]
    wanted = {named(line)[0].replace("-", "_") for line in runtime} - {"codelog"}
    assert sorted(wanted - forbidden) == []


def test_every_supported_python_is_named_alike() -> None:
    versions = [
        text.rpartition(" ")[2]
        for text in PROJECT["project"]["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", text)
    ]
    assert PROJECT["project"]["requires-python"] == f">={versions[0]}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{versions[0].replace('.', '')}"


def test_no_file_names_a_package_index() -> None:
    found = []
    for path in our_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        named_here = HOST.findall(text) + (INDEX_OPTION.findall(text) if path != Path(__file__) else [])
        if named_here:
            found.append(f"{path.relative_to(ROOT)}: {named_here[0]}")
    assert found == []


def constraint_lines() -> list[str]:
    """The lines of constraints.txt but for the remark at its head."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def every_requirement() -> Iterator[str]:
    """All that pyproject.toml asks for, for whatever purpose."""
    yield from PROJECT["build-system"]["requires"]
    yield from PROJECT["project"]["dependencies"]
    for lines in PROJECT["project"]["optional-dependencies"].values():
        yield from lines
    yield from PROJECT["dependency-groups"]["dev"]


def named(requirement: str) -> list[str]:
    """The distributions that a requirement names, `psycopg[binary]` being two."""
    found = REQUIREMENT.match(requirement)
    assert found is not None, requirement
    name = re.sub(r"[-_.]+", "-", found[1]).lower()
    return [name, *(["psycopg-binary"] if name == "psycopg" else [])]


def our_files() -> Iterator[Path]:
    """Every text file of the project."""
    for path in sorted(ROOT.iterdir()):
        if path.is_file() and path.suffix in TEXT | {".lock", ".cfg"}:
            yield path
    for folder in OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
                yield path
