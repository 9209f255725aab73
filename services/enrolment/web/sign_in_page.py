"""The page on which people say who they are."""

from __future__ import annotations

from flask import redirect, render_template
from werkzeug.wrappers import Response

from services.chassis.web.forms import Form, blank_form
from services.chassis.web.work import reading, runtime
from services.enrolment.storage import views
from services.enrolment.web.openid import provider_name
from services.enrolment.web.schemas.account import SignInSchema

AFTER_SIGN_IN = "cesar_next"
"""The cookie that names the page that the person wanted to see."""


def sign_in_page(
    form: Form | None = None, next_page: str = "/", *, refused: str | None = None, problem: str | None = None
) -> str:
    """``refused`` says why a link no longer works, ``problem`` why another way did not."""
    accounts = []
    if runtime().settings.demo:
        with reading() as session:
            accounts = views.one_person_per_role(session)
    return render_template(
        "sign_in.html",
        form=form or blank_form(SignInSchema()),
        next=next_page,
        demo_accounts=accounts,
        refused=refused,
        problem=problem,
        provider=provider_name(),
    )


def sent_link(next_page: str) -> Response:
    """The answer to who asked for a link: it may be opened in any browser; in this one it leads there."""
    response = redirect("/sign-in/sent", 303)
    response.set_cookie(
        AFTER_SIGN_IN,
        next_page,
        max_age=3600,
        httponly=True,
        samesite="Lax",
        secure=runtime().settings.public_url.startswith("https:"),
    )
    return response
