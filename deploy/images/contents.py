"""What is in each image: code, and the locks of its libraries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.images.problem import ImageProblem
from deploy.installation import SERVICES

CHECKOUT = Path(__file__).parents[2]
OPERATOR = "operator"
IMAGES = (*SERVICES, OPERATOR)

# The embedded product and its demonstration need every service.
_NOT_IN_IMAGES = (
    "services/console/catch_up.py",
    "services/console/commands/run.py",
    "services/console/demo",
    "services/console/embedded.py",
    "services/console/player",
    "deploy/setup",
)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """``common`` is the lock whose libraries other images have too, so that they share them; ``lock`` is the
    image's own. Paths are relative to the checkout."""

    title: str
    code: tuple[str, ...]
    common: str
    lock: str


def contents_of(image: str) -> Contents:
    """What is in the image of a service, or in the operator's."""
    if image == OPERATOR:
        return Contents(
            title="Cesar: operator",
            code=("deploy", "services/chassis", "services/console"),
            common="requirements/deploy.txt",
            lock="requirements/deploy.txt",
        )
    return Contents(
        title=f"Cesar: {image}",
        code=(f"services/{image}", "services/chassis", "services/console"),
        common="requirements/chassis.txt",
        lock=f"requirements/{image}.txt",
    )


def code_files(contents: Contents, checkout: Path = CHECKOUT) -> Iterator[Path]:
    """The files of the code, relative to the checkout. Raises ImageProblem when this is not a checkout."""
    if not (checkout / contents.lock).is_file():
        raise ImageProblem(
            "Images are built from a checkout of Cesar, and this installation of it has no requirements/."
        )
    for folder in contents.code:
        for path in sorted((checkout / folder).rglob("*")):
            file = path.relative_to(checkout)
            if path.is_file() and not _is_left_out(file):
                yield file


def _is_left_out(file: Path) -> bool:
    is_made = any(part == "__pycache__" or part.startswith(".") for part in file.parts)
    return is_made or any(file.is_relative_to(excluded) for excluded in _NOT_IN_IMAGES)
