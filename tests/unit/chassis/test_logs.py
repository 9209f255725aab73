"""Every line of a process is one JSON object, its last words too."""

import json
import subprocess
import sys
from typing import Any

WORDS = """
import logging, warnings, structlog
from services.chassis.logs import configure_logs
configure_logs("json", "info", "orchard")
structlog.get_logger("ours").info("picked", apples=3)
logging.getLogger("theirs").warning("%s apples", 3)
warnings.warn("rotten")
raise RuntimeError("no more apples")
"""


def lines() -> list[dict[str, Any]]:
    ended = subprocess.run([sys.executable, "-c", WORDS], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    return [json.loads(line) for line in ended.stderr.splitlines()]


def test_ours_and_those_of_libraries_have_one_form_and_name_the_service() -> None:
    picked, theirs, rotten, crashed = lines()
    assert {line["service"] for line in (picked, theirs, rotten, crashed)} == {"orchard"}
    assert (picked["event"], picked["apples"], picked["level"]) == ("picked", 3, "info")
    assert (theirs["event"], theirs["level"]) == ("3 apples", "warning")
    assert "rotten" in rotten["event"]


def test_what_ends_a_process_is_told_with_its_place() -> None:
    crashed = lines()[-1]
    assert (crashed["event"], crashed["level"]) == ("crashed", "critical")
    assert "RuntimeError: no more apples" in crashed["exception"]
