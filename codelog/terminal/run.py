"""The way in: run the scribe terminal on a store."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codelog.live.clock import Clock
    from codelog.terminal.desk import Desk

INTERRUPTED = 130


def run_terminal(
    store_location: str | None = None,
    *,
    protocol: str | Path | None = None,
    clock: Clock | None = None,
    training: tuple[str, float] | None = None,
) -> int:
    """Run the terminal until it is left; returns the exit code.

    `training` is the name of a script and the pace of its clock, where nothing but that is wanted.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()) and "TEXTUAL_DRIVER" not in os.environ:
        sys.stderr.write(
            "the scribe terminal needs a terminal; without one, use codelog add and codelog show\n"
        )
        return 2
    from codelog.terminal.app import ScribeApp
    from codelog.terminal.config import load_config

    def open_desk() -> Desk:
        from codelog.terminal import desk

        return desk.open_desk(store_location, clock=clock, protocol=protocol)

    config, problems = load_config()
    complaint = f"{problems[0]} The defaults hold; `codelog config check` tells more." if problems else ""
    app = ScribeApp(open_desk, config, complaint, training)
    try:
        app.run()
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        if app.session is not None and not app.session.stop():
            sys.stderr.write(
                "some entries are not in the store yet; they are kept beside it and entered at the next start\n"
            )
        if app.desk is not None:
            app.desk.close()
    if app.sentence is not None:
        sys.stderr.write(f"{app.sentence}\n")
    return app.return_code or 0
