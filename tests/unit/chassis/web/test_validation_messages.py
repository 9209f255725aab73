from collections.abc import Iterator
from typing import Any

import flask_babel
import pytest
from marshmallow import Schema, ValidationError, fields, validate

from services.chassis.web.validation_messages import translate_message
from tests.unit.chassis.web.world import build


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    with build().test_request_context("/orchard/"), flask_babel.force_locale("fr"):
        yield


def complaint(schema_field: fields.Field[Any], value: Any) -> str:
    """What the chassis says of this value, from what marshmallow really says of it today."""
    schema = Schema.from_dict({"value": schema_field})()
    with pytest.raises(ValidationError) as caught:
        schema.load({} if value is ... else {"value": value})
    messages = caught.value.messages_dict["value"]
    return translate_message(messages[0] if isinstance(messages, list) else next(iter(messages.values()))[0])


@pytest.mark.parametrize(
    ("schema_field", "value", "expected"),
    [
        (fields.String(required=True), ..., "Merci de remplir ce champ."),
        (fields.String(), None, "Merci de remplir ce champ."),
        (fields.String(), 1, "Un texte est attendu ici."),
        (fields.UUID(), "x", "Cet identifiant n’est pas valable."),
        (fields.Decimal(), "x", "Écrivez un nombre, par exemple 12,5."),
        (fields.Decimal(), "NaN", "Écrivez un nombre, par exemple 12,5."),
        (fields.Float(), "nan", "Écrivez un nombre, par exemple 12,5."),
        (fields.Integer(), "x", "Écrivez un nombre entier, par exemple 12."),
        (fields.Boolean(), "x", "Répondez par oui ou par non."),
        (fields.Date(), "x", "Écrivez une date, par exemple 23/11/2026."),
        (fields.Time(), "x", "Écrivez une heure, par exemple 14:30."),
        (fields.DateTime(), "x", "Écrivez une date et une heure, par exemple 2026-11-23T14:30:00Z."),
        (fields.List(fields.String()), 3, "Une liste est attendue ici."),
        (fields.Dict(), 3, "Des valeurs nommées sont attendues ici."),
        (fields.Nested(Schema.from_dict({})), 3, "Cette valeur n’est pas du bon type."),
        (fields.Email(), "x", "Écrivez une adresse électronique, par exemple nom@exemple.fr."),
        (fields.Url(), "x", "Écrivez une adresse de site, par exemple https://www.exemple.fr."),
        (fields.Integer(validate=validate.Range(1, 5)), 9, "Choisissez une valeur de 1 à 5."),
        (fields.Integer(validate=validate.Range(min=1)), 0, "La plus petite valeur possible est 1."),
        (fields.Integer(validate=validate.Range(max=5)), 9, "La plus grande valeur possible est 5."),
        (
            fields.Decimal(validate=validate.Range(0, 1, min_inclusive=False, max_inclusive=False)),
            "1.5",
            "Choisissez une valeur entre 0 et 1, ces deux valeurs exclues.",
        ),
        (
            fields.Decimal(validate=validate.Range(min=0, min_inclusive=False)),
            "-0.5",
            "La valeur doit être supérieure à 0.",
        ),
        (
            fields.Decimal(validate=validate.Range(max=1, max_inclusive=False)),
            "1.5",
            "La valeur doit être inférieure à 1.",
        ),
        (fields.Integer(validate=validate.Equal(5)), 9, "La valeur doit être 5."),
        (fields.String(validate=validate.Length(min=1)), "", "Merci de remplir ce champ."),
        (fields.String(validate=validate.Length(min=3)), "ab", "C’est trop court\u00a0: 3 au moins."),
        (fields.String(validate=validate.Length(max=3)), "abcd", "C’est trop long\u00a0: 3 au plus."),
        (fields.String(validate=validate.Length(2, 3)), "a", "La longueur doit être de 2 à 3."),
        (fields.String(validate=validate.Length(equal=3)), "a", "La longueur doit être de 3."),
        (fields.String(validate=validate.Regexp("a+$")), "b", "Ce n’est pas écrit sous la forme attendue."),
        (fields.String(validate=validate.OneOf(["a", "b"])), "c", "Choisissez parmi\u00a0: a, b."),
        (
            fields.List(fields.String(), validate=validate.ContainsOnly(["a", "b"])),
            ["c"],
            "Choisissez parmi\u00a0: a, b.",
        ),
        (fields.String(validate=validate.NoneOf(["a"])), "a", "Cette valeur n’est pas possible ici."),
        (fields.String(validate=validate.Predicate("isdigit")), "a", "Cette valeur n’est pas possible ici."),
    ],
)
def test_what_marshmallow_says_is_told_in_plain_french(
    schema_field: fields.Field[Any], value: Any, expected: str
) -> None:
    assert complaint(schema_field, value) == expected


def test_a_field_that_is_not_known_is_said_so() -> None:
    with pytest.raises(ValidationError) as caught:
        Schema().load({"more": 1})
    assert translate_message(caught.value.messages_dict["more"][0]) == "Ce champ n’est pas connu."


def test_a_message_that_a_schema_wrote_itself_is_looked_up_in_the_catalogue() -> None:
    assert translate_message("Close") == "Fermer"
    assert translate_message("Nobody translated this.") == "Nobody translated this."
