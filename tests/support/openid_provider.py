"""A real OpenID Connect provider in a process of its own: django-oauth-toolkit, with RS256 and PKCE.

``python -m tests.support.openid_provider PORT FOLDER PUBLIC_URL`` serves until it is stopped. Who has an
account stands in ``people.json`` in its folder and is read each time: tests change it while it runs.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.support.ports import free_port
from tests.support.process import Process

CLIENT_ID, CLIENT_SECRET, PASSWORD = "cesar", "a secret between the two", "correct horse"


@dataclass(frozen=True)
class Account:
    """What the provider knows of somebody. Everybody's password is ``PASSWORD``."""

    email: str
    name: str = "Claire Martin"
    email_verified: bool = True


@dataclass(frozen=True)
class OpenIdServer:
    """A running provider. ``public_url`` is the installation that it signs people in for."""

    port: int
    folder: Path
    process: Process
    public_url: str

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}/o"

    @property
    def settings(self) -> dict[str, str]:
        """How an installation names it, as the environment has it."""
        return {
            "CESAR_OPENID_ISSUER": self.issuer,
            "CESAR_OPENID_CLIENT_ID": CLIENT_ID,
            "CESAR_OPENID_CLIENT_SECRET": CLIENT_SECRET,
            "CESAR_OPENID_NAME": "AgoraConnect",
        }

    def know(self, **accounts: Account) -> None:
        """From now on these people have accounts, by user name."""
        write_people(self.folder, accounts)


def write_people(folder: Path, accounts: Mapping[str, Account]) -> None:
    people = {name: asdict(account) for name, account in accounts.items()}
    (folder / "people.json").write_text(json.dumps(people), "utf-8")


@contextmanager
def openid_provider(folder: Path, public_url: str, **accounts: Account) -> Iterator[OpenIdServer]:
    """The provider, ready, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    write_people(folder, accounts)
    port = free_port()
    command = [sys.executable, "-m", "tests.support.openid_provider", str(port), str(folder), public_url]
    with Process(command, name="provider", env={"PYTHONUNBUFFERED": "1"}) as process:
        process.wait_for_line("provider is ready", timeout=60)
        yield OpenIdServer(port, folder, process, public_url)


def _serve(port: int, folder: Path, public_url: str) -> None:
    _configure(port, folder)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    _register_client(public_url)
    from django.core.wsgi import get_wsgi_application

    _listen(port, get_wsgi_application())


def _configure(port: int, folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    os.environ["PEOPLE"] = str(folder / "people.json")
    settings.configure(
        SECRET_KEY="a secret of the tests",
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        ROOT_URLCONF="tests.support.openid_site",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.db")}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        AUTHENTICATION_BACKENDS=["tests.support.openid_site.FromFile"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        # Beside another product on the same host.
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_csrf",
        LOGIN_URL="/sign-in/",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem.decode(),
            "OIDC_ISS_ENDPOINT": f"http://localhost:{port}/o",
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OAUTH2_VALIDATOR_CLASS": "tests.support.openid_site.Claims",
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "who", "email": "address", "profile": "name"},
        },
    )


def _register_client(public_url: str) -> None:
    from oauth2_provider.models import get_application_model

    get_application_model().objects.create(
        name="Cesar",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        algorithm="RS256",
        redirect_uris=f"{public_url}/sign-in/openid/return",
        post_logout_redirect_uris=f"{public_url}/",
        skip_authorization=True,
    )


def _listen(port: int, application: Any) -> None:
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIServer, make_server

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    server = make_server("127.0.0.1", port, application, server_class=Server)
    print("The provider is ready.")
    server.serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
