"""The jury, the sitting that decides, and places that become free."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Page, expect

from tests.browser.year_pages import COHORT_PAGE, main, press, said

REASON = "Le territoire est déjà couvert cette année."


def invite_to_the_jury(manager: Page, name: str, email: str) -> None:
    manager.goto(f"{COHORT_PAGE}/jury")
    manager.locator("#field-name").fill(name)
    manager.locator("#field-email").fill(email)
    press(manager, "Inviter")
    said(manager, f"{name} fait partie du jury")


def remove_from_the_jury(manager: Page, name: str) -> None:
    manager.goto(f"{COHORT_PAGE}/jury")
    press(manager, f"Retirer {name}")
    said(manager, f"{name} ne fait plus partie du jury")


def score(juror: Page, marks: Mapping[str, int], *, too_close_to: str | None = None) -> None:
    """Give each of these applications its mark, one after the other, and stay out of one."""
    if too_close_to:
        juror.goto("/jury")
        juror.get_by_role("link", name=too_close_to, exact=True).click()
        press(juror, "J’ai un conflit d’intérêts")
        said(juror, "Vous restez à l’écart")
    juror.goto("/jury")
    juror.get_by_role("link", name=next(iter(marks)), exact=True).click()
    for remaining in reversed(range(len(marks))):
        mark = marks[juror.get_by_role("heading", level=1).inner_text()]
        for criterion in ("c1", "c2", "c3", "c4"):
            juror.locator(f"[name='scores.{criterion}'][value='{mark}']").check()
        press(juror, "Enregistrer mes notes")
        said(juror, "vos notes sont complètes")
        if remaining:
            juror.get_by_role("link", name="Noter la suivante").click()


def close_the_call(manager: Page) -> None:
    manager.goto(COHORT_PAGE)
    press(manager, "Clore l’appel et lancer l’examen")
    expect(manager.get_by_role("button", name="Clore l’appel et lancer l’examen")).to_have_count(0)


def read_ranking(manager: Page) -> tuple[list[str], list[str]]:
    """The names in their order, and those of them who share their rank with others."""
    manager.goto(f"{COHORT_PAGE}/decisions")
    rows = manager.locator("main form tbody tr")
    tied = rows.filter(has_text="ex æquo").locator("a")
    return rows.locator("a").all_inner_texts(), tied.all_inner_texts()


def decide_in_one_sitting(manager: Page, verdicts: Mapping[str, str]) -> None:
    """Begin with what the ranking says, change it where people think otherwise; one reason is for all."""
    manager.goto(f"{COHORT_PAGE}/decisions")
    manager.get_by_role("link", name="Choisir d’après le classement").click()
    expect(manager).to_have_url(re.compile("by=ranking"))
    for name, verdict in verdicts.items():
        choice = manager.get_by_label(f"Décision sur {name}", exact=True)
        if choice.input_value() != verdict:
            choice.select_option(verdict)
    manager.locator("#field-reason").fill(REASON)
    press(manager, "Confirmer toutes les décisions")
    said(manager, re.compile(f"{len(verdicts)} candidatures sont décidées"))


def withdraw(buyer: Page, address: str) -> None:
    buyer.goto(address)
    press(buyer, "Retirer la candidature")
    said(buyer, "Votre candidature est retirée")


def take_the_offered_place(buyer: Page, address: str) -> None:
    buyer.goto(address)
    said(buyer, "Une place est libre pour vous")
    press(buyer, "Je prends la place")
    said(buyer, "La place est à vous")


def leave_it_to_others(buyer: Page, address: str) -> None:
    buyer.goto(address)
    said(buyer, "Une place est libre pour vous")
    press(buyer, "Je la laisse à d’autres")
    said(buyer, "Merci de nous l’avoir dit")


def states(manager: Page) -> dict[str, str]:
    """How each application stands, as the page of the cohort says it."""
    manager.goto(COHORT_PAGE)
    rows = main(manager).locator("tbody tr", has=manager.locator("a[href*='/applications/']")).all()
    return {row.locator("a").inner_text(): row.locator(".tag").inner_text() for row in rows}


def decline(manager: Page, address: str) -> None:
    """Say no to one who has waited for a place in vain."""
    manager.goto(address)
    manager.locator("[name=decision][value=decline]").check()
    manager.locator("#field-reason").fill("Aucune place ne s’est libérée cette année.")
    press(manager, "Confirmer la décision")
    said(manager, "Refusée")
