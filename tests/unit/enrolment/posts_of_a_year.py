"""What programs send in a year: every POST of enrolment's API that needs somebody signed in, as a story.

A story yields each request and is sent the answer's body. Between requests it lets happen what leads there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.chassis import failures
from services.chassis.retry import RetryPolicy
from services.enrolment.domain.call import Criterion, Question, QuestionKind
from services.enrolment.domain.check_in import current_code
from services.enrolment.domain.person import Role
from services.enrolment.handlers import decisions, importing, offers, programmes, self_registration, suppliers
from services.enrolment.handlers.personal_data import erasures
from services.enrolment.storage.queries import cohort_by_label
from tests.support.services import PUBLIC_URL
from tests.unit.enrolment.meeting_world import CLAIRE, JULIEN, MeetingWorld
from tests.unit.enrolment.test_import_pages import COLUMNS, LIST, xlsx
from tests.unit.enrolment.world import HELENE, OTHER_SIRET, SIRET, World

THIRD_SIRET = "35600000000048"
ANNE, LUC, LEA, OLGA = "anne@jury.example", "luc@lunel.example", "lea@sete.example", "olga@ops.example"
PDF = b"%PDF-1.4 signed by hand"
COHORTS = "/programmes/cesar/cohorts"


@dataclass(frozen=True)
class Post:
    """``files`` are sent as a form, with ``body`` as its fields."""

    by: str
    path: str
    body: dict[str, Any] | None = None
    files: dict[str, tuple[bytes, str]] | None = None


Story = Generator[Post, Any, None]


def leading_programmes(world: World) -> Story:
    yield Post(
        HELENE,
        "/programmes",
        {
            "slug": "vignoble",
            "name": "Vignoble",
            "description": "Acheter du vin.",
            "chamber": "CCI Hérault",
            "contact_email": "v@cci.example",
            "buyer_target": 1,
            "supplier_target": 2,
            "budget_total": "10",
            "manager_name": "Luc",
            "manager_email": "luc@cci.example",
        },
    )
    yield Post(HELENE, COHORTS, {"label": "2028", "capacity": 7})
    today = world.today()
    dates = {"call_opens_on": f"{today}", "call_closes_on": f"{today + timedelta(weeks=6)}"}
    yield Post(HELENE, f"{COHORTS}/2028/open", dates)
    yield Post(HELENE, f"{COHORTS}/2028/review")
    yield Post(HELENE, f"{COHORTS}/2028/start", {})
    invited = yield Post(
        HELENE,
        "/programmes/cesar/people/invitations",
        {"name": "Paul", "email": "paul@cci.example", "role": "adviser"},
    )
    yield Post(HELENE, f"/programmes/cesar/people/invitations/{invited['id']}/withdraw")


def applying(world: World) -> Story:
    """The drafts, files, scores and decisions of a call that has a question for files."""
    with world.runtime.read() as session:
        cohort_id = cohort_by_label(session, "cesar", "2027").id
    command = programmes.DescribeCall(
        cohort_id=cohort_id,
        call_text="",
        questions=(Question(key="plan", label="Votre plan", kind=QuestionKind.FILE),),
        criteria=(Criterion(key="c1", label="Ambition", weight=1),),
    )
    world.do(programmes.describe_call, command)
    for applicant in (LUC, LEA):
        world.person(applicant, Role.FUNDER)
    plan = {"file": (PDF, "plan.pdf")}
    draft = yield Post(LUC, f"{COHORTS}/2027/drafts", {"typed": {"motivation": "Mieux ach"}})
    yield Post(LUC, f"/drafts/{draft['id']}/files", {"question": "plan"}, plan)
    form = {
        "organisation_name": "Ville de Lunel",
        "legal_form": "public",
        "contact_name": "Luc",
        "contact_email": LUC,
        "motivation": "Mieux acheter.",
    }
    handed_in = yield Post(LUC, f"/drafts/{draft['id']}/submission", form)
    form |= {"organisation_name": "Ville de Sète", "contact_name": "Léa", "contact_email": LEA}
    other = yield Post(LEA, f"{COHORTS}/2027/applications", form)
    yield Post(HELENE, f"{COHORTS}/2027/jury", {"name": "Anne", "email": ANNE})
    lunel, sete = f"/applications/{handed_in['application_id']}", f"/applications/{other['id']}"
    yield Post(ANNE, f"{lunel}/reviews", {"scores": {"c1": 4}})
    yield Post(ANNE, f"{sete}/conflict-of-interest")
    yield Post(ANNE, f"{sete}/conflict-of-interest/withdrawal", {"reason": "Un homonyme."})
    verdict = {"application_id": handed_in["application_id"], "verdict": "waitlist"}
    yield Post(HELENE, f"{COHORTS}/2027/decisions", {"decisions": [verdict]})
    world.do(decisions.hand_back, UUID(other["id"]), "incomplete", "Le plan manque.")
    yield Post(LEA, f"{sete}/files", {"question": "plan"}, plan)
    yield Post(LUC, f"{lunel}/withdrawal")


def offering(world: World) -> Story:
    world.cohort("2029", capacity=1)
    held = world.accept(world.apply("Ville de Palavas", cohort_label="2029"))
    waiting = world.apply("Ville de Mende", cohort_label="2029")
    world.do(decisions.put_on_waiting_list, waiting.id, None)
    world.do(offers.withdraw, held.id)
    yield Post("claire@mende.example", f"/applications/{waiting.id}/offer", {"answer": "take"})


def agreeing(world: World) -> Story:
    first = world.accept(world.apply("Ville de Ganges", siret=SIRET))
    second = world.accept(world.apply("Ville de Gignac", siret=OTHER_SIRET))
    third = world.accept(world.apply("Ville de Lodève"))
    yield Post(HELENE, f"/applications/{third.id}/agreement/siret-request")
    proposed = yield Post(HELENE, f"/applications/{first.id}/agreement")
    signature = {"name": "Claire Martin", "sha256": proposed["sha256"]}
    yield Post("claire@ganges.example", f"/applications/{first.id}/agreement/signatures", signature)
    yield Post(HELENE, f"{COHORTS}/2027/agreements")
    copy = {"file": (PDF, "convention.pdf")}
    yield Post(
        "claire@gignac.example", f"/applications/{second.id}/agreement/copy", {"signer": "Claire"}, copy
    )


def meeting(world: World) -> Story:
    meetings = MeetingWorld(world)
    mauguio, julien = meetings.buyer(), meetings.adviser()
    followed = {"organisation_id": str(mauguio), "adviser_id": str(julien.id)}
    yield Post(HELENE, "/programmes/cesar/advisers/assignments", {"assignments": [followed]})
    begin = meetings.in_days(14)
    times = {"starts_at": begin.isoformat(), "ends_at": (begin + timedelta(hours=2)).isoformat()}
    place = {"programme": "cesar", "place": "Sète", **times}
    slots = yield Post(JULIEN, "/appointments/slots", {**place, "weeks": 3})
    booking = {"organisation_id": str(mauguio), "subject": "Nos clauses"}
    held = (yield Post(CLAIRE, "/appointments", {**booking, "slot_id": slots[0]["id"]}))["id"]
    cancelled = (yield Post(CLAIRE, "/appointments", {**booking, "slot_id": slots[1]["id"]}))["id"]
    yield Post(CLAIRE, f"/appointments/{cancelled}/move", {"slot_id": slots[2]["id"]})
    yield Post(CLAIRE, f"/appointments/{cancelled}/cancel", {"reason": "Conseil"})
    new = {**place, "cohort": "2027", "title": "Indicateurs", "theme": "Mesure", "capacity": 9}
    workshop = yield Post(HELENE, "/workshops", new)
    off = yield Post(HELENE, "/workshops", {**new, "title": "Clauses"})
    yield Post(HELENE, f"/workshops/{off['id']}/cancel", {"reason": "Grève"})
    path = f"/workshops/{workshop['id']}"
    paul = {"organisation_id": str(mauguio), "name": "Paul", "email": "paul@mauguio.example"}
    yield Post(HELENE, f"{path}/contacts", {"organisation_ids": [str(mauguio)]})
    yield Post(CLAIRE, f"{path}/registrations", paul)
    world.clock.now = begin + timedelta(minutes=5)
    code = current_code(world.runtime.settings.secret_key, UUID(workshop["id"]), world.clock())
    yield Post(CLAIRE, f"{path}/attendance/check-in", {"code": code})
    ines = {"organisation_id": str(mauguio), "name": "Inès"}
    yield Post(HELENE, f"{path}/attendance/walk-ins", ines)
    world.clock.move(hours=3)
    yield Post(HELENE, f"{path}/close")
    corrected = {"present": [], "reason": "Feuille relue.", "added": {**ines, "name": "Noé"}}
    yield Post(HELENE, f"{path}/attendance/corrections", corrected)
    yield Post(HELENE, f"{path}/attendance/signed-sheets", {}, {"file": (PDF, "feuille.pdf")})
    yield Post(JULIEN, f"/appointments/{held}/hold")
    cockpit = f"{COHORTS}/2027/cockpit/{mauguio}"
    call = {"person_id": str(world.person(CLAIRE, Role.BUYER).id), "outcome": "reached"}
    yield Post(JULIEN, f"{cockpit}/calls", call)
    yield Post(JULIEN, f"{cockpit}/notes", {"text": "À rappeler."})


def sharing_an_organisation(world: World) -> Story:
    by, nant = "claire@nant.example", world.buyer("Ville de Nant")
    people = f"/organisations/{nant}/people/invitations"
    ines = {"name": "Inès", "email": "ines@nant.example", "programme": "cesar", "role": "buyer"}
    invited = yield Post(by, people, ines)
    yield Post(by, f"{people}/{invited['id']}/withdraw")
    farm, secret = world.invite(organisation_name="Ferme du Nant", contact_email="ferme@nant.example")
    world.do(suppliers.accept_invitation, secret, "Fanny")
    yield Post("ferme@nant.example", f"/organisations/{farm.organisation_id}/programmes/cesar/leave")


def finding_suppliers(world: World) -> Story:
    new = {"contact_name": "Marie", "contact_email": "marie@bois.example"}
    kept = yield Post(HELENE, "/suppliers", {**new, "organisation_name": "Midi Bois", "siret": THIRD_SIRET})
    new["contact_email"] = "paul@bois.example"
    other = yield Post(HELENE, "/suppliers", {**new, "organisation_name": "Midi-Bois"})
    merging = {
        "programme": "cesar",
        "kept_id": kept["organisation_id"],
        "merged_id": other["organisation_id"],
    }
    merge = yield Post(HELENE, "/suppliers/merges", merging)
    yield Post(HELENE, f"/suppliers/merges/{merge['id']}/undo")
    told = {"programme": "cesar", "first": merging["kept_id"], "second": merging["merged_id"]}
    yield Post(HELENE, "/suppliers/duplicates/distinct", told)
    uploaded = yield Post(HELENE, "/suppliers/imports", files={"file": (xlsx(LIST), "liste.xlsx")})
    columns = {name: int(place) for name, place in COLUMNS.items()}
    started = {"columns": columns, "invites": False}
    yield Post(HELENE, f"/suppliers/imports/{uploaded['id']}/preview", started)
    yield Post(HELENE, f"/suppliers/imports/{uploaded['id']}/start", started)
    while importing.advance(world.runtime):
        pass
    joiner = self_registration.RegisterSupplier(
        programme="cesar",
        organisation_name="Midi Bois",
        siret=THIRD_SIRET,
        commune=None,
        contact_name="Luc",
        contact_email="luc@bois.example",
        locale="fr",
    )
    world.do(self_registration.request_registration, joiner, PUBLIC_URL)
    secret = world.told("self_registration.requested")[-1]["url"].rpartition("/")[2]
    world.do(self_registration.confirm_registration, secret)
    joining = world.told("join_request.made")[-1]["id"]
    yield Post(HELENE, f"/suppliers/join-requests/{joining}/decision", {"granted": False})


def asking_for_data(world: World) -> Story:
    world.person("ana@mairie.example", Role.JURY, name="Ana")
    yield Post("ana@mairie.example", "/account/data/copy")
    erasure = yield Post("ana@mairie.example", "/account/data/erasure")
    world.do(erasures.confirm_erasure, world.told("person.erasure_requested")[-1]["url"].rpartition("/")[2])
    declined = {"decision": "decline", "reason": "Un engagement court encore."}
    yield Post(HELENE, f"/privacy/requests/{erasure['id']}/decision", declined)
    yield Post(HELENE, "/privacy/requests", {"email": "ana@mairie.example", "what": "erasure"})


def operating(world: World) -> Story:
    world.person(OLGA, Role.OPERATOR, programme=None)
    with world.work() as work:
        failures.record_failure(
            work.session,
            b"nonsense",
            None,
            ValueError("It cannot be read."),
            work.now,
            replaying=False,
            policy=RetryPolicy(),
        )
        [failed] = failures.list_failed(work.session)
    decision = {"decision": "discard", "reason": "Un essai."}
    yield Post(OLGA, f"/operations/failed/{failed.id}/decision", decision)


def keeping_in_touch(world: World) -> Story:
    supplier, _secret = world.invite()
    world.clock.move(days=3)
    here = f"/suppliers/{supplier.id}"
    yield Post(HELENE, f"{here}/invitation")
    left = yield Post(HELENE, f"{here}/leave", {"reason": "Cessation d’activité."})
    back = yield Post(HELENE, f"{here}/return")
    assert left["state"] != back["state"], "the answer tells what the request has done"
    yield Post(HELENE, "/account/profile/address", {"email": "helene@nouvelle.example"})


STORIES: tuple[Callable[[World], Story], ...] = (
    leading_programmes,
    applying,
    offering,
    agreeing,
    sharing_an_organisation,
    finding_suppliers,
    asking_for_data,
    operating,
    meeting,  # the clock goes on from here
    keeping_in_touch,
)
