"""What the calls of the demonstration say and ask, and by which criteria its jury reads."""

from __future__ import annotations

from services.enrolment.domain.call import Criterion, Question, QuestionKind

TEXT = (
    "Vous achetez pour une collectivité, un établissement public ou une entreprise de l’Hérault, et vous "
    "voulez faire de vos achats un levier pour le territoire.\n\n"
    "Dix acheteurs sont accompagnés pendant un an : des ateliers de février à avril, des rendez-vous "
    "individuels d’avril à décembre. L’accompagnement est financé ; vous y consacrez du temps et une volonté."
)
QUESTIONS = (
    Question(
        key="q1",
        label="Montant annuel de vos achats, en euros",
        kind=QuestionKind.NUMBER,
        help="Un ordre de grandeur suffit.",
    ),
    Question(
        key="q2",
        label="Où en est votre politique d’achats responsables ?",
        kind=QuestionKind.CHOICE,
        choices=("Tout est à construire", "Quelques actions isolées", "Une stratégie adoptée"),
    ),
    Question(
        key="q3",
        label="Qui portera le projet chez vous, et avec quel temps ?",
        kind=QuestionKind.LONG,
    ),
    Question(
        key="q4", label="Vos élus ou votre direction soutiennent-ils le projet ?", kind=QuestionKind.YES_NO
    ),
    Question(
        key="q5",
        label="Une délibération ou une lettre d’engagement",
        kind=QuestionKind.FILE,
        help="Si vous en avez une.",
    ),
)
CRITERIA = (
    Criterion(key="c1", label="Volonté et portage", weight=3, help="Qui s’engage, et à quel niveau."),
    Criterion(
        key="c2", label="Potentiel d’achats locaux", weight=2, help="Ce qui s’achète et pourrait être local."
    ),
    Criterion(key="c3", label="Moyens consacrés", weight=2, help="Du temps, des personnes, un calendrier."),
    Criterion(key="c4", label="Effet d’entraînement", weight=1, help="Ce que d’autres en apprendront."),
)
