"""Turns the standard library green; imported before everything else by processes that run workers.

Eventlet is deprecated upstream. It stays at this edge: nothing but the worker processes sees it.
"""

from __future__ import annotations

import os

# psycopg's own waiting is in C and would stop every other green thread; this one can be patched.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")
# Eventlet's own look-up of names keeps an address for as long as it was told, ten minutes in Docker: there
# a broker that comes back elsewhere would not be found meanwhile. The system's look-up asks each time.
os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

import eventlet

eventlet.monkey_patch()
