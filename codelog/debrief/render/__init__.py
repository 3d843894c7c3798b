"""The debrief report laid out once, and printed as text, HTML and PDF."""
