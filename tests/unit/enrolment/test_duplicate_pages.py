"""Duplicates on the page and by the API: proposed, merged, told apart and undone by the manager."""

from uuid import uuid4

import pytest

from services.enrolment.domain.person import Role
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

Pair = dict[str, str]


@pytest.fixture
def pair(world: World) -> Pair:
    """Midi Bois with a SIRET, which is to be kept, and Midi-Bois without."""
    kept, _ = world.invite(organisation_name="Midi Bois", siret=SIRET, contact_email="a@midi.example")
    other, _ = world.invite(organisation_name="SARL Midi-Bois", contact_email="b@midi.example")
    return {
        "programme": "cesar",
        "kept_id": str(kept.organisation_id),
        "merged_id": str(other.organisation_id),
    }


def test_a_pair_is_proposed_merged_and_parted_again(world: World, visit: Visit, pair: Pair) -> None:
    browser = visit(HELENE)
    page = browser.get("/suppliers/duplicates").text
    assert f'name="kept_id" value="{pair["kept_id"]}"' in page
    assert browser.post("/suppliers/duplicates/merge", data=pair).status_code == 303
    assert "SARL Midi-Bois" not in browser.get("/suppliers").text
    page = browser.get("/suppliers/duplicates").text
    assert 'name="kept_id"' not in page
    undo = page.split('action="/suppliers/merges/')[1].split('"')[0]
    assert browser.post(f"/suppliers/merges/{undo}").status_code == 303
    assert "SARL Midi-Bois" in browser.get("/suppliers").text
    assert len(world.told("organisation.unmerged")) == 1


def test_two_that_are_two_are_not_proposed_again(visit: Visit, pair: Pair) -> None:
    browser = visit(HELENE)
    told = {"programme": "cesar", "first": pair["merged_id"], "second": pair["kept_id"]}
    for _ in range(2):
        assert browser.post("/suppliers/duplicates/distinct", data=told).status_code == 303
    assert 'name="kept_id"' not in browser.get("/suppliers/duplicates").text


def test_a_second_click_says_that_it_is_done(visit: Visit, pair: Pair) -> None:
    browser = visit(HELENE)
    browser.post("/suppliers/duplicates/merge", data=pair)
    again = browser.post("/suppliers/duplicates/merge", data=pair)
    assert again.status_code == 422
    assert "déjà été regroupé" in again.text


def test_only_managers_of_the_programme_merge(world: World, visit: Visit, pair: Pair) -> None:
    world.programme("autre")
    world.person("paul@autre.example", Role.MANAGER, "autre")
    world.person("anne@cci.example", Role.ADVISER)
    stranger = visit("paul@autre.example")
    assert "Midi" not in stranger.get("/suppliers/duplicates").text
    assert stranger.post("/suppliers/duplicates/merge", data=pair).status_code == 403
    assert stranger.get("/api/suppliers/duplicates").json == {"total": 0, "items": []}
    assert stranger.post("/api/suppliers/merges", json=pair).status_code == 403
    assert visit("anne@cci.example").get("/suppliers/duplicates").status_code == 403
    merge = visit(HELENE).post("/api/suppliers/merges", json=pair).json
    assert merge is not None
    assert stranger.post(f"/api/suppliers/merges/{merge['id']}/undo").status_code == 404
    stranger.post(f"/suppliers/merges/{merge['id']}/undo")
    assert not world.told("organisation.unmerged")


def test_a_program_merges_and_undoes(world: World, visit: Visit, pair: Pair) -> None:
    browser = visit(HELENE)
    [proposed] = browser.get("/api/suppliers/duplicates").get_json()["items"]
    assert (proposed["kept_id"], proposed["other_id"]) == (pair["kept_id"], pair["merged_id"])
    merge = browser.post("/api/suppliers/merges", json=pair)
    assert merge.status_code == 201
    assert browser.post("/api/suppliers/merges", json=pair).status_code == 409
    address = f"/api/suppliers/merges/{merge.json['id']}/undo"  # type: ignore[index]
    assert browser.post(address).status_code == 200
    assert browser.post(address).status_code == 409
    assert browser.post(f"/api/suppliers/merges/{uuid4()}/undo").status_code == 404
    told = {"programme": "cesar", "first": pair["kept_id"], "second": pair["merged_id"]}
    assert browser.post("/api/suppliers/duplicates/distinct", json=told).status_code == 204
    assert browser.get("/api/suppliers/duplicates").get_json()["total"] == 0
    assert browser.get("/api/suppliers/merges").get_json()["total"] == 1
