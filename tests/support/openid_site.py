"""The provider's site: where people give their password, and what it tells of them.

Only the provider's own process loads it.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.support.openid_provider import PASSWORD

_PAGE = """<!doctype html><title>AgoraConnect</title><h1>AgoraConnect</h1>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Entrer</button></form>"""


def _people() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(Path(os.environ["PEOPLE"]).read_text("utf-8"))
    return found


class FromFile(ModelBackend):
    """Whoever is in the file may come in."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Any:
        if username not in _people() or password != PASSWORD:
            return None
        return get_user_model().objects.get_or_create(username=username)[0]


class Claims(OAuth2Validator):
    """Tells the address, the name, and whether the address was verified."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        return _people()[request.user.username]


class SignIn(LoginView):
    """The page with user name and password."""

    def render_to_response(self, context: dict[str, Any], **_: Any) -> HttpResponse:
        page = engines["django"].from_string(_PAGE)
        return HttpResponse(page.render({"form": context["form"]}, self.request))


def icon(request: HttpRequest) -> HttpResponse:
    """There is none; browsers ask for it and complain when it is missing."""
    return HttpResponse(status=204)


urlpatterns = [
    path("favicon.ico", icon),
    path("sign-in/", SignIn.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]
