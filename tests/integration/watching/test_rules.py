"""Alerts and dashboard ask only for what the processes really show, by the labels that it really has."""

from collections.abc import Iterator

import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy.watching.dashboard import PLACE, dashboard
from tests.integration.watching.conftest import Installation
from tests.support.promql import Asked, asked

# Whatever Prometheus adds to each series: see prometheus.yaml.
OF_THE_SCRAPE = {"job", "instance", "component"}
SHOWN_FROM_THE_START = {"outcome", "reason", "kind", "server"}


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((PLACE.parent / "alerts.yaml").read_text("utf-8"))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in dashboard()["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def shown(installation: Installation, *processes: str) -> dict[str, list[dict[str, str]]]:
    """The labels of every series that these processes show, by the series' name."""
    series: dict[str, list[dict[str, str]]] = {"up": [{}]}
    for process in processes:
        for family in text_string_to_metric_families(installation.ask(process, "/metrics").text):
            for sample in family.samples:
                series.setdefault(sample.name, []).append(sample.labels)
    return series


def wrong(expression: Asked, series: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    known = set(OF_THE_SCRAPE)
    for selector in expression.selected:
        found = series.get(selector.name)
        if found is None:
            yield f"{selector.name} is shown by nobody"
            continue
        labels = {label for each in found for label in each} | OF_THE_SCRAPE
        known |= labels
        if missing := selector.labels - labels:
            yield f"{selector.name} has no {missing}"
        for label in selector.equal.keys() & SHOWN_FROM_THE_START:
            if selector.equal[label] not in {each[label] for each in found}:
                yield f"{selector.name} never has {label}={selector.equal[label]}"
    if unknown := expression.grouped - known:
        yield f"nothing has {unknown}"


def test_what_is_asked_for_is_shown(installation: Installation) -> None:
    processes = ("web enrolment", "worker notifications")
    with installation.running(*processes):
        installation.ask("web enrolment", "/sign-in")
        series = shown(installation, *processes)
    problems = [f"{each}: {problem}" for each in expressions() for problem in wrong(asked(each), series)]
    assert not problems, "\n".join(problems)
    assert len(series) > 30
