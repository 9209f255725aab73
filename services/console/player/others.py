"""Those of the demonstration who applied and got no place: invented, unlike the buyers who did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.chassis.unit_of_work import UnitOfWork
from services.console.player.jury import score
from services.enrolment.handlers import applications, decisions, offers

COHORT = "2023"
_WAITS, _DECLINED, _WITHDREW = (
    ("Syndicat des Trois Garrigues (simulé)", "public", "Lucie Ferrandou", "achats@trois-garrigues.example"),
    ("Ateliers Peyrelade (simulés)", "private", "Hugo Bastide", "direction@peyrelade.example"),
    ("Commune de Valdorbe (simulée)", "public", "Inès Rouquette", "mairie@valdorbe.example"),
)
_MOTIVATION = "Nous commençons, et nous voudrions apprendre de ceux qui ont de l’avance sur nous."
_REASON = "Le projet est encore jeune : il gagnerait à mûrir une année, avec notre aide."


@dataclass
class OtherApplicants:
    """Applies for three, has them read by the jury, and lets each go its way."""

    programme: str
    found: list[UUID] = field(default_factory=list)

    def apply(self, today: date, unit_of_work: UnitOfWork) -> None:
        for name, legal_form, contact, email in (_WAITS, _DECLINED, _WITHDREW):
            command = applications.Apply(
                programme=self.programme,
                cohort_label=COHORT,
                organisation_name=name,
                legal_form="public" if legal_form == "public" else "private",
                siret=None,
                commune=None,
                contact_name=contact,
                contact_email=email,
                motivation=_MOTIVATION,
                answers={"q2": "Quelques actions isolées", "q4": "yes"},
                today=today,
            )
            self.found.append(applications.apply(command, unit_of_work).id)

    def be_read(self, jury: Sequence[UUID], unit_of_work: UnitOfWork) -> None:
        for application_id in self.found:
            decisions.start_review(application_id, unit_of_work)
            score(application_id, jury, unit_of_work)

    def be_decided(self, manager: UUID, unit_of_work: UnitOfWork) -> None:
        waits, declined, withdrew = self.found
        decisions.put_on_waiting_list(waits, manager, unit_of_work)
        decisions.decline(declined, manager, _REASON, unit_of_work)
        offers.withdraw(withdrew, unit_of_work)
