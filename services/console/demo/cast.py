"""Who there is: the programme, its cohorts, the twenty buyers and the people of the chamber and the funders.

Programme, cohorts and buyers are the real ones of C.E.S.A.R. What is not publicly certain about a buyer (its
seat, its activity) is left out, and no SIRET is made up for it. Every person is invented; every address
ends in ``.example``, a name that RFC 2606 reserves for documentation, so that no mail can ever reach
anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Role(StrEnum):
    """What a person of the cast may do (the roles of enrolment)."""

    MANAGER = "manager"
    ADVISER = "adviser"
    JURY = "jury"
    FUNDER = "funder"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Person:
    """Somebody with a mail address. Invented, always."""

    name: str
    email: str
    locale: str = "fr"


@dataclass(frozen=True)
class Organisation:
    """The chamber or a funder. ``kind`` is ``chamber`` or ``funder``."""

    key: str
    name: str
    kind: str
    legal_form: str = "public"
    commune_code: str | None = None


@dataclass(frozen=True)
class Member:
    """A person of the staff with their role, and the organisation they act for."""

    person: Person
    role: Role
    organisation: str


@dataclass(frozen=True)
class Programme:
    """The programme; amounts in euros."""

    slug: str
    name: str
    description: str
    buyer_target: int
    supplier_target: int
    budget_total: Decimal
    budget_funded: Decimal
    funders: tuple[tuple[str, Decimal], ...]
    contact_email: str
    created_on: date


@dataclass(frozen=True)
class Cohort:
    """A yearly cohort with the days of its life; a day that is None has not come (yet)."""

    label: str
    capacity: int
    planned_on: date
    call_opens_on: date | None = None
    call_closes_on: date | None = None
    review_started_on: date | None = None
    decided_on: date | None = None
    started_on: date | None = None
    ends_on: date | None = None
    completed_on: date | None = None


@dataclass(frozen=True)
class Buyer:
    """A real buyer. ``commune_code`` and ``naf_code`` are None where they are not publicly certain."""

    key: str
    name: str
    legal_form: str
    cohort: str
    contact: Person
    commune_code: str | None = None
    naf_code: str | None = None
    siret: None = None


PROGRAMME = Programme(
    slug="cesar",
    name="C.E.S.A.R.",
    description=(
        "Le Collectif Engagé dans les Stratégies d’Achats Responsables accompagne trente acheteurs "
        "publics et privés de l’Hérault et leurs fournisseurs locaux. Il est porté par la CCI Hérault "
        "et son club d’acheteurs CSA 34. Dans cette démonstration, les fournisseurs et toutes les "
        "personnes sont simulés."
    ),
    buyer_target=30,
    supplier_target=300,
    budget_total=Decimal("409000.00"),
    budget_funded=Decimal("270000.00"),
    # What each of the two pays is not public: halves stand in for it.
    funders=(("Ademe", Decimal("135000.00")), ("Région Occitanie", Decimal("135000.00"))),
    contact_email="cesar@cci-herault.example",
    created_on=date(2021, 10, 4),
)

COHORTS = (
    Cohort(
        label="2022",
        capacity=10,
        planned_on=date(2021, 10, 5),
        call_opens_on=date(2021, 10, 18),
        call_closes_on=date(2021, 12, 17),
        review_started_on=date(2022, 1, 4),
        decided_on=date(2022, 1, 18),
        started_on=date(2022, 2, 3),
        ends_on=date(2022, 12, 15),
        completed_on=date(2022, 12, 15),
    ),
    Cohort(
        label="2023",
        capacity=10,
        planned_on=date(2022, 9, 12),
        call_opens_on=date(2022, 10, 3),
        call_closes_on=date(2022, 12, 16),
        review_started_on=date(2023, 1, 3),
        decided_on=date(2023, 1, 17),
        started_on=date(2023, 2, 2),
    ),
    Cohort(label="2024", capacity=10, planned_on=date(2023, 9, 11)),
)

ORGANISATIONS = (
    Organisation("cci-herault", "CCI Hérault", "chamber"),
    Organisation("ademe", "Ademe", "funder"),
    Organisation("region-occitanie", "Région Occitanie", "funder", commune_code="31555"),
)

STAFF = (
    Member(
        Person("Hélène Castelvieil", "helene.castelvieil@cci-herault.example"), Role.MANAGER, "cci-herault"
    ),
    Member(Person("Julien Valmary", "julien.valmary@cci-herault.example"), Role.ADVISER, "cci-herault"),
    Member(Person("Nadia Ferhaoui", "nadia.ferhaoui@cci-herault.example"), Role.ADVISER, "cci-herault"),
    Member(Person("Odile Marquefave", "odile.marquefave@jury.example"), Role.JURY, "cci-herault"),
    Member(Person("Grégoire Lespinas", "gregoire.lespinas@jury.example"), Role.JURY, "cci-herault"),
    Member(Person("Leïla Montaubrun", "leila.montaubrun@jury.example"), Role.JURY, "cci-herault"),
    Member(Person("Paul Desrivières", "paul.desrivieres@ademe.example"), Role.FUNDER, "ademe"),
    Member(
        Person("Coralie Puechmaille", "coralie.puechmaille@region.example"), Role.FUNDER, "region-occitanie"
    ),
    Member(Person("Denis Ayral", "denis.ayral@exploitation.example"), Role.OPERATOR, "cci-herault"),
)


def _buyer(
    cohort: str,
    legal_form: str,
    key: str,
    name: str,
    contact: str,
    mailbox: str,
    commune_code: str | None = None,
    naf_code: str | None = None,
) -> Buyer:
    person = Person(contact, f"{mailbox}@{key}.example")
    return Buyer(key, name, legal_form, cohort, person, commune_code, naf_code)


_GENERAL_ADMINISTRATION = "84.11Z"

BUYERS = (
    _buyer("2022", "public", "sete-agglopole", "Sète Agglopôle Méditerranée",
           "Sophie Arribat", "achats", "34108", _GENERAL_ADMINISTRATION),
    _buyer("2022", "public", "pays-de-l-or", "CA du Pays de l’Or",
           "Thierry Blancafort", "achats", "34154", _GENERAL_ADMINISTRATION),
    _buyer("2022", "public", "grand-pic-saint-loup", "CC du Grand Pic Saint-Loup",
           "Marion Capdevielle", "marches", "34276", _GENERAL_ADMINISTRATION),
    _buyer("2022", "public", "mauguio", "Ville de Mauguio",
           "Cédric Montels", "commande-publique", "34154", _GENERAL_ADMINISTRATION),
    _buyer("2022", "private", "purple", "Purple", "Anne-Laure Sicard", "achats"),
    _buyer("2022", "private", "suez", "Suez", "Bertrand Fontanille", "achats"),
    _buyer("2022", "private", "aeroport-montpellier", "Aéroport Montpellier Méditerranée",
           "Estelle Vigroux", "achats", "34154"),
    _buyer("2022", "private", "buesa", "Buesa", "Rodolphe Mazeran", "achats", "34032"),
    _buyer("2022", "private", "grand-large-yachting", "Grand Large Yachting", "Perrine Escaffre", "achats"),
    _buyer("2022", "private", "rochette-industrie", "Rochette Industrie", "Gilles Taurines", "achats"),
    _buyer("2023", "public", "caf-herault", "CAF de l’Hérault",
           "Ghislaine Roumec", "achats", "34172", "84.30C"),
    _buyer("2023", "public", "chu-montpellier", "CHU de Montpellier",
           "Yves Calvignac", "achats", "34172", "86.10Z"),
    _buyer("2023", "public", "montpellier-metropole", "Montpellier Méditerranée Métropole",
           "Farida Benhassen", "commande-publique", "34172", _GENERAL_ADMINISTRATION),
    _buyer("2023", "public", "beziers-mediterranee", "CA de Béziers-Méditerranée",
           "Laurent Salvayre", "achats", "34032", _GENERAL_ADMINISTRATION),
    _buyer("2023", "public", "clermontais", "CC du Clermontais",
           "Élise Vaillagou", "marches", "34079", _GENERAL_ADMINISTRATION),
    _buyer("2023", "private", "biotope", "Biotope", "Maxime Lescure", "achats", "34157"),
    _buyer("2023", "private", "stim", "Stim", "Jeanne Aumelas", "achats"),
    _buyer("2023", "private", "genvia", "Genvia", "Olivier Trencavel", "achats", "34032"),
    _buyer("2023", "private", "mutuelle-des-motards", "La Mutuelle des Motards", "Carole Pézenac", "achats"),
    _buyer("2023", "private", "technilum", "Technilum", "Rémy Lézignac", "achats", "34032"),
)  # fmt: skip
