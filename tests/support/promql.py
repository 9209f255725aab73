"""What an expression for Prometheus asks for: its series and labels, read with Prometheus' own grammar."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import promql_parser


@dataclass(frozen=True)
class Selector:
    """A choice of series: ``labels`` are those it looks at, ``equal`` the values that it wants exactly."""

    name: str
    labels: frozenset[str]
    equal: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Asked:
    """``grouped`` names the labels that series are put together by."""

    selected: list[Selector] = field(default_factory=list)
    grouped: set[str] = field(default_factory=set)


def asked(expression: str) -> Asked:
    """Raises ValueError when the expression cannot be read."""
    found = Asked()
    # Grafana fills in what begins with a dollar.
    for part in _parts(promql_parser.parse(expression.replace("$service", ".*"))):
        match part:
            case promql_parser.VectorSelector():
                found.selected.append(_selector(part))
            case promql_parser.AggregateExpr() if part.modifier is not None:
                found.grouped.update(part.modifier.labels)
            case promql_parser.BinaryExpr() if part.modifier is not None and part.modifier.matching:
                found.grouped.update(part.modifier.matching.labels)
    return found


def _selector(selector: Any) -> Selector:
    matchers = selector.matchers.matchers
    equal = {each.name: each.value for each in matchers if each.op == promql_parser.MatchOp.Equal}
    return Selector(selector.name, frozenset(each.name for each in matchers), equal)


def _parts(expression: Any) -> Iterator[Any]:
    yield expression
    match expression:
        case promql_parser.BinaryExpr():
            inner = [expression.lhs, expression.rhs]
        case promql_parser.Call():
            inner = list(expression.args)
        case promql_parser.MatrixSelector():
            inner = [expression.vector_selector]
        case promql_parser.AggregateExpr():
            inner = [expression.expr, *([expression.param] if expression.param is not None else [])]
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr() | promql_parser.SubqueryExpr():
            inner = [expression.expr]
        case _:
            inner = []
    for each in inner:
        yield from _parts(each)
