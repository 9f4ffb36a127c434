# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The action of every module: runs it in a fork of the worker where that gives the same result, else as Ansible does.

Ansible packs a module and starts a Python for it, which imports everything again; that takes longer than the work of
the module. Where the module would run on this machine with this very Python, a fork of the running process does the
same: the same module with the same arguments, environment and directory, whose output is read as usual. Imports of
this file happen once, in the process that all workers are forked from.

The variable C(konnect_fork) or the environment variable E(KONNECT_FORK) switches it off.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import secrets
import selectors
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from ansible import constants
from ansible.module_utils import basic
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ..module_utils import _known_ids, _predictions
from ..module_utils._errors import InvalidInput
from ..module_utils._module.runner import PROGRESS
from ..module_utils._run_file import KEY_VARIABLE
from ._arguments import guessed_values, holds_secret, unquoted_references, wants_fork

# How modules of collections exchange data with ansible-core 2.19 and newer.
PROFILE = "legacy"
ENCODING: dict[str, Any]
# Whether templates make lists and mappings of texts that look like them.
TEXTS_ARE_GUESSED = False
try:
    from ansible.module_utils import _internal
    from ansible.module_utils.common.json import Direction, get_module_encoder

    ENCODING = {"cls": get_module_encoder(PROFILE, Direction.CONTROLLER_TO_MODULE)}
except ImportError:  # ansible-core 2.18
    from ansible.module_utils.common.json import AnsibleJSONEncoder

    _internal = None
    TEXTS_ARE_GUESSED = not constants.DEFAULT_JINJA2_NATIVE
    ENCODING = {"cls": AnsibleJSONEncoder, "vault_to_text": True}

# These import the rest of the engine with them: once here, instead of in the fork of each task.
for room in (
    *("_audit.rewrite", "_entities.managed_entity", "_plugins.plugin", "_resources.config_store", "_resources.vault"),
    "_secrets.batch",
):
    importlib.import_module(f"..module_utils.{room}", __package__)

# Variables that a Python and its libraries read only when they start.
READ_AT_START = re.compile(r"PYTHON|LD_|OPENSSL_")

# Of the run: workers are forked from the process that imports this file.
RUN_KEY = secrets.token_hex(32)

display = Display()


class ActionModule(NormalAction):
    """Replaces the three steps of Ansible's own run that differ: packing, environment, and execution."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        hides = self._hide_items(variables)
        try:
            self._check_arguments()
            self._share_files(variables)
            self._forks = False
            self._module_name = ""
            self._environment: dict[str, str] = {}
            self._compute_environment_string(self._environment)
            self._forks = self._may_fork(variables)
            result = dict(super().run(tmp, task_vars))
        except InvalidInput as error:
            result = {"changed": False, "failed": True, **error.to_fail_json()}
        if hides and result.get("failed"):
            display.error(f"{self._task.get_name().strip()}: {result.get('msg')}", wrap_text=False)
        return result

    def _check_arguments(self) -> None:
        """Refuse what only the controller can still see. Raises InvalidInput."""
        arguments = self._task.args
        unquoted = unquoted_references(arguments)
        if unquoted:
            raise InvalidInput(
                f"{', '.join(unquoted)} has a secret reference without quotes, which in YAML is a mapping. Put it in "
                'quotes: "{vault://PREFIX/KEY}".'
            )
        guessed = guessed_values(arguments, self._written()) if TEXTS_ARE_GUESSED else []
        if guessed:
            raise InvalidInput(
                f"{', '.join(guessed)} is a list or a mapping after its template was evaluated. This version of "
                "ansible-core makes one of every text that looks like one, so that the text itself is lost. Append "
                "| string to the template for a text, or | to_json for a list or a mapping."
            )

    def _written(self) -> Mapping[str, Any]:
        """The arguments of the task as they are written, with their templates."""
        task = self._task.get_ds()
        names = (self._task.action, "action", "local_action", "args") if isinstance(task, Mapping) else ()
        given = [task[name] for name in names if isinstance(task.get(name), Mapping)]
        return {name: value for arguments in given for name, value in arguments.items()}

    def _hide_items(self, variables: Mapping[str, Any]) -> bool:
        """Switch on no_log where the output of a loop would show a secret that is in its items."""
        if not self._task.loop or self._task.no_log:
            return False
        name = self._task.loop_control.loop_var if self._task.loop_control else "item"
        if not holds_secret(variables.get(name), self._task.args):
            return False
        self._task.no_log = True
        display.warning(
            "The output of tasks is hidden (no_log) where the items of their loop hold secrets. To see it, loop over "
            "the keys and look the values up in the task, or give all secrets to one task of konnect_secrets."
        )
        return True

    def _may_fork(self, task_vars: Mapping[str, Any]) -> bool:
        target = task_vars
        if self._task.delegate_to:
            target = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        wanted = self._templar.template(target.get("konnect_fork", task_vars.get("konnect_fork")))
        return (
            wants_fork(wanted, os.environ.get("KONNECT_FORK"))
            # There, system libraries that requests asks for the proxy do not survive a fork.
            and sys.platform != "darwin"
            and not any(READ_AT_START.match(name) for name in self._environment)
            and self._connection.transport == "local"
            and not self._connection.become
            and not self._task.async_val
            and not constants.DEFAULT_KEEP_REMOTE_FILES
            and self._templar.template(target.get("ansible_python_interpreter")) == sys.executable
        )

    def _is_pipelining_enabled(self, *args: Any, **kwargs: Any) -> bool:
        return self._forks or super()._is_pipelining_enabled(*args, **kwargs)

    def _configure_module(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> Any:
        if not self._forks:
            return super()._configure_module(module_name, module_args, task_vars)
        # Not the resolved action of the task, which in ansible-core 2.18 is this action instead of the module. A task
        # may name the module with or without the collection.
        self._module_name = module_name.rpartition(".")[2]
        data = json.dumps({"ANSIBLE_MODULE_ARGS": module_args}, **ENCODING).encode()
        shebang = f"#!{sys.executable}"
        if _internal is None:
            return "new", shebang, data, module_name
        built = SimpleNamespace(
            b_module_data=data,
            module_style="new",
            shebang=shebang,
            serialization_profile=PROFILE,
            has_async=False,
            has_become=False,
            has_environment=False,
            process_result=None,
            get_command_args=lambda path: None,
        )
        return built, module_name

    def _compute_environment_string(self, raw_environment_out: dict[str, Any] | None = None) -> str:
        return str(super()._compute_environment_string(self._environment if self._forks else raw_environment_out))

    def _share_files(self, variables: Mapping[str, Any]) -> None:
        """Hand the files of the run on to the module on this machine, that of predictions in check mode over a play."""
        if self._connection.transport != "local" or self._connection.become:
            return
        files = {_known_ids.VARIABLE: "konnect-ids.jsonl"}
        if variables.get("ansible_check_mode") and self._task.check_mode:
            files[_predictions.VARIABLE] = "konnect-check-mode.jsonl"
        paths = {variable: os.path.join(constants.DEFAULT_LOCAL_TMP, name) for variable, name in files.items()}
        given = self._task.environment or []
        self._task.environment = [*(given if isinstance(given, list) else [given]), {**paths, KEY_VARIABLE: RUN_KEY}]

    def _low_level_execute_command(self, cmd: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if not self._forks or kwargs.get("in_data") is None:
            return dict(super()._low_level_execute_command(cmd, *args, **kwargs))
        host, directory = self._play_context.remote_addr, self._loader.get_basedir()
        display.vvv("Running the module in a fork of this process.", host=host)

        def report(line: str) -> None:
            display.v(f"{self._task.get_name().strip()}: {line}", host=host)

        code, output, errors = _in_fork(self._module_name, kwargs["in_data"], self._environment, directory, report)
        return {
            "rc": code,
            "stdout": output,
            "stdout_lines": output.splitlines(),
            "stderr": errors,
            "stderr_lines": errors.splitlines(),
        }


def _in_fork(
    name: str, arguments: bytes, environment: Mapping[str, str], directory: str, report: Callable[[str], None]
) -> tuple[int, str, str]:
    """Run a module to its end; its exit code, and what it wrote to standard output and standard error.

    :param name: the module, such as C(konnect_secret).
    :param arguments: the JSON that a module gets.
    :param report: called with each line of progress as it comes.
    """
    output, output_end = os.pipe()
    errors, errors_end = os.pipe()
    child = os.fork()
    if child == 0:
        _run(name, arguments, environment, directory, output_end, errors_end)
    os.close(output_end)
    os.close(errors_end)
    status = None
    try:
        texts = [content.decode("utf-8", "replace") for content in _read(output, errors, report)]
        _pid, status = os.waitpid(child, 0)
    finally:
        if status is None:  # such as the timeout of the task
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os.close(output)
        os.close(errors)
    return os.waitstatus_to_exitcode(status), texts[0], texts[1]


def _read(output: int, errors: int, report: Callable[[str], None]) -> list[bytes]:
    """All that is written to these pipes until they are closed."""
    contents = {output: bytearray(), errors: bytearray()}
    with selectors.DefaultSelector() as selector:
        for pipe in contents:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            for key, _events in selector.select():
                chunk = os.read(key.fd, 65536)
                contents[key.fd] += chunk
                for line in chunk.decode("utf-8", "replace").splitlines() if key.fd == errors else ():
                    if line.startswith(PROGRESS):
                        report(line.removeprefix(PROGRESS))
                if not chunk:
                    selector.unregister(key.fd)
    return [bytes(content) for content in contents.values()]


def _run(name: str, arguments: bytes, environment: Mapping[str, str], directory: str, *ends: int) -> None:
    """Be the module. Never returns."""
    code = 1
    try:
        for standard, end in zip((1, 2), ends, strict=True):
            os.dup2(end, standard)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.environ.update({variable: str(value) for variable, value in environment.items()})
        os.chdir(directory)
        basic._ANSIBLE_ARGS = arguments
        if _internal is not None:
            basic._ANSIBLE_PROFILE = PROFILE
            # From here on this is no controller: warnings go into the result instead of onto the screen.
            _internal.is_controller = False
        importlib.import_module(f"..modules.{name}", __package__).main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
