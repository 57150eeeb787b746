"""The source files of the project and what each of them imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = "nanobanana_nb"
NOTEBOOKS = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))


@dataclass(frozen=True)
class Import:
    """One import: the file (relative to the package), the module, and where it stands.

    `module` is absolute and dotted. `lazy` is true inside a function and under TYPE_CHECKING:
    it does not run when the file is imported.
    """

    file: str
    line: int
    module: str
    lazy: bool

    @property
    def top(self) -> str:
        """The distribution's name of the module: what stands before the first dot."""
        return self.module.partition(".")[0]

    @property
    def floor(self) -> str:
        """The folder or file at the top of our package that is imported, or an empty string."""
        parts = self.module.split(".")
        return parts[1] if parts[0] == PACKAGE and len(parts) > 1 else ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def package_files() -> list[Path]:
    """Every module of the package."""
    return sorted((CHECKOUT / PACKAGE).rglob("*.py"))


def floor_of(file: Path) -> str:
    """The folder or file at the top of the package that a module belongs to."""
    return file.relative_to(CHECKOUT / PACKAGE).parts[0].removesuffix(".py")


def imports_of(file: Path) -> list[Import]:
    """All imports of a module, at its top and inside its functions."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    name = file.relative_to(CHECKOUT / PACKAGE).as_posix()
    found = _walk(tree, lazy=False)
    return [
        Import(name, node.lineno, module, lazy)
        for node, lazy in found
        for module in _modules(node, file)
    ]


def tracked() -> list[Path]:
    """The files that git keeps; none where this is no checkout, in an unpacked sdist say."""
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return [CHECKOUT / name for name in done.stdout.split("\0") if name]


def _walk(node: ast.AST, *, lazy: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, lazy
        else:
            yield from _walk(child, lazy=lazy or _runs_later(child))


def _runs_later(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _modules(node: ast.Import | ast.ImportFrom, file: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = _base(node, file)
    if base.partition(".")[0] != PACKAGE:
        return [base]
    # `from nanobanana_nb import api` names a module, `from nanobanana_nb import generate` does not
    return [_module_or(base, alias.name) for alias in node.names]


def _base(node: ast.ImportFrom, file: Path) -> str:
    if not node.level:
        return node.module or ""
    folder = file.relative_to(CHECKOUT).parts[: -node.level]
    return ".".join([*folder, *([node.module] if node.module else [])])


def _module_or(base: str, name: str) -> str:
    folder = CHECKOUT.joinpath(*base.split("."))
    is_module = (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists()
    return f"{base}.{name}" if is_module else base
