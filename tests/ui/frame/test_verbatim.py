"""Text from outside is shown as it is; what Streamlit's own parser makes of it, the browser's test says."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import pytest
from hostile_texts import BY_HAND
from hypothesis import given
from hypothesis import strategies as st

from explainer.ui.frame.verbatim import APART, verbatim

SPECIAL = "\\`*_{}[]<>#+!|~$&@:^="
characters = st.one_of(st.sampled_from([*SPECIAL, *"()-./;8 \n", "www."]), st.characters(codec="utf-8"))
texts = st.lists(characters).map("".join)
UNSEEN = "\x00\x07\x1b\x7f\u202e\u2066\u200f"


@given(texts)
def test_it_reads_as_the_text(text: str) -> None:
    seen = "".join(character for character in text if character.isprintable() or character.isspace())
    read = html.unescape(verbatim(seen)).replace(APART, "")
    assert read == " ".join(seen.replace(APART, "").split())


@given(texts)
def test_no_character_of_markdown_is_left(text: str) -> None:
    """Nothing is left outside the references but a colon before a space."""
    made = verbatim(text)
    bare = re.sub(r"&#\d+;", "x", made)
    assert not set(bare) & set(SPECIAL.replace(":", "")), bare
    assert not re.search(r":(?!\s)", bare), bare
    assert "\n" not in made
    assert not re.match(r"-|\s|\d+[.)]", made)


def test_sentences_stay_readable_in_the_source() -> None:
    sentence = "cat.png is empty: choose a PNG, JPEG, GIF, WebP, BMP or TIFF file (at most 10 MB), 3 x 4 - not 5."
    assert verbatim(sentence) == sentence


@pytest.mark.parametrize("character", UNSEEN)
def test_what_nobody_sees_is_left_out(character: str) -> None:
    assert verbatim(f"a{character}b") == "ab"


# --- every place ---

MESSAGES = {"error", "warning", "info", "toast", "success", "exception"}
MARKDOWN = MESSAGES | {"markdown", "caption", "write", "notice", "expander", "subheader", "progress", "button"}


def calls() -> list[tuple[str, ast.Call]]:
    root = Path(__file__).parents[3]
    files = [*(root / "explainer" / "ui").rglob("*.py"), *(root / "pages").rglob("*.py")]
    return [
        (f"{file.relative_to(root)}:{node.lineno}", node)
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    ]


def is_written(message: ast.expr) -> bool:
    """Whether a message stands there, or in the book, filled in with what is verbatim or a number alone; or several."""
    match message:
        case ast.Call(func=ast.Attribute(attr="join"), args=[ast.GeneratorExp(elt=each)]):
            return is_written(each)
    if isinstance(message, ast.Call) and ast.unparse(message.func) == "say":
        return all(ast.unparse(each.value).startswith(("verbatim(", "float(")) for each in message.keywords)
    return isinstance(message, ast.Constant | ast.JoinedStr)


def test_every_message_that_was_made_elsewhere_is_verbatim() -> None:
    """A box shows a sentence that is written there, or one that went through ``verbatim``."""
    loose = [
        f"{place} {ast.unparse(call)}"
        for place, call in calls()
        if call.func.attr in MESSAGES and ast.unparse(call.func.value) not in ("_LOG", "_log")
        if not is_written(call.args[0])
        and not ast.unparse(call.args[0]).startswith("verbatim(")
        and not ast.unparse(call.args[0]).isupper()
    ]
    assert not loose, loose


def test_every_name_of_a_run_in_markdown_is_verbatim() -> None:
    loose = [
        f"{place} {ast.unparse(call)}"
        for place, call in calls()
        if call.func.attr in MARKDOWN
        for part in ast.walk(call.args[0])
        if isinstance(part, ast.FormattedValue) and ast.unparse(part.value).endswith(("run.name", "given.name"))
    ]
    assert not loose, loose


def test_the_texts_of_the_browser_are_changed_on_their_way() -> None:
    assert [text for text in BY_HAND if verbatim(text) == text] == ["Füchse 狐 🦊.png"]
