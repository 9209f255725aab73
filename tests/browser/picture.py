"""Draws docs/picture.png, the picture of the README, from the running product: ``make picture``."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from sqlalchemy import select

from services.assessment.storage.tables import assessments
from services.chassis.service import Runtime
from services.console.data_folder import embedded_settings
from services.console.installed import load_service
from tests.browser.conftest import MailboxPage, Site, sign_in
from tests.support.browser import chromium, open_page
from tests.support.embedded import run_product

PICTURE = Path(__file__).parents[2] / "docs" / "picture.png"
FRAME = """<!doctype html><style>
body { margin: 0; width: 1400px; height: 860px; background: #f3eadb; position: relative; overflow: hidden }
img { position: absolute; border-radius: 14px; box-shadow: 0 12px 40px #0003 }
.desk { left: 50px; top: 50px; width: 1000px }
.phone { right: 50px; top: 110px; width: 330px; border-radius: 26px }
</style><img class="desk" src="desk.png"><img class="phone" src="phone.png">"""


def supplier_with_a_result(folder: Path) -> str:
    """The address of somebody whose self-assessment was validated with a middling score."""
    runtime = Runtime.start(
        load_service("assessment"), embedded_settings("assessment", folder, 8000, demo=True)
    )
    query = (
        select(assessments.c.contact_email)
        .where(assessments.c.state == "validated", assessments.c.score.between(55, 70))
        .order_by(assessments.c.organisation_name)
    )
    with runtime.read() as session:
        address = session.scalars(query).first()
    runtime.database.close()
    if address is None:
        raise LookupError("The demonstration has no supplier with a middling score.")
    return address


def draw(browser: Browser, url: str, folder: Path, place: Path) -> None:
    with open_page(browser, url) as desk:
        desk.set_viewport_size({"width": 1280, "height": 960})
        desk.goto("/")
        desk.screenshot(path=place / "desk.png")
    with open_page(browser, url, phone=True) as phone:
        sign_in(Site(url, MailboxPage()), phone, supplier_with_a_result(folder))
        phone.goto("/assessment/")
        phone.screenshot(path=place / "phone.png")
    (place / "frame.html").write_text(FRAME, "utf-8")
    page = browser.new_page(viewport={"width": 1400, "height": 860})
    page.goto((place / "frame.html").as_uri())
    page.screenshot(path=PICTURE)


def main() -> None:
    PICTURE.parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        run_product(Path(place) / "data") as product,
        chromium() as browser,
    ):
        draw(browser, product.url, product.folder, Path(place))


if __name__ == "__main__":
    main()
