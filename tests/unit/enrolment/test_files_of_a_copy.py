"""Which files a person gets with the copy of their data: theirs, and those of an organisation of theirs."""

from uuid import UUID, uuid4

from services.chassis.privacy.subject import Subject
from services.enrolment.domain.application import Application
from services.enrolment.domain.person import Person, PersonGrant, Role
from services.enrolment.handlers import people, roles
from services.enrolment.handlers.personal_data.exports import request_export
from services.enrolment.storage.own_files import own_files
from services.enrolment.storage.queries import person_by_email
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.test_agreements import CLAIRE, page_of, signing
from tests.unit.enrolment.world import HELENE, SIRET, World


def the_copy_of(world: World, person: Person) -> tuple[str, ...]:
    """The names of the files in a copy that the person asks for now."""
    world.clock.move(days=8)
    world.do(request_export, person.id, person.id)
    asked = world.told("person.export_requested")[-1]
    organisations = frozenset(map(UUID, asked["organisation_ids"]))
    subject = Subject(person.id, frozenset({person.email}), organisations=organisations)
    with world.runtime.read() as session:
        return tuple(file.name for file in own_files(session, subject))


def claire_s(world: World, visit: Visit) -> tuple[Application, Person]:
    """Claire has signed her organisation's agreement."""
    application = world.accept(world.apply(contact_email=CLAIRE, siret=SIRET))
    manager, buyer = visit(HELENE), visit(CLAIRE)
    manager.post(f"{page_of(application)}/propose")
    assert buyer.post(f"{page_of(application)}/sign", data=signing(buyer, application)).status_code == 303
    with world.runtime.read() as session:
        claire = person_by_email(session, CLAIRE)
    assert claire is not None
    return application, claire


def test_who_is_of_the_organisation_gets_what_they_signed(world: World, visit: Visit) -> None:
    _application, claire = claire_s(world, visit)

    assert len(the_copy_of(world, claire)) == 1


def test_a_former_colleague_takes_no_file_of_the_organisation_along(world: World, visit: Visit) -> None:
    application, claire = claire_s(world, visit)
    role = PersonGrant(Role.BUYER, "cesar", application.organisation_id)
    world.do(people.register_person, people.RegisterPerson(name="Luc", email="luc@mauguio.fr", grant=role))
    world.do(roles.take_role, claire.id, role, uuid4())

    assert the_copy_of(world, claire) == ()
