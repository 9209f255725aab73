"""The command ``cesar``: what an operator types, and the embedded product in one process."""
