"""Assessment's use cases: plain functions of a command and a unit of work."""
