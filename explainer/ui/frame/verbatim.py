"""Text from a file, an address or a keyboard, made so that Streamlit shows it as it is: no Markdown, formula or HTML.

Sources: CommonMark 0.31, sections 2.4 and 2.5; GitHub Flavored Markdown, "Autolinks"; Streamlit's documentation of
``st.markdown``, for its colours, icons, formulas and arrows.
"""

from __future__ import annotations

import re

from explainer.data.names import one_line

APART = "\u2060"  # the word joiner, which takes no room: what stands on its sides is read as two things

# Streamlit looks for these once more in what Markdown has read, so that escaping does not help: icons, emoji and
# addresses after a colon or an at sign, addresses that begin with www, arrows, and faces such as =) and <3.
_PATTERNS = re.compile(r":(?!\s)|@|www(?=\.)|[-<>~=8](?=[^\w\s])|[<=>](?=\w)", re.IGNORECASE)

# What begins a part of Markdown anywhere; a colon but before a space; a bullet or a number of a list at the beginning.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#+!|~$&@^=]|:(?!\s)|^-")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def verbatim(text: str) -> str:
    """Markdown that is shown as ``text``, in one line; within a sentence of Markdown, too."""
    plain = one_line(text)
    apart = _PATTERNS.sub(lambda found: found[0] + APART, plain)
    return _NUMBERED.sub(_numbered, _MARKUP.sub(lambda found: _reference(found[0]), apart))


def _numbered(found: re.Match[str]) -> str:
    return found[1] + _reference(found[2])


def _reference(character: str) -> str:
    return f"&#{ord(character)};"
