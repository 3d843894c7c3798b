"""What the line can be open for: a note, an entry in shorthand, the answer to a question."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from codelog.debrief.plain import plain
from codelog.terminal.acts.scribe import Scribe
from codelog.terminal.session import Press
from codelog.terminal.shorthand import Context, Reading, read
from codelog.terminal.strip import Step, Strip
from codelog.terminal.widgets.line import Typing

MOST_COMPLETIONS = 12
_ENTRY = "piv r hand 24g failed vein blown -2m"

Part = tuple[str, str]


def note(scribe: Scribe, press: Press) -> Typing:
    """A note at the instant of its key."""

    def keep(words: str) -> bool:
        if words.strip():
            scribe.submit("note.added", {"text": words}, press)
        return True

    return Typing("NOTE", "the note; Enter keeps it, an empty one is dropped", keep)


def answer(strip: Strip, step: Step, answered: Callable[[], None]) -> Typing:
    """The words that a question of the strip wants."""
    assert step.words is not None

    def take(words: str) -> bool:
        strip.text(words)
        if strip.complaint:
            return False
        answered()
        return True

    placeholder = "Enter takes it; nothing typed passes it over"
    return Typing(step.prompt, placeholder, take, now=step.words.now, purpose=step)


def shorthand(scribe: Scribe, press: Press, tell: Callable[[str], None]) -> Typing:
    """Entries as a line of words, at the instant of the key that opened it unless the line says how long ago."""

    def reading(line: str) -> Reading:
        return read(line, Context.of(scribe))

    def enter(line: str) -> bool:
        if not line.strip():
            return True
        found = reading(line)
        if found.problem is not None:
            tell(found.problem.text)
            return False
        at = Press(press.boot_ms, found.ago_ms or press.ago_ms)
        tickets: list[int] = []
        for entry in found.entries:
            follows = None if entry.follows is None else tickets[entry.follows]
            tickets.append(scribe.submit(entry.kind, entry.data, at, about=entry.about, follows=follows))
        return True

    def complete(line: str) -> str:
        found = reading(line)
        return found.completed(found.completions[0]) if found.completions else line

    return Typing("ENTRY", _ENTRY, enter, complete, lambda line: reading_foot(reading(line)))


def reading_foot(reading: Reading) -> Content:
    """What Enter will write, or which word cannot be read, and how the line can go on."""
    parts: list[Part] = []
    for sentence in reading.preview:
        parts += [("Enter writes  ", "bold $success"), (f"{plain(sentence, 300)}\n", "bold")]
    problem = reading.problem
    if problem is not None and problem.unfinished:
        parts += [("goes on       ", "$quiet"), (f"{plain(problem.text, 300)}\n", "")]
    elif problem is not None:
        parts += [("cannot read   ", "bold $error"), (f"{plain(problem.text, 300)}\n", "$error")]
    if reading.completions:
        parts.append(("Tab           ", "bold $key"))
        for number, completion in enumerate(reading.completions[:MOST_COMPLETIONS]):
            parts += [(plain(completion, 60), "bold" if number == 0 else ""), ("   ", "")]
        more = len(reading.completions) - MOST_COMPLETIONS
        if more > 0:
            parts.append((f"and {more} more", "$quiet"))
    elif not reading.preview:
        parts.append(("Backspace takes back, an empty line and Enter leave", "$quiet"))
    return Content.assemble(*parts).rstrip()
