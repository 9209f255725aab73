import os
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from tests.unit.chassis.web.world import build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static = tmp_path / "web" / "static"
    static.mkdir(parents=True)
    (static / "orchard.css").write_text(".tree {}", "utf-8")
    (tmp_path / "web" / "secret.txt").write_text("secret", "utf-8")
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Flask:
    return build(folder=folder)


def static_url(app: Flask, name: str) -> str:
    with app.test_request_context("/orchard/"):
        return render_template_string("{{ static_url(name) }}", name=name)


def test_the_address_of_a_file_names_its_content_and_is_kept_for_ever(app: Flask) -> None:
    with app.test_client().get(static_url(app, "orchard.css")) as answer:
        assert answer.get_data() == b".tree {}"
        assert answer.mimetype == "text/css"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_changed_file_has_another_address(app: Flask, folder: Path) -> None:
    before = static_url(app, "orchard.css")
    path = folder / "web" / "static" / "orchard.css"
    path.write_text(".tree { color: green }", "utf-8")
    os.utime(path, ns=(0, 0))
    assert static_url(app, "orchard.css") != before
    with app.test_client().get(before) as answer:
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_file_asked_for_without_its_content_is_asked_for_again_each_time(app: Flask) -> None:
    with app.test_client().get("/orchard/static/orchard.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        etag = answer.headers["ETag"]
    unchanged = {"If-None-Match": etag}
    with app.test_client().get("/orchard/static/orchard.css", headers=unchanged) as again:
        assert again.status_code == 304


def test_the_files_of_the_chassis_are_served_under_the_services_own_address(app: Flask) -> None:
    address = static_url(app, "cesar.css")
    assert address.startswith("/orchard/static/cesar.css?v=")
    with app.test_client().get(address) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("name", ["../secret.txt", "..%2fsecret.txt", "none.css", "/etc/passwd", ""])
def test_nothing_outside_the_static_folders_is_served(app: Flask, name: str) -> None:
    answer = app.test_client().get(f"/orchard/static/{name}", follow_redirects=True)
    assert answer.status_code == 404


def test_a_page_that_names_a_file_that_does_not_exist_fails(app: Flask) -> None:
    with pytest.raises(FileNotFoundError, match="No static folder"):
        static_url(app, "none.css")
