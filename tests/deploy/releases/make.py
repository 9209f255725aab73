"""Keeps a release's data for tests of later ones: ``python -m tests.deploy.releases.make RELEASE COMMIT``.

The demonstration is played on PostgreSQL by the release's own code. Beside this file, in a folder named after
the release, that leaves a backup of it and the figures that the release showed.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from deploy.archive import check
from services.console.keys import read_or_make_keys
from tests.support.backups import back_up, pack
from tests.support.postgres import private_postgres
from tests.support.real import SERVICES

HOUSE = Path(__file__).parents[3]
RELEASES = Path(__file__).parent


def make(release: str, commit: str) -> None:
    with tempfile.TemporaryDirectory(prefix="cesar-release-") as folder, private_postgres() as postgres:
        code, keys, saved = (Path(folder) / name for name in ("code", "keys", "backup"))
        _extract(commit, code)
        read_or_make_keys(keys)
        saved.mkdir()
        urls = {service: postgres.create_database(service) for service in SERVICES}
        settings = {
            **{f"CESAR_{service.upper()}_DATABASE_URL": url for service, url in urls.items()},
            "CESAR_AMQP_URI": "memory://",
            "CESAR_PUBLIC_URL": "http://localhost",
            "CESAR_MAIL_URL": f"maildir://{folder}/mailbox",
            "CESAR_MAIL_FROM": "Cesar <cesar@cci-herault.example>",
            "CESAR_ENROLMENT_SESSION_PRIVATE_KEY_FILE": str(keys / "session.pem"),
            "CESAR_SESSION_PUBLIC_KEY_FILE": str(keys / "session.pub"),
            "CESAR_SECRET_KEY_FILE": str(keys / "secret"),
            "PYTHONPATH": str(code),
        }
        played = subprocess.run(
            [sys.executable, str(RELEASES / "play.py")],
            env=settings,
            cwd=folder,
            stdout=subprocess.PIPE,
            check=True,
        )
        back_up(urls, saved, release)
        target = RELEASES / release
        target.mkdir(exist_ok=True)
        pack(saved, target / "backup.tar")
        # Behind what it logs.
        figures = json.dumps(json.loads(played.stdout.splitlines()[-1]), indent=2)
        (target / "figures.json").write_text(f"{figures}\n", "utf-8")
        print(check(target / "backup.tar"))


def _extract(commit: str, target: Path) -> None:
    archive = target.with_suffix(".tar")
    command = ["git", "-C", str(HOUSE), "archive", f"--output={archive}", commit, "services"]
    subprocess.run(command, check=True)
    with tarfile.open(archive) as content:
        content.extractall(target, filter="data")


if __name__ == "__main__":
    make(*sys.argv[1:])
