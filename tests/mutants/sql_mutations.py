"""Mistakes that one makes in SQL and Jinja, found by pattern: no parser reads the text of a macro."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mutation import Mutation

COMMENT = re.compile(r"\{#.*?#\}|(?m:--[^\n]*$)", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
# words of English that are none of SQL: a text with one of them is a message or a description
ENGLISH = re.compile(r"\b(the|of|that|which|there|are|an|has|have|its|than|these|such|it|to)\b")

# what is looked for, and what takes the place of its first group
SWAPS = [
    ("comparison", r"(?<=\s)(>=)(?=\s)", ">"),
    ("comparison", r"(?<=\s)(>)(?=\s)", ">="),
    ("comparison", r"(?<=\s)(<=)(?=\s)", "<"),
    ("comparison", r"(?<=\s)(<)(?=\s)", "<="),
    ("comparison", r"(?<=\s)(<>|!=)(?=\s)", "="),
    ("comparison", r"(?<=\s)(==)(?=\s)", "!="),
    ("boolean operator", r"\b(and)\b(?=\s)", "or"),
    ("boolean operator", r"\b(or)\b(?=\s)", "and"),
    ("null test", r"\bis( not)? null\b", None),
    ("negation", r"(?<!is )\b(not )(?!null|matched|exists)", ""),
    ("extreme", r"\b(min)(?=\()", "max"),
    ("extreme", r"\b(max)(?=\()", "min"),
    ("extreme", r"\b(least)(?=\()", "greatest"),
    ("extreme", r"\b(greatest)(?=\()", "least"),
    ("order", r"\s(asc)\b", "desc"),
    ("order", r"\s(desc)\b", "asc"),
    ("order", r"\bnulls (last)\b", "first"),
    ("order", r"\bnulls (first)\b", "last"),
    (
        "order key",
        r"\w (?:asc|desc)(?: nulls last| nulls first)?(,\s+[^,()\n]+ (?:asc|desc)(?: nulls last)?)(?=\s*[\n)])",
        "",
    ),
    ("distinct", r"\b(distinct )", ""),
    ("join", r"\b(left) join\b", "inner"),
    ("join", r"\b(inner) join\b", "left"),
    ("sum", r"\b(sum)(?=\()", "max"),
    ("predicate", r"\n([ \t]+and [^\n{}]+)(?=\n)", ""),
    ("constant", r"(?<=[\s(])(?<!indent\()(\d+)(?=[\s),]|$)", None),
    ("arithmetic", r"(?<=\w \n)(\+)(?= )|(?<=[\w)] )(\+)(?= [\w(])", "-"),
    ("arithmetic", r"(?<=[\w)] )(-)(?= [\w(])", "+"),
]
# numbers that are data, of which each would need a test of its own
DATA = ("macros/prepare/_calling_plans.sql",)
EQUALS = re.compile(r"(?<=[\w)'}] )(=)(?= )")
COALESCE = re.compile(r"\bcoalesce(?=\()")


def sql_mutations(file: str, source: bytes) -> list[Mutation]:
    """Every mutation of a macro, in the order of the text."""
    text = source.decode("utf-8")
    hidden = _hidden(text)
    found = [
        Mutation(file, kind, len(text[:start].encode()), len(text[:end].encode()), replacement.encode())
        for kind, start, end, replacement in {*_swaps(text), *_equals(text), *_coalesces(text)}
        if not any(start < last and first < end for first, last in hidden) and not (kind == "constant" and file in DATA)
    ]
    return sorted(found, key=lambda each: (each.start, each.end, each.kind, each.replacement))


def _hidden(text: str) -> list[tuple[int, int]]:
    """Comments, and the English texts inside Jinja."""
    comments = [match.span() for match in COMMENT.finditer(text)]
    blanked = COMMENT.sub(lambda match: " " * len(match[0]), text)
    english = [
        (block.start() + literal.start(), block.start() + literal.end())
        for block in JINJA.finditer(blanked)
        for literal in LITERAL.finditer(block[0])
        if ENGLISH.search(literal[0])
    ]
    return comments + english


def _swaps(text: str) -> Iterator[tuple[str, int, int, str]]:
    for kind, pattern, replacement in SWAPS:
        for match in re.finditer(pattern, text):
            if kind == "null test":
                yield kind, *match.span(), "is null" if match[1] else "is not null"
            elif kind == "constant":
                yield kind, *match.span(1), str(int(match[1]) + 1)
            else:
                group = match.lastindex or 0
                yield kind, *match.span(group), str(replacement)


def _equals(text: str) -> Iterator[tuple[str, int, int, str]]:
    """`=` compares in SQL; in a Jinja tag it assigns, unless it is inside a text."""
    assigning = [span for block in JINJA.finditer(text) for span in _outside_literals(block[0], block.start())]
    for match in EQUALS.finditer(text):
        if not any(first <= match.start() < last for first, last in assigning):
            yield "comparison", *match.span(1), "<>"


def _outside_literals(block: str, offset: int) -> Iterator[tuple[int, int]]:
    end = 0
    for literal in LITERAL.finditer(block):
        yield offset + end, offset + literal.start()
        end = literal.end()
    yield offset + end, offset + len(block)


def _coalesces(text: str) -> Iterator[tuple[str, int, int, str]]:
    """`coalesce(a, b)` becomes `a`, where both are on one line and in one text."""
    for match in COALESCE.finditer(text):
        depth, comma = 0, 0
        for place in range(match.end(), len(text)):
            letter = text[place]
            if letter in '\n"~':
                break
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if letter == "," and depth == 1 and not comma:
                comma = place
            if depth == 0:
                if comma and text[match.end() : comma].count("'") % 2 == text[comma:place].count("'") % 2 == 0:
                    yield "coalesce", match.start(), place + 1, text[match.end() + 1 : comma]
                break
