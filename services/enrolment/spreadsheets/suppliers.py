"""One row of a list of suppliers, read as a supplier or as what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from marshmallow import ValidationError, validate

from services.chassis.model import DomainError
from services.enrolment.communes import communes, find_commune, nearest_commune, no_such_commune
from services.enrolment.domain.importing import Column, Mapped, WrongRow
from services.enrolment.domain.person import can_be_written_to, normalise_email
from services.enrolment.siret import parse_siret

_LONGEST = 200
_CEDEX = re.compile(r"\s*\bcedex\b.*", re.IGNORECASE)
_COUNTRY = re.compile(r"[\s,(-]*\bfrance\b\W*$", re.IGNORECASE)
_ARTICLE_BEHIND = re.compile(r"(.+?)\s*\((le|la|les|l['’])\)$", re.IGNORECASE)
_DEPARTMENT_BEFORE = re.compile(r"(\d{2})\s*-\s*(.+)")
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()\[\];,:/\"']+@[^\s@<>()\[\];,:/\"']+")
_PHONE = re.compile(r"(?<!\d)\+?\d(?:[ .()\-\u00a0]*\d){5,14}(?!\d)")
_NAF = re.compile(r"(\d{2})\.?(\d{2})\s?([A-Z])", re.IGNORECASE)
_is_email = validate.Email()
_BANDS = ((0, "0"), (9, "1-9"), (49, "10-49"), (249, "50-249"))

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class ListedSupplier:
    """A row that is understood. ``commune`` is INSEE's code; ``contact_email`` may be empty."""

    number: int
    organisation_name: str
    siret: str | None
    commune: str | None
    contact_name: str
    contact_email: str
    contact_phone: str | None
    naf_code: str | None
    size: str | None


def read_row(
    number: int, cells: Sequence[str], columns: Mapped, *, invites: bool
) -> ListedSupplier | WrongRow:
    """``number`` is the row's in the file. ``invites``: without an address nobody can be invited."""
    typed = {
        column: cells[columns[column]] if column in columns and columns[column] < len(cells) else ""
        for column in Column
    }
    wrong: list[tuple[Column, str, Mapping[str, object]]] = []

    def refuse(column: Column, error: DomainError) -> None:
        wrong.append((column, error.message, error.values))

    def read(column: Column, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(typed[column]) if typed[column] else None
        except DomainError as error:
            refuse(column, error)
            return None

    name = read(Column.ORGANISATION_NAME, _short)
    siret = read(Column.SIRET, _siret)
    commune = read(Column.COMMUNE, lambda text: _commune(text, typed[Column.POSTAL_CODE]))
    email = read(Column.CONTACT_EMAIL, _email)
    contact = f"{typed[Column.CONTACT_FIRST_NAME]} {typed[Column.CONTACT_NAME]}".strip()
    naf_code = read(Column.NAF_CODE, _naf_code)
    size = read(Column.SIZE, _size)
    if not typed[Column.ORGANISATION_NAME]:
        refuse(Column.ORGANISATION_NAME, DomainError("The name of the company is missing."))
    if invites and not typed[Column.CONTACT_EMAIL]:
        missing = DomainError("The e-mail address is missing: the invitation is sent to it.")
        refuse(Column.CONTACT_EMAIL, missing)
    if wrong or name is None:
        return WrongRow(number, wrong)
    if commune is None and not typed[Column.COMMUNE]:
        commune = _commune_of_postal_code(typed[Column.POSTAL_CODE])
    return ListedSupplier(
        number=number,
        organisation_name=name,
        siret=siret,
        commune=commune,
        contact_name=(contact or _name_beside_address(typed[Column.CONTACT_EMAIL]) or name)[:_LONGEST],
        contact_email=email or "",
        contact_phone=_phone(typed[Column.CONTACT_PHONE]),
        naf_code=naf_code,
        size=size,
    )


def _short(text: str) -> str:
    if len(text) > _LONGEST:
        raise DomainError("This has more than %(most)s characters.", most=_LONGEST)
    return text


def _siret(text: str) -> str:
    """A number loses the zero with which it begins when a program takes it for a quantity, or its end."""
    if _SHORTENED.fullmatch(text):
        raise DomainError(
            "A spreadsheet program has shortened this SIRET. Give the column the format “text” in it, and "
            "write the number again."
        )
    return parse_siret(text.zfill(14) if len(text) == 13 and text.isdecimal() else text)


def _email(text: str) -> str:
    """The first of the addresses that stand there, with a name or a remark beside it or not."""
    address = next(map(normalise_email, _ADDRESS.findall(text)), "")
    try:
        _is_email(address)
    except ValidationError as error:
        raise DomainError("This is not an e-mail address.") from error
    if len(address) > 254:
        raise DomainError("This is not an e-mail address.")
    if not can_be_written_to(address):
        raise DomainError("No mail reaches an address with accents before the @: look at it again.")
    return address


def _phone(text: str) -> str | None:
    """The first number that stands there; nothing where none does, as a supplier is not refused for it."""
    found = _PHONE.search(text)
    if found is None:
        return None
    number = " ".join(found[0].split())[:30]
    # A program takes it for a quantity and drops the zero with which it begins.
    return f"0{number}" if len(number) == 9 and number.isdecimal() else number


def _name_beside_address(text: str) -> str:
    """Marie Dupont, of “Marie Dupont <marie@jardins.fr>”; nothing where several addresses stand."""
    if len(_ADDRESS.findall(text)) != 1:
        return ""
    name = " ".join(_ADDRESS.sub(" ", text).split()).strip(" <>()[],;:/\"'-")
    return name if any(map(str.isalpha, name)) else ""


def _commune(text: str, postal_code: str) -> str | None:
    """INSEE's code; None for a place outside the region, of which no list is here. Raises DomainError."""
    name = _COUNTRY.sub("", _CEDEX.sub("", text))
    name = _DEPARTMENT_BEFORE.sub(r"\2 \1", _ARTICLE_BEHIND.sub(r"\2 \1", name))
    postal_code = _postal_code(postal_code)
    for attempt in (f"{name} {postal_code}", name, f"{name} {postal_code[:2]}", text):
        found = find_commune(attempt)
        if found is not None:
            return found.code
    if postal_code and postal_code[:2] not in _departments():
        return None
    if found := nearest_commune(name, postal_code):
        return found.code
    raise no_such_commune(text)


def _commune_of_postal_code(text: str) -> str | None:
    found = find_commune(_postal_code(text)) if text else None
    return found.code if found else None


def _postal_code(text: str) -> str:
    digits = "".join(text.split())
    return digits.zfill(5) if digits.isdecimal() else ""


@cache
def _departments() -> frozenset[str]:
    return frozenset(commune.department for commune in communes().values())


def _naf_code(text: str) -> str:
    match = _NAF.match(text)
    if match is None:
        raise DomainError("A NAF code looks like 01.13Z.")
    return f"{match[1]}.{match[2]}{match[3].upper()}"


def _size(text: str) -> str:
    """A number of people, or a range of which the upper end counts, as the programme's own range."""
    numbers = [int(digits) for digits in re.findall(r"\d{1,7}", text.replace(" ", "").replace("\u00a0", ""))]
    if not numbers:
        raise DomainError("Write how many people work there, as a number.")
    return next((band for most, band in _BANDS if numbers[-1] <= most), "250+")
