"""The sections of NAF rev. 2, the coarsest sectors of the French nomenclature of activities.

A section is a range of divisions, the first two digits of an activity code. Source: INSEE, NAF rev. 2 (decree
2007-1888), identical to NACE rev. 2 at this level.
"""

from __future__ import annotations

_LAST_DIVISIONS = (
    (3, "A"),
    (9, "B"),
    (33, "C"),
    (35, "D"),
    (39, "E"),
    (43, "F"),
    (47, "G"),
    (53, "H"),
    (56, "I"),
    (63, "J"),
    (66, "K"),
    (68, "L"),
    (75, "M"),
    (82, "N"),
    (84, "O"),
    (85, "P"),
    (88, "Q"),
    (93, "R"),
    (96, "S"),
    (98, "T"),
    (99, "U"),
)


def section_of(naf_code: str | None) -> str | None:
    """The section (A to U) of an activity code such as "10.71C"; None for none or one that cannot be read."""
    division = (naf_code or "")[:2]
    if not (len(division) == 2 and division.isascii() and division.isdigit() and division != "00"):
        return None
    return next(section for last, section in _LAST_DIVISIONS if int(division) <= last)
