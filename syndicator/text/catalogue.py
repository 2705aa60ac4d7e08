"""Finds every message that the code says, for the catalogue: ``python -m syndicator.text.catalogue``.

It prints a template (GNU gettext PO) with what ``locale/bg.po`` lacks, and names what no code says any more.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

from syndicator.text.messages import catalogue

PACKAGE = Path(__file__).resolve().parents[1]


def messages(package: Path = PACKAGE) -> Mapping[str, str]:
    """Return every literal given to ``tr`` in the package's code, with the first place where it stands."""
    found: dict[str, str] = {}
    for path in sorted(package.rglob("*.py")):
        for line, text in _literals(ast.parse(path.read_text("utf-8"))):
            found.setdefault(text, f"{path.relative_to(package.parent).as_posix()}:{line}")
    return found


def _literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "tr":
            continue
        first = node.args[0]
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            raise ValueError(f"line {node.lineno}: tr() takes a literal text")
        yield node.lineno, first.value


def places(text: str) -> frozenset[str]:
    """Return the ``{named}`` places of a message with their conversions and formats."""
    return frozenset(
        f"{name}!{conversion}:{form}" for _, name, form, conversion in Formatter().parse(text) if name
    )


def quoted(text: str) -> str:
    """Return a text as a string of a PO file."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main() -> None:
    """Print what the Bulgarian catalogue lacks, on stdout, and what it holds in vain, on stderr."""
    said, known = messages(), catalogue("bg")
    for text, place in said.items():
        if text not in known:
            sys.stdout.write(f'\n#: {place}\nmsgid {quoted(text)}\nmsgstr ""\n')
    for text in known:
        if text not in said:
            sys.stderr.write(f"no code says: {text}\n")


if __name__ == "__main__":
    main()
