"""What each action of the registry does: an entry at the press, and a strip of questions about it."""

from codelog.terminal.acts import access, child, flags, give, record
from codelog.terminal.acts.scribe import HANDLERS, Scribe

__all__ = ["HANDLERS", "Scribe", "access", "child", "flags", "give", "record"]
