"""Which proofs a person gets with the copy of their data."""

from services.assessment.domain.answers import Given
from services.assessment.handlers import answering
from services.assessment.storage.own_proofs import own_proofs
from services.chassis.privacy.subject import Subject
from tests.unit.assessment.examples import MARIE
from tests.unit.assessment.service_examples import ANSWERS, ASSESSMENT, GARDENS, HISTORY, told, work

PDF = b"%PDF-1.7 a bill"


def test_proofs_are_in_the_copy_of_who_handed_them_in_and_is_still_there() -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, {"energy": Given(values=("noted",))}, work(session))
    answering.add_proof(ASSESSMENT, "energy", "Facture.pdf", PDF, work(session))
    answering.save_answers(ASSESSMENT, ANSWERS, work(session))
    answering.submit(ASSESSMENT, MARIE, work(session), accept_unanswered=True)

    still_there = Subject(MARIE.id, organisations=frozenset({GARDENS}))
    assert [(file.name, file.content) for file in own_proofs(session, still_there)] == [("Facture.pdf", PDF)]
    assert own_proofs(session, Subject(MARIE.id)) == []
