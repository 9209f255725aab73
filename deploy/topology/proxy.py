"""The only door from outside: TLS, routing by path, and limits on what one caller may ask."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files as package_files
from string import Template

from deploy import credentials
from deploy.installation import SERVICES, Installation
from deploy.stack import Attachment, Component, Health, Port
from deploy.topology.part import FRONT, OUTSIDE, TEMPORARY, File, Part, mounted, mounted_secrets, own_file

NAME = "proxy"

# Not privileged ones: nginx does not run as root.
_HTTP, _HTTPS = 8080, 8443

# A page with its pictures and styles comes in one go, and a workshop's people may share one address.
_BURST_SECONDS = 4

# Title, explanation, and the same in English. {upload} in megabytes.
_PROBLEMS = {
    413: (
        "Ce fichier est trop lourd",
        "Il doit peser {upload} Mo au plus. Revenez en arrière et choisissez un fichier plus léger.",
        "This file is too large: it may have {upload} MB at most. Go back and choose a smaller one.",
    ),
    429: (
        "Trop de demandes à la fois",
        "Attendez quelques secondes, puis rechargez la page.",
        "Too many requests at once: wait a few seconds, then reload the page.",
    ),
    502: (
        "Cesar revient dans un instant",
        "Le service ne répond pas pour le moment. Rien n’est perdu : rechargez la page dans une minute.",
        "The service does not answer right now. Nothing is lost: reload the page in a minute.",
    ),
}


def part(installation: Installation) -> Part:
    files = (
        own_file(NAME, "nginx.conf"),
        own_file(NAME, "health.sh"),
        File(NAME, "installation.conf", _directives(installation).encode()),
        *(file for status in _PROBLEMS for file in _problem_files(installation, status)),
    )
    configuration, health, *_ = files
    component = Component(
        name=NAME,
        image=installation.images.nginx,
        entrypoint=("nginx",),
        # Its own log file cannot be opened where nothing can be written.
        command=("-e", "stderr", "-c", configuration.mounted.target, "-g", "daemon off;"),
        secrets=mounted_secrets([credentials.TLS_CERTIFICATE, credentials.TLS_KEY]),
        configs=mounted(files),
        networks=(Attachment(network=FRONT), Attachment(network=OUTSIDE)),
        ports=(
            Port(published=installation.ports.http, target=_HTTP),
            Port(published=installation.ports.https, target=_HTTPS),
        ),
        tmpfs=(TEMPORARY,),
        health=Health(command=("/bin/bash", health.mounted.target)),
        user="nginx",
        # Two cannot have the same port of one machine.
        start_first=False,
        node=installation.places.proxy,
        after=tuple(f"{service}-web" for service in SERVICES),
        # Requests under way are finished; SIGTERM would cut them off.
        stop_signal="SIGQUIT",
    )
    return Part(components=(component,), files=files)


def _directives(installation: Installation) -> str:
    rate = installation.limits.requests_per_second
    return (
        "# What follows from cesar.toml.\n"
        f'map $host $public_host {{ default "{installation.public_host}"; }}\n'
        f"client_max_body_size {installation.limits.upload};\n"
        f"limit_req_zone $binary_remote_addr zone=callers:10m rate={rate}r/s;\n"
        f"limit_req zone=callers burst={rate * _BURST_SECONDS} nodelay;\n"
    )


def _problem_files(installation: Installation, status: int) -> tuple[File, File]:
    """What the proxy says when it refuses or fails: a page for people, JSON for programs (RFC 9457)."""
    upload = installation.limits.upload // 2**20
    title, explanation, english = (text.format(upload=upload) for text in _PROBLEMS[status])
    template = Template(package_files("deploy").joinpath("files", NAME, "problem.html").read_text("utf-8"))
    page = template.substitute(title=escape(title), explanation=escape(explanation), english=escape(english))
    problem = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": explanation,
    }
    return (
        File(NAME, f"problems/{status}.html", page.encode()),
        File(NAME, f"problems/{status}.json", json.dumps(problem, ensure_ascii=False).encode()),
    )
