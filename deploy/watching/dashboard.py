"""The dashboard for Grafana, drawn from its panels: ``python -m deploy.watching.dashboard`` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.watching.panels import ROWS, Panel, Row

PLACE = Path(__file__).with_name("dashboard.json")
_SOURCE = {"type": "prometheus", "uid": "${source}"}
# Columns of Grafana's grid; so many panels stand side by side.
_WIDTH = 24
_IN_A_LINE = {"stat": 6, "timeseries": 3}
_HEIGHT = {"stat": 4, "timeseries": 8}


def dashboard() -> dict[str, Any]:
    """The dashboard in the form that Grafana imports."""
    return {
        "uid": "cesar",
        "title": "Cesar",
        "description": "Written by deploy/watching/dashboard.py.",
        "tags": ["cesar"],
        "timezone": "browser",
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_source_variable(), _service_variable()]},
        "panels": list(_panels(ROWS)),
    }


def _panels(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    top, number = 0, 0
    for row in rows:
        number += 1
        yield _heading(number, row, _place(0, top, _WIDTH, 1))
        top += 1
        kind = row.panels[0].kind
        in_a_line, height = _IN_A_LINE[kind], _HEIGHT[kind]
        width = _WIDTH // in_a_line
        for index, panel in enumerate(row.panels):
            number += 1
            line, column = divmod(index, in_a_line)
            yield _panel(number, panel, _place(column * width, top + line * height, width, height))
        top += -(-len(row.panels) // in_a_line) * height


def _heading(number: int, row: Row, place: dict[str, int]) -> dict[str, Any]:
    return {"id": number, "type": "row", "title": row.title, "panels": [], "gridPos": place}


def _panel(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.alarm is not None:
        steps.append({"color": "red", "value": panel.alarm})
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "gridPos": place,
        "datasource": _SOURCE,
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": _SOURCE,
                "expr": query.expression,
                "legendFormat": query.legend,
            }
            for index, query in enumerate(panel.queries)
        ],
    }


def _source_variable() -> dict[str, Any]:
    return {
        "name": "source",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
    }


def _service_variable() -> dict[str, Any]:
    return {
        "name": "service",
        "label": "Service",
        "type": "query",
        "datasource": _SOURCE,
        "query": {"query": "label_values(cesar_build_info, service)", "refId": "services"},
        "includeAll": True,
        "multi": True,
        "allValue": ".*",
        "refresh": 2,
        "current": {"text": "All", "value": "$__all"},
    }


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


def main() -> None:
    PLACE.write_text(as_text(), "utf-8")


def as_text() -> str:
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
