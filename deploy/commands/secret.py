"""``cesar deploy secret``: the passwords and keys of an installation, whose values Docker alone knows."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import DEFAULT_FILE, FileOption, connect_to_engine, read_installation
from services.console.output import console, fail, print_rows

if TYPE_CHECKING:
    from docker import DockerClient

    from deploy.credentials import Credential
    from deploy.installation import Installation


def secret(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="The one to set; without it, all are listed.")
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="Make a new value, of a pair for both, where Cesar can.")
    ] = False,
    file: FileOption = DEFAULT_FILE,
    as_json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
) -> None:
    """List the secrets of an installation, or give one a new value.

    The value is read from standard input, so that it stands in no command's history:
    [bold]cesar deploy secret tls-certificate < chain.pem[/]. On a terminal it is asked for.

    What runs keeps the old value until the next [bold]cesar deploy up[/], which replaces the containers that
    use it, one after the other. The account of an address that Cesar has made anew is another one, and the
    account of the old address works for one day more.
    """
    from deploy.engine import EngineProblem
    from deploy.secrets import put

    installation = read_installation(file)
    client = connect_to_engine()
    try:
        if name is None:
            _list(client, installation, as_json=as_json)
            return
        credential = _credential(installation, name)
        values = _new_values(credential, name) if new else {name: _given_value(credential, name)}
        put(client, installation.name, values)
    except EngineProblem as error:
        fail(str(error))
    kept = " and ".join(values)
    console.print(f"{kept}: kept. It is used after: cesar deploy up", highlight=False, soft_wrap=True)


def _list(client: DockerClient, installation: Installation, *, as_json: bool) -> None:
    from deploy.credentials import credentials_of
    from deploy.secrets import in_use

    present = in_use(client, installation.name)
    rows = [
        {
            "secret": name,
            "kept as": present[name].name if name in present else None,
            "since": present[name].attrs["CreatedAt"][:10] if name in present else "missing",
            "what it is": credential.meaning,
        }
        for credential in credentials_of(installation)
        for name in credential.names
    ]
    print_rows(["secret", "kept as", "since", "what it is"], rows, as_json=as_json, empty="")


def _credential(installation: Installation, name: str) -> Credential:
    from deploy.credentials import credentials_of, secret_names

    for credential in credentials_of(installation):
        if name in credential.names:
            return credential
    near = get_close_matches(name, secret_names(installation), n=1)
    fail(
        f"This installation has no secret “{name}”"
        + (f"; perhaps {near[0]} is meant." if near else ": see “cesar deploy secret”.")
    )


def _new_values(credential: Credential, name: str) -> dict[str, str]:
    if credential.make is None:
        fail(f"Only you know {name} ({credential.meaning}): give it on standard input.")
    return dict(credential.make())


def _given_value(credential: Credential, name: str) -> str:
    value = typer.prompt(name, hide_input=True) if sys.stdin.isatty() else sys.stdin.read()
    value = str(value).strip()
    if not credential.fits(value):
        fail(f"That is no value for {name}: {credential.meaning}.")
    return value
