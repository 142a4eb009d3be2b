"""How large the house is: lines a folder by language, the largest files and functions, and what stands in the book.

``python -m benchmarks.house``; ``./check`` prints the total. Tests and benchmarks are not counted.
"""

from __future__ import annotations

import ast
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

from benchmarks.common import ROOT, note, report

CODE = {".py": "Python", ".js": "JS", ".css": "CSS", ".html": "HTML"}
BOOK = {".toml", ".md"}
MOST_LINES, MOST_OF_A_FUNCTION, SHOWN = 300, 40, 8


def files() -> list[Path]:
    """What the app is made of, by git's list, relative to the project."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    paths = [Path(line) for line in listed.stdout.decode().splitlines()]
    return [path for path in paths if path.parts[0] in {"explainer", "pages", "assets", "Home.py"}]


def lines(path: Path) -> int:
    """Lines of a text file."""
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> list[tuple[int, str]]:
    """The length of every function, its docstring and decorators not counted, and where it stands."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [(_length(node), f"{path}:{node.lineno} {node.name}") for node in found]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def folder(path: Path) -> str:
    """The floor or section that a file belongs to."""
    depth = 3 if path.parts[:2] == ("explainer", "ui") else 2
    return "/".join(path.parts[: min(depth, len(path.parts) - 1)]) or path.name


def main() -> None:
    code = {path: lines(path) for path in files() if path.suffix in CODE}
    by_folder: dict[str, Counter[str]] = defaultdict(Counter)
    for path, count in code.items():
        by_folder[folder(path)][CODE[path.suffix]] += count
    for name, counts in sorted(by_folder.items()):
        note(f"{name:32}" + "".join(f"{counts[kind]:8,} {kind}" for kind in CODE.values() if counts[kind]))
    book = sum(lines(path) for path in files() if path.suffix in BOOK and path.parts[:2] == ("assets", "text"))
    note(f"the book: {book:,} lines")
    note(f"in all {sum(code.values()):,} lines of {', '.join(CODE.values())}")
    largest = sorted(((count, path) for path, count in code.items()), reverse=True)
    for count, path in largest[:SHOWN]:
        note(f"{count:6} {path}")
    longest = sorted((each for path in code if path.suffix == ".py" for each in functions(path)), reverse=True)
    for count, where in longest[:SHOWN]:
        note(f"{count:6} {where}")
    report("lines of the largest file", largest[0][0], MOST_LINES, at_most=True)
    report("lines of the longest function", longest[0][0], MOST_OF_A_FUNCTION, at_most=True)


if __name__ == "__main__":
    main()
