"""The wording of agreements, as a manager writes it: plain text with blanks that are filled in.

An empty line ends a paragraph, "# " begins a heading and "- " a point of a list; a name in braces is a blank.
It is no program: whatever else is written there comes out as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.chassis.model import DomainError

# The words are those of the people who write the wording.
BLANKS = (
    "acheteur",
    "siret",
    "commune",
    "contact",
    "chambre",
    "programme",
    "promotion",
    "debut",
    "fin",
    "financeurs",
)
MOST_MISTAKES = 20
"""As many are told at once."""
_BLANK = re.compile(r"\{([^{}]*)\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class BlockKind(StrEnum):
    HEADING = "heading"
    POINT = "point"
    PARAGRAPH = "paragraph"


_MARKS = {"# ": BlockKind.HEADING, "- ": BlockKind.POINT}


@dataclass(frozen=True)
class Block:
    """A heading, a point of a list or a paragraph."""

    kind: BlockKind
    text: str


@dataclass(frozen=True)
class WordingVersion:
    """A wording that was saved. ``by`` is None for the one that was there before versions were kept."""

    number: int
    text: str
    saved_by: UUID | None
    saved_at: datetime


def wording_mistakes(text: str) -> list[DomainError]:
    """What is wrong with a wording, each with the number of its line; nothing when it can be used."""
    lines = text.splitlines()
    mistakes = [mistake for number, line in enumerate(lines, 1) for mistake in _mistakes(number, line)]
    if not mistakes and not blocks_of(text):
        mistakes = [DomainError("An agreement has to say something.", field="template")]
    return mistakes


def check_wording(text: str) -> None:
    """Raises DomainError for the first mistake."""
    for mistake in wording_mistakes(text):
        raise mistake


def blocks_of(text: str) -> list[Block]:
    """The wording block by block. Lines of one paragraph, or of one point, are joined."""
    blocks: list[Block] = []
    goes_on = False
    for line in (" ".join(line.split()) for line in text.splitlines()):
        kind = _MARKS.get(line[:2], BlockKind.PARAGRAPH)
        if not line:
            goes_on = False
        elif goes_on and kind is BlockKind.PARAGRAPH:
            blocks[-1] = Block(blocks[-1].kind, f"{blocks[-1].text} {line}")
        else:
            blocks.append(Block(kind, line if kind is BlockKind.PARAGRAPH else line[2:]))
            goes_on = kind is not BlockKind.HEADING
    return blocks


def has_blank(text: str, name: str) -> bool:
    """Whether this one of ``BLANKS`` stands in the text."""
    return name in _BLANK.findall(text)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with each of ``BLANKS`` replaced by its value."""
    return _BLANK.sub(lambda found: values[found[1]], text)


def _mistakes(line_number: int, line: str) -> Iterator[DomainError]:
    for name in _BLANK.findall(line):
        if name not in BLANKS:
            yield DomainError(
                "Line %(line)s: “{%(name)s}” cannot be filled in. These can: %(known)s.",
                field="template",
                line=line_number,
                name=name,
                known=", ".join(f"{{{blank}}}" for blank in BLANKS),
            )
    if re.search(r"[{}]", _BLANK.sub("", line)):
        yield DomainError(
            "Line %(line)s: a brace is opened or closed without its other half.",
            field="template",
            line=line_number,
        )
    if re.match(r"\s*#(?! )", line):
        yield DomainError(
            "Line %(line)s: a heading begins with “# ”, one sign and a space.",
            field="template",
            line=line_number,
        )
    if _CONTROL.search(line):
        yield DomainError(
            "Line %(line)s: there is a character that cannot be printed.", field="template", line=line_number
        )
