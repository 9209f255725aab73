"""What is in an image, and what is not."""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from deploy.images.contents import CHECKOUT, IMAGES, OPERATOR, code_files, contents_of
from deploy.images.problem import ImageProblem
from deploy.installation import SERVICES


def files_of(image: str) -> set[str]:
    return {file.as_posix() for file in code_files(contents_of(image))}


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_image_has_its_code_and_that_of_no_other_service(service: str) -> None:
    rooms = {Path(file).parts[1] for file in files_of(service)}
    assert rooms == {service, "chassis", "console"}
    assert not [file for file in files_of(service) if not file.startswith("services/")]


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_image_has_what_the_service_reads_at_work(service: str) -> None:
    beside_code = {
        file.relative_to(CHECKOUT).as_posix()
        for kind in ("html", "po", "css", "js", "yaml", "csv", "mjml", "mako")
        for folder in (service, "chassis")
        for file in (CHECKOUT / "services" / folder).rglob(f"*.{kind}")
    }
    assert beside_code
    assert beside_code <= files_of(service)
    assert f"services/{service}/worker.py" in files_of(service)


def test_the_operators_image_has_no_service() -> None:
    assert {
        "/".join(Path(file).parts[:2]) for file in files_of(OPERATOR) if file.startswith("services/")
    } == {
        "services/chassis",
        "services/console",
    }
    assert "deploy/stack.py" in files_of(OPERATOR)


@pytest.mark.parametrize("image", IMAGES)
def test_no_image_has_the_embedded_product_or_what_was_made_by_running(image: str) -> None:
    unwanted = (
        "demo/",
        "player/",
        "embedded.py",
        "catch_up.py",
        "__pycache__",
        "deploy/setup",
        "tests/",
        "/.",
    )
    assert not [file for file in files_of(image) for part in unwanted if part in file]


@pytest.mark.parametrize("image", IMAGES)
def test_what_images_share_is_a_part_of_what_each_needs(image: str) -> None:
    contents = contents_of(image)
    common, own = (
        {line for line in (CHECKOUT / lock).read_text().splitlines() if "==" in line}
        for lock in (contents.common, contents.lock)
    )
    assert common
    assert common <= own


def test_images_are_built_from_a_checkout_only(tmp_path: Path) -> None:
    with pytest.raises(ImageProblem, match="built from a checkout of Cesar"):
        list(code_files(contents_of("reporting"), tmp_path))


def command(image: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``cesar`` on the code of an image alone."""
    for file in code_files(contents_of(image)):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes((CHECKOUT / file).read_bytes())
    libraries = sysconfig.get_path("purelib")
    program = (
        f"import sys; sys.path[:0] = [{str(folder)!r}, {libraries!r}]\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        "from services.console.main import main; main()"
    )
    # Without the libraries' start-up files, which would lead to the checkout.
    isolated = [sys.executable, "-I", "-S", "-c", program]
    return subprocess.run(isolated, capture_output=True, text=True, cwd=folder)


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_image_has_the_commands_that_need_no_other_service(service: str, tmp_path: Path) -> None:
    commands = re.findall(r"^│ (\w+)  ", command(service, tmp_path, "--help").stdout, re.MULTILINE)
    assert {"web", "worker", "migrate", "health"} <= set(commands)
    assert not {"run", "deploy"} & set(commands)
    assert ("programme" in commands) == (service == "enrolment")
    other = next(name for name in SERVICES if name != service)
    assert command(service, tmp_path, "migrate", other).stderr == (
        f"There is no service “{other}” here. There is: {service}.\n"
    )


def test_a_rebuild_is_not_begun_where_not_every_service_can_be_asked(tmp_path: Path) -> None:
    assert command("reporting", tmp_path, "events", "replay", "reporting", "--rebuild").stderr == (
        "A rebuild asks every service for its events, and not here: enrolment, assessment, notifications.\n"
    )


def test_the_operators_image_has_the_command_that_deploys_and_none_of_a_service(tmp_path: Path) -> None:
    assert command(OPERATOR, tmp_path, "deploy", "autoscale", "--help").returncode == 0
    for missing in ("web", "run"):
        assert f"No such command '{missing}'" in command(OPERATOR, tmp_path, missing).stderr


def test_only_what_deploys_loads_dockers_library() -> None:
    program = "import sys, services.console.main; print({'docker', 'requests'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", program], cwd=CHECKOUT) == b"set()\n"
