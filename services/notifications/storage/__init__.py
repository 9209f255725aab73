"""Notifications' tables, the mapping of its entities onto them, and its queries."""
