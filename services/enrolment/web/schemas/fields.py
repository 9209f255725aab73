"""Fields that several forms have, brought to the form in which they are kept."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from services.chassis.model import DomainError
from services.chassis.web.i18n import error_message
from services.chassis.web.i18n import gettext as _
from services.enrolment.communes import parse_commune
from services.enrolment.domain.person import can_be_written_to
from services.enrolment.siret import parse_siret

LONG = validate.Length(max=5000)
SHORT = validate.Length(max=200)


def _can_be_written_to(address: str) -> None:
    if not can_be_written_to(address):
        raise ValidationError(_("No mail reaches an address with accents before the @: look at it again."))


ADDRESS = (validate.Length(max=254), _can_be_written_to)


class Siret(fields.String):
    """A SIRET as typed, brought to its fourteen digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        try:
            return parse_siret(super()._deserialize(value, attr, data, **options) or "")
        except DomainError as error:
            raise ValidationError(error_message(error)) from error


class CommuneCode(fields.String):
    """A commune as typed, brought to INSEE's code."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        try:
            return parse_commune(super()._deserialize(value, attr, data, **options) or "").code
        except DomainError as error:
            raise ValidationError(error_message(error)) from error
