"""What is in an image, and what is not."""

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
