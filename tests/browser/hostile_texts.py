"""Texts that a file, an address or a keyboard may bring, each with something that Streamlit's Markdown would read."""

from __future__ import annotations

import random

BY_HAND = [
    "my *net* $x_1$ [a](b)",
    "![x](http://192.0.2.1/a.png)",
    "<img src=http://192.0.2.1/b.png onerror=alert(1)>",
    "<b>bold</b> &lt; &#42; &copy;",
    "[link](http://192.0.2.1/c) [ref]: http://192.0.2.1 <http://192.0.2.1>",
    "http://192.0.2.1/d https://example.org www.example.org WWW.example.org a@example.org mailto:a@example.org",
    ":red[red] :red-background[x] :blue-badge[y] :small[z] :material/home: :streamlit: :smile: :+1: :help[h]",
    "a -> b <- c <-> d -- e >= f <= g ~= h ---",
    ":-) :) ;) =) =D <3 </3 8) 8-) :/ :'( >:( :P xD B) O:) D: \\o/",
    "$$x^2$$ $5 and $6 \\(x\\) `code` ``two`` ~~gone~~ ~sub~ ^sup^ __bold__ ***all***",
    "# heading",
    "1. list",
    "12) list",
    "- list",
    "+ list",
    "* list",
    "> quote",
    "---",
    "===",
    "    indented",
    "line one\n\n# line two\n| a | b |\n|---|---|\n| 1 | 2 |",
    "```python",
    "[^1] [x] - [ ] task",
    "photo\u202egpj.exe\x00\x07.png",
    "\\*kept\\* \\\\ \\",
    '{braces} |bars| a_b_c 2*3*4 #1 100% A&B R&amp;D O\'Neil "quoted"',
    "Füchse 狐 🦊.png",
]
_TOKENS = [
    *"\\`*_{}[]()<>#+-.!|~$&@:=/^;,?%'\" 1aZ",
    *("www.", "http://", "://", "-> ", "material/home", "red[", "](", "![", "<b>", "8", "3", "\n", "smile:", "amp;"),
]


def _made(count: int) -> list[str]:
    chance = random.Random(0)
    return ["x" + "".join(chance.choices(_TOKENS, k=chance.randint(2, 14))) for _ in range(count // 2)] + [
        "".join(chance.choices(_TOKENS, k=chance.randint(2, 14))) + "x" for _ in range(count // 2)
    ]


TEXTS = BY_HAND + _made(400)
