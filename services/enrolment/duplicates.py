"""Which suppliers may be one and the same: by name, commune and e-mail address.

Only those that share a block are compared, so that the work grows with their number and not with its square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz

from services.enrolment.company_names import telling_words

ALIKE = 80.0
# A block of more is made of a word that says nothing, such as "services".
_LARGEST_BLOCK = 40
# An address that more of them have is that of an accountant, and says nothing by itself.
_FEW = 5
# Whoever has an address there shares its domain with millions.
_FOR_EVERYBODY = """
gmail.com googlemail.com orange.fr wanadoo.fr free.fr sfr.fr laposte.net hotmail.com hotmail.fr outlook.com
outlook.fr live.fr yahoo.fr yahoo.com icloud.com me.com bbox.fr neuf.fr protonmail.com proton.me gmx.fr
"""
_PROVIDERS = frozenset(_FOR_EVERYBODY.split())


@dataclass(frozen=True)
class Candidate:
    """What is compared of a supplier. ``email`` is its contact's, and may be empty."""

    id: UUID
    name: str
    siret: str | None
    commune_code: str | None
    email: str


@dataclass(frozen=True)
class Likeness:
    """Two suppliers that may be one: 0 to 100, and whether commune, e-mail domain and address are the same.

    ``same_address`` is about an address that few have.
    """

    first: UUID
    second: UUID
    score: float
    same_commune: bool
    same_domain: bool
    same_address: bool


def ordered(first: UUID, second: UUID) -> tuple[UUID, UUID]:
    """A pair is the same either way round."""
    return (first, second) if first.int < second.int else (second, first)


def likely_duplicates(
    candidates: Iterable[Candidate], known_distinct: Container[tuple[UUID, UUID]] = ()
) -> list[Likeness]:
    """The pairs that are alike enough for a person to look at, the likeliest first.

    Two that have a SIRET each are two establishments, and never a pair.
    """
    every = list(candidates)
    having = Counter(candidate.email for candidate in every)
    prepared = [_Prepared.of(candidate, having[candidate.email] <= _FEW) for candidate in every]
    found: dict[tuple[UUID, UUID], Likeness] = {}
    seen: set[tuple[UUID, UUID]] = set()
    for one, other in _pairs(prepared):
        pair = ordered(one.id, other.id)
        if pair in seen or pair in known_distinct or (one.siret and other.siret):
            continue
        seen.add(pair)
        likeness = _compare(one, other, pair)
        if likeness.score >= ALIKE or likeness.same_address:
            found[pair] = likeness
    return sorted(found.values(), key=lambda each: (-each.score, each.first.int))


def mail_house(address: str) -> str:
    """What an address says of where somebody works: its domain, or all of it with a provider for all."""
    domain = address.rpartition("@")[2]
    return address if domain in _PROVIDERS else domain


@dataclass(frozen=True)
class _Prepared:
    id: UUID
    siret: str | None
    words: tuple[str, ...]
    sorted_name: str
    joined_name: str
    commune_code: str | None
    domain: str
    own_address: str

    @classmethod
    def of(cls, candidate: Candidate, is_own_address: bool) -> _Prepared:
        words = telling_words(candidate.name)
        return cls(
            candidate.id,
            candidate.siret,
            words,
            " ".join(sorted(words)),
            "".join(words),
            candidate.commune_code,
            mail_house(candidate.email),
            candidate.email if is_own_address else "",
        )


def _pairs(prepared: Sequence[_Prepared]) -> Iterator[tuple[_Prepared, _Prepared]]:
    blocks: defaultdict[Any, list[_Prepared]] = defaultdict(list)
    for each in prepared:
        for key in _keys(each):
            blocks[key].append(each)
    for block in blocks.values():
        if len(block) <= _LARGEST_BLOCK:
            yield from combinations(block, 2)


def _keys(each: _Prepared) -> set[tuple[str, ...]]:
    """In which blocks it is: by each word of its name, by how it begins, by its domain and its address.

    A frequent word still tells apart within a commune.
    """
    words = [word for word in each.words if len(word) > 2]
    keys: set[tuple[str, ...]] = {("word", word) for word in words}
    if each.commune_code:
        keys.update(("word", word, each.commune_code) for word in words)
    keys.add(("begin", each.joined_name[:6]))
    if each.domain:
        keys.add(("domain", each.domain))
    if each.own_address:
        keys.add(("address", each.own_address))
    return keys


def _compare(one: _Prepared, other: _Prepared, pair: tuple[UUID, UUID]) -> Likeness:
    name = max(fuzz.ratio(one.sorted_name, other.sorted_name), fuzz.ratio(one.joined_name, other.joined_name))
    commune = _agreement(one.commune_code, other.commune_code)
    domain = _agreement(one.domain, other.domain)
    score = 0.7 * name + 15 * commune + 15 * domain
    same_address = bool(one.own_address) and one.own_address == other.own_address
    return Likeness(*pair, score, commune == 1, domain == 1, same_address)


def _agreement(one: str | None, other: str | None) -> float:
    """1 for the same, 0 for another, and half of it where one of them is not known."""
    if not one or not other:
        return 0.5
    return 1.0 if one == other else 0.0
