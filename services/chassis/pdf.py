"""Documents for print: a Typst source and data, turned into the bytes of a PDF.

The same source, data and instant give the same bytes on every machine: nothing is taken from the clock, and
of fonts only those that come with the libraries, which know the letters of most of the world's names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import typst

_FONT_PACKAGES = ("manimgx_fonts", "noto_cjk_sans_otc")
_SCRIPTS = (
    "Arabic",
    "Armenian",
    "Bengali",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Gujarati",
    "Gurmukhi",
    "Hebrew",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Oriya",
    "Sinhala",
    "Tamil",
    "Telugu",
    "Thai",
    "CJK SC",
    "Symbols",
)
# The first that has a letter draws it.
_FAMILIES = ("Noto Sans", *(f"Noto Sans {script}" for script in _SCRIPTS), "Noto Emoji")
# What a source may read, and no other file: the logo is image("/logo.svg").
_PICTURES = Path(__file__).parent / "web" / "static"


class BadSource(ValueError):
    """A source that Typst cannot set; the text says what is wrong with it."""


def typeset(source: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of a Typst source, which finds ``data`` (JSON values) in the variable ``data``.

    ``at`` is the instant that the document gives as that of its making. Raises BadSource.
    """
    families = ", ".join(f'"{family}"' for family in _FAMILIES)
    beginning = f"#set text(font: ({families}), fallback: true);#let data = json(bytes(sys.inputs.data));"
    try:
        compiler = typst.Compiler(
            (beginning + source).encode(),
            root=_PICTURES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        return cast(bytes, compiler.compile(format="pdf", timestamp=int(at.timestamp())))
    except typst.TypstError as error:
        raise BadSource(error.message) from error


@cache
def _fonts() -> typst.Fonts:
    """Looked through once in each process."""
    folders = [str(files(package)) for package in _FONT_PACKAGES]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
