"""What a benchmark found: figures, and the claims that they bear out or do not."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One measured value. ``plotted`` ones become bars of their section's plot."""

    name: str
    value: float
    unit: str
    note: str = ""
    plotted: bool = False


@dataclass(frozen=True)
class Claim:
    """``measured`` has to be at least, or at most, ``bound``."""

    text: str
    measured: float
    bound: float
    unit: str
    at_least: bool = True

    @property
    def holds(self) -> bool:
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound


@dataclass
class Section:
    """What one benchmark found. ``remarks`` say how it was measured."""

    title: str
    module: str
    figures: list[Figure] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def value(self, name: str) -> float:
        """The value of the figure with this name. Raises StopIteration without one."""
        return next(figure.value for figure in self.figures if figure.name == name)

    def as_text(self) -> str:
        width = max([len(one.name) for one in self.figures] + [len(one.text) for one in self.claims])
        lines = [self.title]
        lines += [
            f"  {one.name:<{width}}  {number(one.value):>9} {one.unit}  {one.note}".rstrip()
            for one in self.figures
        ]
        lines += [
            f"  {one.text:<{width}}  {number(one.measured):>9} {one.unit}  "
            f"({'at least' if one.at_least else 'at most'} {number(one.bound)}: "
            f"{'holds' if one.holds else 'MISSED'})"
            for one in self.claims
        ]
        return "\n".join(lines)

    def as_markdown(self) -> str:
        lines = [
            "",
            f"## {self.title}",
            "",
            *self.remarks,
            "",
            f"Alone: `.venv/bin/python -m {self.module}`",
            "",
            "| what | measured | |",
            "| --- | ---: | --- |",
            *(f"| {one.name} | {number(one.value)} {one.unit} | {one.note} |" for one in self.figures),
            "",
        ]
        if self.claims:
            lines += ["| claim | asked | measured | |", "| --- | ---: | ---: | --- |"]
            lines += [
                f"| {one.text} | {'≥' if one.at_least else '≤'} {number(one.bound)} {one.unit} "
                f"| {number(one.measured)} {one.unit} | {'holds' if one.holds else '**missed**'} |"
                for one in self.claims
            ]
        return "\n".join(lines)


def number(value: float) -> str:
    """With three digits that say something, thousands apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"
