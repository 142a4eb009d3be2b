from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from bookshelf import opened_book, write

from explainer.words import book
from explainer.words.book import BookError, Said, SaidError

ENGLISH = """
plain = "Nothing to fill in."
unread = "{unread:,} of {total:,} pixels are never read."
share = "Loss {loss:.2f}, rate {rate:.1g}, {{braces}}."
seen = "It spans {spans}, at {place}."
names = "Chosen: {names}."
both = "Chosen: {names:and}."
[rows]
one = "{count:,} row"
other = "{count:,} rows"
[tested]
by = "wrong"
one = "{wrong} of {digits:,} digits is misread"
other = "{wrong} of {digits:,} digits are misread"
[tabs.watch]
label = "Watch"
"""
FRENCH = """
plain = "Rien à remplir."
unread = "Sur {total:,} pixels, {unread:,} ne sont jamais lus."
share = "Perte {loss:.2f}, pas {rate:.1g}, {{accolades}}."
seen = "Il couvre {spans}, à {place}."
names = "Choix : {names}."
both = "Choix : {names:and}."
[rows]
one = "{count:,} ligne"
other = "{count:,} lignes"
[tested]
by = "wrong"
one = "{wrong} chiffre sur {digits:,} est mal lu"
other = "{wrong} chiffres sur {digits:,} sont mal lus"
[tabs.watch]
label = "Observer"
"""
THIN = "\u202f"  # the narrow space between groups of digits in French


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    write(tmp_path, "en", {"page": ENGLISH})
    write(tmp_path, "fr", {"page": FRENCH})
    with opened_book(tmp_path, monkeypatch):
        yield


@pytest.mark.parametrize(
    ("said", "english", "french"),
    [
        (lambda: Said("page.plain"), "Nothing to fill in.", "Rien à remplir."),
        (
            lambda: Said("page.unread", unread=1234, total=5_678_901),
            "1,234 of 5,678,901 pixels are never read.",
            f"Sur 5{THIN}678{THIN}901 pixels, 1{THIN}234 ne sont jamais lus.",
        ),
        (
            lambda: Said("page.share", loss=0.125, rate=0.05),
            "Loss 0.12, rate 0.05, {braces}.",
            "Perte 0,12, pas 0,05, {accolades}.",
        ),
        (lambda: Said("page.rows", count=1), "1 row", "1 ligne"),
        (lambda: Said("page.rows", count=0), "0 rows", "0 ligne"),
        (lambda: Said("page.rows", count=1000), "1,000 rows", f"1{THIN}000 lignes"),
        (
            lambda: Said("page.tested", wrong=1, digits=10_000),
            "1 of 10,000 digits is misread",
            f"1 chiffre sur 10{THIN}000 est mal lu",
        ),
        (
            lambda: Said("page.seen", spans=Said("page.rows", count=2), place="a.b"),
            "It spans 2 rows, at a.b.",
            "Il couvre 2 lignes, à a.b.",
        ),
        (lambda: Said("page.names", names=("a", "b", "c")), "Chosen: a, b, c.", "Choix : a, b et c."),
        (lambda: Said("page.names", names=("a",)), "Chosen: a.", "Choix : a."),
        (lambda: Said("page.both", names=("a", "b", "c")), "Chosen: a, b, and c.", "Choix : a, b et c."),
        (
            lambda: Said("page.names", names=(Said("page.rows", count=1), 2)),
            "Chosen: 1 row, 2.",
            "Choix : 1 ligne et 2.",
        ),
        (lambda: Said("page.tabs.watch.label"), "Watch", "Observer"),
    ],
)
def test_says_it_in_each_language(said, english: str, french: str) -> None:
    assert str(said()) == english
    assert said().text("fr") == french


def test_two_that_say_the_same_are_equal_and_survive_a_pickle() -> None:
    said = Said("page.unread", total=49, unread=3)
    assert said == Said("page.unread", unread=3, total=49)
    assert {said: 1}[pickle.loads(pickle.dumps(said))] == 1
    assert said != Said("page.unread", unread=4, total=49)


def test_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Said("page.plain").key = "page.rows"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("key", "values", "problem"),
    [
        ("page.other", {}, r"The book \(en\) has no page.other: .*page.toml lacks 'other'"),
        ("page.tabs", {}, "has no page.tabs"),
        ("nowhere.plain", {}, "The book has no page 'nowhere' in 'en'"),
        ("page.rows", {}, "page.rows needs the values count, and was given none"),
        ("page.unread", {"unread": 1}, "needs the values total, unread, and was given unread"),
        ("page.plain", {"count": 1}, "needs the values none, and was given count"),
    ],
)
def test_refuses_what_the_book_does_not_have(key: str, values: dict[str, int], problem: str) -> None:
    with pytest.raises(BookError, match=problem):
        Said(key, **values)


def test_an_error_carries_its_sentence() -> None:
    class ShapeError(SaidError, ValueError):
        pass

    error = pickle.loads(pickle.dumps(SaidError(Said("page.rows", count=1))))
    assert str(error) == "1 row"
    assert str(ShapeError(Said("page.plain"))) == "Nothing to fill in."
    assert error.said.text("fr") == "1 ligne"


def test_knows_its_languages() -> None:
    assert book.languages() == {"en", "fr"}
