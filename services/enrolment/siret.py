"""SIRET numbers as people type them."""

from __future__ import annotations

from stdnum.exceptions import ValidationError
from stdnum.fr import siret

from services.chassis.model import DomainError


def parse_siret(text: str) -> str:
    """The fourteen digits of a SIRET that may be typed with spaces.

    Raises DomainError. Source of the check digit and of La Poste's exception to it: INSEE, as implemented
    by python-stdnum.
    """
    digits = "".join(text.split()).replace(".", "")
    if not (digits.isascii() and digits.isdigit()):
        raise DomainError("A SIRET has digits only.", field="siret")
    if len(digits) != 14:
        raise DomainError("A SIRET has 14 digits; this one has %(count)s.", field="siret", count=len(digits))
    try:
        return str(siret.validate(digits))
    except ValidationError as error:
        raise DomainError(
            "This SIRET has a wrong digit: its check sum does not fit.", field="siret"
        ) from error
