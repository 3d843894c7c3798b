"""`codelog train`: a case told by the room, to be recorded, with a score at the end."""

from __future__ import annotations

import math

import click

SLOWEST, FASTEST = 0.5, 10.0


class _Speed(click.ParamType[float]):
    name = "N"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            speed = float(value)
        except ValueError:
            speed = math.nan
        if not SLOWEST <= speed <= FASTEST:
            self.fail(f"{value!a} is not a speed; write a number from {SLOWEST:g} to {FASTEST:g}, such as 2")
        return speed


@click.command(short_help="Record a case that the room tells, and be scored.")
@click.argument("scenario", required=False)
@click.option("--speed", type=_Speed(), default=1.0, help="How fast the case goes: 2 is twice as fast.")
@click.option("--protocol", metavar="P", help="A shipped protocol's id or a file; otherwise gomella.")
@click.pass_obj
def train(location: str | None, scenario: str | None, speed: float, protocol: str | None) -> int:
    """Train with SCENARIO: a published case, or a scenario file. Without it, the published cases are listed.

    The case is a new one, marked as training. `codelog usability` shows its score again.
    """
    from codelog.cli.common import out
    from codelog.clinical.tables import load_tables
    from codelog.terminal.training.script import load_script, titles

    tables = load_tables()
    if scenario is None:
        for name, title in titles(tables).items():
            out(f"{name:<36} {title}")
        return 0
    load_script(scenario, tables)
    from codelog.terminal.run import run_terminal

    return run_terminal(location, protocol=protocol, training=(scenario, speed))
