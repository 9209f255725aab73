"""A command changes one setting of the operator's file and nothing else."""

from pathlib import Path

import pytest

from deploy.installation import BadInstallation, Installation, Mail, parse, render
from deploy.installation.editing import with_service_setting, write_service_setting

FILE = render(
    Installation(
        public_url="https://cesar.example.org",
        release="1.0",
        mail=Mail(url="smtps://mail.example.org", sender="Cesar <cesar@example.org>"),
    )
)


def test_a_setting_is_written_and_everything_else_stays() -> None:
    changed = with_service_setting(FILE, "reporting", "release", "1.1")
    assert parse(changed).release_of("reporting") == "1.1"
    before, after = FILE.splitlines(), changed.splitlines()
    new = after.index('release = "1.1"')
    assert after[:new] + after[new + 1 :] == before
    assert after[new - 1].startswith("worker = "), "It stands among the settings of its table."


def test_a_setting_that_is_there_is_changed() -> None:
    changed = with_service_setting(FILE, "assessment", "worker", 4)
    assert parse(changed).services["assessment"].worker.least == 4
    assert len(changed.splitlines()) == len(FILE.splitlines())


def test_a_setting_is_taken_out() -> None:
    changed = with_service_setting(FILE, "reporting", "release", "1.1")
    assert parse(with_service_setting(changed, "reporting", "release", None)) == parse(FILE)
    assert parse(with_service_setting(FILE, "reporting", "release", None)) == parse(FILE)


@pytest.mark.parametrize(
    "services", ["", "[services.enrolment]\nweb = 2\n", "[services]\nreporting = {web = 2}\n", "[services]\n"]
)
def test_any_way_to_write_the_tables_will_do(services: str) -> None:
    text = (
        'public_url = "https://cesar.example.org"\nrelease = "1.0"\n'
        '[mail]\nurl = "smtps://mail.example.org"\nfrom = "cesar@example.org"\n'
    )
    changed = parse(with_service_setting(text + services, "reporting", "release", "1.1"))
    before = parse(text + services)
    assert changed.release_of("reporting") == "1.1"
    assert changed.services["enrolment"] == before.services["enrolment"]
    assert changed.services["reporting"].web == before.services["reporting"].web


def test_a_file_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInstallation, match=r"Set services\.reporting\.release in it yourself"):
        write_service_setting(tmp_path, "reporting", "release", "1.1")
