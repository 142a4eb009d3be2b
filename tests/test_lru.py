"""What is computed once for all is bounded, in number or in bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from explainer.lru import Lru


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = Lru[int](2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]


@given(puts=st.lists(st.tuples(st.integers(0, 4), st.binary(max_size=60)), min_size=1))
def test_bytes_are_bounded_and_the_latest_stays(puts: list[tuple[int, bytes]]) -> None:
    kept = Lru[bytes](50, len)
    for key, value in puts:
        kept.put(key, value)
        assert kept.get(key) == value
        there = [found for each in range(5) if (found := kept.get(each)) is not None]
        assert sum(map(len, there)) <= 50 or there == [value]


def test_what_is_there_is_not_made_again() -> None:
    kept, made = Lru[int](2), list[str]()
    for key in "aba":
        assert kept.get_or_put(key, lambda key=key: made.append(key) or ord(key)) == ord(key)
    assert made == ["a", "b"]
    assert kept.taken == 2
