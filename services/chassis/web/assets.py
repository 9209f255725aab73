"""Static files whose address names their content: browsers keep them for ever and never show an old one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from services.chassis.web.access import public

_ONE_YEAR = 365 * 24 * 3600


def install_assets(app: Flask, prefix: str, folders: Sequence[Path]) -> Callable[[str], str]:
    """Serve the files of these folders under ``<prefix>/static``; returns ``static_url`` for templates.

    The first folder that has a file wins. ``static_url`` raises FileNotFoundError for a file that none has.
    """

    def find(name: str) -> Path | None:
        for folder in folders:
            path = safe_join(str(folder), name)
            if path is not None and Path(path).is_file():
                return Path(path)
        return None

    def static_url(name: str) -> str:
        path = find(name)
        if path is None:
            raise FileNotFoundError(f"No static folder has {name}.")
        return f"{prefix}/static/{name}?v={_fingerprint(path, path.stat().st_mtime_ns)}"

    @public
    def serve(name: str) -> Any:
        path = find(name)
        if path is None:
            raise NotFound
        response: Response = send_file(path, conditional=True, etag=True)
        if request.args.get("v") == _fingerprint(path, path.stat().st_mtime_ns):
            response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR}, immutable"
        return response

    app.add_url_rule(f"{prefix}/static/<path:name>", endpoint="static", view_func=serve)
    return static_url


@lru_cache(maxsize=512)
def _fingerprint(path: Path, _modified: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
