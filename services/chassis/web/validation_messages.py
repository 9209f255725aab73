"""What marshmallow says about a wrong value, in words that tell a person how to mend it.

Marshmallow's own sentences are fixed English and come with their values already filled in, so they are
recognised by their form. A message that a schema writes itself is a msgid of its service.
"""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError

from services.chassis.web.i18n import N_, gettext

_PLAIN = {
    "Missing data for required field.": N_("Please fill this in."),
    "Field may not be null.": N_("Please fill this in."),
    "Invalid value.": N_("This value is not possible here."),
    "Invalid input.": N_("This value is not possible here."),
    "Invalid type.": N_("This value is not of the right kind."),
    "Invalid input type.": N_("This value is not of the right kind."),
    "Unknown field.": N_("This field is not known."),
    "Not a valid list.": N_("A list is expected here."),
    "Not a valid tuple.": N_("A list is expected here."),
    "Not a valid mapping type.": N_("Named values are expected here."),
    "Not a valid string.": N_("A text is expected here."),
    "Not a valid utf-8 string.": N_("This text has characters that cannot be read."),
    "Not a valid UUID.": N_("This is not a valid identifier."),
    "Not a valid number.": N_("Write a number, for example 12.5."),
    "Number too large.": N_("This number is too large."),
    "Special numeric values (nan or infinity) are not permitted.": N_("Write a number, for example 12.5."),
    "Not a valid integer.": N_("Write a whole number, for example 12."),
    "Not a valid boolean.": N_("Answer yes or no."),
    "Not a valid date.": N_("Write a date, for example 23/11/2026."),
    "Not a valid datetime.": N_("Write a date and a time, for example 2026-11-23T14:30:00Z."),
    "Not a valid naive datetime.": N_("Write a date and a time without a time zone."),
    "Not a valid aware datetime.": N_(
        "Write a date and a time with a time zone, for example 2026-11-23T14:30:00Z."
    ),
    "Not a valid time.": N_("Write a time, for example 14:30."),
    "Not a valid period of time.": N_("Write a duration as a number."),
    "Not a valid URL.": N_("Write a web address, for example https://www.example.fr."),
    "Not a valid email address.": N_("Write an e-mail address, for example name@example.fr."),
    "String does not match expected pattern.": N_("This is not written in the expected form."),
    "Invalid JSON body.": N_("The body of the request is not valid JSON."),
}

_WITH_VALUES = (
    (
        r"Must be greater than or equal to (?P<min>.+?) and less than or equal to (?P<max>.+)\.",
        N_("Choose a value from %(min)s to %(max)s."),
    ),
    (r"Must be greater than or equal to (?P<min>.+)\.", N_("The least possible value is %(min)s.")),
    (
        r"Must be greater than (?P<min>.+?) and less than (?P<max>[^ ]+)\.",
        N_("Choose a value between %(min)s and %(max)s, these excluded."),
    ),
    (r"Must be greater than (?P<min>[^ ]+)\.", N_("The value has to be greater than %(min)s.")),
    (r"Must be less than or equal to (?P<max>.+)\.", N_("The greatest possible value is %(max)s.")),
    (r"Must be less than (?P<max>.+)\.", N_("The value has to be less than %(max)s.")),
    (r"Must be equal to (?P<other>.+)\.", N_("The value has to be %(other)s.")),
    (r"Shorter than minimum length 1\.", N_("Please fill this in.")),
    (r"Shorter than minimum length (?P<min>\d+)\.", N_("This is too short: %(min)s at least.")),
    (r"Longer than maximum length (?P<max>\d+)\.", N_("This is too long: %(max)s at most.")),
    (
        r"Length must be between (?P<min>\d+) and (?P<max>\d+)\.",
        N_("The length has to be from %(min)s to %(max)s."),
    ),
    (r"Length must be (?P<equal>\d+)\.", N_("The length has to be %(equal)s.")),
    (r"Must be one of: (?P<choices>.*)\.", N_("Choose one of: %(choices)s.")),
    (r"One or more of the choices you made was not in: (?P<choices>.*)\.", N_("Choose among: %(choices)s.")),
)
_FORMS = tuple((re.compile(form, re.DOTALL), message) for form, message in _WITH_VALUES)


def messages_by_field(error: ValidationError) -> dict[Any, Any]:
    """Marshmallow's messages by field, nested like the data; ``_schema`` stands for the whole."""
    messages: Any = error.messages
    return messages if isinstance(messages, dict) else {error.field_name: messages}


def translate_message(message: str) -> str:
    """A validation message for the person, in their language."""
    if message in _PLAIN:
        return gettext(_PLAIN[message])
    for form, translated in _FORMS:
        if found := form.fullmatch(message):
            return gettext(translated, **found.groupdict())
    return gettext(message)
