# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Old names of fields (shorthand fields), under which Kong takes values and stores them under today's names.

Source: ``process_auto_fields`` and the functions of shorthand fields in Kong Gateway 3.10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .normalize import fill
from .schema import Path, Spec, fields_of, shorthands_of, targets


def with_new_names(spec: Spec, value: Any) -> Any:
    """A configuration with today's names alone; of an old and a new name that are both given, the new one counts."""
    if isinstance(value, list):
        return [with_new_names(spec.get("elements") or {}, item) for item in value]
    if spec.get("type") != "record" or not isinstance(value, Mapping):
        return value
    fields = fields_of(spec)
    result = {name: with_new_names(fields.get(name, {}), item) for name, item in value.items()}
    for name, shorthand in _old_names(spec, value):
        given = result.pop(name)
        for path in targets(spec, name, shorthand):
            inner = result
            for step in path[:-1]:
                if not isinstance(inner.get(step), dict):
                    inner[step] = {}
                inner = inner[step]
            if inner.get(path[-1]) is None:
                inner[path[-1]] = _new_form(shorthand, _field(spec, path), given)
    return result


def refused(spec: Spec, value: Any, path: str = "config") -> Iterator[tuple[str, str]]:
    """The path of each old name that must not be sent, with the reason.

    Konnect would store nothing under a name whose successor is not known, and refuses an old and a new name that say
    different things.
    """
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from refused(spec.get("elements") or {}, item, f"{path}.{number}")
    if spec.get("type") != "record" or not isinstance(value, Mapping):
        return
    for name, field in fields_of(spec).items():
        yield from refused(field, value.get(name), f"{path}.{name}")
    for name, shorthand in _old_names(spec, value):
        if value[name] is None:
            continue
        paths = targets(spec, name, shorthand)
        if not paths:
            message = (shorthand.get("deprecation") or {}).get("message")
            yield f"{path}.{name}", message or "Kong accepts this old name, and it has no effect any more"
        for new in paths:
            if _is_at_odds(_field(spec, new), _new_form(shorthand, _field(spec, new), value[name]), _at(value, new)):
                yield f"{path}.{name}", f"the old name of {path}.{'.'.join(new)}, which is given another value"


def _old_names(spec: Spec, config: Mapping[str, Any]) -> list[tuple[str, Spec]]:
    """The old names in a configuration; a name that is also that of a field is none."""
    fields = fields_of(spec)
    return [(name, field) for name, field in shorthands_of(spec).items() if name in config and name not in fields]


def _is_at_odds(field: Spec, old: Any, new: Any) -> bool:
    return new is not None and fill(field, old) != fill(field, new)


def _new_form(shorthand: Spec, field: Spec, value: Any) -> Any:
    """The value of an old name in the form of its new one, where the two differ."""
    elements: Spec = field.get("elements") or {}
    if isinstance(value, list) and (shorthand.get("elements") or {}).get("type") == "string":
        if elements.get("type") == "record":
            return [_address(elements, item) for item in value]
        if elements.get("type") in ("array", "set"):
            return [value] if value else []
    choices = field.get("one_of") or []
    return "Lax" if value == "off" and "Lax" in choices and "off" not in choices else value


def _address(node: Spec, address: Any) -> Any:
    """C(host:port) as a record of a host, whatever it is called, and a port."""
    host, colon, port = str(address).rpartition(":")
    host_field = next(name for name in fields_of(node) if name != "port")
    if not colon:
        return {host_field: port}
    return {host_field: host, "port": int(port) if port.isascii() and port.isdigit() else port}


def _field(spec: Spec, path: Path) -> Spec:
    for step in path:
        spec = fields_of(spec)[step]
    return spec


def _at(config: Any, path: Path) -> Any:
    for step in path:
        config = config.get(step) if isinstance(config, Mapping) else None
    return config
