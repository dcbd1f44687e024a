"""Imports run one way, knowledge ← parsers ← db ← bot, and a library has one home."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = ("knowledge", "parsers", "db", "bot")

# modules beside each other that must not know of each other: one can be taken out without the rest noticing
PEERS = ("knowledge.checks", "parsers.formats", "bot.adapters")

# Replacing a library costs the files named here: a folder, or modules of one format.
HOMES = {
    "jieba": ("knowledge",),
    "rapidfuzz": ("knowledge",),
    "opencc": ("knowledge.text",),
    "charset_normalizer": ("parsers.encoding",),
    "lxml": ("parsers.xml", "parsers.page", "parsers.article"),
    "pdfplumber": ("parsers.pdfpages",),
    "pdfminer": ("parsers.pdfpages",),
    "pypdfium2": ("parsers.pdfpages",),
    "python_calamine": ("parsers.formats.xls",),
    "sqlalchemy": ("db",),
    "alembic": ("db.upgrade", "db.migrations"),
    "click": ("bot.cli", "bot.shell", "bot.commands"),
    "rich": ("bot.commands",),
    "telegram": ("bot.adapters.ptb",),
    "httpx": ("bot.adapters.ptb",),
    "aiogram": ("bot.adapters.aiogram",),
    "aiohttp": ("bot.adapters.aiogram",),
}

# What these layers may not use at all: files, clocks, networks, randomness. These modules are the walls around readers.
IMPURE = {"os", "time", "socket", "random", "subprocess", "tempfile", "shutil", "sqlite3", "urllib", "http", "secrets"}
WALLS = {
    "parsers.worker": "starts and ends the readers' processes",
    "parsers.reader": "is such a process",
    "parsers.scratch": "their temporary folders",
    "parsers.jail": "takes files from a reader's process",
    "parsers.confine": "takes rights from a reader's process",
    "parsers.office": "runs LibreOffice, which reads from a folder only",
}


# libraries that no question needs
HEAVY = ("alembic", "rich", "telegram", "aiogram", "lxml", "pdfplumber", "sqlalchemy.dialects.postgresql")


def modules(*folders: str) -> list[tuple[str, Path]]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path) for path in found]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(module: str, path: Path) -> Iterator[tuple[str, int]]:
    """Every imported module with its line, those inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            package = module if path.name == "__init__.py" else module.rpartition(".")[0]
            base = node.module or ""
            if node.level:
                base = ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], *filter(None, [base])])
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


ALL = modules(*LAYERS)


def inside(name: str, home: str) -> bool:
    return name == home or name.startswith(home + ".")


@pytest.mark.parametrize(("module", "path"), ALL, ids=[module for module, _ in ALL])
def test_nothing_is_imported_from_the_right(module: str, path: Path) -> None:
    left = LAYERS[: LAYERS.index(module.split(".")[0]) + 1]
    for name, line in imported(module, path):
        layer = name.split(".")[0]
        assert layer not in LAYERS or layer in left, f"{module}, line {line}: imports {name}"
        assert layer not in ("tests", "benchmarks"), f"{module}, line {line}: imports {name}"


@pytest.mark.parametrize("folder", PEERS)
def test_peers_do_not_know_each_other(folder: str) -> None:
    for module, path in modules(folder.replace(".", "/")):
        for name, line in imported(module, path):
            other = ".".join(name.split(".")[: folder.count(".") + 2])
            peer = (ROOT / (other.replace(".", "/") + ".py")).is_file()
            allowed = not inside(name, folder) or not peer or other == module or module == folder
            assert allowed, f"{module}, line {line}: imports its peer {name}"


@pytest.mark.parametrize(("module", "path"), ALL, ids=[module for module, _ in ALL])
def test_a_library_has_one_home(module: str, path: Path) -> None:
    for name, line in imported(module, path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or any(inside(module, home) for home in homes), f"{module}, line {line}: imports {name}"


@pytest.mark.parametrize(("module", "path"), ALL, ids=[module for module, _ in ALL])
def test_every_library_is_known_here(module: str, path: Path) -> None:
    for name, line in imported(module, path):
        top = name.split(".")[0]
        known = top in LAYERS or top in HOMES or top in sys.stdlib_module_names
        assert known, f"{module}, line {line}: {top} has no home in this test"


PURE = modules("knowledge", "parsers")


@pytest.mark.parametrize(("module", "path"), PURE, ids=[module for module, _ in PURE])
def test_the_core_is_pure(module: str, path: Path) -> None:
    if module in WALLS:
        return
    used = {(name.split(".")[0], line) for name, line in imported(module, path)}
    for top, line in used:
        assert top not in IMPURE, f"{module}, line {line}: imports {top}"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "open":
            own_data = module.startswith("knowledge.") and ast.unparse(node.args[0]).startswith("DATA / ")
            assert own_data, f"{module}, line {node.lineno}: opens a file that is not the folder's own data"
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow"):
            raise AssertionError(f"{module}, line {node.lineno}: reads a clock")


def test_no_module_works_when_imported() -> None:
    """The first question pays for jieba, not the import."""
    code = f"import sys, bot.assistant; print([m for m in {(*HEAVY, 'jieba', 'opencc')} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_asking_imports_what_it_needs_and_nothing_else(library: str) -> None:
    code = (
        "import sys\nfrom bot.cli import main\n"
        f"try: main(['ask', '柴桥2020年收到几件申请', '--db', {library!r}])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]"), done.stdout


def test_help_does_without_the_store() -> None:
    code = "import sys, bot.cli; print([m for m in ('sqlalchemy', 'jieba', 'lxml') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
