# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Runs a module: the only file that knows both AnsibleModule and the client."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.common.warnings import get_warning_messages
from ansible.module_utils.parsing.convert_bool import boolean

from .._client.client import KonnectClient
from .._client.connection import Connection, base_url, check_bundle
from .._client.session import REQUESTS_IMPORT_ERROR
from .._data_plane.write_record import WriteRecord
from .._entities.control_plane import ControlPlane, Organization
from .._errors import ErrorCode, InvalidInput, KonnectError
from .._masking import (
    HIDDEN,
    holds_secrets,
    occurring,
    secret_forms,
    secrets_by_name,
    suboption_secrets,
    times,
    url_password,
)
from .._predictions import VARIABLE, Predictions, stand_ins_in
from .._task import Task
from .argument_spec import ArgumentSpec
from .given import given_options, misfits

# What a line of progress on standard error begins with. Ansible shows none of them; the action of this collection does.
PROGRESS = "community.konnect: "

# Of the parent of what a module manages, and of the options, to the result.
Handler = Callable[[Any, dict[str, Any]], dict[str, Any]]

ENVIRONMENT = {
    "konnect_token": "KONNECT_TOKEN",
    "control_plane": "KONNECT_CONTROL_PLANE",
    "validate_certs": "KONNECT_VALIDATE_CERTS",
    "ca_path": "KONNECT_CA_PATH",
    "fingerprint_key": "KONNECT_FINGERPRINT_KEY",
    "proxy_url": "KONNECT_PROXY_URL",
}


class KonnectModule(AnsibleModule):
    """Hides secrets that no argument specification can mark, before anything is logged or returned."""

    params: dict[str, Any]
    no_log_values: set[str]
    misfits: list[str]
    empty_options: frozenset[str]

    def _load_params(self) -> None:
        super()._load_params()
        self.empty_options = frozenset(name for name, value in self.params.items() if value == "")
        self.params = given_options(self.argument_spec, self.params)
        # Ansible is about to make texts of what they name.
        self.misfits = list(misfits(self.argument_spec, self.params))

    def _log_invocation(self) -> None:
        self._hide_free_form()
        given, self.params = self.params, self._masked_params()
        with self._limit_masking(self.params):
            super()._log_invocation()
        self.params = given

    def _return_formatted(self, kwargs: dict[str, Any]) -> None:
        kwargs.setdefault("invocation", {"module_args": self._masked_params()})
        with self._limit_masking([kwargs, get_warning_messages()], times(kwargs)):
            super()._return_formatted(kwargs)

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        # Ansible itself calls this for a misspelt option, whose value may be a secret.
        self._hide_free_form()
        kwargs.setdefault("failure", InvalidInput(msg).to_fail_json()["failure"])
        msg = " ".join([*(misfit for misfit in self.misfits if misfit not in msg), msg])
        super().fail_json(msg, **kwargs)

    def warn(self, warning: str, **more: Any) -> None:
        # ansible-core 2.19 and newer mask every text of a result but warnings.
        super().warn(remove_values(warning, occurring(self.no_log_values, warning)), **more)

    def hide(self, *values: str) -> None:
        self.no_log_values.update(form for value in values for form in secret_forms(value))

    @contextlib.contextmanager
    def _limit_masking(self, output: Any, public: Any = None) -> Iterator[None]:
        """Let Ansible search only for secrets that occur in the output and not in what is public."""
        every = self.no_log_values
        self.no_log_values = occurring(every, output) - occurring(every, public)
        try:
            yield
        finally:
            self.no_log_values = every

    def _masked_params(self) -> dict[str, Any]:
        """The options without secrets. A list that holds some is left out; its other parts are in the result anyway."""
        masked = dict(self.params)
        for name, value in self.params.items():
            option = self.argument_spec.get(name, {})
            if option.get("no_log") and value is not None:
                masked[name] = HIDDEN
            elif isinstance(value, list) and holds_secrets(option):
                masked[name] = f"({len(value)} items, not shown)"
        return masked

    def _hide_free_form(self) -> None:
        for name, value in self.params.items():
            option = self.argument_spec.get(name)
            if option is None or option.get("no_log"):
                self.hide(*secrets_by_name(value, secret=True))
            elif option.get("type") in ("dict", "list") and isinstance(value, str):
                self.hide(value)  # of the wrong type, so it may hold anything
            elif holds_secrets(option):
                self.hide(*suboption_secrets(option["options"], value))
            elif option.get("type") in ("dict", "list") and "options" not in option:
                self.hide(*secrets_by_name(value))
            else:
                self.hide(url_password(value) or "")


def run(spec: ArgumentSpec, handler: Handler) -> None:
    """Run a module to its exit.

    :param handler: gets the parent (the control plane, or for modules without that option the organization) and the
        options with the environment filled in. Returns the result, with C(changed) and C(diff). Raises KonnectError.
    """
    module = KonnectModule(supports_check_mode=True, **spec.to_kwargs())
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    # Set by the action in check mode over a play, where the module runs on the controller.
    predictions = Predictions(os.environ.get(VARIABLE) or None if module.check_mode else None)
    task = Task(module.check_mode, empty_options=module.empty_options, predictions=predictions, report=_report)
    writes = WriteRecord()
    try:
        if module.misfits:
            raise InvalidInput(" ".join(module.misfits))
        if not module.check_mode:
            check_no_stand_ins(module.params)
        options = with_environment(module.params, os.environ)
        module.hide(*(options[name] for name in ("konnect_token", "fingerprint_key") if options.get(name)))
        parent = _parent(options, task)
        if isinstance(parent, ControlPlane):
            writes.follow(parent)
        result = handler(parent, options)
    except KonnectError as error:
        _finish(module, task)
        module.fail_json(**error.to_fail_json(), **writes.result())
    except Exception as error:  # A traceback could show a secret, so only the place of the error is shown.
        _finish(module, task)
        module.fail_json(**_internal_error(error).to_fail_json(), **writes.result())
    _finish(module, task)
    module.exit_json(**result, **writes.result())


def _parent(options: Mapping[str, Any], task: Task) -> ControlPlane | Organization:
    organization = Organization(KonnectClient(_connection(options), read_only=task.check_mode), task)
    if "control_plane" in options:
        return ControlPlane(organization, options["control_plane"])
    return organization


def _internal_error(error: Exception) -> KonnectError:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return KonnectError(
        f"Internal error in community.konnect: {type(error).__name__} at {os.path.basename(place.filename)}:"
        f"{place.lineno}. Please report it with the task.",
        code=ErrorCode.INTERNAL_ERROR,
    )


def _report(line: str) -> None:
    sys.stderr.write(f"{PROGRESS}{line}\n")
    sys.stderr.flush()


def with_environment(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The options with those that were left out taken from the environment, where an empty variable counts as unset.

    The server is one choice: KONNECT_SERVER_URL, then KONNECT_REGION, are read only when neither option is given.
    """
    filled = dict(params)
    for option, variable in ENVIRONMENT.items():
        if option in filled and filled[option] in (None, ""):
            filled[option] = environment.get(variable) or None
    if not filled.get("konnect_url") and not filled.get("konnect_region"):
        filled["konnect_url"] = environment.get("KONNECT_SERVER_URL") or None
        filled["konnect_region"] = None if filled["konnect_url"] else environment.get("KONNECT_REGION") or None
    return filled


def check_no_stand_ins(params: Mapping[str, Any]) -> None:
    """Refuse ids that only check mode returns, such as those of a registered variable in a fact cache."""
    for name, value in params.items():
        if any(stand_ins_in(value)):
            raise InvalidInput(
                f"The id in {name} comes from check mode, and nothing has it. Give the name, or run again."
            )


def _connection(params: Mapping[str, Any]) -> Connection:
    try:
        validate = True if params["validate_certs"] is None else boolean(params["validate_certs"])
    except TypeError:
        raise InvalidInput("KONNECT_VALIDATE_CERTS must be true or false.") from None
    ca_path = params["ca_path"]
    if validate and ca_path:
        check_bundle(ca_path)
    return Connection(
        url=base_url(params["konnect_url"], params["konnect_region"]),
        token=params["konnect_token"] or "",
        verify=(ca_path or True) if validate else False,
        timeout=params["request_timeout"],
        retries=params["request_retries"],
        deadline=params["request_deadline"],
    )


def _finish(module: KonnectModule, task: Task) -> None:
    module.hide(*task.secrets)
    for warning in dict.fromkeys(task.warnings):
        module.warn(warning)
