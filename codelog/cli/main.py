"""The way in: `codelog` and its commands, and what every error becomes.

Only click and the standard library are imported here, so that help and usage errors are quick.
"""

from __future__ import annotations

import importlib
import keyword
import os
import sys
import traceback
from collections.abc import Sequence

import click

from codelog import __version__
from codelog.cli.exits import BAD_INPUT, DONE, INTERNAL, INTERRUPTED, STORE

# Command -> (module, one line of help). The module is imported when the command is called.
_COMMANDS = {
    "replay": ("replay", "Play a scenario file and show its timeline and flags."),
    "add": ("add", "Enter one event; prints its line once it is durable."),
    "cases": ("cases", "List the cases, the newest first."),
    "show": ("cases", "Show one case's timeline."),
    "report": ("report", "The debrief report: text, HTML, PDF or JSON."),
    "watch": ("watch", "Show a live case, read-only, on a second screen."),
    "train": ("train", "Record a case that the room tells, and be scored."),
    "usability": ("usability", "Show how well a case was recorded."),
    "qi": ("qi", "Figures over many cases."),
    "backtest": ("backtest", "Which flags another protocol would have raised."),
    "export": ("export", "Export cases into a folder that anybody can check."),
    "import": ("import_", "Take an export into the store, byte for byte."),
    "verify": ("verify", "Check the chain of cases, files or folders."),
    "signing": ("signing", "Show or change the terminal's signing key."),
    "audit": ("audit", "Who viewed, exported, verified, restored."),
    "db": ("db", "Upgrade, check, back up or restore the store."),
    "protocol": ("protocol", "List, show or check protocols."),
    "config": ("config", "Find, show or check the terminal's configuration."),
    "keys": ("keys", "List the terminal's keys, or print a key card."),
    "serve": ("serve", "The scribe terminal in a browser, on this machine."),
}


class _Commands(click.Group):
    """Imports a command's module only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"codelog.cli.{_COMMANDS[cmd_name][0]}")
        # `import` is a word of Python's own.
        command: click.Command = getattr(module, f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS:
            import difflib

            close = difflib.get_close_matches(name, _COMMANDS, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise click.UsageError(f"there is no command {name!a}{hint}; `codelog --help` lists them")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _COMMANDS.items()])


@click.group(
    cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--db", metavar="PATH-or-URL", help="The log store; otherwise CODELOG_DB, else the user's data folder."
)
@click.option(
    "--protocol", metavar="P", help="For cases opened in the terminal: a shipped protocol's id or a file."
)
@click.version_option(__version__, prog_name="codelog", message="%(prog)s %(version)s")
@click.pass_context
def codelog(ctx: click.Context, db: str | None, protocol: str | None) -> None:
    """Log a resuscitation as it happens. Without a command: the scribe terminal.

    An aid to documentation, not a medical device.
    """
    ctx.obj = db or os.environ.get("CODELOG_DB") or None
    if ctx.invoked_subcommand is None:
        from codelog.terminal.run import run_terminal

        ctx.exit(run_terminal(ctx.obj, protocol=protocol))
    if protocol is not None:
        raise click.UsageError(
            "--protocol before a command is for the terminal; write it after replay or add"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the answer is no, 2 bad input, 3 the store fails, 130 interrupted."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """As `main`, but returns the exit code. No traceback reaches the user, whatever happens."""
    try:
        result = codelog.main(args=arguments, prog_name="codelog", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else DONE
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _told(error.format_message(), BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _failed(error)


def _failed(error: Exception) -> int:
    """The exit code of an error that has a sentence of its own, and a short notice for one that has not."""
    from codelog.cli import errors

    if isinstance(error, OSError):
        return _told(f"cannot read or write {error.filename or 'the output'}: {error.strerror}", STORE)
    code = errors.exit_code(error)
    if code is not None:
        return _told(str(error), code)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "codelog" in frame.filename]
    where = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return _told(
        f"this is a fault of codelog itself ({type(error).__name__}{where}); please report it", INTERNAL
    )


def _told(message: str, code: int) -> int:
    from codelog.debrief.plain import plain

    click.echo(f"codelog: {plain(message, 2000)}", err=True)
    return code
