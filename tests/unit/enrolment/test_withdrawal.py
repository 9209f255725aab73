"""An applicant who has given up without withdrawing: the manager does it on their behalf, with a reason."""

from uuid import UUID

import pytest

from services.chassis.model import Conflict, DomainError
from services.enrolment.domain.application import Application, ApplicationState
from services.enrolment.domain.person import Role
from services.enrolment.handlers import agreements, decisions, offers
from services.enrolment.storage.agreement_queries import agreement_of
from services.enrolment.storage.application_queries import decision_log
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

CLAIRE = "claire@mauguio.example"
REASON = "Sans réponse à nos trois rappels."


@pytest.fixture
def manager(world: World) -> UUID:
    return UUID(world.told("person.registered")[0]["id"])


@pytest.fixture
def silent(world: World, manager: UUID) -> Application:
    """Accepted, with an agreement that nobody signs."""
    accepted = world.accept(world.apply(contact_email=CLAIRE, siret=SIRET))
    world.do(agreements.propose_agreement, accepted.id, manager)
    return accepted


def page_of(application: Application) -> str:
    return f"/applications/{application.id}/withdrawal"


def state_of(world: World, application: Application) -> ApplicationState:
    return world.read(Application, application.id).state


def agreement_state(world: World, application: Application) -> str:
    with world.runtime.read() as session:
        agreement = agreement_of(session, application.id)
        assert agreement is not None
        return agreement.state


def test_who_withdrew_it_when_and_why_is_kept_and_told(
    world: World, silent: Application, manager: UUID
) -> None:
    world.do(offers.withdraw_on_behalf, silent.id, manager, f" {REASON} ")
    [told] = world.told("application.withdrawn")
    assert (told["state"], told["withdrawn_by"], told["reason"]) == ("withdrawn", "team", REASON)
    assert told["contact"]["email"] == CLAIRE
    with world.runtime.read() as session:
        line = decision_log(session, application_id=silent.id)[0]
    assert (line.decision.verdict, line.by, line.decision.reason) == (
        "withdraw_on_behalf",
        "Hélène C.",
        REASON,
    )
    assert line.decision.decided_at == world.clock()


def test_what_applicants_withdraw_themselves_is_told_as_theirs(world: World, silent: Application) -> None:
    world.do(offers.withdraw, silent.id)
    [told] = world.told("application.withdrawn")
    assert (told["withdrawn_by"], told["reason"]) == ("applicant", None)


def test_the_place_goes_to_the_first_on_the_waiting_list(world: World, manager: UUID) -> None:
    world.cohort("2028", capacity=1)
    accepted = world.accept(world.apply(cohort_label="2028"))
    waiting = [world.apply(name, cohort_label="2028") for name in ("Ville de Lunel", "Ville de Sète")]
    for each in waiting:
        world.do(decisions.put_on_waiting_list, each.id, None)
    world.do(offers.withdraw_on_behalf, accepted.id, manager, REASON)
    assert [world.read(Application, each.id).offered_until is not None for each in waiting] == [True, False]
    world.do(offers.withdraw_on_behalf, waiting[0].id, manager, REASON)
    assert world.read(Application, waiting[0].id).offer_end == "passed_on"
    assert world.read(Application, waiting[1].id).offered_until is not None


def test_a_reason_is_needed(world: World, silent: Application, manager: UUID) -> None:
    with pytest.raises(DomainError) as refused:
        world.do(offers.withdraw_on_behalf, silent.id, manager, " ")
    assert refused.value.field == "reason"
    assert state_of(world, silent) is ApplicationState.ACCEPTED


def test_what_is_signed_or_over_is_not_withdrawn(world: World, manager: UUID) -> None:
    enrolled = world.do(decisions.enrol, world.accept(world.apply()).id)
    declined = world.do(decisions.decline, world.apply("Ville de Sète").id, manager, "Hors du territoire.")
    for each, state in ((enrolled, "enrolled"), (declined, "declined")):
        with pytest.raises(Conflict):
            world.do(offers.withdraw_on_behalf, each.id, manager, REASON)
        assert state_of(world, each) == state


@pytest.mark.parametrize("ends", ["withdrawn by the team", "withdrawn by the applicant", "signed elsewhere"])
def test_nobody_is_to_sign_what_was_proposed_any_more(
    world: World, visit: Visit, silent: Application, manager: UUID, ends: str
) -> None:
    if ends == "withdrawn by the team":
        world.do(offers.withdraw_on_behalf, silent.id, manager, REASON)
    elif ends == "withdrawn by the applicant":
        world.do(offers.withdraw, silent.id)
    else:
        world.do(agreements.note_signed_elsewhere, silent.id, manager)
    assert [event["state"] for event in world.told("agreement.voided")] == ["void"]
    assert agreement_state(world, silent) == "void"
    page = visit(CLAIRE).get(f"/applications/{silent.id}/agreement").text
    assert "Cette convention est caduque" in page
    assert "Signer" not in page
    assert "Fait foi" not in page


@pytest.mark.parametrize(
    ("ends", "words"),
    [("signed elsewhere", "signée ailleurs"), ("withdrawn", "Il n’y a pas de convention ici")],
)
def test_nobody_waits_for_an_agreement_that_was_never_proposed(
    world: World, visit: Visit, manager: UUID, ends: str, words: str
) -> None:
    accepted = world.accept(world.apply(contact_email=CLAIRE, siret=SIRET))
    if ends == "withdrawn":
        world.do(offers.withdraw_on_behalf, accepted.id, manager, REASON)
    else:
        world.do(agreements.note_signed_elsewhere, accepted.id, manager)
    for who in (HELENE, CLAIRE):
        page = visit(who).get(f"/applications/{accepted.id}/agreement").text
        assert words in page
        assert "Proposer la convention" not in page


def test_what_both_have_signed_stays_signed_when_the_buyer_leaves(world: World, silent: Application) -> None:
    world.do(decisions.enrol, silent.id)
    assert not world.told("agreement.voided")


def test_the_manager_withdraws_it_on_a_page_and_the_applicant_reads_why(
    world: World, visit: Visit, silent: Application
) -> None:
    browser = visit(HELENE)
    world.do(decisions.put_on_waiting_list, world.apply("Ville de Lunel").id, None)
    assert f'href="{page_of(silent)}"' in browser.get(f"/applications/{silent.id}").text
    assert "proposée à Ville de Lunel" in browser.get(page_of(silent)).text
    assert browser.post(page_of(silent), data={"reason": " "}).status_code == 422
    assert browser.post(page_of(silent), data={"reason": REASON}).status_code == 303
    assert "est retirée" in browser.get(f"/applications/{silent.id}").text
    again = browser.post(page_of(silent), data={"reason": REASON})
    assert again.status_code == 422
    assert "rien à retirer" in again.text
    assert page_of(silent) not in browser.get(f"/applications/{silent.id}").text
    theirs = visit(CLAIRE).get(f"/applications/{silent.id}").text
    assert "L’équipe a retiré votre candidature" in theirs
    assert REASON in theirs


def test_programs_withdraw_it_on_what_they_have_read(world: World, visit: Visit, silent: Application) -> None:
    browser, address = visit(HELENE), f"/api/applications/{silent.id}"
    tag = {"If-Match": browser.get(address).headers["ETag"]}
    assert browser.put(f"{address}/withdrawal", json={"reason": " "}, headers=tag).status_code == 422
    done = browser.put(f"{address}/withdrawal", json={"reason": REASON}, headers=tag)
    assert (done.json["state"], done.json["withdrawn_by"], done.json["reason"]) == (
        "withdrawn",
        "team",
        REASON,
    )
    late = browser.put(f"{address}/withdrawal", json={"reason": REASON}, headers=tag)
    assert late.status_code == 412
    tag = {"If-Match": done.headers["ETag"]}
    assert browser.put(f"{address}/withdrawal", json={"reason": REASON}, headers=tag).status_code == 409


def test_only_the_manager_of_the_programme_withdraws_it(
    world: World, visit: Visit, silent: Application
) -> None:
    world.programme("autre")
    world.person("autre@cci.example", Role.MANAGER, programme="autre")
    world.person("conseil@cci.example", Role.ADVISER)
    for who, status in (("autre@cci.example", 404), ("conseil@cci.example", 403), (CLAIRE, 403)):
        browser = visit(who)
        assert browser.get(page_of(silent)).status_code == status, who
        assert browser.post(page_of(silent), data={"reason": REASON}).status_code == status, who
    assert state_of(world, silent) is ApplicationState.ACCEPTED
