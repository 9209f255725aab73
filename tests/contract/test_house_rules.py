"""The rules of the house that the import contracts in pyproject.toml cannot say."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
SERVICES = ("enrolment", "assessment", "notifications", "reporting")
LONGEST_FILE = 300

# A domain decides; it neither reads nor writes, waits nor asks the time.
INPUT_AND_OUTPUT = (
    "asyncio",
    "http",
    "io",
    "logging",
    "os",
    "pathlib",
    "shutil",
    "smtplib",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
)


def python_files(folder: str) -> list[Path]:
    return sorted((HOUSE / folder).rglob("*.py"))


def imported_modules(file: Path) -> Iterator[str]:
    """Every module that the file names in an import, wherever in the file."""
    package = ".".join(file.relative_to(HOUSE).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            yield ".".join(filter(None, [above, node.module]))


def is_or_is_in(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def is_pure_library(module: str) -> bool:
    return module.split(".")[0] in sys.stdlib_module_names and not is_or_is_in(module, *INPUT_AND_OUTPUT)


def test_a_file_is_small_enough_to_hold_in_the_head() -> None:
    """A longer one becomes a folder of the same name."""
    lengths = {
        str(file.relative_to(HOUSE)): len(file.read_text().splitlines())
        for folder in ("services", "tests")
        for file in python_files(folder)
        if "migrations" not in file.parts
    }
    assert lengths
    assert not {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE}


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_is_plain_python(service: str) -> None:
    """It imports the standard library without input and output, the chassis' model and itself."""
    allowed = (f"services.{service}.domain", "services.chassis.model")
    imports = {
        (str(file.relative_to(HOUSE)), module)
        for file in python_files(f"services/{service}/domain")
        for module in imported_modules(file)
    }
    assert imports
    assert not {
        (file, module)
        for file, module in imports
        if not is_or_is_in(module, *allowed) and not is_pure_library(module)
    }


def test_the_model_that_domains_build_on_is_plain_python_too() -> None:
    imports = set(imported_modules(HOUSE / "services/chassis/model.py"))
    assert imports
    assert all(map(is_pure_library, imports))


def test_services_stay_apart_on_disk() -> None:
    """`services` is a namespace: a service's image holds the chassis, the console and that service alone."""
    assert not (HOUSE / "services/__init__.py").exists()


def test_the_locked_libraries_name_no_place_to_get_them_from() -> None:
    for lock in sorted((HOUSE / "requirements").glob("*.txt")):
        pinned = [line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#")]
        assert not [line for line in pinned if "://" in line or line.startswith("-")], lock.name
        assert all(re.match(r"\S+==\S+|    --hash=sha256:", line) for line in pinned if line.strip()), (
            lock.name
        )


def test_every_service_runs_with_the_libraries_of_the_whole_product() -> None:
    """One version of each library in every lock: what is tested together is what runs apart."""
    versions: dict[str, set[str]] = {}
    for lock in sorted((HOUSE / "requirements").glob("*.txt")):
        for name, version in re.findall(r"^([\w.-]+)(?:\[\S+\])?==(\S+)", lock.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert versions
    assert not {name: found for name, found in versions.items() if len(found) > 1}
