"""What the book holds, and what the code asks it for."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from explainer.data.assets import assets_path
from explainer.words.book import page_templates, words

ROOT = Path(__file__).parents[2]
SOURCES = sorted(file for folder in ("pages", "explainer") for file in (ROOT / folder).rglob("*.py"))
TEXT = assets_path() / "text"
Text = ast.Constant | ast.JoinedStr

_TWO_WORDS = re.compile(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}")
_FILE = re.compile(r"\.(js|css|toml|md)$")


def keys(language: str) -> set[str]:
    """All keys of the sentences in a language."""
    return {f"{page}.{name}" for page in said_pages() for name in page_templates(language, page)}


def said_pages() -> set[str]:
    """The pages of the book whose entries are sentences; the others are words of components."""
    return {file.stem for file in (TEXT / "en").glob("*.toml")} - component_pages()


def component_pages() -> set[str]:
    """The pages that the browser's components ask for by their names."""
    mounted = [file for file in SOURCES if (file.parent / "index.js").exists()]
    code = "".join(file.read_text(encoding="utf-8") for file in mounted)
    names = {file.parent.name for file in mounted}
    return {file.stem for file in (TEXT / "en").glob("*.toml") if file.stem in names or f'words("{file.stem}")' in code}


def entries(language: str, page: str) -> dict[str, set[str]]:
    """Of a component's page: the placeholders of each of its words, by their keys."""
    return dict(_entries(words(page, language), ""))


def _entries(table: object, before: str) -> Iterator[tuple[str, set[str]]]:
    match table:
        case dict():
            for name, entry in table.items():
                yield from _entries(entry, f"{before}{name}.")
        case list():
            for number, entry in enumerate(table):
                yield from _entries(entry, f"{before}{number}.")
        case str():
            yield before, set(re.findall(r"\{(\w+)", table))


def asked() -> list[tuple[str, re.Pattern[str]]]:
    """Where the code names a key, and the keys that it may be: what an f-string fills in is any one name."""
    pages = said_pages()
    found = []
    for file in SOURCES:
        for node in literals(syntax(file)):
            text = _text(node)
            if text.partition(".")[0] in pages and "." in text and " " not in text and not _FILE.search(text):
                pattern = re.compile(re.escape(text).replace(r"\{\}", "[a-z0-9_]+"))
                found.append((f"{file.relative_to(ROOT)}:{node.lineno}", pattern))
    return found


def sentences() -> Iterator[tuple[str, str]]:
    """Texts of two and more words in the code, but those of snippets of code and of sources."""
    for file in SOURCES:
        if not file.name.endswith("_code.py"):
            tree = syntax(file)
            sources = _of_sources(tree)
            for node in literals(tree):
                if id(node) not in sources and _TWO_WORDS.search(_text(node)):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", _text(node)


@functools.cache
def syntax(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def literals(tree: ast.Module) -> Iterator[Text]:
    """All texts of a module but its docstrings, an f-string as one."""
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for node in joined for part in ast.walk(node)}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    yield from joined
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner | docstrings:
            yield node


def _text(node: Text) -> str:
    """The literal, with {} for what an f-string fills in."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


def _of_sources(tree: ast.Module) -> set[int]:
    """What SOURCES and arguments called source are made of: they stay in the language of who wrote them."""
    return {id(part) for node in ast.walk(tree) if _is_source(node) for part in ast.walk(node)}


def _is_source(node: ast.AST) -> bool:
    match node:
        case ast.keyword(arg="source") | ast.Assign(targets=[ast.Name(id="SOURCES")]):
            return True
        case _:
            return False
