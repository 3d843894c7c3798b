"""The exit codes of every command."""

DONE = 0
NO = 1
"""The answer is "no": verify found a break, check found a fault."""
BAD_INPUT = 2
STORE = 3
"""The store cannot be reached or written."""
INTERNAL = 70
"""A fault of the program itself."""
INTERRUPTED = 130
