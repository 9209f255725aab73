"""The files for Prometheus and Grafana can be read and fit the stack, and each alert says what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.topology.services import WATCH_PORT
from deploy.watching.dashboard import PLACE, as_text, dashboard
from services.console.installed import NAMES
from tests.support.promql import asked

FOLDER = PLACE.parent
WATCHING = (FOLDER.parents[1] / "docs/operations/watching.md").read_text("utf-8")


def document(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


def alerts(name: str) -> list[dict[str, Any]]:
    return [rule for group in document(name)["groups"] for rule in group["rules"]]


ALL_ALERTS = [*alerts("alerts.yaml"), *alerts("machine-alerts.yaml")]


@pytest.mark.parametrize("alert", ALL_ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_says_what_it_means_and_what_to_do(alert: dict[str, Any]) -> None:
    assert asked(alert["expr"]).selected
    assert alert["labels"]["severity"] in ("critical", "warning")
    assert set(alert["annotations"]) == {"summary", "runbook"}
    for sentence in alert["annotations"].values():
        assert sentence.endswith(".") and len(sentence.split()) > 4
    assert re.fullmatch(r"\d+[smh]", alert.get("for", "0s"))
    assert f"**{alert['alert']}**" in WATCHING


def test_each_alert_has_a_name_of_its_own() -> None:
    names = [alert["alert"] for alert in ALL_ALERTS]
    assert len(set(names)) == len(names)


def test_the_guide_explains_no_alert_that_is_not_there() -> None:
    assert set(re.findall(r"\*\*(Cesar\w+)\*\*", WATCHING)) == {alert["alert"] for alert in ALL_ALERTS}


@pytest.mark.parametrize("alert", ALL_ALERTS, ids=lambda alert: alert["alert"])
def test_a_sentence_is_filled_in_with_labels_that_the_alert_has(alert: dict[str, Any]) -> None:
    used = set(re.findall(r"\$labels\.(\w+)", str(alert["annotations"])))
    expression = asked(alert["expr"])
    selected = {label for selector in expression.selected for label in selector.labels}
    # What is neither chosen nor put together by labels keeps those that the scrape configuration gives.
    assert used <= expression.grouped | selected | {"component", "instance", "mountpoint"}


def test_prometheus_asks_every_process_where_it_answers() -> None:
    jobs = {job["job_name"]: job for job in document("prometheus.yaml")["scrape_configs"]}
    for kind, port in (("web", 8000), ("worker", WATCH_PORT)):
        [discovery] = jobs[f"cesar-{kind}"]["dns_sd_configs"]
        assert discovery["port"] == port
        assert discovery["names"] == [f"tasks.{service}-{kind}" for service in NAMES]


@pytest.mark.parametrize(
    ("name", "component", "path"),
    [
        ("tasks.enrolment-web", "enrolment-web", "/metrics"),
        ("tasks.reporting-web", "reporting-web", "/reporting/metrics"),
    ],
)
def test_prometheus_knows_the_paths_of_each_service(name: str, component: str, path: str) -> None:
    [job] = [job for job in document("prometheus.yaml")["scrape_configs"] if job["job_name"] == "cesar-web"]
    labels = {"__meta_dns_name": name, "__metrics_path__": "/metrics"}
    for rule in job["relabel_configs"]:
        [source] = rule["source_labels"]
        if found := re.fullmatch(rule["regex"], labels[source]):
            labels[rule["target_label"]] = found.expand(re.sub(r"\$(\d)", r"\\\1", rule["replacement"]))
    assert (labels["component"], labels["__metrics_path__"]) == (component, path)


def test_the_rule_files_that_prometheus_reads_are_there() -> None:
    assert all((FOLDER / name).is_file() for name in document("prometheus.yaml")["rule_files"])


def test_the_dashboard_is_the_one_that_its_panels_give() -> None:
    assert Path(PLACE).read_text("utf-8") == as_text(), "python -m deploy.watching.dashboard"
    assert json.loads(as_text()) == dashboard()


def panels() -> Iterator[dict[str, Any]]:
    yield from (panel for panel in dashboard()["panels"] if panel["type"] != "row")


def test_the_panels_lie_side_by_side_and_ask_what_can_be_answered() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken and place["x"] + place["w"] <= 24
        taken |= cells
        for target in panel["targets"]:
            expression = asked(target["expr"])
            used = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert expression.selected
            assert used <= expression.grouped | {"component", "instance"}
