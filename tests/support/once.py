"""What takes long to make and is only read: the processes of a test run make it once and share it."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


def made_once(place: Path, make: Callable[[Path], None]) -> Path:
    """``place`` as ``make`` made it, in this process or in another, which is waited for."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            # What fails half-way is not taken for the whole.
            begun = place.with_suffix(f".{os.getpid()}")
            make(begun)
            begun.rename(place)
    return place
