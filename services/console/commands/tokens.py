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
    name: Annotated[str, typer.Option(help="What it is for, as its owner sees it listed.")] = "API",
    role: Annotated[
        list[str] | None,
        typer.Option(help="A role that the token has, such as adviser; by default all that the person has."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Create a token that may do what this person may do. It is shown once and kept nowhere.

    The person sees it listed under “Where I am signed in”, and can revoke it there.
    """
    from services.chassis.model import DomainError
    from services.chassis.web.session import issue_api_token
    from services.console.command_settings import command_runtime
    from services.enrolment.handlers.user_sessions import CreateToken, create_token
    from services.enrolment.storage.queries import person_by_email
    from services.enrolment.web.identities import identity_in

    runtime = command_runtime("enrolment")
    key = runtime.settings.session_private_key
    if key is None:
        fail("CESAR_SESSION_PRIVATE_KEY is not set: only where people are signed in can tokens be created.")
    lifetime = timedelta(days=days)
    try:
        with runtime.unit_of_work() as work:
            person = person_by_email(work.session, email)
            if person is None:
                fail(f"Nobody has the address {email}.")
            grants = [grant for grant in person.grants if not role or grant.role in role]
            command = CreateToken(person_id=person.id, name=name, grants=grants, lifetime=lifetime)
            identity = identity_in(create_token(command, work), person, work.session)
            token = issue_api_token(key, identity, lifetime, now=work.now)
    except DomainError as error:
        fail(str(error))
    if as_json:
        print_json({"token": token, "email": person.email, "days": days})
    else:
        console.print(token, soft_wrap=True, markup=False, highlight=False)


@app.command()
def revoke(
    email: Annotated[
        str, typer.Argument(help="The person who is signed out, and whose programs are refused.")
    ],
) -> None:
    """Sign a person out everywhere and revoke all their tokens, in every service."""
    from services.console.command_settings import command_runtime
    from services.enrolment.handlers.user_sessions import end_sessions
    from services.enrolment.storage.queries import person_by_email

    with command_runtime("enrolment").unit_of_work() as work:
        person = person_by_email(work.session, email)
        if person is None:
            fail(f"Nobody has the address {email}.")
        ended = end_sessions(person.id, work)
    console.print(f"{ended} ended. Workers tell the other services.")
