"""The agreement once both have signed it: what they signed, and behind it a page of who did, when and how.

The document that was signed stays as it is. This is drawn from it and from the signatures as often as it is
asked for, and comes out the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from io import BytesIO

from babel.dates import format_datetime
from pypdf import PdfWriter

from services.chassis.pdf import typeset
from services.enrolment.domain.agreement import Party, Signature
from services.enrolment.domain.local_time import PARIS
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.programme import Cohort, Programme

_ROLES = {Party.BUYER: "Acheteur", Party.CHAMBER: "Responsable du programme"}


def draw_signed(
    original: bytes,
    name: str,
    signatures: Sequence[Signature],
    programme: Programme,
    cohort: Cohort,
    organisation: Organisation,
) -> bytes:
    """What was signed, called ``name``, with the page of its signatures behind it, as a PDF.

    A copy that the buyer has signed on paper is a file from outside, which nothing here opens: of it there is
    the page of signatures alone, which names it.
    """
    is_ours = all(signature.way == "in_app" for signature in signatures)
    page = _page(name, signatures, programme, cohort, organisation, is_ours=is_ours)
    if not is_ours:
        return page
    whole, written = PdfWriter(clone_from=BytesIO(original)), BytesIO()
    whole.append(BytesIO(page))
    whole.write(written)
    return written.getvalue()


def name_of_signed(name: str) -> str:
    """What the signed version of a document of this name is called."""
    return f"{name.removesuffix('.pdf')}-signee.pdf"


def _page(
    name: str,
    signatures: Sequence[Signature],
    programme: Programme,
    cohort: Cohort,
    organisation: Organisation,
    *,
    is_ours: bool,
) -> bytes:
    parties = {Party.BUYER: organisation.name, Party.CHAMBER: programme.chamber}
    data = {
        "programme": programme.name,
        "chamber": programme.chamber,
        "cohort": cohort.label,
        "buyer": organisation.name,
        "document": name,
        "sha256": signatures[-1].sha256,
        "follows": is_ours,
        "signatures": [
            {
                "party": parties[each.party],
                "role": _ROLES[each.party],
                "name": each.name,
                "at": _instant(each.signed_at),
                "way": _way(each),
                "seal": each.seal,
            }
            for each in signatures
        ],
    }
    source = (files("services.enrolment") / "documents" / "signatures.typ").read_text("utf-8")
    return typeset(source, data, max(each.signed_at for each in signatures))


def _instant(at: datetime) -> str:
    return format_datetime(
        at.astimezone(PARIS), "d MMMM y 'à' HH:mm:ss '(heure de Paris)'", locale="fr", tzinfo=PARIS
    )


def _way(signature: Signature) -> str:
    if signature.way == "in_app":
        return f"dans l’application, depuis l’adresse {signature.address}"
    return f"sur papier ; la copie est venue de l’adresse {signature.address}"
