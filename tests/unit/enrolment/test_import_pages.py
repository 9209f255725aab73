"""The way of a file through the pages, and the same for programs."""

import csv
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from services.chassis.events import new_id
from services.chassis.privacy import repeating, retention
from services.chassis.privacy.subject import address_digest
from services.enrolment.domain.person import Role
from services.enrolment.handlers import importing
from services.enrolment.handlers.importing import previewing, uploading
from services.enrolment.spreadsheets import reading
from services.enrolment.storage.tables import import_parts
from tests.support.spreadsheets import xlsx
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, SIRET, World

BUYER = "claire@mauguio.example"
LIST = [
    ["Nos fournisseurs"],
    ["Raison sociale", "N° SIRET", "Ville", "Mail"],
    ["Jardins du Lez", SIRET, "Montpellier", "marie@jardins.example"],
    ["=Faux", "123", "", "faux@x.example"],
]
COLUMNS = {"organisation_name": "0", "siret": "1", "commune": "2", "contact_email": "3"}


def file(content: bytes | None = None, name: str = "liste.xlsx") -> dict[str, object]:
    return {"file": (BytesIO(xlsx(LIST) if content is None else content), name)}


def send(browser: object, content: bytes | None = None, name: str = "liste.xlsx") -> TestResponse:
    answer: TestResponse = browser.post("/suppliers/imports", data=file(content, name))  # type: ignore[attr-defined]
    return answer


def work_through(world: World) -> None:
    while importing.advance(world.runtime):
        pass


def test_a_file_is_uploaded_confirmed_and_taken_in(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    answer = send(browser)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Jardins du Lez" in page
    for name, place in COLUMNS.items():
        field = page.split(f'name="{name}"')[1].split("</select>")[0]
        assert f'value="{place}" selected' in field, name
    assert browser.post(answer.location, data={**COLUMNS, "what": "invite"}).location == answer.location
    assert 'data-poll="1"' in browser.get(answer.location).text
    work_through(world)
    done = browser.get(answer.location).text
    assert "data-poll" not in done
    assert "=Faux" in done
    assert [each["siret"] for each in world.told("supplier.invited")] == [SIRET]


def test_what_would_come_of_it_is_seen_before_anything_is_done(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    address = send(browser).location
    for what in ("invite", "register"):
        seen = browser.post(f"{address}/preview", data={**COLUMNS, "what": what}).text
        assert "=Faux" in seen
        assert ("1 personne recevra un courriel" in seen) is (what == "invite")
    assert f'value="{COLUMNS["siret"]}"' in seen.split('name="siret"')[1].split(">")[0]
    # Only the choice stays.
    assert 'value="register" checked' in browser.get(address).text
    work_through(world)
    assert not world.told("supplier.invited") + world.told("supplier.registered")
    assert browser.get("/api/suppliers").json["total"] == 0  # type: ignore[index]
    assert browser.post(address, data={**COLUMNS, "what": "invite"}).status_code == 303
    work_through(world)
    assert len(world.told("supplier.invited")) == 1


def kept_rows(world: World) -> int:
    with world.runtime.read() as session:
        return session.scalar(select(func.count()).select_from(import_parts)) or 0


def test_a_file_that_is_not_wanted_is_deleted_with_its_rows(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    first, second = send(browser).location, send(browser).location
    assert "Supprimer ce fichier" in browser.get(first).text
    assert browser.post(f"{first}/removal").status_code == 303
    assert browser.get(first).status_code == 404
    assert browser.delete(f"/api{second}").status_code == 204
    assert (kept_rows(world), browser.get("/api/suppliers/imports").get_json()["total"]) == (0, 0)


def test_a_file_that_was_started_is_not_deleted(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    address = send(browser).location
    world.person(BUYER, Role.BUYER)
    assert visit(BUYER).delete(f"/api{address}").status_code == 404
    browser.post(address, data={**COLUMNS, "what": "invite"})
    assert browser.delete(f"/api{address}").status_code == 409
    assert browser.post(f"{address}/removal").location == address
    work_through(world)
    assert len(world.told("supplier.invited")) == 1


def test_a_file_that_nobody_started_goes_after_a_month(world: World, visit: Visit) -> None:
    address = send(visit(HELENE)).location
    world.clock.move(days=27)
    assert retention.run(world.runtime)["left-files"] == 0
    world.clock.move(days=5)
    assert retention.run(world.runtime)["left-files"] == 1
    assert (kept_rows(world), visit(HELENE).get(address).status_code) == (0, 404)


def test_whoever_is_erased_leaves_the_rows_that_wait(world: World, visit: Visit) -> None:
    address = send(visit(HELENE)).location
    person_id = new_id()
    digest = address_digest(person_id, "marie@jardins.example")
    repeating.repeat(world.runtime, [repeating.Erasure(person_id, (digest,), world.clock.now)])
    page = visit(HELENE).get(address).text
    assert "marie@jardins.example" not in page
    assert "faux@x.example" in page
    assert "Jardins du Lez" in page


def test_a_preview_counts_as_the_import_does(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    rows = [*LIST, LIST[2], ["Sablas", "", "Mauguio", "k@sablas.example"]]
    created = browser.post("/api/suppliers/imports", data=file(xlsx(rows))).json
    assert created is not None
    address = f"/api/suppliers/imports/{created['id']}"
    body = {"columns": {name: int(place) for name, place in COLUMNS.items()}, "invites": True}
    seen = browser.post(f"{address}/preview", json=body).json
    browser.post(f"{address}/start", json=body)
    work_through(world)
    done = browser.get(address).json
    assert seen is not None
    assert done is not None
    counts = ("added", "renewed", "known", "wrong")
    assert [seen[name] for name in counts] == [done[name] for name in counts] == [2, 0, 1, 1]
    assert (seen["mails"], seen["looked_at"], seen["total"]) == (2, 4, 4)
    assert [row["row"] for row in seen["rows_to_correct"]] == [4]
    assert browser.post(f"{address}/preview", json=body).status_code == 409


def test_of_a_long_list_the_first_rows_are_tried_out(
    world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "ROWS_IN_A_PART", 2)
    monkeypatch.setattr(previewing, "ROWS_IN_A_PART", 2)
    monkeypatch.setattr(previewing, "MOST_ROWS", 4)
    browser = visit(HELENE)
    content = "Société;Mail\n" + "".join(f"Ferme {number};f{number}@x.example\n" for number in range(9))
    address = send(browser, content.encode(), "liste.csv").location
    seen = browser.post(
        f"{address}/preview", data={"organisation_name": "0", "contact_email": "1", "what": "invite"}
    )
    assert "Sur les 4 premières lignes, de 9" in seen.text


def test_the_wrong_rows_come_back_to_be_corrected_and_uploaded_again(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    address = send(browser).location
    browser.post(address, data={**COLUMNS, "what": "invite"})
    work_through(world)
    answer = browser.get(f"{address}/wrong.csv")
    header, row = csv.reader(StringIO(answer.text))
    assert header[:4] == LIST[1]
    assert row[:4] == ["'=Faux", "123", "", "faux@x.example"]
    assert "14" in row[4]
    mended = answer.text.replace("123", "").encode()
    again = send(browser, mended, "corrigé.csv").location
    browser.post(again, data={**COLUMNS, "what": "invite"})
    work_through(world)
    assert len(world.told("supplier.invited")) == 2


def test_the_wrong_rows_can_be_corrected_in_a_spreadsheet_program(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    address = send(browser).location
    browser.post(address, data={**COLUMNS, "what": "invite"})
    work_through(world)
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get(f"{address}/wrong.xlsx").data))
    header, row = book.get_sheet_by_index(0).to_python()
    assert header[:4] == LIST[1]
    assert row[:4] == ["=Faux", "123", "", "faux@x.example"]
    again = send(browser, xlsx([header, [row[0], "", *row[2:]]]), "lignes à corriger.xlsx").location
    browser.post(again, data={**COLUMNS, "what": "invite"})
    work_through(world)
    assert len(world.told("supplier.invited")) == 2


def test_what_is_missing_is_said_at_its_column_and_what_was_chosen_stays(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    address = send(browser).location
    for step in (address, f"{address}/preview"):
        answer = browser.post(step, data={"organisation_name": "0", "siret": "0", "what": "invite"})
        assert answer.status_code == 422
        assert 'id="field-contact_email-error"' in answer.text
        assert 'value="0" selected' in answer.text.split('name="organisation_name"')[1].split("</select>")[0]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n\0", b"PK\x03\x04", b"Nom;Mail\n"])
def test_what_cannot_be_read_is_refused_at_the_field(visit: Visit, content: bytes) -> None:
    answer = send(visit(HELENE), content)
    assert answer.status_code == 422
    assert 'id="field-file-error"' in answer.text


def test_a_form_without_a_file_says_so(visit: Visit) -> None:
    assert 'id="field-file-error"' in visit(HELENE).post("/suppliers/imports", data={}).text


def test_a_file_of_two_gigabytes_is_refused_before_it_is_sent(visit: Visit) -> None:
    claim = {"CONTENT_LENGTH": str(2 * 1024**3), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = visit(HELENE).post("/suppliers/imports", environ_overrides=claim)
    assert answer.status_code == 413
    assert "volumineux" in answer.text


def test_a_starting_click_too_many_is_harmless(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    address = send(browser).location
    for _ in range(2):
        assert browser.post(address, data={**COLUMNS, "what": "invite"}).status_code == 303
    work_through(world)
    assert browser.post(address, data={**COLUMNS, "what": "invite"}).status_code == 303
    assert len(world.told("supplier.invited")) == 1


def test_a_buyer_imports_for_itself_and_sees_nobody_elses(world: World, visit: Visit) -> None:
    world.buyer("Ville de Mauguio")
    chambers = send(visit(HELENE)).location
    browser = visit(BUYER)
    own = send(browser)
    assert 'value="register"' not in browser.get(own.location).text
    assert browser.get(chambers).status_code == 404
    assert browser.get(f"{chambers}/wrong.csv").status_code == 404
    for step in (chambers, f"{chambers}/preview"):
        assert browser.post(step, data={**COLUMNS, "what": "invite"}).status_code == 404
    assert chambers not in browser.get("/suppliers/imports").text
    assert own.location in browser.get("/suppliers/imports").text
    assert own.location in visit(HELENE).get("/suppliers/imports").text


def test_a_manager_of_another_programme_sees_none_of_it(world: World, visit: Visit) -> None:
    world.programme("autre")
    world.person("paul@autre.example", Role.MANAGER, "autre")
    address = send(visit(HELENE)).location
    browser = visit("paul@autre.example")
    assert browser.get(address).status_code == 404
    assert browser.get("/api" + address).status_code == 404
    assert browser.post(f"/api{address}/start", json={"columns": {}, "invites": True}).status_code == 404
    assert address not in browser.get("/suppliers/imports").text


def test_a_program_imports_through_the_api(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    created = browser.post("/api/suppliers/imports", data=file())
    assert created.status_code == 201, created.text
    assert created.json is not None
    address = f"/api/suppliers/imports/{created.json['id']}"
    columns = {name: int(place) for name, place in COLUMNS.items()}
    assert created.json["columns"] == columns
    body = {"columns": columns, "invites": False}
    assert browser.post(f"{address}/start", json=body).status_code == 202
    assert browser.post(f"{address}/start", json=body).status_code == 409
    work_through(world)
    found = browser.get(address).json
    assert found is not None
    assert (found["state"], found["total"], found["added"], found["wrong"]) == ("done", 2, 1, 1)
    wrong = browser.get(f"{address}/wrong").json
    assert wrong is not None
    [row] = wrong["items"]
    assert (row["row"], row["messages"][0]["column"]) == (4, "siret")
    assert browser.get("/api/suppliers/imports").json["total"] == 1  # type: ignore[index]
    assert browser.post("/api/suppliers/imports", data=file(b"")).status_code == 422


def test_the_page_tells_how_many_rows_a_file_may_have(visit: Visit) -> None:
    assert str(reading.MOST_ROWS) in visit(HELENE).get("/suppliers/imports").text


def test_the_rows_of_known_suppliers_can_be_looked_at(world: World, visit: Visit) -> None:
    supplier, _ = world.invite(contact_email="marie@jardins.example")
    browser = visit(HELENE)
    address = send(browser).location
    browser.post(address, data={**COLUMNS, "what": "register"})
    work_through(world)
    page = browser.get(address).text
    assert "Fournisseurs déjà connus" in page
    assert f"/suppliers/{supplier.id}" in page
    assert "SIRET ajouté" in page
    assert "SIRET ajouté" in browser.get(f"{address}/known.csv").text
    [row] = browser.get(f"/api{address}/known").get_json()["items"]
    assert (row["supplier_id"], row["deeds"]) == (str(supplier.id), ["siret"])
