"""Where somebody is signed in: listed, ended, and never good again afterwards."""

import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from services.enrolment.domain.person import PersonGrant, Role
from services.enrolment.domain.user_session import UserSession
from services.enrolment.handlers import roles
from services.enrolment.reactions import reactions
from services.enrolment.web.devices import device_in_words
from tests.support.services import recorded
from tests.unit.enrolment.conftest import Visit
from tests.unit.enrolment.world import HELENE, World

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SUPPLIER = "marie@jardins.example"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


def sign_ins(browser: FlaskClient) -> list[str]:
    """The ids of the sign-ins that the page lists, this one first."""
    found = re.findall(r"/account/sign-ins/([0-9a-f-]{36})/end", browser.get("/account/sign-ins").text)
    return list(dict.fromkeys(found))


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account/sign-ins").status_code == 200


def token_of(browser: FlaskClient, **changed: object) -> str:
    """A token with the manager's role, from the page that shows it once."""
    form = {"name": "Notre CRM", "roles": ["manager.cesar."], "days": "30", **changed}
    page = browser.post("/account/tokens", data=form)
    found = re.search(r'<code class="secret">([^<]+)</code>', page.text)
    assert found is not None, page.text
    return found[1]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_each_browser_is_listed_with_its_device(world: World, visit: Visit) -> None:
    visit(HELENE)
    phone = visit()
    phone.environ_base["HTTP_USER_AGENT"] = IPHONE
    phone.post("/sign-in", data={"email": HELENE})
    phone.post(world.told("sign_in.requested")[-1]["url"])
    page = phone.get("/account/sign-ins").text
    assert "Safari · iPhone" in page
    assert "celle-ci" in page
    assert len(sign_ins(phone)) == 2


def test_devices_are_told_in_words() -> None:
    assert device_in_words(FIREFOX) == "Firefox · Windows"
    assert device_in_words("curl/8.5.0") == ""


def test_one_that_is_ended_is_refused_at_once_and_its_cookie_stays_useless(visit: Visit) -> None:
    here, there = visit(HELENE), visit(HELENE)
    stolen = there.get_cookie("cesar_session")
    assert stolen is not None
    other = sign_ins(here)[1]
    assert here.post(f"/account/sign-ins/{other}/end").status_code == 303
    assert not is_in(there)
    there.set_cookie("cesar_session", stolen.value)
    assert not is_in(there)
    assert is_in(here)


def test_signing_out_ends_the_session_and_not_only_the_cookie(visit: Visit) -> None:
    browser = visit(HELENE)
    cookie = browser.get_cookie("cesar_session")
    assert cookie is not None
    browser.post("/sign-out")
    browser.set_cookie("cesar_session", cookie.value)
    assert not is_in(browser)


def test_all_others_are_ended_and_tokens_are_left(visit: Visit) -> None:
    here, there, elsewhere = visit(HELENE), visit(HELENE), visit(HELENE)
    token = token_of(here)
    assert here.post("/account/sign-ins/end-others").status_code == 303
    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, False)
    assert visit().get("/api/account/sign-ins", headers=bearer(token)).status_code == 200


def test_while_the_database_is_away_nobody_is_let_in_and_the_page_says_so(
    world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = visit(HELENE)

    def away() -> None:
        raise OperationalError("SELECT", {}, OSError("away"))

    monkeypatch.setattr(world.runtime, "read", away)
    answer = browser.get("/suppliers")
    assert answer.status_code == 503
    assert "<h1>" in answer.text and "Hélène C." not in answer.text


def test_nobody_ends_another_persons_sign_in(world: World, visit: Visit) -> None:
    world.person("anne@cci.example", Role.ADVISER)
    hers = visit("anne@cci.example")
    [one] = sign_ins(hers)
    assert visit(HELENE).post(f"/account/sign-ins/{one}/end").status_code == 404
    assert is_in(hers)


def test_a_browser_that_signs_in_again_is_listed_once(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    browser.post("/sign-in", data={"email": HELENE})
    browser.post(world.told("sign_in.requested")[-1]["url"])
    assert len(sign_ins(browser)) == 1


def test_a_renewed_session_does_not_outlive_its_twelve_hours(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    world.clock.move(hours=11)
    world.person(HELENE, Role.FUNDER)
    browser.get("/")  # enrolment writes the session anew
    assert is_in(browser)
    world.clock.move(hours=1, minutes=1)
    assert not is_in(browser)


def test_a_supplier_stays_signed_in_for_a_month_until_they_may_see_more(world: World, visit: Visit) -> None:
    world.person(SUPPLIER, Role.SUPPLIER)
    browser = visit(SUPPLIER)
    world.clock.move(days=29)
    assert is_in(browser)
    world.person(SUPPLIER, Role.MANAGER)
    browser.get("/account")
    assert not is_in(browser)
    browser = visit(SUPPLIER)
    world.clock.move(hours=12, minutes=1)
    assert not is_in(browser)


def test_what_was_ended_is_told_with_nothing_but_what_services_need(world: World, visit: Visit) -> None:
    visit(HELENE).post("/sign-out")
    [told] = world.told("session.ended")
    assert set(told) == {"id", "person_id", "kind", "expires_at", "ended_at"}


def test_a_token_is_shown_once_and_kept_nowhere(world: World, visit: Visit) -> None:
    browser = visit(HELENE)
    token = token_of(browser)
    assert token not in browser.get("/account/tokens").text
    assert "Notre CRM" in browser.get("/account/tokens").text
    with world.runtime.read() as session:
        rows = [vars(row) for row in session.query(UserSession).all()]
    assert token.rpartition(".")[2] not in repr(rows)


def test_a_token_acts_until_it_is_revoked(visit: Visit) -> None:
    browser, program = visit(HELENE), visit()
    token = token_of(browser)
    assert program.get("/api/suppliers", headers=bearer(token)).status_code == 200
    [made] = sign_ins_of_tokens(browser)
    assert browser.post(f"/account/sign-ins/{made}/end").status_code == 303
    assert program.get("/api/suppliers", headers=bearer(token)).status_code == 401
    assert "Notre CRM" not in browser.get("/account/tokens").text


def sign_ins_of_tokens(browser: FlaskClient) -> list[str]:
    return re.findall(r"/account/sign-ins/([0-9a-f-]{36})/end", browser.get("/account/tokens").text)


def test_a_token_expires_when_it_was_to(world: World, visit: Visit) -> None:
    token = token_of(visit(HELENE), days="2")
    world.clock.move(days=2, minutes=1)
    assert visit().get("/api/suppliers", headers=bearer(token)).status_code == 401


def test_a_token_has_the_roles_that_were_chosen_and_no_others(world: World, visit: Visit) -> None:
    world.person(HELENE, Role.FUNDER)
    token = token_of(visit(HELENE), roles=["funder.cesar."])
    assert visit().get("/api/suppliers", headers=bearer(token)).status_code == 403


def test_a_token_never_has_a_role_that_its_person_does_not_have(world: World, visit: Visit) -> None:
    world.programme("lozere")
    browser = visit(HELENE)
    for role in ("operator..", "manager.lozere.", f"buyer.cesar.{uuid4()}", "nonsense"):
        refused = browser.post("/account/tokens", data={"name": "x", "roles": [role], "days": "1"})
        assert refused.status_code == 422
    assert sign_ins_of_tokens(browser) == []


def test_a_token_makes_no_tokens(visit: Visit) -> None:
    browser = visit(HELENE)
    token = token_of(browser)
    form = {"name": "child", "roles": ["manager.cesar."], "days": "366"}
    assert visit().post("/account/tokens", data=form, headers=bearer(token)).status_code == 403
    assert len(sign_ins_of_tokens(browser)) == 1


def test_a_token_is_no_session(visit: Visit) -> None:
    browser = visit()
    browser.set_cookie("cesar_session", token_of(visit(HELENE)))
    assert not is_in(browser)


def test_a_role_that_is_taken_away_takes_its_sign_ins_and_tokens_with_it(world: World, visit: Visit) -> None:
    anne = world.person("anne@cci.example", Role.MANAGER, name="Anne")
    world.person("anne@cci.example", Role.FUNDER)
    browser = visit("anne@cci.example")
    lost, kept = token_of(browser), token_of(browser, roles=["funder.cesar."])
    world.do(roles.take_role, anne.id, PersonGrant(Role.MANAGER, "cesar"), anne.id)
    assert not is_in(browser)
    assert visit().get("/api/account/sign-ins", headers=bearer(lost)).status_code == 401
    assert visit().get("/api/account/sign-ins", headers=bearer(kept)).status_code == 200


def test_the_last_use_is_told_at_most_every_ten_minutes(world: World, visit: Visit) -> None:
    token = token_of(visit(HELENE))
    program = visit()
    for minutes in (0, 3, 8):
        world.clock.move(minutes=minutes)
        program.get("/api/account/sign-ins", headers=bearer(token))
    its_id = _id_of(world, token, visit)
    uses = recorded(world.runtime, "enrolment.session.used")
    token_uses = [event for event in uses if str(event.subject) == its_id]
    assert [event.sequence for event in token_uses] == [1, 2]
    with world.work() as work:
        for event in (token_uses[1], token_uses[0]):
            reactions.apply(event, work)
    used = world.read(UserSession, token_uses[0].subject).used_at
    assert used == token_uses[1].time, "what arrives late changes nothing"


def _id_of(world: World, token: str, visit: Visit) -> str:
    listed = visit().get("/api/account/sign-ins", headers=bearer(token)).json
    assert listed is not None
    return str(next(each["id"] for each in listed["items"] if each["kind"] == "program"))
