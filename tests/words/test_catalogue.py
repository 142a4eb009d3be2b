"""The book is whole: all languages have the same keys and placeholders, and the code asks for them and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import catalogue
import pytest
from pseudo import pseudo_book

from explainer.words import book

# Texts of two and more words that stand in the code: every page that moves into the book makes them fewer.
MOST_LITERALS = 1_104


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with pseudo_book(tmp_path, monkeypatch):
        yield


def test_all_languages_have_the_same_pages() -> None:
    pages = {language: {file.name for file in (catalogue.TEXT / language).iterdir()} for language in written()}
    assert all(names == pages[book.ENGLISH] for names in pages.values())


def test_all_languages_have_the_same_keys_and_placeholders() -> None:
    for page in catalogue.said_pages():
        english = {key: each.names for key, each in book.page_templates(book.ENGLISH, page).items()}
        for language in book.languages():
            there = {key: each.names for key, each in book.page_templates(language, page).items()}
            assert there == english, (language, page)


def test_all_languages_have_the_same_words_for_components() -> None:
    for page in catalogue.component_pages():
        english = catalogue.entries(book.ENGLISH, page)
        for language in book.languages():
            assert catalogue.entries(language, page) == english, (language, page)


def test_every_form_has_the_placeholders_of_the_others_or_leaves_out_the_count() -> None:
    """ "One row" need not say 1."""
    for language in book.languages():
        for page in catalogue.said_pages():
            for key, template in book.page_templates(language, page).items():
                for form in template.forms.values():
                    names = {part.name for part in form} - {None}
                    assert template.names - names <= {template.by}, (language, page, key)


def test_every_key_is_asked_for() -> None:
    patterns = [pattern for _, pattern in catalogue.asked()]
    keys = sorted(catalogue.keys(book.ENGLISH))
    assert [key for key in keys if not any(pattern.fullmatch(key) for pattern in patterns)] == []


def test_every_key_that_is_asked_for_is_there() -> None:
    keys = catalogue.keys(book.ENGLISH)
    assert [(where, each.pattern) for where, each in catalogue.asked() if not any(map(each.fullmatch, keys))] == []


def test_words_in_the_code_become_fewer() -> None:
    found = [f"{where}: {text}" for where, text in catalogue.sentences()]
    assert len(found) <= MOST_LITERALS, "New words belong into the book, assets/text/en."


def written() -> list[str]:
    return [folder.name for folder in catalogue.TEXT.iterdir()]
