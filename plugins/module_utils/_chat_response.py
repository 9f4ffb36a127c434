# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The response to a chat request through the gateway: whether it is a chat completion, and what to do if it is none.

Source: the chat completions of OpenAI's API, in whose form AI Proxy responds; Kong's documentation of the headers that
Kong Gateway adds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ._errors import visible
from ._masking import mask_text

# A provider may need a moment to accept a key that is new.
MAX_REJECTIONS = 5


@dataclass(frozen=True)
class ChatOutcome:
    """The outcome of one response.

    :param ok: whether it is a chat completion with a text.
    :param final: whether to send no further request, because waiting cannot change the response.
    :param message: a sentence about it.
    :param text: the text of the chat completion; empty when there is none.
    """

    ok: bool
    final: bool
    message: str
    text: str = ""


def assess_chat(response: Mapping[str, Any], secrets: Iterable[str] = ()) -> ChatOutcome:
    """Assess a result of ansible.builtin.uri.

    :param secrets: are left out of the text.
    """
    status = response.get("status")
    if not isinstance(status, int) or status < 100:
        return _waiting("Nothing listens there. Check the URL, and that a data plane runs.")
    if status == 200:
        return _assess_content(_data(response), _is_of_kong(response), secrets)
    if status == 401:
        attempts = response.get("attempts", MAX_REJECTIONS)
        message = "The provider rejected the stored key (401). Set the API key that it accepts, and run again."
        return ChatOutcome(False, attempts >= MAX_REJECTIONS, message)
    if 300 <= status < 400:
        return ChatOutcome(
            False, True, f"It redirects elsewhere ({status}), which a data plane does not. Check the URL."
        )
    if not _is_of_kong(response):
        return _waiting(f"The status is {status}, and no header says that it comes from Kong. Check the URL.")
    if status == 404:
        return _waiting("The data plane does not have this route yet, or belongs to another control plane (404).")
    return _waiting(f"The status is {status}. See the log of the data plane.")


def _assess_content(data: Any, is_of_kong: bool, secrets: Iterable[str]) -> ChatOutcome:
    text = _text(data)
    if text:
        return ChatOutcome(True, True, "It is a chat completion.", _masked(text, secrets))
    if isinstance(data, Mapping) and "choices" in data:
        return ChatOutcome(False, True, "It is a chat completion without a text. Check the model and its options.")
    if is_of_kong:
        return _waiting("The data plane let the request through to the service, without AI Proxy on the route yet.")
    what = "text, not JSON" if data is None else "JSON, but no chat completion"
    return ChatOutcome(False, True, f"What listens there is no data plane: it sent {what}. Check the URL.")


def _waiting(message: str) -> ChatOutcome:
    return ChatOutcome(False, False, message)


def _data(response: Mapping[str, Any]) -> Any:
    """The JSON of the body, also where the type of the content does not say that it is any; None when it is none."""
    if "json" in response:
        return response["json"]
    try:
        return json.loads(response.get("content") or "")
    except (TypeError, ValueError, RecursionError):
        return None


def _text(data: Any) -> str:
    choices = data.get("choices") if isinstance(data, Mapping) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, Mapping) else None
    content = message.get("content") if isinstance(message, Mapping) else None
    return content.strip() if isinstance(content, str) else ""


def _is_of_kong(response: Mapping[str, Any]) -> bool:
    """True if a header is one that Kong adds; C(uri) writes their names in lower case, with underscores."""
    named = any(str(name).startswith("x_kong_") for name in response)
    return named or any("kong" in str(response.get(name)).lower() for name in ("via", "server"))


def _masked(text: str, secrets: Iterable[str]) -> str:
    text = mask_text(text, map(str, filter(None, secrets)))
    return "\n".join(visible(line) for line in text.splitlines())
