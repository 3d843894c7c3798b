"""What must be seen: entries that are not saved, rules that do not run, and the most urgent flag."""

from __future__ import annotations

from textual.content import Content

from codelog.case.flags import Flag
from codelog.debrief.plain import plain
from codelog.debrief.wording import MARKS
from codelog.terminal.keymap import Keymap
from codelog.terminal.session import Session
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.dock import keys


def trouble(session: Session) -> Content:
    """NOT SAVED in words, with where the entries are kept; rules that are not running."""
    lines = []
    failed = session.not_saved
    if failed:
        failure = failed[0].failure
        assert failure is not None
        count = f"{len(failed)} {'entry' if len(failed) == 1 else 'entries'}"
        where = (
            f"Kept in {plain(failure.kept_in)}" if failure.kept_in else "In memory only: do not switch off"
        )
        why = plain(failure.why, 200)
        lines.append(f"NOT SAVED: {count} ({why}). Tried again all the time; go on recording. {where}")
    elif session.store_fails:
        lines.append(
            f"THE STORE FAILS: flags that come due cannot be kept. Tried again. ({plain(session.store_fails, 200)})"
        )
    if session.rules_stopped:
        lines.append(f"RULES ARE NOT RUNNING: {', '.join(session.rules_stopped)}. Recording goes on.")
    return Content("\n".join(lines))


class FlagBanner(Calm):
    """The most urgent flag with its marks, and how many others there are."""

    def read(self, flag: Flag | None, others: int, keymap: Keymap, *, flash: bool = False) -> None:
        """Show a flag, or nothing. `flash` turns the marks of a high one round, and of no other."""
        for priority in MARKS:
            self.set_class(flag is not None and flag.data.priority == priority, f"-{priority}")
        if flag is None:
            self.show(Content(""))
            return
        high = flag.data.priority == "high"
        marks = "bold reverse" if flash and high else "bold"
        answers = [action.id for action in keymap.in_group("Flag")]
        style = {"style": "bold underline $alarm-foreground"} if high else {}
        self.show(
            Content.assemble(
                (MARKS[flag.data.priority], marks),
                (" ", "bold"),
                (plain(flag.data.text, 600), "bold"),
                "\n",
                *keys(keymap, *answers, **style),
                (f"  + {others} more" if others else "", "bold"),
            )
        )
