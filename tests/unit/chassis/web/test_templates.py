from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, render_template
from jinja2 import UndefinedError

from services.chassis.web.access import public
from services.chassis.web.application import NavigationItem
from services.chassis.web.templating import mark_current
from tests.unit.chassis.web.world import Runtime, Settings, build, person, sign_in, write_templates

PAGE = """{% extends "layout.html" %}
{% block title %}Trees{% endblock %}
{% block main %}<p>{{ tree }}</p>{% endblock %}
"""


def shows(folder: Path, name: str = "page", **values: Any) -> Flask:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", "page", public(lambda: render_template(f"{name}.html", **values)))
    return build(pages, folder=folder)


def page(folder: Path, template: str, **values: Any) -> str:
    return shows(write_templates(folder, page=template), **values).test_client().get("/orchard/").text


def test_what_people_type_is_never_taken_for_html(tmp_path: Path) -> None:
    assert page(tmp_path, "{{ tree }}", tree="<b>fig</b>") == "&lt;b&gt;fig&lt;/b&gt;"


def test_values_within_translated_sentences_are_never_taken_for_html(tmp_path: Path) -> None:
    assert page(tmp_path, '{{ _("A %(kind)s", kind=tree) }}', tree="<b>fig</b>") == "A &lt;b&gt;fig&lt;/b&gt;"


@pytest.mark.parametrize(
    "template",
    [
        "{{ misspelt }}",
        "{% if misspelt %}yes{% endif %}",
        "{{ errors.name }}",
        "{% for one in errors.names %}{% endfor %}",
        "{% if tree.misspelt %}yes{% endif %}",
    ],
)
def test_a_name_that_does_not_exist_is_an_error(tmp_path: Path, template: str) -> None:
    with pytest.raises(UndefinedError):
        page(tmp_path, template, errors={}, tree=NavigationItem("a", "/"))


def test_whether_a_mapping_has_a_key_may_be_asked(tmp_path: Path) -> None:
    template = "{% if errors.name %}wrong{% else %}right{% endif %}"
    assert page(tmp_path, template, errors={}) == "right"
    assert page(tmp_path, template, errors={"name": ["No."]}) == "wrong"


def test_a_page_extends_the_layout_of_the_chassis(tmp_path: Path) -> None:
    text = page(tmp_path, PAGE, tree="Olive")
    assert "<title>Trees – Cesar</title>" in text
    assert "<p>Olive</p>" in text
    assert '<html lang="fr"' in text


def test_the_layout_knows_the_person_and_the_way_to_the_other_language(tmp_path: Path) -> None:
    client = shows(write_templates(tmp_path, page=PAGE), tree="Olive").test_client()
    assert "Élise Martin" not in client.get("/orchard/").text
    sign_in(client, person())
    text = client.get("/orchard/?page=2").text
    assert "Élise Martin" in text
    assert 'href="/orchard/?page=2&amp;lang=en"' in text


@pytest.mark.parametrize("embedded", [True, False])
def test_the_mailbox_is_offered_only_in_the_embedded_product(tmp_path: Path, embedded: bool) -> None:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", "page", public(lambda: render_template("page.html", tree="Olive")))
    runtime = Runtime(settings=Settings(embedded=embedded))
    app = build(pages, folder=write_templates(tmp_path, page=PAGE), runtime=runtime)
    assert ('href="/mailbox"' in app.test_client().get("/orchard/").text) is embedded


def test_the_menu_is_that_of_the_person_and_marks_the_page(tmp_path: Path) -> None:
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", "page", public(lambda: render_template("page.html", tree="Olive")))
    app = build(
        pages,
        folder=write_templates(tmp_path, page=PAGE),
        navigation=lambda person: [NavigationItem("Orchard", "/orchard/")] if person else [],
    )
    client = app.test_client()
    assert "Orchard" not in client.get("/orchard/").text
    sign_in(client, person())
    assert '<a href="/orchard/" aria-current="page">Orchard</a>' in client.get("/orchard/").text


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "/"),
        ("/programmes", "/programmes"),
        ("/programmes/cesar", "/programmes"),
        ("/programmes/archive/2022", "/programmes/archive"),
        ("/programmes-of-others", None),
        ("/reporting/", "/reporting/"),
        ("/reporting/map", "/reporting/"),
        ("/elsewhere", None),
    ],
)
def test_the_current_entry_is_the_nearest_one_above_the_page(path: str, current: str | None) -> None:
    addresses = ["/", "/programmes", "/programmes/archive", "/reporting/"]
    marked = mark_current([NavigationItem(address, address) for address in addresses], path)
    assert [item.href for item in marked if item.current] == ([current] if current else [])
