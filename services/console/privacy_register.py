"""The register of processing (GDPR, article 30) as a document, made from what each service declares."""

from __future__ import annotations

from collections.abc import Iterator

from services.chassis.privacy.declaration import holdings_of
from services.chassis.privacy.holdings import Activity, Basis, Holding, Kind, OnErasure
from services.chassis.privacy.retention import Rule, rules_of
from services.console.installed import installed_names, load_service

# The document is the chamber's, and so is its language.
_BASES = {
    Basis.MISSION: "Mission d’intérêt public (article 6.1.e)",
    Basis.CONTRACT: "Contrat (article 6.1.b)",
    Basis.LAW: "Obligation légale (article 6.1.c)",
    Basis.INTEREST: "Intérêt légitime (article 6.1.f)",
}
_KINDS = {
    Kind.PERSON: "identifiant",
    Kind.NAME: "nom",
    Kind.ADDRESS: "adresse électronique",
    Kind.PHONE: "numéro de téléphone",
    Kind.PREFERENCE: "préférence",
    Kind.ROLES: "rôles",
    Kind.TEXT: "texte libre",
    Kind.RECORD: "enregistrement",
    Kind.FILE: "fichier",
    Kind.NETWORK: "adresse réseau ou appareil",
    Kind.SECRET: "empreinte d’un secret",
    Kind.ORGANISATION: "nom d’un organisme",
}
_SERVICES = {
    "enrolment": "Inscriptions",
    "assessment": "États des lieux",
    "notifications": "Messages",
    "reporting": "Indicateurs",
}
_HEAD = """# Registre des activités de traitement

Article 30 du RGPD. Ce document est écrit par `cesar privacy register` à partir de ce que chaque service
déclare à côté de ses tables (`services/*/data/personal_data.yaml` et `retention.yaml`) ; un test dit s’il est
à jour.

Responsable du traitement : la chambre qui conduit le programme. Les droits d’accès et d’effacement s’exercent
sur la page « Mes données », sans compte par la page « Vos données personnelles » ; l’équipe les exerce pour
une personne sur la page « Demandes ».
"""


def register_document() -> str:
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    common: dict[str, Activity] = {}
    for name in installed_names():
        holdings = holdings_of(name, load_service(name).metadata)
        yield f"## {_SERVICES[name]}\n"
        for activity in holdings.activities:
            if activity.key in ("messaging", "audit"):
                common[activity.key] = activity
            else:
                yield from _activity(activity, [each for each in holdings if each.activity == activity])
        yield from _retention([rule for rule in rules_of(name) if rule not in _everybodys_rules()])
    yield "## Dans chaque service\n"
    holdings = holdings_of(installed_names()[0], load_service(installed_names()[0]).metadata)
    for activity in common.values():
        yield from _activity(activity, [each for each in holdings if each.activity == activity])
    yield from _retention(_everybodys_rules())


def _everybodys_rules() -> list[Rule]:
    """Those of the messaging, which all services have."""
    return [rule for rule in rules_of(installed_names()[0]) if rule in rules_of(installed_names()[-1])]


def _activity(activity: Activity, tables: list[Holding]) -> Iterator[str]:
    yield f"### {activity.title}\n"
    yield f"- Finalité : {activity.purpose}"
    yield f"- Base légale : {_BASES[activity.basis]}"
    yield f"- Personnes concernées : {activity.people}"
    yield f"- Conservation : {activity.retention}"
    yield f"- Destinataires : {activity.seen_by}\n"
    yield "| Données | Colonnes | À l’effacement |"
    yield "| --- | --- | --- |"
    for each in tables:
        columns = ", ".join(
            f"`{each.table.name}.{name}` ({_KINDS[kind]})" for name, kind in each.columns.items()
        )
        yield f"| {each.title} | {columns} | {_fate(each)} |"
    yield ""


def _fate(holding: Holding) -> str:
    match holding.on_erasure:
        case OnErasure.KEEP:
            return f"conservé : {holding.because}"
        case OnErasure.REMOVE:
            return "supprimé"
        case OnErasure.REPLACE:
            return "anonymisé" if holding.is_changed else "inchangé"


def _retention(rules: list[Rule]) -> Iterator[str]:
    if not rules:
        return
    yield "| Durées de conservation | Durée | Depuis | Source |"
    yield "| --- | --- | --- | --- |"
    for rule in rules:
        for period in rule.periods:
            months = [f"{period.months} mois"] if period.months else []
            days = [f"{period.days} jours".replace("-", "moins ")] if period.days or not months else []
            length = " ".join((*months, *days))
            yield f"| {rule.title} | {length} | {period.valid_from.strftime('%d/%m/%Y')} | {period.source} |"
    yield ""
