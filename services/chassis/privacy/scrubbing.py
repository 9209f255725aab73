"""Taking a person out of JSON, texts and event bytes, and leaving everything else as it was.

An object is about a person when it holds their id or, with a language beside it, their address; ``x_email``
or ``x_id`` makes ``x_name`` theirs in the same way, but no address does where an id is somebody else's.
Elsewhere, addresses and full names are replaced wherever
they are written. Names of organisations are no names of people: what ends in ``name`` is otherwise left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from services.chassis.privacy.subject import ERASED_NAME, Subject

IsTheirAddress = Callable[[str], bool]
# With one word somebody else, or something else, would be meant too often.
_FULL_NAME = re.compile(r"\S+\s+\S+")


def scrub(value: Any, subject: Subject) -> Any:
    """A JSON value without the person. What it is not about is returned as it was."""
    known = recognise(value, subject, lambda address: address in subject.addresses)
    return _scrub(value, known, _pattern(known), under="")


def scrub_text(text: str, subject: Subject) -> str:
    pattern = _pattern(subject)
    return _replace(text, subject, pattern) if pattern else text


def scrub_bytes(body: bytes, subject: Subject) -> bytes:
    """An event's bytes, or others. What is no JSON is taken for text."""
    try:
        return orjson.dumps(scrub(orjson.loads(body), subject))
    except orjson.JSONDecodeError:
        return scrub_text(body.decode("utf-8", "surrogateescape"), subject).encode("utf-8", "surrogateescape")


def recognise(value: Any, subject: Subject, is_theirs: IsTheirAddress) -> Subject:
    """The subject, with the addresses and names that the value itself gives them.

    An address beside their id is theirs only if it is known to be: it may be another contact's.
    """
    found = (text.strip().casefold() for text in strings_in(value) if "@" in text and is_theirs(text))
    addresses, names = subject.addresses.union(found), set(subject.names)
    for part in _objects(value):
        for prefix in _prefixes(part, subject, is_theirs):
            address, name = part.get(f"{prefix}email"), part.get(f"{prefix}name")
            if isinstance(address, str) and (is_theirs(address) or subject.has_address(address)):
                addresses |= {address.strip().casefold()}
            if isinstance(name, str) and name.strip() and name != ERASED_NAME:
                names.add(name.strip())
    return replace(subject, addresses=addresses, names=frozenset(names))


def strings_in(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    match value:
        case str():
            yield value
        case Mapping():
            for part in value.values():
                yield from strings_in(part)
        case list() | tuple():
            for part in value:
                yield from strings_in(part)


def _scrub(value: Any, subject: Subject, pattern: re.Pattern[str] | None, under: str) -> Any:
    match value:
        case str():
            return value if _is_name(under) or pattern is None else _replace(value, subject, pattern)
        case list() | tuple():
            return [_scrub(part, subject, pattern, under) for part in value]
        case Mapping():
            scrubbed = {key: _scrub(part, subject, pattern, key) for key, part in value.items()}
            is_theirs: IsTheirAddress = subject.addresses.__contains__
            for prefix in _prefixes(value, subject, is_theirs):
                replacements = {"name": ERASED_NAME, "email": subject.pseudonym, "url": "", "grants": []}
                for key, replacement in replacements.items():
                    if value.get(f"{prefix}{key}"):
                        scrubbed[f"{prefix}{key}"] = replacement
            return scrubbed
        case _:
            return value


def _prefixes(part: Mapping[str, Any], subject: Subject, is_theirs: IsTheirAddress) -> list[str]:
    """Whose name in this object is the person's: "" for ``name``, "contact_" for ``contact_name``."""
    identity = str(subject.person_id)
    found = []
    for key, value in part.items():
        if not isinstance(value, str):
            continue
        if key.endswith("email") and is_theirs(value.strip().casefold()):
            prefix = key.removesuffix("email")
            if (prefix or "locale" in part) and not _is_anothers(part, prefix, identity):
                found.append(prefix)
        elif value == identity and key.endswith("id"):
            found.append(key.removesuffix("id").removesuffix("person_"))
    return found


def _is_anothers(part: Mapping[str, Any], prefix: str, identity: str) -> bool:
    """Whether an id says that this is about somebody else, whose address it may have been once."""
    ids = (part.get(f"{prefix}person_id"), part.get(f"{prefix}id") if prefix else None)
    return any(each and each != identity for each in ids)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    match value:
        case Mapping():
            yield value
            for part in value.values():
                yield from _objects(part)
        case list() | tuple():
            for part in value:
                yield from _objects(part)


def _pattern(subject: Subject) -> re.Pattern[str] | None:
    words = [*subject.addresses, *(name for name in subject.names if _FULL_NAME.match(name))]
    if not words:
        return None
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w.@-])(?:{alternatives})(?![\w@-]|\.\w)", re.IGNORECASE)


def _replace(text: str, subject: Subject, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return text
    return pattern.sub(lambda hit: subject.pseudonym if "@" in hit[0] else ERASED_NAME, text)


def _is_name(key: str) -> bool:
    return key == "name" or key.endswith("_name")
