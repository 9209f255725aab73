import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.listing import ListQuery
from services.chassis.model import DomainError
from services.chassis.web.paging import Page, list_query
from tests.unit.chassis.web.world import build

APP = build()


def query(arguments: str, default: str = "name") -> ListQuery:
    with APP.test_request_context(f"/orchard/trees?{arguments}"):
        return list_query(["name", "age"], default)


def test_a_list_begins_with_the_first_page_in_its_usual_order() -> None:
    assert query("") == ListQuery(page=1, per_page=25, sort="name", descending=False, search="")


def test_the_address_says_page_order_and_search() -> None:
    found = query("page=3&per_page=50&sort=-age&q=++old++fig+")
    assert found == ListQuery(page=3, per_page=50, sort="age", descending=True, search="old fig")
    assert found.offset == 100


def test_the_usual_order_may_be_downwards_and_need_not_be_one_to_choose() -> None:
    assert query("", "-age") == ListQuery(sort="age", descending=True)
    assert query("", "relevance") == ListQuery(sort="relevance")


@pytest.mark.parametrize(
    ("arguments", "wrong", "message"),
    [
        ("page=0", "page", "Choose a whole number from 1 to 1000000."),
        ("page=-1", "page", "Choose a whole number from 1 to 1000000."),
        ("page=two", "page", "Choose a whole number from 1 to 1000000."),
        ("page=٣", "page", "Choose a whole number from 1 to 1000000."),
        ("page=99999999999999999999", "page", "Choose a whole number from 1 to 1000000."),
        ("per_page=201", "per_page", "Choose a whole number from 1 to 200."),
        ("sort=password", "sort", "This list can be sorted by: name, age."),
        ("sort=--age", "sort", "This list can be sorted by: name, age."),
        (f"q={'a' * 201}", "q", "Search with 200 characters at most."),
    ],
)
def test_what_a_list_cannot_do_is_said_with_what_it_can(arguments: str, wrong: str, message: str) -> None:
    with pytest.raises(DomainError, match=message) as caught:
        query(arguments)
    assert caught.value.field == wrong


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_order_is_always_one_of_the_lists_own(sort: str, search: str) -> None:
    with APP.test_request_context("/orchard/trees", query_string={"sort": sort, "q": search}):
        try:
            found = list_query(["name", "age"], "name")
        except DomainError:
            return
    assert found.sort in ("name", "age")
    assert "\0" not in found.search


def page(number: int, total: int, shown: int, **changes: str) -> Page[int]:
    return Page(range(shown), total, ListQuery(page=number, per_page=10))


@pytest.mark.parametrize(
    ("number", "total", "shown", "pages", "first", "last"),
    [
        (1, 0, 0, 1, 0, 0),
        (1, 10, 10, 1, 1, 10),
        (2, 11, 1, 2, 11, 11),
        (3, 25, 5, 3, 21, 25),
        (9, 25, 0, 3, 0, 0),
    ],
)
def test_a_page_knows_its_place(
    number: int, total: int, shown: int, pages: int, first: int, last: int
) -> None:
    found = page(number, total, shown)
    assert (found.number, found.pages, found.first, found.last) == (number, pages, first, last)


def test_links_to_other_pages_keep_the_rest_of_the_address() -> None:
    with APP.test_request_context("/orchard/trees?kind=fig&kind=olive&page=2&sort=-age"):
        found = page(2, 25, 10)
        assert found.url(3) == "/orchard/trees?kind=fig&kind=olive&sort=-age&page=3"
        assert found.url(1) == "/orchard/trees?kind=fig&kind=olive&sort=-age"


def test_sorting_begins_again_with_the_first_page_and_turns_when_chosen_twice() -> None:
    with APP.test_request_context("/orchard/trees?kind=fig&page=2&sort=age"):
        found: Page[int] = Page([], 0, ListQuery(page=2, sort="age"))
        assert found.sort_url("name") == "/orchard/trees?kind=fig&sort=name"
        assert found.sort_url("age") == "/orchard/trees?kind=fig&sort=-age"
        assert (found.sorted("age"), found.sorted("name")) == ("ascending", None)
        turned: Page[int] = Page([], 0, ListQuery(sort="age", descending=True))
        assert turned.sort_url("age") == "/orchard/trees?kind=fig&sort=age"
        assert turned.sorted("age") == "descending"
