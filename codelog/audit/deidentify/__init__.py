"""De-identified cases: what may leave the house about a child and a team without saying who they were."""
