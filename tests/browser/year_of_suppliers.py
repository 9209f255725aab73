"""Suppliers as they really come: in spreadsheets that nobody made for us, and some of them twice."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from services.console.demo.synthetic_siret import synthetic_siret
from tests.browser.year_pages import main, press, said
from tests.support.spreadsheets import xlsx

FARM, BAKERY = "Ferme des Trois Terres", "Boulangerie du Sablas"
# Titles above, two lines of headers of which the upper one was merged over columns, and an order of its own.
UGLY_WORKBOOK = xlsx(
    [
        ["Fichier fournisseurs – service des achats – à jour au 12/11"],
        [],
        ["Contact", "", "Entreprise", "", "", ""],
        ["E-mail", "Nom du contact", "Effectif", "Raison sociale", "N° SIRET", "Ville"],
        ["contact@trois-terres.example", "Léa Roux", 4, FARM, synthetic_siret(96_001), "SÈTE"],
        ["bonjour@sablas.example", "Karim Haddad", 12, BAKERY, "", "34130 Mauguio"],
        ["", "", "", "Sans adresse", "", "Sète"],
        ["faux@exemple.example", "Zoé", "", "Mauvais numéro", "12345", "Sète"],
    ]
)
OLD_CSV = (
    "Société;Commune;Courriel;Siret\r\n"
    f"{FARM} SARL;Sète;lea.roux@trois-terres.example;\r\n"
    "Élevage de l’Étang;Mèze;elevage@etang.example;\r\n"
).encode("cp1252")


def import_suppliers(manager: Page, name: str, content: bytes) -> None:
    """Upload, confirm what was guessed of the columns, and wait until it is done."""
    manager.goto("/suppliers/imports")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    manager.locator("#field-file").set_input_files(file)  # type: ignore[arg-type]
    press(manager, "Envoyer")
    expect(manager.get_by_role("heading", name="Confirmer les colonnes")).to_be_visible()
    manager.locator("[name=what][value=invite]").check()
    press(manager, "Voir ce que cela donne")
    press(manager, "Lancer l’import")
    expect(main(manager).get_by_text("Terminé")).to_be_visible(timeout=15_000)


def wrong_rows(manager: Page) -> list[str]:
    return manager.locator("section[aria-labelledby=wrong] tbody tr").all_inner_texts()


def is_listed(manager: Page, name: str) -> None:
    manager.goto(f"/suppliers?q={name}")
    expect(main(manager)).to_contain_text(name)


def merge_and_undo(manager: Page) -> None:
    manager.goto("/suppliers/duplicates")
    pair = f"Regrouper {FARM} et {FARM} SARL"
    press(manager, pair)
    expect(manager.get_by_role("button", name=pair)).to_have_count(0)
    expect(manager.locator("section[aria-labelledby=merged]")).to_contain_text(f"{FARM} SARL")
    press(manager, f"Annuler le regroupement de {FARM} SARL")
    said(manager, re.compile("Annulé"))
    expect(manager.get_by_role("button", name=pair)).to_be_visible()
