"""Tokens for programs that use the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from services.console.output import console, fail, print_json

app = typer.Typer(no_args_is_help=True, help="Tokens for programs that use the API.")


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="The person for whom the program acts.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long the token is valid.")] = 90,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Create a token that may do what this person may do. It is shown once and kept nowhere."""
    from services.chassis.web.session import issue_api_token
    from services.console.command_settings import command_runtime
    from services.enrolment.storage.queries import person_by_email
    from services.enrolment.web.identities import identity_of

    runtime = command_runtime("enrolment")
    key = runtime.settings.session_private_key
    if key is None:
        fail("CESAR_SESSION_PRIVATE_KEY is not set: only where people are signed in can tokens be created.")
    with runtime.read() as session:
        person = person_by_email(session, email)
        if person is None:
            fail(f"Nobody has the address {email}.")
        token = issue_api_token(key, identity_of(person), timedelta(days=days))
    if as_json:
        print_json({"token": token, "email": person.email, "days": days})
    else:
        console.print(token, soft_wrap=True, markup=False, highlight=False)
