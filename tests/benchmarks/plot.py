"""One picture of all rates: a bar for each, drawn as plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.benchmarks.report import Figure, Section, number

_WIDTH, _LABELS, _BAR, _ROW, _HEAD = 900, 330, 400, 24, 40
_STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1c2430}"
    ".title{font-weight:600}"
    ".cesar{fill:#0b6e63}.other{fill:#9aa7b4}"
    "@media(prefers-color-scheme:dark){text{fill:#e6ebf0}.cesar{fill:#3fb6a8}.other{fill:#66727f}}"
)


def draw(sections: Sequence[Section]) -> str:
    """Bars are as long as their share of the greatest rate of their own section."""
    parts: list[str] = []
    top = 10
    for section in sections:
        plotted = [figure for figure in section.figures if figure.plotted]
        if plotted:
            parts.append(f'<text class="title" x="10" y="{top + 18}">{escape(section.title)}</text>')
            parts += _bars(plotted, top + _HEAD - 8)
            top += _HEAD + _ROW * len(plotted)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top + 10}" role="img">'
        f"<title>Events per second</title><style>{_STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _bars(figures: Sequence[Figure], top: int) -> list[str]:
    greatest = max(figure.value for figure in figures)
    first_word = figures[0].name.split()[0]
    parts = []
    for row, figure in enumerate(figures):
        y = top + row * _ROW
        width = max(1, round(_BAR * figure.value / greatest))
        own = figure.name.startswith("Cesar") or not first_word.startswith("Cesar")
        parts.append(
            f'<text x="10" y="{y + 14}">{escape(figure.name)}</text>'
            f'<rect class="{"cesar" if own else "other"}" x="{_LABELS}" y="{y + 2}" width="{width}" '
            f'height="16" rx="2"/><text x="{_LABELS + width + 8}" y="{y + 14}">'
            f"{number(figure.value)} {escape(figure.unit)}</text>"
        )
    return parts
