# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Runs a module: the only file that knows both AnsibleModule and the client."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.parsing.convert_bool import boolean

from .. import _known_ids, _predictions
from .._client.client import KonnectClient
from .._client.connection import Connection, base_url, check_bundle
from .._client.session import REQUESTS_IMPORT_ERROR
from .._data_plane.write_record import WriteRecord
from .._entities.control_plane import ControlPlane, Organization
from .._entities.lookup import name_or_id
from .._errors import ErrorCode, InvalidInput, KonnectError
from .._known_ids import KnownIds
from .._masking import mask_free_text, mask_text
from .._predictions import Predictions, stand_ins_in
from .._run_file import KEY_VARIABLE
from .._task import Task
from .argument_spec import ArgumentSpec
from .given import given_options, misfits
from .option_views import check_placeholders, option_secrets, view_options
from .parent import given_parent, parent_of

# What a line of progress on standard error begins with. Ansible shows none of them; the action of this collection does.
PROGRESS = "community.konnect: "

# Of the parent of what a module manages, and of the options, to the result.
Handler = Callable[[Any, dict[str, Any]], dict[str, Any]]
# Of the error that there is no parent, and of the options, to the result.
WithoutParent = Callable[[KonnectError, dict[str, Any]], dict[str, Any]]

ENVIRONMENT = {
    "konnect_token": "KONNECT_TOKEN",
    "workspace": "KONNECT_WORKSPACE",
    "validate_certs": "KONNECT_VALIDATE_CERTS",
    "ca_path": "KONNECT_CA_PATH",
    "fingerprint_key": "KONNECT_FINGERPRINT_KEY",
}


class KonnectModule(AnsibleModule):
    """Shows structured data as it is given, with whole values hidden by their path, and masks only free text.

    Ansible's own masking replaces each secret wherever its characters occur, in names and choices too.
    """

    misfits: list[str]
    empty_options: frozenset[str]

    def __init__(self, spec: ArgumentSpec, **more: Any) -> None:
        self.params: dict[str, Any] = {}
        self.spec = spec
        self.task = Task()
        self._is_due_to_log = False
        super().__init__(**spec.to_kwargs(), **more)

    @property
    def no_log_values(self) -> set[str]:
        """The secrets that Ansible knows: none, whatever it adds."""
        return set()

    @no_log_values.setter
    def no_log_values(self, values: set[str]) -> None:
        pass

    def _load_params(self) -> None:
        super()._load_params()
        self.empty_options = frozenset(name for name, value in self.params.items() if value == "")
        self.params = given_options(self.argument_spec, self.params)
        # Ansible is about to make texts of what they name.
        self.misfits = list(misfits(self.argument_spec, self.params))

    def _log_invocation(self) -> None:
        # Later, when the engine may have read which options are secret.
        self._is_due_to_log = True

    def _return_formatted(self, kwargs: dict[str, Any]) -> None:
        masked = view_options(self.spec.options, self.params, self.task.views, self.spec.by_schema)
        if self._is_due_to_log:
            given, self.params = self.params, masked
            super()._log_invocation()
            self.params = given
        super()._return_formatted({"invocation": {"module_args": masked}, **mask_free_text(kwargs, self._secrets())})

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        kwargs.setdefault("failure", InvalidInput(msg).to_fail_json()["failure"])
        msg = " ".join([*(misfit for misfit in self.misfits if misfit not in msg), msg])
        super().fail_json(msg, **kwargs)

    def warn(self, warning: str, **more: Any) -> None:
        super().warn(mask_text(warning, self._secrets()), **more)

    def _secrets(self) -> set[str]:
        options = option_secrets(self.spec.options, self.params, self.task.views, self.spec.by_schema)
        return options | self.task.secrets


def run(spec: ArgumentSpec, handler: Handler, without_parent: WithoutParent | None = None) -> None:
    """Run a module to its exit.

    :param handler: gets the parent (the control plane, for modules without that option the organization, and for those
        without a connection the task) and the options with the environment filled in. Returns the result, with
        C(changed) and C(diff). Raises KonnectError.
    :param without_parent: what to return where not even a connection is given; None to fail with the error.
    """
    module = KonnectModule(spec, supports_check_mode=True)
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    task = module.task
    task.check_mode, task.empty_options, task.report = module.check_mode, module.empty_options, _report
    # Set by the action where the module runs on the controller, the last one in check mode over a play.
    key = os.environ.get(KEY_VARIABLE, "")
    task.known_ids = KnownIds(os.environ.get(_known_ids.VARIABLE) or None, key)
    if module.check_mode:
        task.predictions = Predictions(os.environ.get(_predictions.VARIABLE) or None, key)
    writes = WriteRecord()
    try:
        if module.misfits:
            raise InvalidInput(" ".join(module.misfits))
        if not module.check_mode:
            check_no_stand_ins(module.params)
        names = {name: name_or_id(name, module.params[name]) for name in spec.entities}
        options = with_environment({**module.params, **names}, os.environ)
        check_placeholders(options, spec.keeps)
        known = {name: value for name, value in options.items() if name not in spec.by_schema}
        task.hide(option_secrets(spec.options, known, {}))
        result = _handle(handler, without_parent, options, task, writes)
    except KonnectError as error:
        _finish(module)
        module.fail_json(**error.to_fail_json(), **writes.result())
    except Exception as error:  # A traceback could show a secret, so only the place of the error is shown.
        _finish(module)
        module.fail_json(**_internal_error(error).to_fail_json(), **writes.result())
    _finish(module)
    module.exit_json(**result, **writes.result())


def _handle(
    handler: Handler, without_parent: WithoutParent | None, options: dict[str, Any], task: Task, writes: WriteRecord
) -> dict[str, Any]:
    try:
        parent = _parent(options, task)
    except KonnectError as error:
        if without_parent is None:
            raise
        return without_parent(error, options)
    if not isinstance(parent, ControlPlane):
        return handler(parent, options)
    writes.follow(parent)
    try:
        result = handler(parent, dict(options))
    except KonnectError:
        renewed = parent.renewed(failed=True)
        if renewed is None:
            raise
    else:
        renewed = parent.renewed(failed=False)
        if renewed is None:
            return result
    task.warnings.clear()
    writes.follow(renewed)
    return handler(renewed, options)


def _parent(options: Mapping[str, Any], task: Task) -> ControlPlane | Organization | Task:
    if "konnect_token" not in options:
        return task
    connection = make_connection(options)
    task.predictions = task.predictions.of_server(connection.url, connection.token)
    task.known_ids = task.known_ids.of_server(connection.url, connection.token)
    organization = Organization(KonnectClient(connection, read_only=task.check_mode), task)
    return parent_of(organization, options)


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
    filled.update(given_parent(params, environment))
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


def make_connection(params: Mapping[str, Any]) -> Connection:
    """The connection that options describe, after with_environment filled them in. Raises InvalidInput."""
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


def _finish(module: KonnectModule) -> None:
    for warning in dict.fromkeys(module.task.warnings):
        module.warn(warning)
