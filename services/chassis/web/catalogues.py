"""Translations, read from the very ``.po`` files that translators edit, so that none is ever out of date.

Where a release brings only the compiled ``.mo``, that is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations


def load_catalogues(folders: Iterable[Path], locale: str) -> NullTranslations:
    """The messages of several ``translations`` folders in one language; the first folder that knows one wins.

    A folder without that language is passed over, so that the source language (English) needs no catalogue.
    """
    first: NullTranslations | None = None
    for folder in folders:
        source = folder / locale / "LC_MESSAGES" / "messages.po"
        path = source if source.exists() else source.with_suffix(".mo")
        if not path.exists():
            continue
        # Each application chains the catalogues in its own way, so that each needs its own objects.
        catalogue = Translations(BytesIO(_compiled(path, path.stat().st_mtime_ns)))
        if first is None:
            first = catalogue
        else:
            first.add_fallback(catalogue)
    return first or NullTranslations()


@lru_cache(maxsize=64)
def _compiled(path: Path, _modified: int) -> bytes:
    if path.suffix == ".mo":
        return path.read_bytes()
    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()
