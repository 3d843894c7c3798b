"""The scribe terminal: letters act, digits describe, and everything painted is computed from the log."""
