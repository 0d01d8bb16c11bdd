"""The checker's own functions, each changed at one place: does a statement with a known answer notice?

A function's code is exchanged in a process of its own, and the statements that run through the function are checked
again, quickest first, until a verdict differs from the right one. What none notices is reported: a rule that no test
holds.
"""

from __future__ import annotations
import __future__

import ast
import copy
import gc
import hashlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

ROOT = Path(__file__).parents[2]
VERIFY = ROOT / "lossutils" / "verify"
ROOMS = ("proof", "differentiate.py", "conditions.py", "meaning", "points/compare.py", "judge.py")
SECONDS = 15.0  # of statements for one mutant
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
WORDS = {"all": "any", "any": "all", "min": "max", "max": "min", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def files() -> list[Path]:
    """The checker's files that hold rules."""
    found = (VERIFY / room for room in ROOMS)
    return sorted(p for f in found for p in ([f] if f.suffix else f.glob("*.py")) if p.name != "__init__.py")


def changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What one node may be changed to."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        swapped = SWAPPED[type(node.ops[0])]()
        yield "comparison", ast.Compare(node.left, [swapped, *node.ops[1:]], node.comparators)  # type: ignore[list-item]
    elif isinstance(node, ast.BoolOp):
        yield "operator", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        swapped_op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield "operator", ast.BinOp(node.left, swapped_op, node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not left out", node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "truth", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "number", ast.Constant(node.value + 1)
    elif isinstance(node, ast.Constant) and node.value in WORDS:
        yield "relation", ast.Constant(WORDS[str(node.value)])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORDS:
        yield "all or any", ast.Call(ast.Name(WORDS[node.func.id], ast.Load()), node.args, node.keywords)


Mutant = tuple[str, int, str, CodeType]  # file, first line of the function, what was changed, the function's new code


def mutants(path: Path) -> Iterator[Mutant]:
    """Every function of a file, each time with one change."""
    source = path.read_text(encoding="utf-8")
    for part, function in [
        (p, n) for p in ast.parse(source).body for n in ast.walk(p) if isinstance(n, ast.FunctionDef)
    ]:
        first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        for node in [n for statement in function.body for n in ast.walk(statement)]:
            for kind, new in changed(node):
                code = _inner(_compiled(_with(part, node, new), path), function.name, first)
                if code is not None:
                    said = f"{kind}: {ast.unparse(new)[:60]} for {ast.unparse(node)[:60]}"
                    yield str(path.relative_to(ROOT)), first, f"line {getattr(node, 'lineno', first)}, {said}", code


def _with(part: ast.stmt, old: ast.AST, new: ast.AST) -> ast.Module:
    """A function or a class with one node exchanged, as a module; what it was is left as it is."""
    for parent in ast.walk(part):
        for name, value in ast.iter_fields(parent):
            at = next((k for k, v in enumerate(value) if v is old), None) if isinstance(value, list) else None
            if value is old or at is not None:
                put = ast.fix_missing_locations(ast.copy_location(new, old))
                _put(parent, name, at, put)
                found = copy.deepcopy(part)
                _put(parent, name, at, old)
                return ast.Module([found], [])
    return ast.Module([part], [])


def _put(parent: ast.AST, name: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[at] = node


def _compiled(tree: ast.Module, path: Path) -> CodeType:
    flags = __future__.annotations.compiler_flag
    found: CodeType = compile(tree, str(path), "exec", flags=flags, dont_inherit=True)
    return found


def _inner(code: CodeType, name: str, first: int) -> CodeType | None:
    """The code of a function inside of a module's."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_name == name and constant.co_firstlineno == first:
                return constant
            if (found := _inner(constant, name, first)) is not None:
                return found
    return None


def identity(mutant: Mutant) -> str:
    """A name that stays while the function and the change do."""
    return hashlib.sha256(f"{mutant[0]}|{mutant[2].split(', ', 1)[1]}|{mutant[1]}".encode()).hexdigest()[:16]


class Statements:
    """Statements with known verdicts, and which functions each runs through."""

    def __init__(self, checks: list[tuple[str, Any]]) -> None:
        self.checks = checks  # a name, and a function without arguments that tells what is found
        self.right: list[Any] = []
        self.seconds: list[float] = []
        self.through: list[set[tuple[str, int]]] = []
        for _, check in checks:
            seen: set[tuple[str, int]] = set()

            def note(frame: Any, event: str, _: Any, seen: set[tuple[str, int]] = seen) -> None:
                if event == "call" and frame.f_code.co_filename.startswith(str(VERIFY)):
                    seen.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

            start = time.process_time()
            sys.setprofile(note)
            self.right.append(check())
            sys.setprofile(None)
            self.seconds.append(time.process_time() - start)
            self.through.append(seen)

    def noticing(self, mutant: Mutant) -> str:
        """What notices a mutant: a statement's name; "never run" if none runs through it, or nothing."""
        where = (str(ROOT / mutant[0]), mutant[1])
        order = sorted((k for k, s in enumerate(self.through) if where in s), key=lambda k: self.seconds[k])
        if not order:
            return "never run"
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            os.write(write, self._found(mutant, order).encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            found = pipe.read().decode()
        os.waitpid(child, 0)
        return found or "the process ended"

    def _found(self, mutant: Mutant, order: list[int]) -> str:
        _exchange(mutant)
        left = SECONDS
        for k in order:
            start = time.process_time()
            try:
                if self.checks[k][1]() != self.right[k]:
                    return self.checks[k][0]
            except BaseException as error:
                return f"{type(error).__name__}: {self.checks[k][0]}"
            left -= time.process_time() - start
            if left < 0:
                break
        return "nothing"


def _exchange(mutant: Mutant) -> None:
    """Give a function its changed code, wherever it is held."""
    for f in gc.get_objects():
        if isinstance(f, FunctionType):
            own, new = f.__code__, mutant[3]
            if (own.co_filename, own.co_firstlineno, own.co_name) == (str(ROOT / mutant[0]), mutant[1], new.co_name):
                f.__code__ = new
