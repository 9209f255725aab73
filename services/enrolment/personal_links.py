"""Personal links to drafts: whoever has one may write on, without an account.

The link is the draft's id, signed with the installation's secret: nothing of it is stored, and none can be
made up.
"""

from __future__ import annotations

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from services.chassis.model import NotFound
from services.chassis.settings import Settings

_PURPOSE = "draft of an application"


def draft_address(settings: Settings, draft_id: UUID) -> str:
    """The whole address under which the draft can be written on."""
    return f"{settings.public_url}/drafts/{draft_token(settings, draft_id)}"


def draft_token(settings: Settings, draft_id: UUID) -> str:
    return str(_serializer(settings).dumps(draft_id.hex))


def draft_id_of(settings: Settings, token: str) -> UUID:
    """Raises NotFound for a token that is not one of ours."""
    try:
        return UUID(_serializer(settings).loads(token))
    except (BadSignature, ValueError) as error:
        raise NotFound("This link is not valid. Check that the whole link was copied.") from error


def _serializer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key, salt=_PURPOSE)
