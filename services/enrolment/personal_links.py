"""Personal links: whoever has one may write on a draft, or object to a new address, without an account.

The link is an id, signed with the installation's secret: nothing of it is stored, and none can be made up.
"""

from __future__ import annotations

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from services.chassis.model import NotFound
from services.chassis.settings import Settings

_DRAFT = "draft of an application"
_OBJECTION = "objection to a new address"


def draft_address(settings: Settings, draft_id: UUID) -> str:
    """The whole address under which the draft can be written on."""
    return f"{settings.public_url}/drafts/{draft_token(settings, draft_id)}"


def draft_token(settings: Settings, draft_id: UUID) -> str:
    return _token(settings, _DRAFT, draft_id)


def draft_id_of(settings: Settings, token: str) -> UUID:
    """Raises NotFound for a token that is not one of ours."""
    return _id_of(settings, _DRAFT, token)


def objection_address(settings: Settings, change_id: UUID) -> str:
    """The whole address under which the change of an address can be objected to."""
    return f"{settings.public_url}/account/address/objection/{_token(settings, _OBJECTION, change_id)}"


def objection_id_of(settings: Settings, token: str) -> UUID:
    """The change that is objected to. Raises NotFound for a token that is not one of ours."""
    return _id_of(settings, _OBJECTION, token)


def _token(settings: Settings, purpose: str, identifier: UUID) -> str:
    return str(_serializer(settings, purpose).dumps(identifier.hex))


def _id_of(settings: Settings, purpose: str, token: str) -> UUID:
    try:
        return UUID(_serializer(settings, purpose).loads(token))
    except (BadSignature, ValueError) as error:
        raise NotFound("This link is not valid. Check that the whole link was copied.") from error


def _serializer(settings: Settings, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt=purpose)
