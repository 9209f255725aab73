"""SIRETs for simulated suppliers: well formed, and never those of a real establishment.

A SIRET is a SIREN (nine digits, the last a Luhn key) and a NIC: the establishment's sequence number within
its firm (four digits, from 0001 on, counted up as the firm opens establishments) and a Luhn key over all
fourteen. Two things keep ours apart from every real one:

* the SIREN begins with ``099``. Sirene gives SIRENs to firms from ``3`` upwards and to public
  bodies under ``1`` and ``2``; only a closed set of firms registered before 1973 begins with ``0``.
* the sequence number is ``9999``, the last that exists. It would be the 9,999th establishment of one of those
  old firms: should such a SIREN exist after all, this SIRET still does not.

So ``099…9999.`` is recognisable at a glance and passes every check that software makes of a SIRET's form. A
look-up in the public register answers "unknown", as it must. Source of the form: INSEE, *numéro SIRET*,
décret 73-314.
"""

from __future__ import annotations

PREFIX = "099"
ESTABLISHMENT = "9999"


def luhn_key(digits: str) -> str:
    """The digit that, appended to ``digits``, makes a number that passes the Luhn check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def synthetic_siret(number: int) -> str:
    """The synthetic SIRET of the ``number``-th simulated firm (0 to 99,999), fourteen digits.

    Raises ``ValueError`` outside that range.
    """
    if not 0 <= number <= 99_999:
        raise ValueError(f"no synthetic SIRET for {number}")
    siren = f"{PREFIX}{number:05d}"
    siren += luhn_key(siren)
    siret = siren + ESTABLISHMENT
    return siret + luhn_key(siret)
