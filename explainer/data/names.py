"""What things are called that visitors bring."""

from __future__ import annotations

import re

LONGEST = 60  # characters of a name

# Control characters, and those that turn the direction of the text around them.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """The text in one line, without the characters that nobody sees but that change what is seen."""
    return " ".join(_UNSEEN.sub("", text).split())


def stem(file: str, ending: str) -> str:
    """The name of a file without its ``ending`` (".png"), at most 60 characters; empty where nothing is left."""
    return one_line(file).removesuffix(ending)[:LONGEST].strip()


def file_name(name: str) -> str:
    """A file's name for a sentence: no folders, no characters that control a terminal or turn the text around, short.

    At most 40 characters, its end among them. What is markup to whoever shows the sentence is still in it.
    """
    plain = one_line(re.split(r"[/\\]", name)[-1])
    return (plain if len(plain) <= 40 else f"{plain[:24]}...{plain[-13:]}") or "This file"
