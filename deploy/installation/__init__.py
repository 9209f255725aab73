"""One installation: what ``cesar.toml`` says (``model``, ``schema``), read and written (``file``)."""

from deploy.installation.file import load, parse, render
from deploy.installation.model import (
    SERVICES,
    BadInstallation,
    Broker,
    Database,
    Images,
    Installation,
    Limits,
    Mail,
    OpenId,
    Places,
    Ports,
    ServiceSize,
    Tls,
)

__all__ = [
    "SERVICES",
    "BadInstallation",
    "Broker",
    "Database",
    "Images",
    "Installation",
    "Limits",
    "Mail",
    "OpenId",
    "Places",
    "Ports",
    "ServiceSize",
    "Tls",
    "load",
    "parse",
    "render",
]
