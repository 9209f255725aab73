"""The golden samples: a real event of each published type and version, kept for ever.

``python -m tests.contract.golden_samples`` adds what is missing, and never touches what is there.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from services.chassis.contracts import Contract
from services.console.installed import installed_names, load_service
from tests.support.story import story

FOLDER = Path(__file__).with_name("golden")


def published_contracts() -> Iterator[Contract]:
    """Every contract of every service."""
    for name in installed_names():
        yield from load_service(name).contracts


def file_of(event_type: str, version: int) -> Path:
    return FOLDER / f"{event_type}.v{version}.json"


def sample_of(event_type: str, version: int = 1) -> dict[str, Any]:
    """The envelope of a golden sample."""
    sample: dict[str, Any] = json.loads(file_of(event_type, version).read_text("utf-8"))
    return sample


def complaint(contract: Contract, data: dict[str, Any]) -> str | None:
    """Why a contract does not accept what was published once, if it does not.

    It has to read it without loss: a field that is gone or new and required is refused, one of another type
    is refused or comes out differently.
    """
    try:
        again = contract.schema.dump(contract.schema.load(data))
    except (ValidationError, TypeError, ValueError) as error:
        return f"{contract.type} v{contract.version} no longer reads what it once wrote: {error}"
    changed = [name for name, value in data.items() if again.get(name) != value]
    if changed:
        return f"{contract.type} v{contract.version} reads {', '.join(changed)} as something else."
    return None


def main() -> None:
    wanted = [each for each in published_contracts() if not file_of(each.type, each.version).exists()]
    with tempfile.TemporaryDirectory() as folder, story(Path(folder)) as told:
        events = told.events()
    for contract in wanted:
        of_type = [each for each in events if (each.type, each.version) == (contract.type, contract.version)]
        if not of_type:
            print(f"The story has no {contract.type} v{contract.version}: let it happen there.")
            continue
        richest = max(of_type, key=lambda event: _worth(event.data, contract))
        text = json.dumps(json.loads(richest.to_bytes()), ensure_ascii=False, indent=2)
        file_of(contract.type, contract.version).write_text(text + "\n", "utf-8")
        print(f"{contract.type} v{contract.version}")


def _worth(data: Mapping[str, Any], contract: Contract) -> tuple[int, int, int]:
    """What is said seldom counts most, then how many fields say something, then how much they say."""
    said = [name for name, value in data.items() if value not in (None, [])]
    seldom = [name for name in said if not contract.schema.fields[name].required]
    return len(seldom), len(said), _richness(data)


def _richness(value: Any) -> int:
    """How much a sample says: values that are there, at any depth."""
    if isinstance(value, dict):
        return sum(map(_richness, value.values()))
    if isinstance(value, list):
        return sum(map(_richness, value))
    return value is not None


if __name__ == "__main__":
    main()
