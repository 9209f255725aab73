"""YAML read with its line numbers, so that whoever wrote it is told where to look and what to write.

Every problem of a file is collected, not only the first: a value that cannot be read is reported and a
neutral one stands in for it, until ``Report.settle`` ends the reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

import yaml


@dataclass(frozen=True)
class Problem:
    """One thing to mend, and where."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.sentence}"


class InvalidReferential(Exception):
    """The file is not a sound referential. ``problems`` says in plain words what to mend, line by line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Report:
    """The problems found in one file so far."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(self.file, line, sentence))

    def settle(self) -> None:
        """Raises InvalidReferential when there are problems."""
        if self.problems:
            raise InvalidReferential(sorted(self.problems, key=lambda problem: problem.line))


@dataclass(frozen=True)
class Entry:
    """A value of the file, with the place where it stands. ``name`` is how to call it in a sentence."""

    name: str
    node: yaml.Node
    report: Report

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def complain(self, sentence: str) -> None:
        self.report.add(self.line, sentence)

    def mapping(self, *, required: Collection[str] = (), optional: Collection[str] = ()) -> dict[str, Entry]:
        """The lines "name: value" under this entry. Unknown, repeated and missing names are problems."""
        if not isinstance(self.node, yaml.MappingNode):
            self.complain(f"“{self.name}” needs lines of the form “name: value” under it.")
            return {}
        known = [*required, *optional]
        entries: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            name = str(key_node.value)
            line = int(key_node.start_mark.line) + 1
            if name not in known:
                self.report.add(line, _unknown(name, self.name, known))
            elif name in entries:
                self.report.add(line, f"“{name}” stands twice in “{self.name}”. Keep one of them.")
            else:
                entries[name] = Entry(name, value_node, self.report)
        for name in required:
            if name not in entries:
                self.complain(f"“{self.name}” lacks “{name}”.")
        return entries

    def items(self) -> Iterator[Entry]:
        """The lines "- ..." under this entry; a single value counts as a list of one."""
        if isinstance(self.node, yaml.SequenceNode):
            if not self.node.value:
                self.complain(f"“{self.name}” is empty.")
            for node in self.node.value:
                yield Entry(self.name, node, self.report)
        elif isinstance(self.node, yaml.ScalarNode):
            yield self
        else:
            self.complain(f"“{self.name}” has to be a list, each line beginning with “- ”.")

    def text(self) -> str:
        """The value as it is written. Empty is a problem."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.complain(f"“{self.name}” has to be a text on one line, or a block after “>”.")
            return ""
        text = str(self.node.value).strip()
        if not text:
            self.complain(f"“{self.name}” is empty.")
        return text

    def one_of(self, allowed: Collection[str]) -> str:
        """A text out of ``allowed``."""
        text = self.text()
        if text and text not in allowed:
            self.complain(f"“{self.name}” is “{text}” but has to be one of: {', '.join(allowed)}.")
        return text

    def truth(self) -> bool:
        """yes or no."""
        return self.one_of(("yes", "no")) == "yes"

    def number(self, least: float, most: float) -> float:
        """A number from ``least`` to ``most``, with a decimal point."""
        text = self.text()
        try:
            number = float(text)
        except ValueError:
            if text:
                self.complain(f"“{self.name}” is “{text}” but has to be a number, such as 2 or 0.5.")
            return float(least)
        if not least <= number <= most:
            self.complain(f"“{self.name}” is {text} but has to be from {least:g} to {most:g}.")
        return number

    def whole(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        number = self.number(least, most)
        if not number.is_integer():
            self.complain(f"“{self.name}” is {number:g} but has to be a whole number.")
        return int(number)


def _unknown(name: str, place: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean “{close[0]}”?" if close else f"Known are: {', '.join(known)}."
    return f"“{name}” is not known in “{place}”. {hint}"


def read_document(report: Report, content: str, name: str) -> Entry:
    """The whole of a file. Raises InvalidReferential when it is not YAML at all."""
    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.add(
            mark.line + 1 if mark else 1,
            f"The file cannot be read here ({error.problem}). Often a space is missing after a colon, a line "
            "is not indented like its neighbours, or a text with a colon lacks its quotation marks.",
        )
    except yaml.YAMLError as error:
        report.add(1, f"The file cannot be read: {error}.")
    else:
        if node is not None:
            return Entry(name, node, report)
        report.add(1, "The file is empty.")
    report.settle()
    raise AssertionError("a file that cannot be read has a problem")
