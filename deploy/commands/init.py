"""``cesar deploy init``: the file of an installation, its passwords and its keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import DEFAULT_FILE, FileOption, connect_to_engine, read_installation
from services.console.output import console, fail

if TYPE_CHECKING:
    from marshmallow.fields import Field

    from deploy.installation import Installation


def init(
    public_url: Annotated[
        str | None, typer.Option(help="Where people find it, such as https://cesar.example.org.")
    ] = None,
    mail_url: Annotated[
        str | None,
        typer.Option(help="The mail server, such as smtp://user@mail.example.org:587, without the password."),
    ] = None,
    mail_from: Annotated[
        str | None, typer.Option(help="Whom mail comes from, such as “Cesar <cesar@example.org>”.")
    ] = None,
    mail_password: Annotated[
        str | None,
        typer.Option(envvar="CESAR_MAIL_PASSWORD", help="Of the account in the mail server's address."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: everything needed stands in options.")
    ] = False,
    file: FileOption = DEFAULT_FILE,
) -> None:
    """Begin an installation: write its file, and make its passwords and keys, which Docker keeps.

    Repeating it keeps all that is there and makes what is missing, for example after a change of the file.
    """
    is_new = not file.exists()
    if is_new:
        _write_file(file, public_url, mail_url, mail_from, is_asked=not yes)
    elif public_url or mail_url or mail_from:
        fail(f"{file} is there already: change it there, or name another with --file.")
    installation = read_installation(file)
    console.print(f"{file}: {'written' if is_new else 'kept as it is'}", highlight=False)
    _join_swarm(is_asked=not yes)
    _make_secrets(installation, mail_password, is_asked=not yes)
    console.print("Next: cesar deploy build, then cesar deploy up")


def _write_file(
    file: Path, public_url: str | None, mail_url: str | None, mail_from: str | None, *, is_asked: bool
) -> None:
    from deploy.installation import Installation, Mail, render
    from deploy.installation.fields import MailUrl, PublicUrl, Sender
    from services.chassis.release import RELEASE

    installation = Installation(
        public_url=_answer(public_url, PublicUrl(), "public-url", "Where people find it", is_asked=is_asked),
        release=RELEASE,
        mail=Mail(
            url=_answer(mail_url, MailUrl(), "mail-url", "The mail server", is_asked=is_asked),
            sender=_answer(mail_from, Sender(), "mail-from", "Whom mail comes from", is_asked=is_asked),
        ),
    )
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(render(installation))
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")


def _answer(given: str | None, field: Field[str], option: str, question: str, *, is_asked: bool) -> str:
    """What was given as an option, or is answered to the question until it is right."""

    def checked(text: str) -> str:
        from marshmallow import ValidationError

        try:
            return str(field.deserialize(text))
        except ValidationError as error:
            raise typer.BadParameter(f"{option} {' '.join(map(str, error.messages))}.") from error

    if given is None and is_asked:
        return str(typer.prompt(question, value_proc=checked))
    if given is None:
        fail(f"Give --{option}, or leave --yes out to be asked.")
    try:
        return checked(given)
    except typer.BadParameter as error:
        fail(error.message)


def _join_swarm(*, is_asked: bool) -> None:
    """One machine is a swarm of one; whoever has several joins the others to it."""
    from deploy.engine import EngineProblem, connect, engine_problems

    try:
        client = connect(manages_swarm=False)
        with engine_problems():
            if client.info()["Swarm"]["LocalNodeState"] != "inactive":
                return
            question = "Docker is in no swarm yet. Make this machine a swarm of one (docker swarm init)?"
            if is_asked and not typer.confirm(question, default=True):
                fail("Without a swarm there are no secrets. Run “docker swarm init”, then this again.")
            client.swarm.init()
    except EngineProblem as error:
        fail(str(error))
    console.print("Docker: this machine is a swarm of one now")


def _make_secrets(installation: Installation, mail_password: str | None, *, is_asked: bool) -> None:
    from deploy.credentials import MAIL_PASSWORD, missing_secrets
    from deploy.engine import EngineProblem
    from deploy.secrets import in_use, put

    client = connect_to_engine()
    try:
        made, unknown = missing_secrets(installation, in_use(client, installation.name))
        if MAIL_PASSWORD in unknown:
            if mail_password is None and is_asked:
                mail_password = typer.prompt("The mail account's password", hide_input=True)
            if mail_password:
                made[MAIL_PASSWORD] = mail_password
                del unknown[MAIL_PASSWORD]
        put(client, installation.name, made)
    except EngineProblem as error:
        fail(str(error))
    console.print(f"Secrets: {len(made)} made and given to Docker" if made else "Secrets: kept as they are")
    for name, meaning in unknown.items():
        console.print(
            f"You give {name} ({meaning}): cesar deploy secret {name}", highlight=False, soft_wrap=True
        )
