"""A browser and the device that it runs on, in words that its owner recognises."""

from __future__ import annotations

from collections.abc import Sequence

# The first that fits: each browser also names those that it wants to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """Such as "Firefox · Windows"; empty for a program that does not say what it is."""
    found = (_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS))
    return " · ".join(word for word in found if word)


def _first(text: str, marks: Sequence[tuple[str, str]]) -> str:
    return next((word for mark, word in marks if mark in text), "")
