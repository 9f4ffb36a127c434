# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kong's router expressions: parsed, checked against the fields that exist, and matched with a request.

Sources: Kong/atc-router (grammar, parser, interpreter), Kong's documentation of the expressions router for the fields.
As there, ``||`` binds tighter than ``&&``, ``!`` stands only before a parenthesis, and a field that a request does not
have makes a predicate false.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Type = Literal["String", "Int", "IpAddr", "IpCidr"]
# The values of each field of a request, by its name; a header or query may have several.
Fields = Mapping[str, Sequence[Any]]

STREAM_PROTOCOLS = frozenset(("tcp", "tls", "tls_passthrough", "udp"))
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<raw>r\#"(?P<raw_text>.*?)"\#)
    | (?P<text>"(?P<quoted>(?:[^"\\]|\\["\\nrt])*)")
    | (?P<sign>&&|\|\||==|!=|\^=|=\^|>=|<=|>|<|~|!|\(|\))
    | (?P<not_in>not\s+in\b)
    | (?P<word>[A-Za-z0-9_.:/-]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\t": "\t"}
_COMMON: dict[str, Type] = {
    "net.protocol": "String",
    "tls.sni": "String",
    "net.src.ip": "IpAddr",
    "net.src.port": "Int",
    "net.dst.ip": "IpAddr",
    "net.dst.port": "Int",
}
_HTTP: dict[str, Type] = {
    "http.method": "String",
    "http.host": "String",
    "http.path": "String",
    "http.path.segments.len": "Int",
}
_HTTP_PATTERNS = re.compile(r"http\.(headers\.[a-z0-9_]+|queries\..+|path\.segments\.(0|[1-9]\d*)(_[1-9]\d*)?)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "^=": str.startswith,
    "=^": str.endswith,
    "contains": operator.contains,
    "in": lambda address, network: address in network,
    "not in": lambda address, network: address not in network,
    "~": lambda text, pattern: pattern.search(text) is not None,
}
_ALLOWED: dict[tuple[Type, Type], tuple[str, ...]] = {
    ("String", "String"): ("==", "!=", "~", "^=", "=^", "contains"),
    ("Int", "Int"): ("==", "!=", ">=", ">", "<=", "<"),
    ("IpAddr", "IpAddr"): ("==",),
    ("IpAddr", "IpCidr"): ("in", "not in"),
}


class InvalidExpression(ValueError):
    """A text that Kong's router does not take as an expression."""


@dataclass
class _Match:
    """What the fields were matched by, for the path that a route strips."""

    values: dict[str, str] = field(default_factory=dict)


Node = Callable[[Fields, _Match], bool]


@dataclass(frozen=True)
class Expression:
    """One that can be matched."""

    node: Node

    @classmethod
    def parse(cls, text: str, protocols: Iterable[str]) -> Expression:
        """Raises InvalidExpression."""
        known = _COMMON if STREAM_PROTOCOLS & {*protocols} else {**_COMMON, **_HTTP}
        parser = _Parser(_tokens(text), known)
        node = parser.conjunction()
        if parser.tokens:
            raise InvalidExpression(f"expected logical_operator, found {parser.tokens[0]}")
        return cls(node)

    def matched_path(self, fields: Fields) -> str | None:
        """Return the part of the path that matched, which may be empty; None when the request does not match."""
        match = _Match()
        return match.values.get("http.path", "") if self.node(fields, match) else None


def _tokens(text: str) -> list[str]:
    """Return the tokens; texts begin with a quotation mark, and are unescaped."""
    tokens: list[str] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            position = end - len(text[position:end].lstrip())
            raise InvalidExpression(f"expected term at {position + 1}")
        if found["raw"] is not None:
            tokens.append('"' + found["raw_text"])
        elif found["text"] is not None:
            tokens.append('"' + re.sub(r"\\.", lambda escape: _ESCAPES[escape[0]], found["quoted"]))
        else:
            tokens.append("not in" if found["not_in"] else found["sign"] or found["word"])
        position = found.end()
    return tokens


class _Parser:
    """Takes tokens from the beginning of a list."""

    def __init__(self, tokens: list[str], known: Mapping[str, Type]) -> None:
        self.tokens = tokens
        self._known = known

    def conjunction(self) -> Node:
        terms = [self._disjunction()]
        while self._take("&&"):
            terms.append(self._disjunction())
        return lambda fields, match: all(term(fields, match) for term in terms)

    def _disjunction(self) -> Node:
        terms = [self._term()]
        while self._take("||"):
            terms.append(self._term())
        return lambda fields, match: any(term(fields, match) for term in terms)

    def _term(self) -> Node:
        negated = self.tokens[:2] == ["!", "("] and self._take("!")
        if not self._take("("):
            return self._predicate()
        inner = self.conjunction()
        self._expect(")")
        return (lambda fields, match: not inner(fields, match)) if negated else inner

    def _predicate(self) -> Node:
        functions = []
        while self.tokens[1:2] == ["("]:
            functions.append(self._next())
            self._expect("(")
        name = self._next()
        for _function in functions:
            self._expect(")")
        field_type = self._type_of(name)
        comparison, constant = self._next(), self._next()
        constant_type, value = _constant(constant)
        if comparison not in _ALLOWED.get((field_type, constant_type), ()):
            raise InvalidExpression(f"{field_type} {comparison} {constant_type} is not supported: {name}")
        _check_functions(functions, field_type)
        pattern = _compiled(value) if comparison == "~" else None
        return _predicate(name, functions, comparison, value if pattern is None else pattern)

    def _type_of(self, name: str) -> Type:
        if name in self._known:
            return self._known[name]
        if "http.path" in self._known and _HTTP_PATTERNS.fullmatch(name):
            return "String"
        raise InvalidExpression(f"unknown field {name}")

    def _take(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        del self.tokens[0]
        return True

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise InvalidExpression(f"expected {token}")

    def _next(self) -> str:
        if not self.tokens:
            raise InvalidExpression("expected term")
        return self.tokens.pop(0)


def _constant(token: str) -> tuple[Type, Any]:
    if token.startswith('"'):
        return "String", token[1:]
    try:
        if re.fullmatch(r"-?(0x[0-9A-Fa-f]+|[0-9]+)", token):
            digits = token.lstrip("-")
            base = 16 if digits.startswith("0x") else 8 if re.fullmatch("0[0-7]+", digits) else 10
            return "Int", int(token, base)
        return ("IpCidr", ipaddress.ip_network(token)) if "/" in token else ("IpAddr", ipaddress.ip_address(token))
    except ValueError:
        raise InvalidExpression(f"expected rhs, found {token}") from None


def _check_functions(functions: Sequence[str], field_type: Type) -> None:
    for function in functions:
        if function not in ("lower", "any"):
            raise InvalidExpression(f"unknown transformation function: {function}")
    if "lower" in functions and field_type != "String":
        raise InvalidExpression("lower-case transformation function only supported with String type fields")


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern.replace("(?<", "(?P<"))
    except re.error as error:
        raise InvalidExpression(f"regex parse error: {error}") from None


def _predicate(name: str, functions: Sequence[str], comparison: str, constant: Any) -> Node:
    compare, combine = _COMPARISONS[comparison], any if "any" in functions else all

    def matches(fields: Fields, match: _Match) -> bool:
        values = fields.get(name, ())
        if "lower" in functions:
            values = [value.lower() for value in values]
        if not values or not combine(compare(value, constant) for value in values):
            return False
        if comparison == "~":
            match.values[name] = constant.search(values[0])[0]
        elif comparison in ("==", "^=", "=^"):
            match.values[name] = str(constant)
        return True

    return matches
