"""Every preset's sentence is held against numbers that are computed anew, and no sentence contradicts itself.

truths.py has the table of what is checked by what. Pages that train are left to their own tests: what they say is of
runs that a visitor starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from opening import NAMES, opened
from seen import NUMBER, Seen, listening, text_of, value_of
from test_all_pages import addresses, presets
from truths import TRUTHS, UNCHECKED

from explainer.words.book import Said

SECTIONS = ("start", "layers", "networks")
CHECKED = [name for name in NAMES if name.split("/")[0] in SECTIONS]
SILENT = {"start/welcome"}  # pages without a notice
BOOK = {name.partition(".")[0] for name in TRUTHS if ": " not in name}


def pattern_of(said: Said | str) -> str:
    """The name under which a sentence stands in the table; fails where it does not."""
    text = text_of(said)
    if isinstance(said, Said):
        assert said.key in TRUTHS, f"{said.key} has no check in truths.py: {text}"
        return said.key
    tables = {name: pattern for table in (TRUTHS, UNCHECKED) for name, (pattern, _) in table.items()}
    found = [name for name, pattern in tables.items() if name.partition(".")[0] not in BOOK and pattern.fullmatch(text)]
    assert len(found) == 1, f"{found or 'Nothing'} in truths.py checks: {text}"
    return found[0]


def check(seen: Seen, said: Said | str) -> str:
    """Holds a sentence against its check, whose name it returns."""
    name = pattern_of(said)
    if name in TRUTHS:
        pattern, true = TRUTHS[name]
        read = pattern.fullmatch(text_of(said))
        assert read, f"{name} is not read as {pattern.pattern}: {text_of(said)}"
        true(seen, *read.groups())
    return name


@pytest.fixture(scope="module")
def checked() -> set[str]:
    return set()


@pytest.mark.parametrize("name", CHECKED)
def test_every_presets_sentence_is_true(name: str, checked: set[str]) -> None:
    with listening() as opening:
        for label, query in [("as it opens", ""), *presets(name)]:
            seen = opening(name, dict(parse_qsl(query)))
            assert seen.notices or name in SILENT or seen.at.warning, (name, label)
            for said in seen.notices:
                try:
                    checked.add(check(seen, said))
                except AssertionError as problem:
                    raise AssertionError(f"{name}, {label}: {text_of(said)}") from problem


@pytest.mark.parametrize(
    ("true", "false"), [("flatter", "sharper"), ("40.0", "40.1"), ("1.09", "1.08"), ("0 has", "1 has")]
)
def test_a_sentence_that_is_not_true_is_found(true: str, false: str) -> None:
    with listening() as opening:
        seen = opening("layers/softmax", {"s_view": "softmax", "s_t": "5"})
    text = text_of(seen.notices[0])
    check(seen, text)
    assert true in text
    with pytest.raises(AssertionError):
        check(seen, text.replace(true, false))


def test_nothing_in_the_table_is_left_over(checked: set[str]) -> None:
    """A check that no preset comes to checks nothing."""
    if checked:  # else these tests run in several processes, or one by one
        assert {*TRUTHS, *UNCHECKED} - checked == set()


OF = re.compile(rf"({NUMBER}) of (?:the |these |its )?({NUMBER})(?![\d.,]*[ ]?(?:%|\d))")
PERCENT = re.compile(rf"({NUMBER}) %")
RANGES = re.compile(rf"(?:between|from) ({NUMBER}) (?:and|to) ({NUMBER})(?![\d.])")
ALIKE = re.compile(rf"({NUMBER})(?: %| points)? (?:instead of|more than|less than|fewer than|, more than) ({NUMBER})")
EMPTY = re.compile(r"\b0 of 0\b|\b0 [a-z]+, of which 0\b|(?<![\d.,])1(?:\.0+)? times (?:fewer|more|as many)")
BEYOND = re.compile(
    r"as long as its sum|of the peak|of their length|(?:above|below) (?:PCA|the best)"
)  # may exceed 100 %


def contradictions(text: str) -> Iterator[str]:
    """What no sentence may say, whatever the numbers are."""
    for part, whole in OF.findall(text):
        if value_of(part) > value_of(whole):
            yield f"{part} of {whole}"
    for share in PERCENT.findall(text):
        if not 0 <= value_of(share) <= 100 and not BEYOND.search(text):
            yield f"{share} %"
    for low, high in RANGES.findall(text):
        if low == high and re.search(rf"(?:between|lie) .*{re.escape(low)} and", text):
            yield f"between {low} and {high}"
    for one, other in ALIKE.findall(text):
        if one == other:
            yield f"{one} compared with {other}"
    yield from EMPTY.findall(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("12 of 10 digits", 1), ("9,990 of 10,000 test digits", 0), ("120.5 % of them", 1), ("99.9 % of 10 pixels", 0),
        ("all lie between 3 and 3", 1), ("class 0 has 50.0 % instead of 50.0 %", 1), ("needs 1.0 times fewer", 1),
        ("needs 1.1 times fewer", 0),
        ("drops 0 units, of which 0 were 0 anyway", 1), ("0 of 12 values", 0), ("adds 130 % as long as its sum", 0),
    ],
)  # fmt: skip
def test_knows_what_contradicts_itself(text: str, count: int) -> None:
    assert len(list(contradictions(text))) == count


def ends_of(name: str) -> Iterator[dict[str, str]]:
    """The presets, links that set all controls to an end, and links that set one of them to an end."""
    yield from (dict(parse_qsl(query)) for _, query in presets(name))
    at = opened(name)
    yield from addresses(at)
    if name in CHECKED:
        for widget in (*at.slider, *at.number_input):
            for value in (widget.min, widget.max):
                if widget.key and not widget.disabled and value is not None:
                    yield {widget.key: f"{value:g}"}


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_contradicts_itself_at_the_ends_of_controls(name: str) -> None:
    found = []
    with listening() as opening:
        for query in ends_of(name):
            for said in opening(name, query).notices:
                found += [(query, wrong, text_of(said)) for wrong in contradictions(text_of(said))]
    assert found == []
