"""How what belongs to a stack is recognised."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deploy.swarm.labels import changed_aspects, fingerprint

aspects = st.dictionaries(
    st.sampled_from(["Image", "Env", "Healthcheck", "Args", "Mounts"]),
    st.one_of(st.text(), st.lists(st.text()), st.dictionaries(st.text(), st.integers()), st.none()),
)


def test_a_fingerprint_tells_in_what_two_descriptions_differ() -> None:
    old = fingerprint({"Image": "one", "Env": ["A=1"], "StopGracePeriod": 30})
    new = fingerprint({"Image": "two", "Env": ["A=1"], "StopGracePeriod": 40})
    assert changed_aspects(old, new) == ("image", "stop grace period")


def test_what_comes_and_what_goes_is_a_change() -> None:
    assert changed_aspects(fingerprint({}), fingerprint({"Env": ["A=1"]})) == ("env",)
    assert changed_aspects(fingerprint({"Env": ["A=1"]}), fingerprint({"Env": []})) == ("env",)


def test_whoever_has_no_fingerprint_differs_in_everything() -> None:
    assert changed_aspects("", fingerprint({"Env": ["A=1"], "Image": "one"})) == ("env", "image")


@given(aspects)
def test_the_same_description_has_the_same_fingerprint_in_any_order(described: dict[str, Any]) -> None:
    reordered = dict(reversed(list(described.items())))
    assert changed_aspects(fingerprint(described), fingerprint(reordered)) == ()


@given(aspects, aspects)
def test_a_fingerprint_differs_exactly_where_the_descriptions_do(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    different = {
        name.lower() for name in old.keys() | new.keys() if (old.get(name) or None) != (new.get(name) or None)
    }
    assert set(changed_aspects(fingerprint(old), fingerprint(new))) == different
