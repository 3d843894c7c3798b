"""`codelog export`: cases into a folder that anybody can check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codelog.cli.common import reading, say
from codelog.cli.exits import NO

if TYPE_CHECKING:
    from codelog.audit.export import Outcome, Request
    from codelog.log.store import Store

FORMATS = ("jsonl", "csv", "fhir", "parquet")
CASES_IN_A_LINE = 1_000
"""So many cases one line of the audit stream names."""

_SHOWN_PROBLEMS = 20


@click.command(short_help="Export cases into a folder that anybody can check.")
@click.argument("case", nargs=-1, metavar="[CASE...]")
@click.option("--all", "everything", is_flag=True, help="Every case of the store.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="May be given several times; otherwise jsonl.",
)
@click.option("--deidentify", is_flag=True, help="Without anything that says who it was.")
@click.option(
    "--include-reviewed-text",
    "include_text",
    is_flag=True,
    help="With --deidentify: keep free text, which you have read.",
)
@click.option("--no-snomed", is_flag=True, help="FHIR without SNOMED CT codes, which need a licence.")
@click.option(
    "--purpose", metavar="WORDS", help="What it is for; stands in the manifest and the audit stream."
)
@click.option("-o", "target", metavar="DIR", required=True, help="The new folder.")
@click.pass_context
def export(
    ctx: click.Context,
    case: tuple[str, ...],
    everything: bool,
    formats: tuple[str, ...],
    deidentify: bool,
    include_text: bool,
    no_snomed: bool,
    purpose: str | None,
    target: str,
) -> None:
    """Export CASEs (the beginnings of their ids, or `last`) into the new folder DIR, with a manifest.

    All of it or nothing: a failed export leaves nothing. Exit code 1 when a case was not as it was written; it is
    exported all the same, and the manifest says what is wrong.
    """
    if everything == bool(case):
        raise click.UsageError("name the cases to export, or --all; `codelog cases` lists them")
    if include_text and not deidentify:
        raise click.UsageError("--include-reviewed-text belongs to --deidentify; other exports keep all text")

    from codelog.audit.export import Request, write_export
    from codelog.audit.manifest import Origin
    from codelog.audit.signing import CheckpointSource
    from codelog.case.instants import parse_instant
    from codelog.log.audit_stream import SOFTWARE, login
    from codelog.log.files import now

    with reading(ctx.obj) as store:
        if everything and next(store.cases(), None) is None:
            raise click.UsageError("there is no case in this store yet")
        request = Request(
            cases=None if everything else tuple(map(store.find_case, case)),
            formats=tuple(name for name in FORMATS if name in (formats or ("jsonl",))),
            deidentify=deidentify,
            include_text=include_text,
            origin=Origin(purpose, login(), parse_instant(now()), store.terminal, SOFTWARE),
            snomed=not no_snomed,
        )
        signer = CheckpointSource(store)
        try:
            outcome = write_export(
                store,
                request,
                Path(target),
                signer=signer,
                told=_told(),
                noted=lambda outcome: _note(store, request, target, outcome),
            )
        except KeyboardInterrupt:
            if everything and not deidentify:
                say("interrupted; the same command goes on from here")
            raise
    if signer.trouble is not None:
        say(f"checkpoints could not be made or kept in the store: {signer.trouble}")
    _narrate(outcome, target)
    if outcome.problems:
        ctx.exit(NO)


def _note(store: Store, request: Request, target: str, outcome: Outcome) -> None:
    """Nothing leaves without a line in the audit stream, where that can be written at all."""
    from codelog.log.audit_kinds import EXPORTED
    from codelog.log.audit_stream import try_note

    for start in range(0, len(outcome.cases), CASES_IN_A_LINE):
        trouble = try_note(
            store.path,
            EXPORTED,
            {
                "command": "codelog export",
                "cases": outcome.cases[start : start + CASES_IN_A_LINE],
                "purpose": request.origin.purpose,
                "formats": list(request.formats),
                "deidentified": request.deidentify,
                "to": str(Path(target).absolute()),
                "manifest": outcome.manifest,
            },
        )
        if trouble is not None:
            say(trouble)
            return


def _narrate(outcome: Outcome, target: str) -> None:
    if outcome.taken_up:
        say(f"{outcome.taken_up} cases were there from an export that was interrupted")
    for case, problem in outcome.problems[:_SHOWN_PROBLEMS]:
        say(f"case {case}: {problem}")
    if len(outcome.problems) > _SHOWN_PROBLEMS:
        say(f"and {len(outcome.problems) - _SHOWN_PROBLEMS} more; the manifest names them")
    cases = "1 case" if len(outcome.cases) == 1 else f"{len(outcome.cases)} cases"
    say(f"{cases}, {outcome.lines} lines in {target}")


def _told() -> Callable[[int, int], None]:
    """A bar for somebody at a terminal. How many steps there are is known at the first."""
    from codelog.cli.printing import progress

    bar: Callable[[int], None] | None = None

    def told(more: int, many: int) -> None:
        nonlocal bar
        bar = bar or progress(many, "exporting")
        bar(more)

    return told
