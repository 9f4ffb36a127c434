# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Where Konnect is and how to speak to it: the checked values behind a client."""

from __future__ import annotations

import os
import re
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .._errors import ErrorCode, InvalidInput
from .._loopback import is_loopback

REGIONS = ("us", "eu", "au", "me", "in", "sg")


@dataclass(frozen=True)
class Connection:
    """A base URL without C(/v2), a token and the limits of one task.

    :param verify: True, False, or the path of a CA bundle.
    :param timeout: seconds that a connection may take to open, and that the server may stay silent.
    :param retries: how often a request that failed on the way is sent again.
    :param deadline: seconds after which no request is sent any more.
    """

    url: str
    token: str = field(repr=False)
    verify: bool | str = True
    timeout: float = 30.0
    retries: int = 4
    deadline: float = 300.0

    def __post_init__(self) -> None:
        if not self.token:
            raise InvalidInput(
                "No access token for Konnect. Set konnect_token, or KONNECT_TOKEN in the environment of the host "
                "that runs the module.",
                code=ErrorCode.NO_TOKEN,
            )
        if not re.fullmatch(r"[!-~]+", self.token):
            raise InvalidInput(
                "konnect_token holds white space or characters that no Konnect token has, often a line end from the "
                "file that it was read from. Give the token alone.",
                code=ErrorCode.BAD_TOKEN,
            )
        if min(self.timeout, self.deadline) <= 0 or self.retries < 0:
            raise InvalidInput("request_timeout and request_deadline must be positive, request_retries not negative.")
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.is_loopback:
            raise InvalidInput(
                f"konnect_url {self.url} would send the token in clear text. Use https; plain http is only for this "
                "machine itself (127.0.0.1, localhost).",
                code=ErrorCode.INSECURE_URL,
            )

    @property
    def is_loopback(self) -> bool:
        """True if the host is this machine: then no proxy is used, and plain http is allowed."""
        return is_loopback(self.url)


def check_bundle(path: str) -> None:
    """Refuse a path that holds no CA certificates: neither a file with some in PEM, nor a directory."""
    if os.path.isdir(path):
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except FileNotFoundError:
        raise InvalidInput(f"ca_path {path} does not exist on the host that runs the module.") from None
    except PermissionError:
        raise InvalidInput(f"ca_path {path} cannot be read by the user who runs the module.") from None
    except (OSError, ValueError):
        raise InvalidInput(
            f"ca_path {path} holds no CA certificates. Give a file with certificates in PEM, or a directory with them."
        ) from None


def base_url(url: str | None, region: str | None) -> str:
    """The root of Konnect's API from a URL or a region, for example C(https://eu.api.konghq.com).

    A trailing slash or C(/v2) is taken off. Raises InvalidInput for anything that is not an http(s) URL, or when
    neither is given. Source: the servers of the OpenAPI document of the control planes API.
    """
    if not url and not region:
        raise InvalidInput(
            "No Konnect server is given. Set konnect_region (one of " + ", ".join(REGIONS) + ") or konnect_url, "
            "or KONNECT_REGION or KONNECT_SERVER_URL in the environment of the host that runs the module.",
            code=ErrorCode.NO_SERVER,
        )
    if not url:
        if region not in REGIONS:
            raise InvalidInput(f"konnect_region {region!r} is unknown. Known are {', '.join(REGIONS)}.")
        return f"https://{region}.api.konghq.com"
    root = re.sub(r"(/v2)?/*$", "", url)
    try:
        parts = urlsplit(root)
        valid = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    # Of an empty query or fragment only the mark remains.
    if not valid or parts.username or re.search(r"[?#\s]", url):
        raise InvalidInput("konnect_url must look like https://us.api.konghq.com, without user, query or fragment.")
    return root
