"""What has to be there before anybody can sign in: a programme, and the people who run it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from services.chassis.model import DomainError
from services.console.command_settings import command_runtime
from services.console.output import console, fail

app = typer.Typer(no_args_is_help=True, help="Programmes and the people who run them.")


@app.command()
def create(
    slug: Annotated[str, typer.Argument(help="Its name in addresses: small letters, digits and hyphens.")],
    name: Annotated[str, typer.Option(prompt=True)],
    chamber: Annotated[str, typer.Option(prompt=True, help="Who runs it.")],
    contact_email: Annotated[str, typer.Option(prompt=True, help="Where people write to.")],
    description: Annotated[str, typer.Option(help="One or two sentences for the public page.")] = "",
    buyers: Annotated[int, typer.Option(min=1, help="How many buyers are to be accompanied.")] = 30,
    suppliers: Annotated[int, typer.Option(min=1, help="How many suppliers are to be assessed.")] = 300,
    budget: Annotated[float, typer.Option(min=0, help="What it costs, in euros.")] = 0,
    funded: Annotated[float, typer.Option(min=0, help="What funders pay of it, in euros.")] = 0,
) -> None:
    """Create a programme. Cohorts are planned on its manager's pages."""
    from services.enrolment.handlers import programmes

    runtime = command_runtime("enrolment")
    command = programmes.CreateProgramme(
        slug=slug,
        name=name,
        description=description,
        chamber=chamber,
        contact_email=contact_email,
        buyer_target=buyers,
        supplier_target=suppliers,
        budget_total=Decimal(str(budget)),
        budget_funded=Decimal(str(funded)),
    )
    try:
        with runtime.unit_of_work() as work:
            programmes.create_programme(command, work)
    except DomainError as error:
        fail(str(error))
    console.print(f"The programme {slug} is there. Next: cesar programme grant {slug} ADDRESS --role manager")


@app.command()
def grant(
    slug: Annotated[str, typer.Argument(help="The programme.")],
    email: Annotated[str, typer.Argument(help="The person's address; it is what they sign in with.")],
    role: Annotated[str, typer.Option(help="manager, adviser, jury or operator.")],
    name: Annotated[str, typer.Option(help="First and last name, of a person who is new.")] = "",
) -> None:
    """Let a person take part in a programme. Buyers apply, suppliers are invited."""
    from services.enrolment.domain.person import PersonGrant, Role
    from services.enrolment.handlers import people
    from services.enrolment.storage import queries

    if role not in (Role.MANAGER, Role.ADVISER, Role.JURY, Role.OPERATOR):
        fail(f"The role is “{role}” but has to be manager, adviser, jury or operator.")
    if "@" not in email:
        fail(f"“{email}” is no e-mail address.")
    runtime = command_runtime("enrolment")
    programme = None if role == Role.OPERATOR else slug
    command = people.RegisterPerson(
        name=name or email.partition("@")[0], email=email, grant=PersonGrant(Role(role), programme)
    )
    try:
        with runtime.unit_of_work() as work:
            queries.programme_by_slug(work.session, slug)
            people.register_person(command, work)
    except DomainError as error:
        fail(str(error))
    console.print(f"{email} is {role} of {slug} and can sign in.")
