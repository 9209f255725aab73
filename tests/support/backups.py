"""Backups without containers: the scripts that the containers run, on databases that the tests can reach."""

import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from deploy.archive import FOLDER
from tests.support.postgres import programs

SCRIPTS = Path(__file__).parents[2] / "deploy" / "files" / "data"


def back_up(urls: Mapping[str, str], folder: Path, release: str = "1.0") -> None:
    """Dump the databases of these services into ``folder``. Raises ScriptFailed."""
    run_script("backup.sh", urls, str(folder), release, *urls)


def pack(folder: Path, target: Path) -> None:
    """The folder as one file, as containers hand it over."""
    with tarfile.open(target, "w") as archive:
        archive.add(folder, FOLDER)


def restore(urls: Mapping[str, str], folder: Path) -> None:
    """Put the databases back to what is in ``folder``. Raises ScriptFailed."""
    run_script("restore.sh", urls, "from", str(folder), *urls)


def dump_alone(url: str, target: Path) -> None:
    """Dump one database as it is just now, whatever the others are."""
    plain = url.replace("+psycopg", "", 1)
    command = [str(programs() / "pg_dump"), "--format=custom", f"--file={target}", plain]
    subprocess.run(command, check=True, timeout=300)


class ScriptFailed(AssertionError):
    """A script ended with an exit code that is not 0; says what it printed."""


def run_script(
    name: str, urls: Mapping[str, str], *arguments: str, files: Mapping[str, Path] | None = None
) -> str:
    """What the script printed; ``files`` hold addresses instead of ``urls``. Raises ScriptFailed."""
    environment = {f"CESAR_{service.upper()}_DATABASE_URL": url for service, url in urls.items()} | {
        f"CESAR_{service.upper()}_DATABASE_URL_FILE": str(file) for service, file in (files or {}).items()
    }
    done = subprocess.run(
        ["sh", str(SCRIPTS / name), *arguments],
        env={"PATH": f"{programs()}:/usr/bin:/bin", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    if done.returncode != 0:
        raise ScriptFailed(done.stdout)
    return done.stdout
