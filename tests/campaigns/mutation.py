"""Small faults put into a function while everything stays loaded: where they can go, and putting one in.

A mutant is one changed place inside a function: a comparison turned, `and` for `or`, a condition denied, a number one
higher, a call left out, None given back. The module is compiled with it, and the function's code object is exchanged:
whoever imported the function has it, and no table is defined twice. Only what stands inside functions can be changed so.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Mult: ast.Add,
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutant:
    """One changed place: the `number`-th change that `file` offers, in the function `within`."""

    file: Path
    number: int
    within: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line} {self.within}: {self.says}"


def mutants_in(file: Path) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        Mutant(file, number, within, node.lineno, says) for number, (within, node, says, _) in enumerate(_changes(tree))
    ]


def put_in(mutant: Mutant, module: types.ModuleType) -> None:
    """Exchange the code of the function it is in. Raises LookupError where that function cannot be reached."""
    tree = ast.parse(mutant.file.read_text(encoding="utf-8"))
    *_, change = list(_changes(tree))[mutant.number]
    change()
    code = compile(ast.fix_missing_locations(tree), str(mutant.file), "exec", dont_inherit=True)
    changed = next((one for one in _codes(code) if one.co_qualname == mutant.within), None)
    function = _function(module, mutant.within)
    if changed is None or len(changed.co_freevars) != len(function.__code__.co_freevars):
        raise LookupError(str(mutant))
    function.__code__ = changed
    forget_made()


def forget_made() -> None:
    """Let what functions of the product made once (`functools.cache`) be made again: a statement, with a fault in it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("handoff."):
            for one in vars(module).values():
                if callable(clear := getattr(one, "cache_clear", None)):
                    clear()


def _changes(tree: ast.Module) -> Iterator[tuple[str, Any, str, Callable[[], None]]]:
    """Each place: the function it is in, the node, what the change says, and what makes it in `tree`."""
    for name, function in _functions(tree, ""):
        for node in _inside(function):
            for says, change in _of(node):
                yield name, node, says, change


def _functions(node: ast.AST, trail: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield trail + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{trail}{child.name}.")


def _inside(function: Function) -> Iterator[ast.AST]:
    """The nodes of a body, without what is said to people, annotations and docstrings."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise | ast.AnnAssign) or _is_text(node):
            continue
        yield node
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _of(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    """What can be changed at a node, with what is to be read of it."""
    was = ast.unparse(node) if hasattr(node, "lineno") else ""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        yield f"{was}: comparison turned", lambda: node.ops.__setitem__(0, TURNED[type(node.ops[0])]())
    elif isinstance(node, ast.BoolOp):
        yield f"{was}: and/or exchanged", lambda: setattr(node, "op", ast.Or() if _is_and(node) else ast.And())
    elif isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        yield f"{was}: operator exchanged", lambda: setattr(node, "op", SUMS[type(node.op)]())
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        denied = ast.UnaryOp(ast.Not(), deepcopy(node.test))
        yield f"condition {ast.unparse(node.test)}: denied", lambda: setattr(node, "test", denied)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield f"{was}: denied", lambda: setattr(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{was}: one more", lambda: setattr(node, "value", node.value + 1)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield f"{was}: None given back", lambda: setattr(node, "value", ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield f"{was}: left out", lambda: setattr(node, "value", ast.Constant(None))


def _is_and(node: ast.BoolOp) -> bool:
    return isinstance(node.op, ast.And)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield one
            yield from _codes(one)


def _function(module: types.ModuleType, trail: str) -> Any:
    """The plain function called `trail` in `module`, out of whatever is wrapped around it."""
    found: Any = module
    for name in trail.split("."):
        found = vars(found)[name]
        found = getattr(found, "func", None) if isinstance(found, cached_property) else found
        found = getattr(found, "fget", None) or getattr(found, "__func__", None) or found
        while hasattr(found, "__wrapped__"):
            found = found.__wrapped__
    if not isinstance(found, types.FunctionType):
        raise LookupError(trail)
    return found


class Seen:
    """A pytest plugin: which tests run which lines of some files, and how long each test takes."""

    def __init__(self, files: frozenset[str]) -> None:
        self.files, self.now = files, ""
        self.lines: dict[tuple[str, int], set[str]] = {}
        self.failed: list[str] = []
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.now = nodeid
        forget_made()

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.append(report.nodeid)

    def trace(self, frame: types.FrameType, event: str, _arg: object) -> Any:
        if frame.f_code.co_filename not in self.files:
            return None
        if event == "line":
            self.lines.setdefault((frame.f_code.co_filename, frame.f_lineno), set()).add(self.now)
        return self.trace

    def __enter__(self) -> Seen:
        sys.settrace(self.trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
