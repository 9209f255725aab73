from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import flask_babel
import pytest
from flask import request
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.datastructures import FileStorage, MultiDict

from services.chassis.model import DomainError
from services.chassis.web.forms import WHOLE_FORM, Form, as_form_errors, blank_form, load_form
from tests.unit.chassis.web.world import build

APP = build()


class Tree(Schema):
    name = fields.String(required=True, validate=validate.Length(max=20))
    kinds = fields.List(fields.String(validate=validate.OneOf(["fig", "olive"])))
    heights = fields.List(fields.Integer())
    height = fields.Decimal()
    age = fields.Integer(validate=validate.Range(min=0, max=2000))
    planted_on = fields.Date()
    irrigated = fields.Boolean(load_default=False)
    note = fields.String(load_default=None, data_key="remark")
    photo = fields.Raw()
    proofs = fields.List(fields.Raw())

    @validates_schema
    def old_trees_have_a_date(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("age", 0) > 1000 and "planted_on" not in data:
            raise ValidationError("Say when so old a tree was planted.")


def load(locale: str = "fr", files: MultiDict[str, FileStorage] | None = None, **typed: Any) -> Form:
    pairs = [
        (name, one) for name, many in typed.items() for one in (many if isinstance(many, list) else [many])
    ]
    with APP.test_request_context("/orchard/"), flask_babel.force_locale(locale):
        return load_form(Tree(), MultiDict(pairs), files or MultiDict())


def test_a_form_is_loaded_into_python_values() -> None:
    form = load(name="Olivier", kinds=["fig", "olive"], age="12", planted_on="2014-03-01", irrigated="1")
    assert form.is_valid
    assert form.data == {
        "name": "Olivier",
        "kinds": ["fig", "olive"],
        "age": 12,
        "planted_on": date(2014, 3, 1),
        "irrigated": True,
        "note": None,
    }


def test_what_was_typed_is_kept_as_it_was_when_something_is_wrong() -> None:
    form = load(name="", age="old", height="1,5", kinds=["fig", "baobab"])
    assert form.values["age"] == "old"
    assert form.values["height"] == "1,5"
    assert form.values["kinds"] == ["fig", "baobab"]
    assert set(form.errors) == {"name", "age", "kinds"}


def test_every_field_has_a_value_to_show_even_when_nothing_came() -> None:
    form = load()
    assert form.values["name"] == ""
    assert form.values["kinds"] == []
    assert form.values["remark"] == ""


def test_a_blank_counts_as_missing() -> None:
    form = load(name="  \t ", remark="")
    assert form.errors == {"name": ["Merci de remplir ce champ."]}
    assert load(name="Fig", remark=" ", kinds=["", " "]).data == {
        "name": "Fig",
        "note": None,
        "irrigated": False,
    }


def test_text_is_trimmed_and_brought_to_one_form() -> None:
    form = load(name="  Oliv\u0065\u0301raie\u0000 ", remark="one\r\ntwo\rthree")
    assert form.data["name"] == "Oliv\u00e9raie"
    assert form.data["note"] == "one\ntwo\nthree"


def test_fields_that_the_schema_does_not_know_are_ignored() -> None:
    assert load(name="Fig", button="save", is_admin="1").data == {
        "name": "Fig",
        "note": None,
        "irrigated": False,
    }


def test_a_checkbox_may_follow_the_hidden_field_with_its_default() -> None:
    assert load(name="Fig", irrigated=["0", "1"]).data["irrigated"] is True
    assert load(name="Fig", irrigated=["0"]).data["irrigated"] is False


@pytest.mark.parametrize(
    ("locale", "typed", "read"),
    [
        ("fr", "1234.5", "1234.5"),
        ("fr", "1 234,5", "1234.5"),
        ("fr", "1\u202f234,5", "1234.5"),
        ("fr", "1\u00a0234,5", "1234.5"),
        ("fr", "-0,5", "-0.5"),
        ("en", "1,234.5", "1234.5"),
        ("en", "1234.5", "1234.5"),
    ],
)
def test_numbers_are_read_as_people_of_the_language_write_them(locale: str, typed: str, read: str) -> None:
    form = load(locale, name="Fig", height=typed)
    assert form.data["height"] == Decimal(read)
    assert form.values["height"] == typed


def test_numbers_of_a_list_are_read_so_too() -> None:
    assert load(name="Fig", heights=["1 200", "3"]).data["heights"] == [1200, 3]


@pytest.mark.parametrize("typed", ["2026-02-03", "03/02/2026", "3/2/2026"])
def test_dates_are_read_as_browsers_and_as_french_people_write_them(typed: str) -> None:
    assert load(name="Fig", planted_on=typed).data["planted_on"] == date(2026, 2, 3)


@pytest.mark.parametrize("typed", ["30/02/2026", "2/3", "a/b/c", "hier", "//"])
def test_a_date_that_does_not_exist_is_said_to_be_wrong(typed: str) -> None:
    errors = load(name="Fig", planted_on=typed).errors
    assert errors == {"planted_on": ["Écrivez une date, par exemple 23/11/2026."]}


@pytest.mark.parametrize(
    ("locale", "message"),
    [("fr", "Choisissez une valeur de 0 à 2000."), ("en", "Choose a value from 0 to 2000.")],
)
def test_what_is_wrong_is_said_in_the_language_of_the_person(locale: str, message: str) -> None:
    assert load(locale, name="Fig", age="2001").errors == {"age": [message]}


def test_several_wrong_values_of_one_list_are_said_once() -> None:
    errors = load(name="Fig", kinds=["baobab", "ginkgo"]).errors
    assert errors == {"kinds": ["Choisissez parmi\u00a0: fig, olive."]}


def test_what_is_wrong_with_the_whole_stands_apart_from_the_fields() -> None:
    assert load(name="Fig", age="1500").errors == {WHOLE_FORM: ["Say when so old a tree was planted."]}


def test_files_are_loaded_and_an_empty_file_field_counts_as_missing() -> None:
    photo = FileStorage(BytesIO(b"jpeg"), filename="fig.jpg", name="photo")
    nothing = FileStorage(BytesIO(b""), filename="", name="proofs")
    proof = FileStorage(BytesIO(b"pdf"), filename="a.pdf", name="proofs")
    form = load(name="Fig", files=MultiDict([("photo", photo), ("proofs", nothing), ("proofs", proof)]))
    assert form.data["photo"] is photo
    assert form.data["proofs"] == [proof]
    assert "photo" not in load(name="Fig", files=MultiDict([("photo", nothing)])).data


def test_the_forms_of_the_present_request_are_loaded_without_being_handed_over() -> None:
    with APP.test_request_context("/orchard/", method="POST", data={"name": "Fig"}):
        assert request.form
        assert load_form(Tree()).data["name"] == "Fig"


def test_a_form_is_first_shown_with_what_is_known() -> None:
    form = blank_form(Tree(), {"name": None, "age": 12, "kinds": ("fig",), "irrigated": True, "other": 1})
    assert form.values["name"] == ""
    assert form.values["age"] == "12"
    assert form.values["kinds"] == ["fig"]
    assert form.values["irrigated"] == "1"
    assert "other" not in form.values
    assert form.is_valid


def test_what_the_domain_refuses_is_shown_at_its_field() -> None:
    form = load(name="Fig")
    with APP.test_request_context("/orchard/"):
        form.refuse(DomainError("There are %(count)s figs already.", field="name", count=3))
        assert form.errors == {"name": ["There are 3 figs already."]}
        assert as_form_errors(DomainError("The gate is closed.")) == {WHOLE_FORM: ["The gate is closed."]}
    assert not form.is_valid


@given(st.dictionaries(st.sampled_from(list(Tree().fields)), st.text() | st.lists(st.text(), max_size=3)))
def test_whatever_is_typed_is_answered_and_never_a_failure(typed: dict[str, Any]) -> None:
    form = load(**typed)
    assert all(
        isinstance(message, str) and message for messages in form.errors.values() for message in messages
    )
