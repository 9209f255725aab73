"""A call for applications: what it says and asks, by what it is judged, and what of it can still change."""

import re
from dataclasses import replace

import pytest

from services.chassis.model import Conflict
from services.enrolment.domain.call import Criterion, Question, QuestionKind, wrong_answers
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import programmes
from services.enrolment.storage.queries import cohort_by_label
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

COHORT = "/programmes/cesar/cohorts/2027"


def cohort(world: World) -> Cohort:
    with world.runtime.read() as session:
        return cohort_by_label(session, "cesar", "2027")


def test_a_call_is_described_and_its_questions_keep_their_keys(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    form = {
        "questions-0-label": "Volume d’achats",
        "questions-0-kind": "number",
        "questions-0-required": "1",
        "questions-1-label": "Votre territoire",
        "questions-1-kind": "choice",
        "questions-1-choices": "Littoral\nGarrigues",
        "criteria-0-label": "Ambition",
        "criteria-0-weight": "3",
        "criteria-1-label": "Moyens",
        "criteria-1-weight": "2",
    }
    assert browser.post(f"{COHORT}/call", data=form).status_code == 303
    assert [question.key for question in cohort(world).questions] == ["q1", "q2"]
    assert "5" in browser.get(f"{COHORT}/call").text
    swapped = {
        "questions-0-label": "Votre territoire",
        "questions-0-kind": "choice",
        "questions-0-choices": "Littoral\nGarrigues",
        "questions-0-key": "q2",
        "questions-1-label": "Autre chose",
        "questions-1-kind": "long",
    }
    browser.post(f"{COHORT}/call", data=swapped)
    assert [question.key for question in cohort(world).questions] == ["q2", "q1"]


def test_a_choice_needs_something_to_choose_from(visit: Visit) -> None:
    form = {"questions-0-label": "Votre territoire", "questions-0-kind": "choice"}
    page = visit(HELENE).post(f"{COHORT}/call", data=form)
    assert page.status_code == 422
    assert "Votre territoire" in page.text
    assert 'id="field-questions-0-choices-error"' in page.text


def test_what_stays_as_it_was_announced_is_no_field_any_more_and_is_kept(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    form = {
        "questions-0-label": "Votre territoire",
        "questions-0-kind": "choice",
        "questions-0-choices": "Littoral\nGarrigues",
        "questions-0-required": "1",
        "criteria-0-label": "Ambition",
        "criteria-0-weight": "3",
        "criteria-0-help": "Jusqu’où va le projet ?",
        "criteria-1-label": "Moyens",
        "criteria-1-weight": "1",
    }
    browser.post(f"{COHORT}/call", data=form)
    announced = visit().get(f"{COHORT}/apply").text
    assert all(
        words in announced for words in ("Ambition", "75\u00a0%", "25\u00a0%", "Jusqu’où va le projet ?")
    )

    before = cohort(world)
    world.apply(answers={"q1": "Littoral"})
    page = browser.get(f"{COHORT}/call").text
    assert 'id="field-questions-0-label"' not in page
    assert 'id="field-criteria-0-label"' not in page
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    added = {"questions-1-label": "Et encore ?", "questions-1-kind": "long"}
    assert browser.post(f"{COHORT}/call", data=sent | added).status_code == 303
    after = cohort(world)
    assert (after.questions[:1], after.criteria) == (before.questions, before.criteria)
    assert [question.label for question in after.questions] == ["Votre territoire", "Et encore ?"]


def test_the_form_of_a_call_that_is_over_is_only_read(world: World, visit: Visit) -> None:
    world.do(programmes.start_review, cohort(world).id)
    page = visit(HELENE).get(f"{COHORT}/call").text
    assert "L’appel est terminé" in page
    assert "textarea" not in page


def test_a_form_is_frozen_by_the_first_application_but_for_optional_questions(world: World) -> None:
    asked = Question(key="q1", label="Volume d’achats", kind=QuestionKind.NUMBER)
    criterion = Criterion(key="c1", label="Ambition", weight=1)

    def describe(*questions: Question, criteria: tuple[Criterion, ...] = (criterion,)) -> Cohort:
        command = programmes.DescribeCall(
            cohort_id=cohort(world).id, call_text="", questions=questions, criteria=criteria
        )
        return world.do(programmes.describe_call, command)

    describe(asked)
    world.apply()
    added = Question(key="q2", label="Et encore ?", kind=QuestionKind.LONG)
    assert describe(asked, added).questions == (asked, added)
    for questions in ((asked,), (replace(asked, label="Autre"), added), ()):
        with pytest.raises(Conflict):
            describe(*questions)
    with pytest.raises(Conflict):
        describe(asked, added, replace(added, key="q3", required=True))
    with pytest.raises(Conflict):
        describe(asked, added, criteria=())


def test_criteria_that_were_forgotten_can_be_named_after_the_first_application(
    world: World, visit: Visit
) -> None:
    browser = visit(HELENE)
    assert "n’a pas encore de critères" in browser.get(COHORT).text
    world.apply()
    form = {"criteria-0-label": "Ambition", "criteria-0-weight": "3"}
    assert browser.post(f"{COHORT}/call", data=form).status_code == 303
    assert "n’a pas encore de critères" not in browser.get(COHORT).text
    form = {"criteria-0-label": "Moyens", "criteria-0-weight": "3"}
    assert browser.post(f"{COHORT}/call", data=form).status_code == 422
    assert [criterion.label for criterion in cohort(world).criteria] == ["Ambition"]


def test_answers_are_checked_by_the_kind_of_their_question() -> None:
    kinds = {
        "number": ("12,5", "beaucoup"),
        "choice": ("Littoral", "Lune"),
        "yes_no": ("yes", "maybe"),
        "short": ("Oui.", "x" * 301),
    }
    for kind, (right, wrong) in kinds.items():
        question = Question(key="q", label="?", kind=QuestionKind(kind), choices=("Littoral", "Garrigues"))
        assert not wrong_answers([question], {"q": right}, {})
        assert set(wrong_answers([question], {"q": wrong}, {})) == {"q"}
    needed = Question(key="f", label="?", kind=QuestionKind.FILE, required=True)
    assert set(wrong_answers([needed], {}, {})) == {"f"}
    assert not wrong_answers([needed], {}, {"f": 1})
