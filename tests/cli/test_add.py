"""`codelog add`: one event, durable, numbered, and the flags that follow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.cli_kit import Command


def test_a_case_is_opened_with_its_protocol_and_software(codelog: Command) -> None:
    row = codelog("add", "new", "case.opened", "setting=ward", "zero=opened", "mode=clinical").rows()[0]
    assert row["seq"] == 1 and row["prev"] == "0" * 64 and row["kind"] == "case.opened"
    assert row["data"]["protocol"]["id"] == "gomella"
    assert row["data"]["software"].startswith("codelog ")
    assert row["case"][14] == "4"


def test_the_printed_line_is_the_stored_line(opened: Command) -> None:
    printed = opened("add", "last", "note.added", "text=first words").out
    assert opened("show", "last", "--json").out.endswith(printed)


def test_numbers_are_given_and_found(opened: Command) -> None:
    assert opened("add", "last", "access.attempt_started", "route=piv").rows()[0]["data"]["attempt"] == 1
    assert opened("add", "last", "access.attempt_started", "route=io").rows()[0]["data"]["attempt"] == 2
    assert opened("add", "last", "access.attempt_ended", "outcome=failed").rows()[0]["data"]["attempt"] == 2
    assert (
        opened("add", "last", "access.attempt_ended", "outcome=established").rows()[0]["data"]["attempt"] == 1
    )


def test_a_flag_that_is_due_is_written_with_the_instant_it_was_due(opened: Command) -> None:
    ran = opened("add", "last", "access.needed", "urgency=emergent", "--ago", "2m")
    rows = [json.loads(line) for line in opened("show", "last", "--json").out.splitlines()]
    need, flag = rows[1], rows[2]
    assert flag["kind"] == "flag.raised" and flag["data"]["basis"] == "elapsed"
    assert flag["data"]["due_at"][:19] > need["at"][:19]
    assert "flag 1 io-consider" in ran.err
    assert ran.rows() == [need]


def test_ago_and_at_are_stated_not_live(opened: Command) -> None:
    stated = opened("add", "last", "vital.recorded", "heart_rate=80", "--ago", "1m30s").rows()[0]
    assert stated["basis"] == "stated"
    opened("add", "last", "case.closed", "outcome=other")
    elapsed = opened("add", "last", "vital.recorded", "heart_rate=81", "--at", "0:00").rows()[0]
    first = opened("show", "last", "--json").rows()[0]
    assert elapsed["at"] == first["at"] and elapsed["recorded_at"] > elapsed["at"]
    assert opened("add", "last", "vital.recorded", "heart_rate=82").rows()[0]["basis"] == "live"


def test_a_closed_case_is_reopened_by_itself(opened: Command) -> None:
    opened("add", "last", "case.closed", "outcome=transferred")
    opened("add", "last", "debrief.noted", "part=well", "text=quick")
    ran = opened("add", "last", "note.added", "text=more")
    kinds = [row["kind"] for row in opened("show", "last", "--json").rows()]
    assert kinds == ["case.opened", "case.closed", "debrief.noted", "case.reopened", "note.added"]
    assert "open again" in ran.err
    assert opened("show", "last", "--json").rows()[1]["data"]["events"] == 2


def test_an_answer_names_the_rule_or_the_flag(opened: Command) -> None:
    opened("add", "last", "access.needed", "urgency=emergent", "--ago", "2m")
    ran = opened("add", "last", "flag.acknowledged", "rule=io-consider", "action=declined")
    assert ran.code == 2 and "reason" in ran.err
    ran = opened("add", "last", "flag.acknowledged", "flag=1", "action=declined", "reason=uvc_in_progress")
    assert ran.code == 0, ran.err
    assert opened("add", "last", "flag.snoozed", "rule=no-line", "seconds=30").code == 2


def test_a_correction_takes_an_object(opened: Command) -> None:
    opened("add", "last", "access.attempt_started", "route=io", "site=tibia_prox", "side=left")
    ran = opened("add", "last", "event.amended", "target=2", 'changes={"side":"right"}', "reason=misheard")
    assert ran.code == 0, ran.err
    assert "right" in opened("show", "last", "--corrected").out
    signs = opened("add", "last", "access.confirmed", "attempt=1", "signs=aspirate,flush_free").rows()[0]
    assert signs["data"]["signs"] == ["aspirate", "flush_free"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("last", "access.neede"), "did you mean access.needed"),
        (("last", "access.needed"), "needs urgency"),
        (("last", "access.needed", "urgency=emergnt"), "did you mean emergent"),
        (("last", "access.needed", "urgncy=emergent"), "did you mean urgency"),
        (("last", "access.needed", "urgency"), "not field=value"),
        (("last", "access.needed", "urgency=urgent", "urgency=urgent"), "twice"),
        (("last", "drug.given", "drug=adrenaline", "dose=60 mcg", "route=io"), "write ug"),
        (("last", "drug.given", "drug=adrenaline", "dose=0.06mg", "route=io"), "one space"),
        (("last", "drug.given", "drug=adrenalin", "dose=0.06 mg", "route=io"), "did you mean adrenaline"),
        (("last", "flag.raised"), "written by the program"),
        (("last", "access.attempt_ended", "outcome=failed"), "no attempt is in progress"),
        (("last", "event.retracted", "target=9", "reason=x"), "no entry 9"),
        (("last", "event.retracted", "target=1", "reason=x"), "cannot be retracted"),
        (
            ("last", "event.amended", "target=1", 'changes={"settin":"ward"}', "reason=x"),
            "did you mean setting",
        ),
        (("last", "event.amended", "target=1", "changes={", "reason=x"), "JSON"),
        (("last", "case.opened", "setting=ward", "zero=opened", "mode=training"), "open already"),
        (("last", "note.added", "text=x", "--ago", "soon"), "90s"),
        (("last", "note.added", "text=x", "--at", "yesterday"), "UTC"),
        (("last", "note.added", "text=x", "--at", "2999-01-01T00:00:00.000Z"), "future"),
        (("last", "note.added", "text=x", "--ago", "1s", "--at", "0:00"), "one of them"),
        (("zzzz", "note.added", "text=x"), "no case begins"),
        (("new", "note.added", "text=x"), "begins with case.opened"),
    ],
)
def test_bad_input_gets_one_sentence_and_writes_nothing(
    opened: Command, arguments: tuple[str, ...], says: str
) -> None:
    before = opened("show", "last", "--json").out
    ran = opened("add", *arguments)
    assert ran.code == 2
    assert says in ran.err and ran.err.count("\n") == 1
    assert ran.out == ""
    assert opened("show", "last", "--json").out == before


def test_hostile_text_is_kept_as_it_is_and_shown_harmlessly(opened: Command) -> None:
    hostile = "\x1b[31m[/b] \u202e\x07 \u2028 {{x}} #let"
    row = opened("add", "last", "note.added", f"text={hostile}").rows()[0]
    assert row["data"]["text"] == hostile
    shown = opened("show", "last").out
    assert "\x1b" not in shown and "\u202e" not in shown and "\x07" not in shown
    assert "[/b]" in shown


def test_a_megabyte_of_text_is_kept(opened: Command) -> None:
    long = "[/b]" * 25_000
    for _ in range(2):
        assert opened("add", "last", "note.added", f"text={long}").rows()[0]["data"]["text"] == long
    assert len(opened("show", "last").out) < 20_000


def test_several_at_once_make_one_chain_without_gaps(opened: Command, store_path: Path) -> None:
    command = [sys.executable, "-m", "codelog", "--db", str(store_path), "add", "last"]
    children = [
        subprocess.Popen(
            [*command, "note.added", f"text={number}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(8)
    ]
    for child in children:
        _, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
    rows = opened("show", "last", "--json").rows()
    assert [row["seq"] for row in rows] == list(range(1, 10))
    assert {row["data"]["text"] for row in rows[1:]} == {str(number) for number in range(8)}
    assert opened("verify").code == 0


def test_a_store_that_cannot_be_written_is_exit_code_3(tmp_path: Path, codelog: Command) -> None:
    (tmp_path / "file").write_text("not a folder")
    from codelog.cli.main import run

    assert run(["--db", str(tmp_path / "file" / "x.db"), "add", "last", "note.added", "text=x"]) == 3
    assert run(["--db", str(tmp_path / "file"), "cases"]) == 3


def test_the_environment_names_the_store(tmp_path: Path) -> None:
    path = tmp_path / "env.db"
    environment = {**os.environ, "CODELOG_DB": str(path)}
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "codelog",
            "add",
            "new",
            "case.opened",
            "setting=ward",
            "zero=opened",
            "mode=training",
        ],
        env=environment,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert path.exists() and json.loads(ran.stdout)["seq"] == 1
