"""Guards: what the project promises about its own code, so that nobody has to remember it."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("portal", "villages", "bookings")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))
TREES = {path: ast.parse(path.read_text()) for path in MODULES}

LONGEST_FUNCTION, LONGEST_MODULE, LONGEST_TEMPLATE = 40, 400, 120

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[Function]:
    """All functions in it, methods and inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def public_functions(tree: ast.Module) -> list[Function]:
    """The functions that other modules may call."""
    return [node for node in tree.body if isinstance(node, Function) and not node.name.startswith("_")]


def imported(tree: ast.AST) -> set[str]:
    """The dotted names that it imports; `from a import b` is `a.b`, since b may be a module."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(*parts: str) -> dict[Path, ast.Module]:
    """The modules in this folder."""
    folder = ROOT.joinpath(*parts)
    return {path: tree for path, tree in TREES.items() if folder in path.parents}


# --- sizes ------------------------------------------------------------------------------------------------


def test_there_is_something_to_guard() -> None:
    assert min(len(within(package)) for package in PACKAGES) > 5
    assert len(TEMPLATES) > 5


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        for node in functions(tree)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize(
    ("paths", "limit"), [(MODULES, LONGEST_MODULE), (TEMPLATES, LONGEST_TEMPLATE)], ids=["modules", "templates"]
)
def test_no_file_is_too_long(paths: list[Path], limit: int) -> None:
    assert [name(path) for path in paths if len(path.read_text().splitlines()) > limit] == []


@pytest.mark.parametrize("path", sorted((ROOT / "static").glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_closes_what_it_opens(path: Path) -> None:
    """A lost brace lets all that follows hold on paper only, and no page says so."""
    open_at_the_end = path.read_text().count("{") - path.read_text().count("}")
    assert open_at_the_end == 0


# --- who imports what -------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["villages", "bookings", "portal/base"])
def test_no_app_imports_the_roof(package: str) -> None:
    """The roof is all of `portal` but its cellar, `portal.base`."""
    roof = [
        f"{name(path)}: {module}"
        for path, tree in within(*package.split("/")).items()
        for module in sorted(imported(tree))
        if module.split(".")[0] == "portal" and module.split(".")[1:2] != ["base"]
    ]
    assert roof == []


def test_villages_know_no_bookings() -> None:
    modules = {module for tree in within("villages").values() for module in imported(tree)}
    assert [module for module in sorted(modules) if module.split(".")[0] == "bookings"] == []


def test_the_domain_imports_only_the_standard_library_and_itself() -> None:
    modules = {module for tree in within("bookings", "domain").values() for module in imported(tree)}
    foreign = {m for m in modules if m.split(".")[0] not in sys.stdlib_module_names}
    assert [module for module in sorted(foreign) if not module.startswith("bookings.domain.")] == []


def test_there_is_no_junk_drawer() -> None:
    drawers = {"services", "utils", "helpers", "common"}
    assert [name(path) for path in MODULES if drawers & {*path.parts, path.stem}] == []


# --- words ------------------------------------------------------------------------------------------------


def test_every_public_function_says_what_it_does() -> None:
    """But for admin and apps, which Django reads."""
    silent = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path, tree in TREES.items()
        if path.stem not in ("admin", "apps") and "admin" not in path.parts
        for node in public_functions(tree)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_variable_of_the_environment_is_in_the_readme() -> None:
    settings = (ROOT / "portal" / "settings.py").read_text()
    read = re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', settings)
    words = set(re.findall(r"\b[A-Z_]+\b", (ROOT / "README.md").read_text()))
    assert len(read) > 5
    assert [variable for variable in read if variable not in words] == []


# --- states and the log -----------------------------------------------------------------------------------


def literals(node: ast.expr) -> list[str]:
    """The texts written out in it: alone or in a list, tuple or set."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
    return [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def state_literals(tree: ast.AST) -> list[int]:
    """Lines with `state="…"`, `state__in=("…",)` or `row.state == "…"`."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg and node.arg.split("__")[-1] in ("state", "in"):
            named = "state" in node.arg.split("__")
            lines += [node.value.lineno] if named and literals(node.value) else []
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "state":
            lines += [node.lineno for side in node.comparators if literals(side)]
    return lines


def test_states_are_named_on_the_enum_and_written_out_nowhere_else() -> None:
    found = [
        f"{name(path)}:{line}"
        for path, tree in TREES.items()
        if ROOT / "bookings" / "models" not in path.parents
        for line in state_literals(tree)
    ]
    assert found == []


def test_a_written_out_state_would_be_found() -> None:
    lines = ['f(state="booked")', 'f(booking__state__in=("held",))', 'row.state == "booked"', "f(state=State.BOOKED)"]
    assert [len(state_literals(ast.parse(line))) for line in lines] == [1, 1, 1, 0]


def parameters(node: Function) -> set[str]:
    """The types of what it is given, as written."""
    return {ast.unparse(arg.annotation) for arg in (*node.args.args, *node.args.kwonlyargs) if arg.annotation}


def calls(node: ast.AST, function: str) -> int:
    """How often it calls this function by name."""
    found = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return sum(isinstance(func, ast.Name) and func.id == function for func in found)


ACTIONS = [(path, node) for path, tree in within("bookings", "actions").items() for node in public_functions(tree)]


def test_every_action_writes_one_entry_in_the_log() -> None:
    """An action is a public function that is told who acts; each locks the house, and logs once."""
    acts = {
        node.name: (calls(node, "lock"), calls(node, "record")) for _, node in ACTIONS if "Actor" in parameters(node)
    }
    # Of no house (yet), or of all of them.
    without_house = {"apply", "mark_handled", "export_member", "count_people", "forget_requests", "choose_figures"}
    assert acts == {name: (int(name not in without_house), 1) for name in acts}
    assert {"book", "cancel", "change", "close", "reopen", "change_offer"} <= set(acts)


def test_the_parts_of_an_action_begin_nothing_of_their_own() -> None:
    """What is not told who acts is a part: no transaction, no lock, no entry."""
    parts = [node for _, node in ACTIONS if "Actor" not in parameters(node)]
    begun = [n.name for n in parts if calls(n, "lock") or calls(n, "record") or "atomic()" in ast.unparse(n)]
    assert begun == []
