"""What the JSON API says of a failure that says nothing of itself: a title and a sentence for each status."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Protocol

from services.chassis.web.i18n import N_, gettext, ngettext

_WORDS: dict[int, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: (
        N_("Request that cannot be read"),
        N_("Part of the request is missing or damaged."),
    ),
    HTTPStatus.UNAUTHORIZED: (
        N_("Not signed in"),
        N_("Sign in, or send a token that is still good in the header Authorization."),
    ),
    HTTPStatus.FORBIDDEN: (
        N_("Not allowed"),
        N_("Your roles do not allow this. If you think that they should, quote the reference."),
    ),
    HTTPStatus.NOT_FOUND: (
        N_("Not found"),
        N_("Nothing that you may see has this address."),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        N_("Method not allowed"),
        N_("This address does not take this method; the header Allow names those that it takes."),
    ),
    HTTPStatus.CONFLICT: (
        N_("Changed meanwhile"),
        N_("Somebody else has just changed this. Read it again, then make your change."),
    ),
    HTTPStatus.GONE: (
        N_("No longer available"),
        N_("What this address led to has expired or was withdrawn."),
    ),
    HTTPStatus.PRECONDITION_FAILED: (
        N_("Changed since it was read"),
        N_("It no longer has the tag of the header If-Match. Read it again, then make your change."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        N_("Request too large"),
        N_("What you sent is larger than we can accept."),
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        N_("Kind of body not accepted"),
        N_("The body of the request is not of a kind that this address reads."),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        N_("Something needs correcting"),
        N_("We could not use what was sent."),
    ),
    HTTPStatus.PRECONDITION_REQUIRED: (
        N_("If-Match is missing"),
        N_("Send the header If-Match with the tag (ETag) of the version that you read and want to change."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        N_("Too many requests"),
        N_("We received many requests from you within a short time. Wait a minute, then try again."),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        N_("Something went wrong on our side"),
        N_("It is our mistake, and it has been recorded. If it happens again, quote the reference."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        N_("Not available now"),
        N_("The service is being updated or is very busy. Try again in a few minutes."),
    ),
}


class Said(Protocol):
    """Something to mend, in the caller's language."""

    @property
    def detail(self) -> str: ...


def title_of(status: int) -> str:
    """What kind of problem a status is, in the caller's language."""
    return gettext(words_of(status)[0])


def detail_of(status: int, errors: Sequence[Said]) -> str:
    """What to do about a problem: how many things to mend there are, or the one that there is."""
    if len(errors) == 1:
        return errors[0].detail
    if errors:
        return ngettext(
            "One thing needs correcting.", "%(num)s things need correcting; “errors” says which.", len(errors)
        )
    return gettext(words_of(status)[1])


def words_of(status: int) -> tuple[str, str]:
    """Title and sentence in English, for a status without its own those of its kind."""
    kind = HTTPStatus.BAD_REQUEST if status < 500 else HTTPStatus.INTERNAL_SERVER_ERROR
    return _WORDS.get(status, _WORDS[kind])
