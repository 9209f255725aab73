"""The steps of the demonstration that the assessment service takes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid5

from services.assessment.domain.answers import Given
from services.assessment.domain.assessment import Assessment, Person
from services.assessment.domain.referential import Question, QuestionType
from services.assessment.domain.sharing import Scope
from services.assessment.handlers import answering, reviewing, sharing
from services.assessment.referentials import SUPPLIER, referential_of
from services.chassis.unit_of_work import UnitOfWork
from services.console.demo.script import SharingStep, Step, SupplierAction, SupplierStep
from services.console.demo.suppliers import Supplier, leaning
from services.console.player.enrolment import EnrolmentPlayer
from services.enrolment.domain.person import Role

_COMMENT = "Merci de préciser vos réponses sur l’énergie et de joindre votre dernier justificatif."


@dataclass
class AssessmentPlayer:
    """Takes the steps of suppliers and advisers; knows from enrolment's player who they are."""

    cast: EnrolmentPlayer

    def take(self, step: Step, unit_of_work: UnitOfWork) -> None:
        """Do what the step says, at the unit of work's present."""
        match step:
            case SharingStep():
                self._share(step, unit_of_work)
            case SupplierStep():
                self._move(step, unit_of_work)

    def _move(self, step: SupplierStep, unit_of_work: UnitOfWork) -> None:
        supplier = step.supplier
        assessment = unit_of_work.get(Assessment, uuid5(self.cast.enrolments[supplier.key], SUPPLIER))
        author = Person(self.cast.contacts[supplier.key], supplier.contact.name)
        adviser = Person(*self.cast.staff[Role.ADVISER])
        match step.action:
            case SupplierAction.START:
                self._answer(supplier, assessment, supplier.life.answered, unit_of_work)
            case SupplierAction.SUBMIT:
                self._answer(supplier, assessment, 1.0, unit_of_work)
                answering.submit(assessment.id, author, unit_of_work, accept_unanswered=True)
            case SupplierAction.START_REVIEW:
                reviewing.start_review(assessment.id, adviser, unit_of_work)
            case SupplierAction.REQUEST_CHANGES:
                reviewing.request_changes(assessment.id, _COMMENT, unit_of_work)
            case SupplierAction.VALIDATE:
                reviewing.validate(assessment.id, "", adviser, unit_of_work)

    def _answer(
        self, supplier: Supplier, assessment: Assessment, share: float, unit_of_work: UnitOfWork
    ) -> None:
        questions = list(referential_of(assessment).questions)
        some = questions[: max(1, round(share * len(questions)))]
        given = {question.key: _given(question, leaning(supplier, question.key)) for question in some}
        answering.save_answers(assessment.id, given, unit_of_work)

    def _share(self, step: SharingStep, unit_of_work: UnitOfWork) -> None:
        assessment_id = uuid5(self.cast.enrolments[step.supplier.key], SUPPLIER)
        buyer_id = self.cast.buyers[step.buyer.key]
        if step.granted:
            scope = {Scope(part) for part in step.scope}
            sharing.share(assessment_id, buyer_id, scope, unit_of_work)
        else:
            sharing.stop_sharing(assessment_id, buyer_id, unit_of_work)


def _given(question: Question, inclination: float) -> Given:
    """The answer of somebody who goes as far as ``inclination`` (0 to 1) on this question."""
    match question.type:
        case QuestionType.SINGLE_CHOICE:
            nearest = min(question.choices, key=lambda choice: abs(choice.worth - inclination))
            return Given(values=(nearest.key,))
        case QuestionType.MULTIPLE_CHOICE:
            open_choices = [choice for choice in question.choices if not choice.exclusive]
            number = round(inclination * len(open_choices))
            ticked = open_choices[:number] or [choice for choice in question.choices if choice.exclusive]
            return Given(values=tuple(choice.key for choice in ticked or open_choices[:1]))
        case QuestionType.YES_NO:
            return Given(values=("yes" if inclination >= 0.5 else "no",))
        case QuestionType.NUMBER if question.scale is not None:
            scale = question.scale
            numbers = [scale.least, *(step.reaches for step in scale.steps)]
            nearest_number = min(numbers, key=lambda number: abs(scale.worth(number) - inclination))
            return Given(values=(f"{nearest_number:g}",))
        case QuestionType.TEXT:
            return Given(values=("Nous travaillons avec nos voisins et nous le racontons à nos clients.",))
    return Given()
