"""A test that does not run is a failure: nothing is left out in silence."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]

EXCUSED = """
import pytest

@pytest.mark.skip
def test_marked(): pass

def test_skips_itself(): pytest.skip("no broker")

@pytest.mark.xfail
def test_fails_as_expected(): assert False

@pytest.mark.xfail
def test_passes_against_expectation(): pass
"""

SAMPLES = {
    "test_excused.py": EXCUSED,
    "test_file_skips_itself.py": "import pytest\npytest.skip(allow_module_level=True)",
    "test_library_is_missing.py": "import pytest\npytest.importorskip('no_such_library')",
    "test_honest.py": "def test_honest(): assert 1 + 1 == 2",
}


def test_only_a_test_that_runs_and_holds_passes(tmp_path: Path) -> None:
    for name, content in SAMPLES.items():
        (tmp_path / name).write_text(content)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    run = subprocess.run(
        [*command, "--continue-on-collection-errors", str(tmp_path)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "3 failed, 1 passed, 3 errors" in run.stdout.splitlines()[-1]
    assert run.returncode == 1
