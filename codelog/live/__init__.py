"""The running case: its clock, the recorder that turns requests into durable events, the writer thread, and replay."""
