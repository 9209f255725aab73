"""A folder in which processes that serve together keep their counters, so that each can show the sum of all.

It is the way of Prometheus' client library, which looks for the folder when it is imported; so nothing here
imports it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_counters() -> None:
    """From now on count in files that all processes read which this one starts. They go when it ends."""
    folder = tempfile.mkdtemp(prefix="cesar-counters-")
    os.environ[SHARED_FOLDER] = folder
    owner = os.getpid()

    def remove() -> None:
        # The processes that it started end in the same way.
        if os.getpid() != owner:
            return
        for _ in range(50):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.exists(folder):
                break
            # One that has only just begun was making its files meanwhile.
            time.sleep(0.1)

    atexit.register(remove)


def are_shared() -> bool:
    return SHARED_FOLDER in os.environ
