"""Mistakes that one makes in Python, found in the syntax tree and made in the text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mutation import Mutation

Change = tuple[str, int, int, bytes]

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: (r"\*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: (r"\|", "&"),
}
# where a number is a matter of taste: how a chart is laid out, and how often made-up data has which mistake
TASTE = (
    "python/dbt_dedup/explain/picture.py",
    "python/dbt_dedup/report/svg.py",
    "python/dbt_dedup/report/charts.py",
    "python/dbt_dedup/synthesize/",
)
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum"}


def python_mutations(file: str, source: bytes) -> list[Mutation]:
    """Every mutation of a module, in the order of the text. Annotations, decorators and texts are left as they are."""
    left_out = {"constant"} if file.startswith(TASTE) else set()
    changes = sorted(set(_Changes(source).of(ast.parse(source))), key=lambda change: change[1:])
    return [Mutation(file, kind, start, end, text) for kind, start, end, text in changes if kind not in left_out]


class _Changes:
    """What can be changed in a tree, as kind, start, end and new text; offsets are in bytes, as those of `ast`."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.line_starts = [0, *(match.end() for match in re.finditer(b"\n", source))]

    def of(self, node: ast.AST) -> Iterator[Change]:
        """The changes of a node and of what is inside it."""
        yield from self._here(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_left(child):
                    yield from self.of(child)

    def _here(self, node: ast.AST) -> Iterator[Change]:
        if isinstance(node, ast.Compare):
            terms = [node.left, *node.comparators]
            for left, operator, right in zip(terms, node.ops, terms[1:], strict=False):
                yield from self._between("comparison", left, right, *COMPARISONS[type(operator)])
        elif isinstance(node, ast.BoolOp):
            is_and = isinstance(node.op, ast.And)
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from self._between("boolean operator", left, right, *(("and", "or") if is_and else ("or", "and")))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield "negation", self._start(node), self._start(node) + len(b"not"), b""
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            if not any(_is_text(side) for side in (node.left, node.right)):
                yield from self._between("arithmetic", node.left, node.right, *ARITHMETIC[type(node.op)])
        elif isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in FUNCTIONS:
                end = self._end(node.func)
                yield "extreme", end - len(name), end, FUNCTIONS[name].encode()
        elif isinstance(node, ast.Return) and node.value and not _is_none(node.value):
            yield "returned value", self._start(node.value), self._end(node.value), b"None"
        elif isinstance(node, (ast.Raise, ast.AugAssign)) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        ):
            yield "statement", self._start(node), self._end(node), b"pass"
        elif isinstance(node, (ast.Break, ast.Continue)):
            swapped = b"continue" if isinstance(node, ast.Break) else b"break"
            yield "statement", self._start(node), self._end(node), swapped

    def _constant(self, node: ast.Constant) -> Iterator[Change]:
        if isinstance(node.value, bool):
            changed = repr(not node.value)
        elif isinstance(node.value, int):
            changed = repr(node.value + 1)
        elif isinstance(node.value, float):
            changed = repr(node.value * 2 if node.value else 1.0)
        else:
            return
        yield "constant", self._start(node), self._end(node), changed.encode()

    def _between(self, kind: str, left: ast.expr, right: ast.expr, operator: str, swapped: str) -> Iterator[Change]:
        """Replace the operator, which is the only one between the two sides, next to brackets and white space."""
        offset = self._end(left)
        match = re.search(operator.encode(), self.source[offset : self._start(right)])
        if match:
            yield kind, offset + match.start(), offset + match.end(), swapped.encode()

    def _start(self, node: ast.expr | ast.stmt) -> int:
        return self.line_starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.line_starts[node.end_lineno - 1] + node.end_col_offset


def _is_left(node: ast.AST) -> bool:
    """Whether it is a text, or says only what always holds: an assertion, or `strict=True` of what is equally long."""
    return isinstance(node, (ast.JoinedStr, ast.Assert)) or (isinstance(node, ast.keyword) and node.arg == "strict")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
