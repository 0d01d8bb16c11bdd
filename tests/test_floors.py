"""The floors of the house: rooms import downwards only, by the imports in their files, those in functions included."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP = {"__init__.py", "py.typed", "torch.py", "tensorflow.py", "losses", "frameworks", "verify", "book"}

# What a room may import besides itself. A room is the longest of these names that a module's name begins with.
BELOW = {
    "frameworks": [],
    "losses": ["frameworks"],
    "__init__": ["losses", "frameworks"],
    "torch": ["losses", "frameworks"],
    "tensorflow": ["losses", "frameworks"],
    "verify": [],
    "book": ["__init__", "torch", "tensorflow", "losses", "frameworks", "verify"],
}

# What stands outside the package, and what of the package it may import. `tools` is the Makefile's: only its walk
# looks into the package. `tests` may import all.
OUTSIDE = {
    "_ext": {"_ext": ["book", "verify", "tools."]},
    "tools": {
        "tools": [],
        "tools.walk": ["__init__", "frameworks"],
        "tools.cheat_sheet": ["__init__", "losses"],
        "tools.many_classes": ["torch"],
        "tools.lab.names": ["book", "verify", "_ext."],
        **{
            f"tools.proofs.{part}": ["book", "verify"]
            for part in ("__main__", "audit", "book", "coq", "links", "portfolio", "refuted", "show")
        },
        "tools.mutants.claims": ["verify"],
        "tools.mutants.known": ["verify", "tests.verify"],
        "tools.mutants.__main__": ["verify", "tests.verify"],
    },
    "benchmarks": {
        "benchmarks": ["__init__", "frameworks", "tests.reference"],
        "benchmarks.many_classes": ["__init__", "torch"],
    },
}

# Inside verify, from the bottom; a room may import what stands on lines before its own, and on its own line.
VERIFY = [
    ["expr", "numbers", "functions", "conditions", "differentiate"],
    ["reading"],
    ["meaning"],
    ["coq"],
    ["points"],
    ["proof"],
    ["timing", "verdict", "variants", "judge", "controls", "check", "ledger", "__main__", "__init__"],
]

# Inside frameworks, the same.
FRAMEWORKS = [
    ["protocol", "one_process"],
    ["arrays", "sums"],
    ["domains", "names"],
    ["torch_operators"],
    ["checks", "numpy_arrays", "torch_arrays", "tensorflow_arrays"],
    ["compiled"],
    ["settings", "blocks"],
    ["compute"],
    ["torch_autograd", "tensorflow_gradients"],
    ["__init__"],
]


@cache
def modules():
    """Every module of lossutils by its name below the package; a folder's own is "folder.__init__"."""
    files = (ROOT / "lossutils").rglob("*.py")
    return {".".join(path.relative_to(ROOT / "lossutils").with_suffix("").parts): path for path in files}


def found(parts):
    """The module that such a name leads to: itself, a package's own, or the one that holds it as an attribute."""
    while parts:
        for name in (".".join(parts), ".".join([*parts, "__init__"])):
            if name in modules():
                return name
        parts = parts[:-1]
    return "__init__"


def parsed(path):
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def outside(folder):
    """The modules of a folder outside the package, by their names."""
    files = (ROOT / folder).rglob("*.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files}


def imported_by(path):
    """The absolute names that a module outside the package imports, its own folder's aside."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported(name):
    """The modules of lossutils that a module imports, wherever in its text."""
    tree = parsed(modules()[name])
    package = name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "lossutils":
                    yield found(alias.name.split(".")[1:])
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                start = package[: len(package) - (node.level - 1)]
            elif (node.module or "").split(".")[0] == "lossutils":
                start, node.module = [], node.module.partition(".")[2]
            else:
                continue
            base = [*start, *filter(None, (node.module or "").split("."))]
            for alias in node.names:
                yield found([*base, alias.name])


@cache
def graph():
    return {name: sorted(set(imported(name)) - {name}) for name in modules()}


def room(name, rooms):
    """The room that a module stands in."""
    parts = name.split(".")
    return next((".".join(parts[:k]) for k in range(len(parts), 0, -1) if ".".join(parts[:k]) in rooms), None)


def circles():
    """The sets of modules that import one another in a circle (Tarjan's strongly connected components)."""
    index, low, stack, out = {}, {}, [], []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in graph()[v]:
            if w not in index:
                visit(w)
            if w in stack:
                low[v] = min(low[v], low[w])
        if low[v] == index[v]:
            part = stack[stack.index(v) :]
            del stack[stack.index(v) :]
            if len(part) > 1:
                out.append(sorted(part))

    for v in graph():
        if v not in index:
            visit(v)
    return out


def test_the_graph_is_read():
    """Relative and absolute imports, of modules and of names, at the top and in functions."""
    assert "frameworks.protocol" in graph()["frameworks.arrays"]
    assert "frameworks.checks" in graph()["losses.base"]
    assert "frameworks.torch_autograd" in graph()["frameworks.__init__"]  # in a function
    assert "losses.base" in graph()["__init__"]
    assert len(modules()) > 60 and all(set(targets) <= set(modules()) for targets in graph().values())


def test_the_top_holds_at_most_eight():
    entries = {p.name for p in (ROOT / "lossutils").iterdir() if p.name != "__pycache__"}
    assert entries == TOP and len(TOP) <= 8


def test_every_module_stands_in_a_room():
    assert all(room(name, BELOW) for name in modules())


@pytest.mark.parametrize("name", BELOW)
def test_rooms_import_downwards(name):
    upwards = [
        f"{module} imports {target}"
        for module, targets in graph().items()
        if room(module, BELOW) == name
        for target in targets
        if room(target, BELOW) not in (name, *BELOW[name])
    ]
    assert not upwards


@pytest.mark.parametrize("folder", OUTSIDE)
def test_what_stands_outside_imports_what_contributing_says(folder):
    rules, wrong, seen = OUTSIDE[folder], [], 0
    for name, path in outside(folder).items():
        allowed = rules.get(name, rules[folder])
        for target in imported_by(path):
            top, _, rest = target.partition(".")
            if top == "lossutils":
                seen += 1
                fits = room(found(rest.split(".") if rest else []), BELOW) in allowed
            else:
                fits = top not in (*OUTSIDE, "tests") or top == folder or target.startswith(tuple(allowed))
            wrong += [] if fits else [f"{name} imports {target}"]
    assert seen and not wrong


@pytest.mark.parametrize("name", BELOW)
def test_the_package_imports_nothing_that_stands_outside(name):
    above = {*OUTSIDE, "tests"}
    mine = [path for module, path in modules().items() if room(module, BELOW) == name]
    assert not [target for path in mine for target in imported_by(path) if target.partition(".")[0] in above]


@pytest.mark.parametrize(("house", "floors"), [("frameworks", FRAMEWORKS), ("verify", VERIFY)])
def test_floors_inside_a_house(house, floors):
    level = {f"{house}.{name}": k for k, names in enumerate(floors) for name in names}
    inside = {name: targets for name, targets in graph().items() if name.split(".")[0] == house}
    assert not [name for name in inside if room(name, level) is None]
    upwards = [
        f"{module} imports {target}"
        for module, targets in inside.items()
        for target in targets
        if target.split(".")[0] == house and level[room(target, level)] > level[room(module, level)]
    ]
    assert not upwards


@pytest.mark.parametrize("house", ["losses", "frameworks", "verify", "book"])
def test_there_is_no_circle(house):
    assert not [circle for circle in circles() if any(name.split(".")[0] == house for name in circle)]


BY_NAME = {  # where it is right
    "frameworks.names": {"kind.__module__"},  # the names that graphs and files know losses by are made there
    "losses.shares": {"self.method.__name__"},  # a result is kept in the place of its own method
    "benchmarks.accuracy": {"type(loss).__name__", "kind.__name__"},  # names from a command line and from a file
    "verify.proof.integrals": {"type(s).__name__"},  # SymPy makes classes of functions as it needs them
}


def chosen_by_name(tree):
    """Names of types and modules that decide something: compared, looked up, matched, or imported by."""
    deciding = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.Subscript | ast.Match):
            deciding.append(node.slice if isinstance(node, ast.Subscript) else node)
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("startswith", "endswith", "get", "getattr", "import_module", "__import__"):
                deciding.append(node)
    names = {n for top in deciding for n in ast.walk(top) if isinstance(n, ast.Attribute)}
    return {ast.unparse(n) for n in names if n.attr in ("__module__", "__name__")}


@pytest.mark.parametrize("house", [*BELOW, *OUTSIDE])
def test_no_star_and_nothing_chosen_by_a_name(house):
    inside = outside(house) if house in OUTSIDE else {n: p for n, p in modules().items() if room(n, BELOW) == house}
    assert inside
    for name, path in inside.items():
        tree = parsed(path)
        stars = [a for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names if a.name == "*"]
        assert not stars, name
        assert chosen_by_name(tree) <= BY_NAME.get(name, set()), name
