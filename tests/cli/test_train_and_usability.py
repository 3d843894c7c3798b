"""Training and its figures on the command line; the training itself is tested where the screens are."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.live.keycount import KeyCount
from codelog.terminal.training.script import shipped_scripts
from tests.cli.cli_kit import Command

NAME = "simulation-pair-io"
SCENARIO = str(Path(__file__).parents[1] / "scenarios" / f"{NAME}.jsonl")


def test_that_the_published_cases_are_listed(codelog: Command) -> None:
    ran = codelog("train")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == list(shipped_scripts())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody",), "neither a published case nor a file"),
        ((NAME, "--speed", "0"), "from 0.5 to 10"),
        ((NAME, "--speed", "0.49"), "from 0.5 to 10"),
        ((NAME, "--speed", "10.1"), "from 0.5 to 10"),
        ((NAME, "--speed", "nan"), "from 0.5 to 10"),
        ((NAME, "--speed", "fast"), "from 0.5 to 10"),
        ((".",), "cannot be read"),
        ((__file__,), "line 1"),
        ((NAME, "--speed", "0.5"), "needs a terminal"),
        ((NAME, "--speed", "10"), "needs a terminal"),
    ],
)
def test_that_what_cannot_be_trained_is_one_sentence(
    codelog: Command, store_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    ran = codelog("train", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert words in ran.err
    assert not store_path.exists()


def test_that_a_recorded_case_is_compared_with_the_script_that_is_named(codelog: Command) -> None:
    assert codelog("replay", SCENARIO, "--record").code == 0
    for script in (NAME, SCENARIO):
        ran = codelog("usability", "last", "--script", script)
        assert ran.code == 0
        assert "TRAINING" in ran.out.splitlines()[0]
        assert "Captured      14 of 14" in ran.out
    other = codelog("usability", "last", "--script", "simulation-pair-uvc").out
    assert "route IO, told UVC" in other


def test_that_without_a_script_there_are_the_figures_that_can_be_had(
    codelog: Command, opened: Command
) -> None:
    opened("add", "last", "note.added", "text=on the way", "--ago", "90s")
    ran = codelog("usability", "last")
    assert ran.code == 0
    assert "no script" in ran.out
    assert "not known: there is no script" in ran.out
    (row,) = codelog("usability", "last", "--json").rows()
    assert (row["script"], row["captured"], row["mode"], row["late"]) == (None, None, "training", 1)
    assert 90_000 <= row["worst_error_ms"] < 100_000
    assert row["keys"] is None


def test_that_a_training_finds_its_script_by_its_label_and_its_keys_beside_the_store(
    codelog: Command, store_path: Path
) -> None:
    opening = ("setting=delivery_room", "zero=birth", "mode=training", f"label=training: {NAME}")
    assert codelog("add", "new", "case.opened", *opening).code == 0
    (row,) = codelog("usability", "last", "--json").rows()
    assert (row["script"], row["keys"]) == (NAME, None)
    count = KeyCount.begin(store_path, row["case"])
    count.press()
    count.save()
    (row,) = codelog("usability", "last", "--json").rows()
    assert row["keys"] == 1


def test_that_a_case_or_script_that_is_not_there_is_one_sentence(codelog: Command, opened: Command) -> None:
    for arguments in (("usability", "ffffffff"), ("usability", "last", "--script", "nobody")):
        ran = codelog(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.count("\n") == 1
