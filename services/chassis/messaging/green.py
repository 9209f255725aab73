"""Turns the standard library green; imported before everything else by processes that run workers.

Eventlet is deprecated upstream. It stays at this edge: nothing but the worker processes sees it.
"""

from __future__ import annotations

import os

# psycopg's own waiting is in C and would stop every other green thread; this one can be patched.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import eventlet

eventlet.monkey_patch()
