"""An assessment: one organisation's answers to one version of a referential, and its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.assessment.domain import scoring
from services.assessment.domain.answers import Answer, Given, Proof, read
from services.assessment.domain.referential import Profile, Referential
from services.assessment.domain.scoring import Standing
from services.chassis.model import Aggregate, Conflict, DomainError, Forbidden, NotFound

#: People submit by accident: how long the author can take it back.
TIME_TO_UNDO = timedelta(hours=24)
MOST_PROOFS = 5


class State(StrEnum):
    """The life of an assessment; changes that are asked for lead from in_review back to in_progress."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    VALIDATED = "validated"


#: The states in which the organisation can change its answers.
OPEN = frozenset({State.ASSIGNED, State.IN_PROGRESS})


@dataclass(frozen=True)
class Contact:
    """The person who is written to about the assessment."""

    person_id: UUID | None
    name: str
    email: str
    locale: str


@dataclass(frozen=True)
class Person:
    """Somebody who acts on an assessment."""

    id: UUID
    name: str


@dataclass(eq=False, kw_only=True)
class Assessment(Aggregate):
    """One organisation's état des lieux.

    ``profile`` is the organisation as it was when it last could change its answers; together with the
    referential's version and the answers it is all that the score depends on. ``score``, ``level``,
    ``answered`` and ``applicable`` are kept beside the answers so that lists need not compute them.
    """

    programme: str
    enrolment_id: UUID
    organisation_id: UUID
    organisation_name: str
    contact: Contact
    referential: str
    referential_version: str
    profile: Profile
    assigned_at: datetime
    state: State = State.ASSIGNED
    answers: dict[str, Answer] = field(default_factory=dict)
    saved_at: datetime | None = None
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by: UUID | None = None
    reviewer_id: UUID | None = None
    reviewer_name: str | None = None
    validated_at: datetime | None = None
    comment: str | None = None
    score: float | None = None
    level: int | None = None
    answered: int = 0
    applicable: int = 0

    @property
    def is_handed_in(self) -> bool:
        """Whether others may see it: it is submitted, and nothing in it is being changed."""
        return self.state not in OPEN

    def result(self, referential: Referential) -> scoring.Result:
        """The score with all that it is made of."""
        return scoring.score(referential, self.profile, self.answers)

    def take_stock(self, referential: Referential) -> None:
        """Bring the kept figures in step with the answers."""
        result = self.result(referential)
        self.score, self.level = result.score, result.level
        self.answered, self.applicable = result.answered, result.applicable

    def learn(self, organisation_name: str, profile: Profile, referential: Referential) -> None:
        """Take over what became known of the organisation; what was submitted stays as it was."""
        if self.state in OPEN:
            self.organisation_name, self.profile = organisation_name, profile
            self.take_stock(referential)

    def answer(
        self, given: Mapping[str, Given], referential: Referential, now: datetime
    ) -> dict[str, DomainError]:
        """Take over the answers that can be read; returns what is wrong with the others, by question.

        One wrong answer never costs the others of the page. Raises Conflict when the answers are closed.
        """
        self._check_open()
        problems: dict[str, DomainError] = {}
        standing = scoring.standings(referential, self.profile, self.answers)
        for key, typed in given.items():
            question = referential.question.get(key)
            if question is None or standing[key] is Standing.OTHER_PROFILE:
                continue
            try:
                value, reason = read(question, typed)
            except DomainError as error:
                problems[key] = error
            else:
                self._answer_to(key).replace(value, reason, now)
        if self.state is State.ASSIGNED and any(
            answer.given or answer.not_applicable for answer in self.answers.values()
        ):
            self.state, self.started_at = State.IN_PROGRESS, now
        self.saved_at = now
        self.take_stock(referential)
        standing = scoring.standings(referential, self.profile, self.answers)
        return {
            key: error for key, error in problems.items() if standing[key] is not Standing.CONDITION_UNMET
        }

    def _answer_to(self, question: str) -> Answer:
        if question not in self.answers:
            self.answers[question] = Answer(question=question)
        return self.answers[question]

    def add_proof(self, question: str, proof: Proof) -> None:
        """Show that an answer is true. Raises Conflict when closed, DomainError when it cannot be taken."""
        self._check_open()
        answer = self.answers.get(question)
        if answer is None or not answer.given:
            raise DomainError("Answer the question first, then add the proof.")
        if len(answer.proofs) >= MOST_PROOFS:
            raise DomainError("At most %(most)s files fit to one answer. Remove one first.", most=MOST_PROOFS)
        answer.proofs.append(proof)

    def remove_proof(self, proof_id: UUID) -> None:
        """Raises Conflict when closed, NotFound when there is no such proof."""
        self._check_open()
        for answer in self.answers.values():
            for proof in answer.proofs:
                if proof.id == proof_id:
                    answer.proofs.remove(proof)
                    return
        raise NotFound("This file does not exist any more.")

    def submit(
        self, referential: Referential, by: Person, now: datetime, *, accept_unanswered: bool = False
    ) -> None:
        """Hand the answers in. Raises Conflict when it was done before, DomainError while answers miss.

        Open questions count as 0; the author has to say that this is meant.
        """
        self._check_open()
        result = self.result(referential)
        if not result.answered:
            raise DomainError("Answer at least one question before you submit.")
        if result.missing and not accept_unanswered:
            raise DomainError(
                "Questions still open: %(count)s. They count as 0. "
                "Answer them, or tick the box to submit as it is.",
                field="accept_unanswered",
                count=len(result.missing),
            )
        self.take_stock(referential)
        self.state, self.submitted_at, self.submitted_by = State.SUBMITTED, now, by.id

    def can_be_undone(self, by: UUID, now: datetime) -> bool:
        """Whether ``by`` can still take the submission back."""
        return self.undo_until is not None and now <= self.undo_until and by == self.submitted_by

    @property
    def undo_until(self) -> datetime | None:
        """The last instant for taking the submission back; ``None`` when nothing can be taken back."""
        if self.submitted_at is None or self.state not in {State.SUBMITTED, State.IN_REVIEW}:
            return None
        return self.submitted_at + TIME_TO_UNDO

    def undo_submission(self, by: Person, now: datetime) -> None:
        """Take the submission back. Raises Conflict when it is too late, Forbidden unless by its author."""
        if self.undo_until is None:
            raise Conflict("There is no submission to take back.")
        if by.id != self.submitted_by:
            raise Forbidden("Only the person who submitted can take it back.")
        if now > self.undo_until:
            raise Conflict(
                "The 24 hours for taking it back are over. Ask your adviser to send it back to you."
            )
        self._reopen()

    def _reopen(self) -> None:
        self.state = State.IN_PROGRESS
        self.submitted_at = self.submitted_by = self.reviewer_id = self.reviewer_name = None

    def start_review(self, by: Person) -> None:
        """Raises Conflict unless it is submitted and nobody reviews it."""
        if self.state is not State.SUBMITTED:
            raise Conflict("Only a submitted assessment can be reviewed; this one has moved on.")
        self.state, self.reviewer_id, self.reviewer_name = State.IN_REVIEW, by.id, by.name

    def verify(self, questions: frozenset[str], referential: Referential, by: Person, now: datetime) -> None:
        """Mark exactly the answers to ``questions`` as checked by an adviser."""
        self._check_in_review()
        for key, answer in self.answers.items():
            if key not in questions:
                answer.verified_at = answer.verified_by = None
            elif answer.given and answer.verified_at is None:
                answer.verified_at, answer.verified_by = now, by.name
        self.take_stock(referential)

    def validate(self, comment: str, by: Person, now: datetime) -> None:
        """Agree with the answers: from now on they are frozen."""
        self._check_in_review()
        self.state, self.validated_at = State.VALIDATED, now
        self.reviewer_id, self.reviewer_name = by.id, by.name
        self.comment = comment.strip() or None

    def request_changes(self, comment: str) -> None:
        """Send it back to the organisation. Raises DomainError without a comment that says why."""
        self._check_in_review()
        if not comment.strip():
            raise DomainError("Say what has to be changed: the supplier reads your comment.", field="comment")
        self.comment = comment.strip()
        self._reopen()

    def _check_open(self) -> None:
        if self.state is State.VALIDATED:
            raise Conflict("This assessment is validated: its answers no longer change.")
        if self.state not in OPEN:
            raise Conflict("This assessment is submitted: take the submission back to change an answer.")

    def _check_in_review(self) -> None:
        if self.state is not State.IN_REVIEW:
            raise Conflict("This assessment is not in review any more: its author may have taken it back.")
