"""Names of companies as people write them, made comparable."""

from __future__ import annotations

from services.enrolment.communes import folded

_SAY_NOTHING = """
sarl sas sasu sa eurl earl gaec scea scop scic snc sci selarl ei eirl gie association asso ets
etablissements societe ste entreprise cie et de du des la le les l d
"""
_LEGAL_FORMS = frozenset(_SAY_NOTHING.split())


def telling_words(name: str) -> tuple[str, ...]:
    """The words that tell a company from others, in small letters without accents; all where none does."""
    every = folded(name).split()
    return tuple(word for word in every if word not in _LEGAL_FORMS) or tuple(every)


def comparable(name: str) -> str:
    """The same for "SARL Midi-Bois", "midi bois" and "MIDIBOIS"."""
    return "".join(telling_words(name))
