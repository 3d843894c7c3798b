"""The event log as it is stored: append-only, chained, durable before it is shown."""
