"""Figures over many cases: one case's figures, their sums, the report made of them. Pure but for `gather`."""
