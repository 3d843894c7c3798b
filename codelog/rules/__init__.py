"""What flags when: one module a rule, a closed catalogue, and the watch that keeps flags in step with the record."""
