# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A chat API in the form of Mistral's: checks its key, responds in OpenAI's format, streams if asked to."""

from __future__ import annotations

import json
import operator
import re
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from .clock import Clock
from .json_application import json_application, json_response
from .request_bodies import parse_json
from .upstream_answers import Answer, find_answer, part_of

ROLES = ("system", "user", "assistant", "tool")
SUM = re.compile(r"(\d{1,9})\s*([-+*x])\s*(\d{1,9})")
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "x": operator.mul}


def _check_request(body: Any) -> list[dict[str, Any]]:
    """Return what is wrong with a request, in the form of a 422's ``detail``."""
    if not isinstance(body, dict):
        return [{"type": "json_invalid", "loc": ["body"], "msg": "JSON decode error"}]
    found: list[dict[str, Any]] = []
    for name, type_ in (("model", str), ("messages", list)):
        if name not in body:
            found.append({"type": "missing", "loc": ["body", name], "msg": "Field required"})
        elif not isinstance(body[name], type_) or not body[name]:
            found.append({"type": "value_error", "loc": ["body", name], "msg": f"Input should be a valid {name} value"})
    for index, message in enumerate(body.get("messages") or [] if not found else []):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            path = ["body", "messages", index, "role"]
            found.append({"type": "literal_error", "loc": path, "msg": f"Input should be one of {', '.join(ROLES)}"})
    return found


def _text_of(message: dict[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        content = " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")


def reply_to(messages: list[dict[str, Any]]) -> str:
    """Return a sentence that shows that the question arrived, or the result of a sum."""
    from_user = [_text_of(message) for message in messages if message["role"] == "user"]
    question = from_user[-1] if from_user else _text_of(messages[-1])
    found = SUM.search(question)
    if found:
        left, sign, right = found.groups()
        return f"{left} {sign} {right} equals {OPERATORS[sign](int(left), int(right))}."
    return f"You asked: {question.strip()[:400]}"


def _usage(messages: list[dict[str, Any]], text: str) -> dict[str, int]:
    prompt_tokens = sum(len(_text_of(message).split()) + 4 for message in messages)
    completion_tokens = len(text.split())
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }


class ChatUpstream:
    """The chat API; a caller has to send one of ``keys`` as bearer token.

    ``answers`` are the responses to other keys, and to these in place of a chat. With ``echo_keys`` a response shows a
    part of the key that it is for.
    """

    def __init__(
        self, keys: Sequence[str], clock: Clock, answers: Mapping[str, Answer] | None = None, echo_keys: bool = False
    ) -> None:
        self._keys = {key: Answer(200) for key in keys}
        self._clock = clock
        self._echo_keys = echo_keys
        self.replace_answers(answers or {})

    def replace_answers(self, answers: Mapping[str, Answer]) -> None:
        """Give these answers from now on, and to every other key what it got at the start."""
        self._answers = {**self._keys, **answers}

    @property
    def answer_count(self) -> int:
        """The number of keys that it knows."""
        return len(self._answers)

    def app(self) -> Starlette:
        """Return the application."""
        return json_application(
            [
                Route("/v1/chat/completions", self.chat, methods=["POST"]),
                Route("/v1/models", self.models, methods=["GET"]),
            ]
        )

    def _mask_keys(self, text: str) -> str:
        for key in filter(None, self._answers):
            text = text.replace(key, "[hidden]")
        return text

    def _echo(self, text: str, authorization: str) -> str:
        return f"{text} (key {part_of(authorization)})" if self._echo_keys else text

    def _refuse(self, authorization: str) -> Response | None:
        answer = find_answer(self._answers, authorization)
        if answer.status == 401:
            message = self._echo("Unauthorized", authorization)
            return json_response({"message": message, "request_id": str(uuid.uuid4())}, 401)
        if answer.status != 200:
            response = json_response(answer.error(), answer.status)
            response.headers.update(answer.headers())
            return response
        return None

    async def models(self, request: Request) -> Response:
        """GET /v1/models, as Mistral's API lists them to everybody with a key."""
        model = {"id": "mistral-tiny", "object": "model", "created": self._clock.now_seconds(), "owned_by": "mistralai"}
        refused = self._refuse(request.headers.get("authorization", ""))
        return refused or json_response({"object": "list", "data": [model]})

    async def chat(self, request: Request) -> Response:
        """POST /v1/chat/completions."""
        authorization = request.headers.get("authorization", "")
        refused = self._refuse(authorization)
        if refused:
            return refused
        try:
            body = parse_json(await request.body())
        except ValueError:
            body = None
        invalid = _check_request(body)
        if invalid:
            return json_response({"detail": invalid}, 422)
        return self._reply(body, authorization)

    def _reply(self, body: dict[str, Any], authorization: str) -> Response:
        text = self._echo(self._mask_keys(reply_to(body["messages"])), authorization)
        model = self._mask_keys(body["model"])
        common = {"id": uuid.uuid4().hex, "created": self._clock.now_seconds(), "model": model}
        usage = _usage(body["messages"], text)
        if body.get("stream") is True:
            return StreamingResponse(_stream(common, text, usage), media_type="text/event-stream")
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return json_response({**common, "object": "chat.completion", "choices": [choice], "usage": usage})


async def _stream(common: dict[str, Any], text: str, usage: dict[str, int]) -> AsyncIterator[str]:
    """Yield server-sent events, one per word; the last one has the usage, then ``[DONE]``."""
    words = re.findall(r"\S+\s*", text)
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}, *({"content": word} for word in words), {}]
    for index, delta in enumerate(deltas):
        last = index == len(deltas) - 1
        choice = {"index": 0, "delta": delta, "finish_reason": "stop" if last else None}
        event = {**common, "object": "chat.completion.chunk", "choices": [choice], **({"usage": usage} if last else {})}
        yield f"data: {json.dumps(event)}\n\n"
    yield "data: [DONE]\n\n"
