"""The shorthand line: one line of words read as the entries that it makes. Pure; knows nothing of the screen."""

from codelog.terminal.shorthand.context import Context
from codelog.terminal.shorthand.reader import Problem, Reading, read
from codelog.terminal.shorthand.sentences import Entry

__all__ = ["Context", "Entry", "Problem", "Reading", "read"]
