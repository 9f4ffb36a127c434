# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The JSON in a response, within limits that keep the time to parse it, and to walk through it, short."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any

MAX_DEPTH = 100
# With a million, a response takes about a second to parse. A full page of plugins has some hundred thousand.
MAX_VALUES = 1_000_000
MAX_DIGITS = 400
_SURROGATE = re.compile(r"\\u[dD][89abAB]")


class UnusableBody(Exception):
    """The body cannot be used.

    :param what: what it is, such as C(a body that is not JSON).
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def parse_body(content: bytes) -> Any:
    """The data in a body. Raises UnusableBody."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableBody("a body that is not UTF-8") from None
    if sum(map(text.count, ",[{")) > MAX_VALUES:
        raise UnusableBody(f"a body of more than {MAX_VALUES} values")
    try:
        data = json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=_number)
    except RecursionError:
        raise UnusableBody(f"a body that is nested more than {MAX_DEPTH} deep") from None
    except ValueError:
        raise UnusableBody("a body that is not JSON") from None
    if _is_too_deep(data):
        raise UnusableBody(f"a body that is nested more than {MAX_DEPTH} deep")
    if _SURROGATE.search(text):
        _check_encodable(data)
    return data


def a_type(value: Any) -> str:
    """The type of a value in JSON, with its article."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise UnusableBody(f"a number of {len(digits)} digits")
    return int(digits)


def _number(text: str) -> float:
    number = float(text) if len(text) <= MAX_DIGITS else math.nan
    if not math.isfinite(number):
        raise UnusableBody("a number that is not finite")
    return number


def _is_too_deep(data: Any) -> bool:
    level = [data]
    for _depth in range(MAX_DEPTH + 1):
        level = [inner for outer in level for inner in _inner(outer) if isinstance(inner, (dict, list))]
        if not level:
            return False
    return True


def _inner(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _check_encodable(data: Any) -> None:
    """Half of a pair of surrogates is JSON, but no text that could be written anywhere."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise UnusableBody("a text with half of a character in it") from None
