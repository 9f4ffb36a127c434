# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The house rules: each module is known everywhere it must be, imports run downward, and nothing grows too large."""

from __future__ import annotations

import ast
import importlib
import pathlib
import re
from collections.abc import Iterator
from itertools import chain

import pytest
import yaml

from ansible_collections.community.konnect.plugins.module_utils._version import VERSION

ROOT = pathlib.Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
FILES = {path.relative_to(PLUGINS).as_posix(): path.read_text() for path in sorted(PLUGINS.rglob("*.py"))}

# Modules

MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("konnect_*.py"))
MANAGING = [name for name in MODULES if not name.endswith("_info")]
WITHOUT_INFO = {
    "konnect_preflight": "it only reads",
    "konnect_secrets": "konnect_secret_info reads the same secrets",
    "konnect_wait_for_certificate": "it only reads",
    "konnect_wait_for_sync": "it only reads",
}
VERSION_ADDED = re.compile(r"version_added: (\S+)")
RUNTIME = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())


def test_every_module_runs_by_the_action_of_the_collection():
    assert RUNTIME["plugin_routing"]["modules"] == {
        name: {"action_plugin": "community.konnect.konnect"} for name in MODULES
    }


def test_every_module_is_in_its_action_groups():
    package = "ansible_collections.community.konnect.plugins.modules"
    options = {name: importlib.import_module(f"{package}.{name}").SPEC.options for name in MODULES}
    for group, option in (
        ("konnect", "konnect_token"),
        ("control_plane", "control_plane"),
        ("ai_gateway", "ai_gateway"),
    ):
        assert RUNTIME["action_groups"][group] == [name for name in MODULES if option in options[name]]


def test_every_role_has_an_action_group():
    roles = sorted(path.name for path in (ROOT / "roles").iterdir())
    # That of the role ai_gateway cannot have its name, which is that of an option.
    groups = ["ai_gateway_role" if name == "ai_gateway" else name for name in roles]
    assert sorted(RUNTIME["action_groups"]) == sorted(["control_plane", "ai_gateway", "konnect", *groups])


def test_every_module_that_manages_something_is_in_the_table_of_the_readme():
    rows = re.findall(r"^\| `community\.konnect\.(konnect_\w+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == MANAGING


def test_every_module_has_an_info_module_or_a_reason():
    without_info = [name for name in MANAGING if f"{name}_info" not in MODULES]
    assert without_info == sorted(WITHOUT_INFO)
    assert [name for name in MODULES if name.endswith("_info") and name.removesuffix("_info") not in MODULES] == []


# What a later wait for data planes takes; control planes have nothing above them that could be waited for.
FOR_A_WAIT = ("written_at", "expected_hashes")
READING = ("konnect_preflight", "konnect_wait_for_certificate", "konnect_wait_for_sync")
WRITING = [name for name in MANAGING if name not in ("konnect_ai_gateway", "konnect_control_plane", *READING)]


def test_every_module_that_writes_documents_what_a_wait_takes_in_the_same_words():
    documented = {}
    for name in WRITING:
        module = importlib.import_module(f"ansible_collections.community.konnect.plugins.modules.{name}")
        documented[name] = {key: yaml.safe_load(module.RETURN).get(key) for key in FOR_A_WAIT}
    first = documented[WRITING[0]]
    assert all(first.values())
    assert documented == dict.fromkeys(WRITING, first)


def test_the_version_is_that_of_the_collection():
    assert yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"] == VERSION


def test_nothing_is_older_than_the_first_release():
    """antsibull-changelog lists as new what has the version of a release, so it would leave out anything older."""
    documented = [*PLUGINS.rglob("*.py"), *(ROOT / "roles").glob("*/meta/argument_specs.yml")]
    added = {(path.name, found) for path in documented for found in VERSION_ADDED.findall(path.read_text())}
    assert [(name, version) for name, version in added if int(version.partition(".")[0]) < 1] == []


# Imports

# From low to high. A room imports from itself and from those above it in this list, but not from one in its own row.
ROOMS = (
    ("module_utils",),  # the files directly in it
    ("module_utils._client",),
    ("module_utils._entities",),
    ("module_utils._secrets",),
    ("module_utils._references",),
    ("module_utils._plugins",),
    ("module_utils._resources", "module_utils._audit", "module_utils._data_plane"),
    ("module_utils._rotation",),
    ("module_utils._preflight",),
    ("module_utils._module",),
    ("modules",),
)
MAY_IMPORT = {room: {room, *chain(*ROOMS[:level])} for level, row in enumerate(ROOMS) for room in row}
CERTIFICATES = "plugin_utils._certificates"
MAY_IMPORT |= {CERTIFICATES: {"module_utils", CERTIFICATES}}
MAY_IMPORT |= {room: {"module_utils", CERTIFICATES, room} for room in ("plugin_utils._report", "plugin_utils._roles")}
FOR_TEMPLATES = {"module_utils", "plugin_utils._report", "plugin_utils._roles", "plugin_utils._summary"}
MAY_IMPORT |= {"plugin_utils._summary": FOR_TEMPLATES - {"plugin_utils._roles"}}
MAY_IMPORT |= dict.fromkeys(("filter", "test", "lookup"), FOR_TEMPLATES)
MAY_IMPORT["plugin_utils._inventory"] = {
    *("plugin_utils._inventory", "module_utils", "module_utils._client", "module_utils._entities"),
    *("module_utils._resources", "module_utils._data_plane", "module_utils._module"),
}
MAY_IMPORT["inventory"] = {"module_utils", "plugin_utils._inventory"}
# The files directly in plugin_utils are what the action is made of.
MAY_IMPORT |= dict.fromkeys(("plugin_utils", "action"), {"module_utils", "module_utils._module", "plugin_utils"})
MAY_IMPORT |= {"doc_fragments": set()}


def imports(path: str, source: str) -> Iterator[str]:
    """What a file imports of the collection, such as module_utils._entities.kinds.Kind."""
    plugins = ["ansible_collections", "community", "konnect", "plugins"]
    here = [*plugins, *path.removesuffix(".py").split("/")]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        package = node.module.split(".") if isinstance(node, ast.ImportFrom) and node.module else []
        if isinstance(node, ast.ImportFrom) and node.level:
            package = here[: -node.level] + package
        names = [[*package, *alias.name.split(".")] for alias in node.names]
        yield from (".".join(name[4:]) for name in names if name[:4] == plugins)


def room_of(name: str) -> str:
    kind, _dot, rest = name.partition(".")
    room = f"{kind}.{rest.partition('.')[0]}"
    return room if room in MAY_IMPORT else kind


def forbidden_imports(path: str, source: str) -> list[str]:
    room = path.rpartition("/")[0].replace("/", ".")
    if room not in MAY_IMPORT:
        return [f"{room} is not in the list of rooms"]
    return [name for name in imports(path, source) if room_of(name) not in MAY_IMPORT[room]]


@pytest.mark.parametrize("path", FILES)
def test_a_file_imports_only_from_its_room_and_lower_ones(path):
    assert forbidden_imports(path, FILES[path]) == []


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("module_utils/_client/x.py", "from .._entities import kinds", "module_utils._entities.kinds"),
        ("module_utils/_masking.py", "from ._client.client import T", "module_utils._client.client.T"),
        ("module_utils/_audit/x.py", "from .._resources.vault import y", "module_utils._resources.vault.y"),
        ("module_utils/_resources/x.py", "from .. import _audit", "module_utils._audit"),
        ("module_utils/_data_plane/x.py", "from .._resources.vault import y", "module_utils._resources.vault.y"),
        ("module_utils/_secrets/x.py", "def f():\n    from .._plugins import x", "module_utils._plugins.x"),
        ("module_utils/_new/x.py", "import json", "module_utils._new is not in the list of rooms"),
        ("modules/x.py", "from ..action.konnect import ActionModule", "action.konnect.ActionModule"),
        (
            "filter/x.py",
            "import ansible_collections.community.konnect.plugins.module_utils._entities.kinds",
            "module_utils._entities.kinds",
        ),
        (
            "test/x.py",
            "from ansible_collections.community.konnect.plugins.module_utils import _client",
            "module_utils._client",
        ),
        ("plugin_utils/_report/x.py", "from .._action import x", "plugin_utils._action.x"),
        ("inventory/x.py", "from ..module_utils._client.client import x", "module_utils._client.client.x"),
        ("plugin_utils/_inventory/x.py", "from .._action import x", "plugin_utils._action.x"),
        ("plugin_utils/_action.py", "from ..module_utils._client.client import x", "module_utils._client.client.x"),
    ],
)
def test_an_import_that_is_not_allowed_is_found(path, source, found):
    assert forbidden_imports(path, source) == [found]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("module_utils/_entities/x.py", "from . import lookup\nfrom .kinds import x\nfrom .._errors import y"),
        (
            "modules/x.py",
            "import json\nfrom ansible.module_utils.basic import AnsibleModule\nfrom ..module_utils import x",
        ),
        ("filter/x.py", "from ..plugin_utils._report.page import x\nfrom ..module_utils._errors import InvalidInput"),
        ("action/x.py", "from ..plugin_utils._action import ActionModule"),
    ],
)
def test_imports_that_are_allowed(path, source):
    assert forbidden_imports(path, source) == []


# Sizes

MOST_LINES, MOST_FUNCTION_LINES = 300, 40
DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
# What may be larger, as "file" or "file function", with the reason.
LARGER: dict[str, str] = {}


def lines_of(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def code_lines(source: str) -> int:
    """The lines of a file without its documentation for users."""
    documentation = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in DOCUMENTATION
    ]
    return len(source.splitlines()) - sum(map(lines_of, documentation))


def test_files_and_functions_are_small():
    files = [path for path, source in FILES.items() if code_lines(source) > MOST_LINES]
    long = [
        f"{path} {function.name}"
        for path, source in FILES.items()
        for function in functions(source)
        if lines_of(function) > MOST_FUNCTION_LINES
    ]
    assert sorted([*files, *long]) == sorted(LARGER)


def takes_client_and_control_plane(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = function.args
    taken = " ".join(map(ast.unparse, [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs])).lower()
    return "client" in taken and ("control_plane" in taken or "controlplane" in taken)


@pytest.mark.parametrize("path", FILES)
def test_no_function_takes_both_client_and_control_plane(path):
    """A control plane knows its client."""
    assert [function.name for function in functions(FILES[path]) if takes_client_and_control_plane(function)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(client, control_plane_id): ...", True),
        ("def f(konnect: KonnectClient, *, parent: ControlPlane): ...", True),
        ("def f(client): ...", False),
        ("def f(control_plane): ...", False),
    ],
)
def test_a_function_that_takes_both_is_found(source, found):
    assert [takes_client_and_control_plane(function) for function in functions(source)] == [found]
