"""The screens: start, and the live case."""
