"""The rules of writing to people: when, how often, why, and when not. Plain Python, no I/O."""
