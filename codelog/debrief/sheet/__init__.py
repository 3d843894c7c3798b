"""Tables and charts over many cases, laid out once and printed as text, HTML and PDF."""
