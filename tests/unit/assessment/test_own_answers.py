"""Which answers a person gets with the copy of their data."""

from uuid import UUID

from services.assessment.domain.answers import Given
from services.assessment.handlers import answering
from services.assessment.storage.own_answers import own_answers
from services.chassis.privacy.subject import Subject
from tests.unit.assessment.examples import MARIE
from tests.unit.assessment.service_examples import ANSWERS, ASSESSMENT, GARDENS, HISTORY, told, work


def test_answers_are_in_the_copy_of_who_gave_them_in_the_words_of_the_questions() -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, {"energy": Given(values=("noted",))}, work(session))
    still_there = Subject(MARIE.id, organisations=frozenset({GARDENS}))
    [section] = own_answers(session, still_there)
    [answer] = section["rows"]
    assert answer["organisation_name"] == "Les Jardins du Lez"
    assert answer["question"].startswith("Suivez-vous l’énergie")
    assert answer["answer"] == ["Je note mes consommations et je compare d’une année à l’autre"]
    assert (answer["question_id"], answer["value_id"]) == ("energy", "noted")


def test_a_former_colleague_gets_what_they_handed_in_and_nothing_later() -> None:
    session = told(HISTORY)
    answering.save_answers(ASSESSMENT, ANSWERS, work(session))
    assert own_answers(session, Subject(MARIE.id)) == []
    answering.submit(ASSESSMENT, MARIE, work(session), accept_unanswered=True)
    [section] = own_answers(session, Subject(MARIE.id))
    assert len(section["rows"]) == len(ANSWERS)
    assert own_answers(session, Subject(UUID(int=7), organisations=frozenset({GARDENS}))) == []
