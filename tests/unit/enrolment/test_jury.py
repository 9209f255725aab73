"""The jury: blind scores, conflicts of interest, and a ranking in which ties are ties."""

from datetime import UTC, datetime
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.model import Conflict, DomainError, Forbidden
from services.enrolment.domain.application import Application
from services.enrolment.domain.call import Criterion
from services.enrolment.domain.decision import Verdict
from services.enrolment.domain.jury import JuryReview, Place, rank, share_out, weighted_score
from services.enrolment.domain.person import Person
from services.enrolment.domain.programme import Cohort
from services.enrolment.handlers import decisions, juries, programmes
from services.enrolment.storage import jury_queries
from services.enrolment.storage.application_queries import decision_log
from services.enrolment.storage.queries import cohort_by_label
from tests.unit.enrolment.world import World

NOW = datetime(2027, 1, 20, 9, tzinfo=UTC)
CRITERIA = (Criterion(key="c1", label="Ambition", weight=3), Criterion(key="c2", label="Moyens", weight=1))
ALL = {"c1": 4, "c2": 2}


def review(application: UUID, person: UUID, first: int, second: int) -> JuryReview:
    made = JuryReview(application_id=application, person_id=person)
    made.score(CRITERIA, {"c1": first, "c2": second}, {}, NOW)
    return made


def jury(world: World, *emails: str) -> list[UUID]:
    """Describe the call's criteria and give the cohort these members."""
    with world.runtime.read() as session:
        cohort_id = cohort_by_label(session, "cesar", "2027").id
    command = programmes.DescribeCall(cohort_id=cohort_id, call_text="", questions=(), criteria=CRITERIA)
    world.do(programmes.describe_call, command)
    return [
        world.do(juries.invite_juror, juries.InviteJuror(cohort_id=cohort_id, name=email, email=email)).id
        for email in emails
    ]


def score(world: World, application: Application, person: UUID, **scores: int) -> JuryReview:
    command = juries.ScoreApplication(
        application_id=application.id, person_id=person, scores=scores, comments={"c1": "Convaincant."}
    )
    return world.do(juries.score_application, command)


def test_criteria_count_by_their_weight() -> None:
    assert weighted_score(ALL, CRITERIA) == Fraction(14, 4)


def test_a_review_counts_when_each_criterion_has_a_score() -> None:
    begun = JuryReview(application_id=uuid4(), person_id=uuid4())
    begun.score(CRITERIA, {"c1": 0}, {"c2": ""}, NOW)
    assert not begun.is_complete
    begun.score(CRITERIA, {"c1": 0, "c2": 5}, {}, NOW)
    assert begun.is_complete


@pytest.mark.parametrize("scores", [{"c1": 6}, {"c2": -1}, {"c9": 3}])
def test_a_score_is_one_of_a_criterion_and_from_0_to_5(scores: dict[str, int]) -> None:
    with pytest.raises(DomainError) as refused:
        JuryReview(application_id=uuid4(), person_id=uuid4()).score(CRITERIA, scores, {}, NOW)
    assert refused.value.field == f"scores.{next(iter(scores))}"


def test_whoever_has_a_conflict_of_interest_does_not_score() -> None:
    too_close = review(uuid4(), uuid4(), 5, 5)
    too_close.declare_conflict(NOW)
    assert not too_close.is_complete
    with pytest.raises(Conflict):
        too_close.score(CRITERIA, ALL, {}, NOW)


def test_a_conflict_that_was_declared_by_mistake_gives_the_scores_back() -> None:
    scored, begun = review(uuid4(), uuid4(), 5, 5), JuryReview(application_id=uuid4(), person_id=uuid4())
    for each in (scored, begun):
        each.declare_conflict(NOW)
        each.lift_conflict(CRITERIA, NOW)
        with pytest.raises(Conflict):
            each.lift_conflict(CRITERIA, NOW)
    assert (scored.is_complete, scored.scores) == (True, {"c1": 5, "c2": 5})
    assert not begun.is_complete


def test_to_save_nothing_at_all_is_refused() -> None:
    empty = JuryReview(application_id=uuid4(), person_id=uuid4())
    with pytest.raises(DomainError, match="Nothing is scored yet"):
        empty.score(CRITERIA, {}, {"c1": ""}, NOW)
    empty.score(CRITERIA, {}, {"c1": "À relire."}, NOW)


def test_equal_means_share_a_rank_and_the_next_rank_is_left_out() -> None:
    first, second, third, unread = (uuid4() for _ in range(4))
    anne, bob = uuid4(), uuid4()
    reviews = [
        review(first, anne, 4, 4),
        review(second, anne, 5, 1),  # the same mean by another way
        review(third, anne, 1, 1),
        review(third, bob, 2, 2),
    ]
    places = rank([unread, third, first, second], [anne, bob], reviews, CRITERIA)
    assert [(place.rank, place.is_tied) for place in places] == [
        (1, True),
        (1, True),
        (3, False),
        (None, False),
    ]
    assert [place.given for place in places] == [1, 1, 2, 0]
    assert places[2].mean == Fraction(3, 2)


def test_who_declared_a_conflict_or_is_no_member_does_not_count() -> None:
    application, anne, bob, stranger = (uuid4() for _ in range(4))
    close = JuryReview(application_id=application, person_id=bob)
    close.declare_conflict(NOW)
    reviews = [review(application, anne, 2, 2), close, review(application, stranger, 5, 5)]
    (place,) = rank([application], [anne, bob], reviews, CRITERIA)
    assert (place.mean, place.given, place.expected) == (Fraction(2), 1, 1)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8), st.randoms())
def test_the_ranking_depends_on_the_scores_and_not_on_their_order(scores, random) -> None:  # type: ignore[no-untyped-def]
    member = uuid4()
    reviews = [review(uuid4(), member, *pair) for pair in scores]
    ids = [each.application_id for each in reviews]
    expected = {place.application_id: place.rank for place in rank(ids, [member], reviews, CRITERIA)}
    random.shuffle(reviews)
    random.shuffle(ids)
    places = rank(ids, [member], reviews, CRITERIA)
    assert {place.application_id: place.rank for place in places} == expected
    assert [place.rank for place in places] == sorted(expected.values(), key=lambda rank: rank or 0)
    assert min(place.rank or 0 for place in places) == 1


@pytest.mark.parametrize(
    ("free", "getting", "waiting"),
    [(0, [], [0, 1, 2, 3]), (1, [0], [1, 2, 3]), (2, [0], [3]), (3, [0, 1, 2], [3]), (9, [0, 1, 2, 3], [])],
)
def test_a_tie_for_the_last_place_is_left_to_people(
    free: int, getting: list[int], waiting: list[int]
) -> None:
    names = [uuid4() for _each in range(5)]
    ranks = [(names[0], 1), (names[1], 2), (names[2], 2), (names[3], 4), (names[4], None)]
    places = [Place(name, Fraction(1), place, False, 1, 1) for name, place in ranks]
    shared = share_out(places, free)
    assert shared == ([names[each] for each in getting], [names[each] for each in waiting])


def test_nobody_sees_the_scores_of_others_before_giving_their_own(world: World) -> None:
    anne, bob = jury(world, "anne@jury.example", "bob@jury.example")
    application = world.apply()
    score(world, application, anne, **ALL)

    def seen_by(person: UUID) -> list[UUID]:
        with world.runtime.read() as session:
            visible = jury_queries.reviews_visible_to(session, application.id, person)
            return [review.person_id for review, _person in visible]

    assert seen_by(anne) == [anne]
    assert seen_by(bob) == []
    score(world, application, bob, c1=1)
    assert seen_by(bob) == [], "a review that is not complete opens nothing"
    score(world, application, bob, c1=1, c2=1)
    assert set(seen_by(bob)) == {anne, bob}
    assert set(seen_by(uuid4())) == {anne, bob}, "who is not of the jury, such as the manager, sees all"
    world.do(juries.declare_conflict, application.id, bob)
    assert seen_by(bob) == []


def test_only_members_score_and_only_what_is_not_decided(world: World) -> None:
    (anne,) = jury(world, "anne@jury.example")
    application = world.apply()
    with pytest.raises(Forbidden):
        score(world, application, uuid4(), **ALL)
    world.do(decisions.accept, application.id, None)
    with pytest.raises(Conflict):
        score(world, application, anne, **ALL)


def test_a_member_invited_twice_is_one(world: World) -> None:
    first, again = jury(world, "anne@jury.example", "Anne@Jury.example")
    assert first == again
    with world.runtime.read() as session:
        cohort = cohort_by_label(session, "cesar", "2027")
        assert len(jury_queries.members_of(session, cohort.id)) == 1


def test_a_member_who_is_removed_does_not_count_any_more_and_the_log_says_so(world: World) -> None:
    anne, bob = jury(world, "anne@jury.example", "bob@jury.example")
    application = world.apply()
    score(world, application, anne, c1=5, c2=5)
    score(world, application, bob, c1=1, c2=1)
    world.do(juries.remove_juror, application.cohort_id, anne, bob)
    world.do(juries.remove_juror, application.cohort_id, anne, bob)  # a double click
    with world.runtime.read() as session:
        (ranked,) = jury_queries.ranking(session, session.get_one(Cohort, application.cohort_id))
        (line,) = decision_log(session, cohort_id=application.cohort_id)
        seen = jury_queries.reviews_visible_to(session, application.id, uuid4())
    assert (ranked.place.mean, ranked.place.given, ranked.place.expected) == (Fraction(1), 1, 1)
    assert (line.decision.verdict, line.decision.reason) == (Verdict.REMOVE_JUROR, "anne@jury.example")
    assert (line.organisation, line.by) == (None, "bob@jury.example")
    assert [person.id for _review, person in seen] == [bob]
    assert [each["state"] for each in world.told("juror.removed")] == ["removed"]
    with pytest.raises(Forbidden):
        score(world, application, anne, **ALL)


def test_who_is_removed_from_the_last_jury_of_a_programme_loses_the_role(world: World) -> None:
    (anne,) = jury(world, "anne@jury.example")
    later = world.cohort("2028")
    command = juries.InviteJuror(cohort_id=later.id, name="Anne", email="anne@jury.example")
    world.do(juries.invite_juror, command)
    world.do(juries.remove_juror, later.id, anne, anne)
    assert [grant.role for grant in world.read(Person, anne).grants] == ["jury"]
    with world.runtime.read() as session:
        first = cohort_by_label(session, "cesar", "2027").id
    world.do(juries.remove_juror, first, anne, anne)
    assert world.read(Person, anne).grants == []


def test_who_is_invited_again_is_told_again_and_their_scores_count_again(world: World) -> None:
    (anne,) = jury(world, "anne@jury.example")
    application = world.apply()
    score(world, application, anne, **ALL)
    world.do(juries.remove_juror, application.cohort_id, anne, anne)
    command = juries.InviteJuror(cohort_id=application.cohort_id, name="Anne", email="anne@jury.example")
    world.do(juries.invite_juror, command)
    world.do(juries.invite_juror, command)  # is one already
    assert [each["state"] for each in world.told("juror.invited")] == ["seated", "seated"]
    with world.runtime.read() as session:
        (ranked,) = jury_queries.ranking(session, session.get_one(Cohort, application.cohort_id))
    assert ranked.place.given == 1
