"""The agreement: drawn from a template, signed by both, kept byte for byte and unalterable."""

import hashlib
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import delete, update

from services.chassis.model import Conflict
from services.enrolment.domain.agreement import Party
from services.enrolment.domain.application import Application
from services.enrolment.domain.organisation import Organisation
from services.enrolment.domain.person import Role
from services.enrolment.handlers import agreements, offers
from services.enrolment.handlers.agreement_wordings import change_wording
from services.enrolment.storage.agreement_queries import agreement_of, documents_of, is_unaltered
from services.enrolment.storage.tables import agreement_signatures
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

CLAIRE = "claire@mauguio.example"
PDF = b"%PDF-1.7 copie scannee"


@pytest.fixture
def accepted(world: World) -> Application:
    return world.accept(world.apply(contact_email=CLAIRE, siret=SIRET))


def page_of(application: Application) -> str:
    return f"/applications/{application.id}/agreement"


def signing(browser: FlaskClient, application: Application, **changes: str) -> dict[str, str]:
    """The form of the page as a person sends it back."""
    found = re.search(r'name="sha256" value="(\w+)"', browser.get(page_of(application)).text)
    return {"name": "Claire Martin", "agrees": "1", "sha256": found[1] if found else "0" * 64, **changes}


def documents(world: World, application: Application) -> list[tuple[str, str]]:
    with world.runtime.read() as session:
        agreement = agreement_of(session, application.id)
        assert agreement is not None
        return [(str(each.id), each.sha256) for each in documents_of(session, agreement.id)]


def test_both_sign_in_turn_and_the_buyer_is_enrolled(
    world: World, visit: Visit, accepted: Application
) -> None:
    manager, buyer = visit(HELENE), visit(CLAIRE)
    assert "Il n’y a encore rien à signer" in buyer.get(page_of(accepted)).text
    assert manager.post(f"{page_of(accepted)}/propose").status_code == 303
    early = manager.post(f"{page_of(accepted)}/sign", data=signing(buyer, accepted))
    assert early.status_code == 422, "the buyer signs first"
    assert buyer.post(f"{page_of(accepted)}/sign", data=signing(buyer, accepted)).status_code == 303
    again = buyer.post(f"{page_of(accepted)}/sign", data=signing(buyer, accepted))
    assert again.status_code == 422
    assert world.read(Application, accepted.id).state == "accepted"
    countersigned = signing(manager, accepted, name="Hélène C.")
    assert manager.post(f"{page_of(accepted)}/sign", data=countersigned).status_code == 303
    assert world.read(Application, accepted.id).state == "enrolled"
    told = [world.told(f"agreement.{event}") for event in ("proposed", "buyer_signed", "signed")]
    assert [len(events) for events in told] == [1, 1, 1]
    assert world.told("application.enrolled")
    page = buyer.get(page_of(accepted)).text
    assert "Claire Martin" in page
    assert "127.0.0.1" in page
    assert "Les sceaux sont intacts" in page


def test_what_is_signed_is_downloaded_byte_for_byte(
    world: World, visit: Visit, accepted: Application
) -> None:
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(f"{page_of(accepted)}/propose")
    ((document, sha256),) = documents(world, accepted)
    copies = [browser.get(f"{page_of(accepted)}/documents/{document}").data for browser in (manager, buyer)]
    assert copies[0] == copies[1]
    assert copies[0].startswith(b"%PDF-")
    assert hashlib.sha256(copies[0]).hexdigest() == sha256


def test_a_copy_signed_on_paper_stands_for_the_agreement(
    world: World, visit: Visit, accepted: Application
) -> None:
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(f"{page_of(accepted)}/propose")

    def send(content: bytes) -> int:
        form = {"signer": "La maire", "copy": (BytesIO(content), "convention signée.pdf")}
        return buyer.post(f"{page_of(accepted)}/copy", data=form).status_code

    assert [send(b"MZ"), send(b"\x89PNG\r\n\x1a\n a photo"), send(PDF)] == [422, 422, 303]
    copy = documents(world, accepted)[-1][0]
    assert manager.get(f"{page_of(accepted)}/documents/{copy}").data == PDF
    assert send(PDF) == 422, "it is signed already"
    manager.post(f"{page_of(accepted)}/sign", data=signing(manager, accepted))
    assert world.read(Application, accepted.id).state == "enrolled"


def test_without_a_siret_nothing_is_proposed(world: World, visit: Visit) -> None:
    application = world.accept(world.apply(contact_email=CLAIRE))
    page = visit(HELENE).post(f"{page_of(application)}/propose")
    assert page.status_code == 422
    assert "SIRET" in page.text
    assert not world.told("agreement.proposed")


def test_the_manager_types_the_siret_that_is_missing_and_proposes(world: World, visit: Visit) -> None:
    application = world.accept(world.apply(contact_email=CLAIRE))
    manager, page = visit(HELENE), page_of(application)
    assert "ne peut être proposée que lorsqu’il est connu" in manager.get(page).text
    wrong = manager.post(f"{page}/siret", data={"siret": "12345678901234"})
    assert wrong.status_code == 422
    assert 'value="12345678901234"' in wrong.text
    assert visit(CLAIRE).post(f"{page}/siret", data={"siret": SIRET}).status_code == 403
    assert manager.post(f"{page}/siret", data={"siret": SIRET}).status_code == 303
    assert manager.post(f"{page}/propose").status_code == 303
    assert world.told("agreement.proposed")


def test_a_siret_that_another_organisation_has_is_a_question_for_the_manager(
    world: World, visit: Visit
) -> None:
    world.invite(organisation_name="CC du Clermontais", siret=SIRET)
    application = world.accept(world.apply(contact_email=CLAIRE))
    manager = visit(HELENE)
    answer = manager.post(f"{page_of(application)}/siret", data={"siret": SIRET})
    assert answer.location == f"/applications/{application.id}"
    assert "CC du Clermontais" in manager.get(answer.location).text
    assert world.read(Organisation, application.organisation_id).siret is None


def test_the_buyer_is_asked_for_the_siret_as_long_as_it_is_missing(world: World, visit: Visit) -> None:
    application = world.accept(world.apply(contact_email=CLAIRE))
    manager, address = visit(HELENE), f"{page_of(application)}/siret-request"
    assert visit(CLAIRE).post(address).status_code == 403
    assert manager.post(address).status_code == 303
    (asked,) = world.told("application.siret_asked")
    assert asked["contact"]["email"] == CLAIRE
    manager.post(f"{page_of(application)}/siret", data={"siret": SIRET})
    assert manager.post(address).status_code == 422, "it is known"
    assert len(world.told("application.siret_asked")) == 1


def test_the_manager_reads_what_is_missing_and_sees_this_buyers_document_first(
    world: World, visit: Visit, accepted: Application
) -> None:
    manager = visit(HELENE)
    page = manager.get(page_of(accepted)).text
    assert "Encore à compléter" in page
    for missing in ("le jour où l’accompagnement commence", "les financeurs"):
        assert missing in page
    seen = manager.get(f"{page_of(accepted)}/preview")
    assert seen.mimetype == "application/pdf"
    text = PdfReader(BytesIO(seen.data)).pages[0].extract_text()
    assert "Ville de Mauguio" in text
    assert "(date à convenir)" in text
    assert not world.told("agreement.proposed")
    assert visit(CLAIRE).get(f"{page_of(accepted)}/preview").status_code == 403
    world.do(change_wording, "cesar", "Rien que {acheteur}.", world.person(HELENE, Role.MANAGER).id)
    assert "Encore à compléter" not in manager.get(page_of(accepted)).text


def test_the_signed_agreement_says_who_signed_what_and_when(
    world: World, visit: Visit, accepted: Application
) -> None:
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(f"{page_of(accepted)}/propose")
    buyer.post(f"{page_of(accepted)}/sign", data=signing(buyer, accepted))
    assert buyer.get(f"{page_of(accepted)}/signed").status_code == 404, "one signature is missing"
    manager.post(f"{page_of(accepted)}/sign", data=signing(manager, accepted, name="Hélène Cazals"))
    ((document, sha256),) = documents(world, accepted)
    original = buyer.get(f"{page_of(accepted)}/documents/{document}")
    signed = buyer.get(f"{page_of(accepted)}/signed")
    assert hashlib.sha256(original.data).hexdigest() == sha256, "what was signed stays as it was"
    names = [each.headers["Content-Disposition"] for each in (original, signed)]
    assert names == [
        f"attachment; filename=convention-{SIRET}.pdf",
        f"attachment; filename=convention-{SIRET}-signee.pdf",
    ]
    before, after = (PdfReader(BytesIO(each.data)).pages for each in (original, signed))
    assert [page.extract_text() for page in after[: len(before)]] == [page.extract_text() for page in before]
    assert len(after) == len(before) + 1
    text = after[-1].extract_text()
    for said in ("Claire Martin", "Hélène Cazals", "Acheteur", "Responsable du programme", "127.0.0.1"):
        assert said in text
    assert sha256 in re.sub(r"[\s\u200b]", "", text)
    assert manager.get(f"{page_of(accepted)}/signed").data == signed.data, "the same each time"
    assert manager.get(f"/api{page_of(accepted)}/signed").data == signed.data


def test_of_a_copy_signed_on_paper_there_is_the_page_of_signatures(
    world: World, visit: Visit, accepted: Application
) -> None:
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(f"{page_of(accepted)}/propose")
    form = {"signer": "La maire", "copy": (BytesIO(PDF), f"convention-{SIRET}.pdf")}
    buyer.post(f"{page_of(accepted)}/copy", data=form)
    manager.post(f"{page_of(accepted)}/sign", data=signing(manager, accepted))
    (page,) = PdfReader(BytesIO(buyer.get(f"{page_of(accepted)}/signed").data)).pages
    assert "La maire" in page.extract_text()
    assert f"convention-{SIRET}-2.pdf" in page.extract_text(), "a name of its own"


def test_a_document_drawn_anew_has_a_name_of_its_own(
    world: World, visit: Visit, accepted: Application
) -> None:
    manager = visit(HELENE)
    for _time in range(3):
        manager.post(f"{page_of(accepted)}/propose")
    with world.runtime.read() as session:
        agreement = agreement_of(session, accepted.id)
        assert agreement is not None
        names = [each.name for each in documents_of(session, agreement.id)]
    assert names == [f"convention-{SIRET}{ending}.pdf" for ending in ("", "-2", "-3")]


def test_one_signs_the_document_that_one_has_read(world: World, visit: Visit, accepted: Application) -> None:
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(f"{page_of(accepted)}/propose")
    read = signing(buyer, accepted)
    wording = "# Article 1\n\nTout change pour {acheteur}."
    world.do(change_wording, "cesar", wording, world.person(HELENE, Role.MANAGER).id)
    manager.post(f"{page_of(accepted)}/propose")
    page = buyer.post(f"{page_of(accepted)}/sign", data=read)
    assert page.status_code == 422
    assert "Relisez-la" in page.text
    unticked = signing(buyer, accepted, agrees="")
    assert buyer.post(f"{page_of(accepted)}/sign", data=unticked).status_code == 422


def test_only_the_parties_see_an_agreement(world: World, visit: Visit, accepted: Application) -> None:
    visit(HELENE).post(f"{page_of(accepted)}/propose")
    ((document, _sha256),) = documents(world, accepted)
    world.apply("Ville de Lattes", contact_email="luc@lattes.example")
    stranger = visit("luc@lattes.example")
    for address in (page_of(accepted), f"{page_of(accepted)}/documents/{document}"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{page_of(accepted)}/sign", data={}).status_code == 404
    assert visit(CLAIRE).post(f"{page_of(accepted)}/propose").status_code == 403


def test_who_has_withdrawn_signs_nothing(world: World, accepted: Application) -> None:
    world.do(agreements.propose_agreement, accepted.id, accepted.contact_id)
    with world.runtime.read() as session:
        agreement = agreement_of(session, accepted.id)
    assert agreement is not None
    world.do(offers.withdraw, accepted.id)
    command = agreements.Sign(
        application_id=accepted.id,
        party=Party.BUYER,
        person_id=accepted.contact_id,
        name="Claire",
        sha256=agreement.sha256,
        address="192.0.2.7",
    )
    with pytest.raises(Conflict):
        world.do(agreements.sign_agreement, command)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda table: update(table).where(table.c.party == Party.BUYER).values(name="Quelqu’un d’autre"),
        lambda table: update(table).where(table.c.party == Party.BUYER).values(address="203.0.113.9"),
        lambda table: delete(table).where(table.c.party == Party.BUYER),
    ],
)
def test_a_signature_that_is_changed_or_removed_shows(
    world: World, visit: Visit, accepted: Application, tamper: Callable[[object], object]
) -> None:
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(f"{page_of(accepted)}/propose")
    buyer.post(f"{page_of(accepted)}/sign", data=signing(buyer, accepted))
    manager.post(f"{page_of(accepted)}/sign", data=signing(manager, accepted))
    with world.runtime.read() as session:
        assert is_unaltered(session, "cesar")
    with world.work() as work:
        work.session.execute(tamper(agreement_signatures))  # type: ignore[call-overload]
    with world.runtime.read() as session:
        assert not is_unaltered(session, "cesar")
    assert "Les sceaux sont rompus" in buyer.get(page_of(accepted)).text


def test_the_same_agreement_drawn_twice_is_the_same(world: World, accepted: Application) -> None:
    for _time in range(2):
        world.do(agreements.propose_agreement, accepted.id, accepted.contact_id)
    assert len({sha256 for _id, sha256 in documents(world, accepted)}) == 1
