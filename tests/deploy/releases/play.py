"""Plays the demonstration with the code of some release, on the databases that the environment names.

Run by ``make`` with that release's services on the path. Prints the figures that the release itself shows.
"""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.chassis.service import Runtime
from services.chassis.settings import load_settings
from services.chassis.web.identity import SessionClaim
from services.chassis.web.session import issue_api_token
from services.console import player
from services.console.installed import installed_names, load_service, load_web
from services.enrolment.storage.queries import person_by_email
from services.enrolment.web.identities import identity_of

MANAGER = "helene.castelvieil@cci-herault.example"
FIGURES = "/reporting/api/programmes/cesar/indicators"


def main() -> None:
    runtimes = {
        name: Runtime.start(load_service(name), load_settings(name, os.environ)) for name in installed_names()
    }
    for runtime in runtimes.values():
        runtime.migrate()
    player.play(runtimes, lambda done, total: None)
    enrolment = runtimes["enrolment"]
    with enrolment.read() as session:
        manager = person_by_email(session, MANAGER)
        assert manager is not None and enrolment.settings.session_private_key is not None
        claim = SessionClaim(uuid4(), datetime.now(UTC) + timedelta(days=1))
        token = issue_api_token(
            enrolment.settings.session_private_key,
            replace(identity_of(manager), session=claim),
            timedelta(days=1),
        )
    reporting = load_web(runtimes["reporting"].service)(runtimes["reporting"])
    answer = reporting.test_client().get(FIGURES, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    # A date is a forecast: it moves with the day on which one asks.
    figures = {figure["key"]: figure["value"] for figure in answer.json if figure["unit"] != "date"}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
