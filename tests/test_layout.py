"""The layout of tests/: the same folders as the product, and no test module imports another."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

TESTS = ROOT / "tests"


def _imported(path: Path) -> Iterator[str]:
    """Yield every module that a module imports, and every name that it takes from one, as a dotted path."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_test_module_imports_another() -> None:
    for path in sorted(TESTS.rglob("*.py")):
        for name in _imported(path):
            parts = name.split(".")
            assert not any(part.startswith("test_") or part == "conftest" for part in parts), f"{path}: {name}"
            assert parts[0] != "tests" or parts[1] == "support", f"{path}: {name}"


def test_folders_are_those_of_the_product() -> None:
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    assert {str(folder) for folder in folders if not (ROOT / folder).is_dir()} == set()


def test_the_product_imports_no_test() -> None:
    for package in ("flows", "transforms", "schemas"):
        for path in (ROOT / package).rglob("*.py"):
            assert not any(name.partition(".")[0] == "tests" for name in _imported(path)), path
