# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""Which certificate a data plane serves for a name, as TLS handshakes show it.

A handshake that is completed proves that the server holds the key of the certificate that it sent. It proves nothing
about which one that is: for a name that it does not know, Kong Gateway serves a certificate of its own.
"""

from __future__ import annotations

import hashlib
import re
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._errors import ErrorCode, InvalidInput, KonnectError

DEFAULT_PORT = 443
HANDSHAKE_TIMEOUT = 10.0
# What stands for a wildcard, since no handshake can ask for one.
LABEL = "konnect-check"
NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
SHA256 = re.compile(r"[0-9a-f]{64}")
ADDRESS = re.compile(r"(https://)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/@]+)(:(?P<port>[0-9]{1,5}))?/?")
MAX_NAMED = 10


@dataclass(frozen=True)
class Address:
    """Where a data plane accepts TLS."""

    text: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Of C(host), C(host:port) or an C(https://) URL without a path. Raises InvalidInput."""
        found = ADDRESS.fullmatch(text.strip())
        port = int((found and found["port"]) or DEFAULT_PORT)
        if found is None or not 0 < port < 65536:
            raise InvalidInput(f"{text} is no address of a TLS port. Give HOST:PORT, such as gateway.example.com:443.")
        return cls(text.strip(), found["host"].strip("[]"), port)


@dataclass
class Served:
    """The certificate that an address serves for a name.

    :param fingerprint: of the certificate of the last handshake, empty when it failed.
    :param problem: why it failed.
    :param matches: how many handshakes in a row served the certificate that is waited for.
    """

    address: Address
    server_name: str
    fingerprint: str = ""
    problem: str = ""
    matches: int = 0

    def result(self, successes: int) -> dict[str, Any]:
        return {
            "address": self.address.text,
            "server_name": self.server_name,
            "fingerprint": self.fingerprint,
            "problem": self.problem,
            "matches": self.matches >= successes,
        }


@dataclass(frozen=True)
class CertificateWait:
    """A wait until addresses serve a certificate.

    :param fingerprint: the SHA-256 fingerprint of the certificate, in any of its usual forms.
    :param timeout, interval: in seconds.
    :param successes: so many handshakes in a row have to serve it, since several workers may be behind an address.
    """

    addresses: Sequence[str]
    server_names: Sequence[str]
    fingerprint: str
    timeout: float
    interval: float
    successes: int
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    served: list[Served] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.addresses or not self.server_names:
            raise InvalidInput("addresses and server_names must not be empty.")
        if self.successes < 1:
            raise InvalidInput("successes must be at least 1.")
        for address in dict.fromkeys(self.addresses):
            at = Address.parse(address)
            self.served.extend(Served(at, name) for name in dict.fromkeys(map(concrete_name, self.server_names)))

    def run(self) -> float:
        """Ask until all serve it, or until the timeout; the seconds that it took."""
        wanted = normalize_fingerprint(self.fingerprint)
        started = self.now()
        while True:
            for served in self.served:
                self._ask(served, wanted)
            waited = self.now() - started
            if self.is_served or waited >= self.timeout:
                return waited
            self.sleep(min(self.interval, self.timeout - waited))

    @property
    def is_served(self) -> bool:
        return all(served.matches >= self.successes for served in self.served)

    def error(self) -> KonnectError:
        """The error that not all serve it."""
        wrong = [served for served in self.served if served.matches < self.successes]
        texts = [_describe(served) for served in wrong[:MAX_NAMED]]
        more = [f"And {len(wrong) - MAX_NAMED} more."] if len(wrong) > MAX_NAMED else []
        return KonnectError(
            " ".join([f"Not every data plane serves the certificate {self.fingerprint}.", *texts, *more]),
            code=ErrorCode.CERTIFICATE_NOT_SERVED,
            served=self.result(),
        )

    def result(self) -> list[dict[str, Any]]:
        return [served.result(self.successes) for served in self.served]

    def _ask(self, served: Served, wanted: str) -> None:
        while served.matches < self.successes:
            try:
                served.fingerprint, served.problem = served_fingerprint(served.address, served.server_name), ""
            except OSError as error:  # ssl.SSLError is one
                served.fingerprint, served.problem = "", _reason(error)
            served.matches = served.matches + 1 if served.fingerprint == wanted else 0
            if not served.matches:
                return


def normalize_fingerprint(text: str) -> str:
    """The SHA-256 fingerprint in lower case without colons; raises InvalidInput."""
    digits = re.sub(r"(?i)^sha-?256( fingerprint)?[=:]", "", text.strip()).replace(":", "").lower()
    if not SHA256.fullmatch(digits):
        raise InvalidInput("fingerprint must be the SHA-256 fingerprint of a certificate, 64 hexadecimal digits.")
    return digits


def concrete_name(server_name: str) -> str:
    """A name that an SNI stands for, with another label in place of its wildcard. Raises InvalidInput."""
    name = server_name.replace("*", LABEL)
    if not NAME.fullmatch(name):
        raise InvalidInput(f"{server_name} is no name that a client can ask for.")
    return name


def served_fingerprint(address: Address, server_name: str, timeout: float = HANDSHAKE_TIMEOUT) -> str:
    """The fingerprint of the certificate that is served for a name, in hex. Raises OSError.

    The certificate is compared and not verified: whoever issued it may be one that this machine does not know.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = socket.create_connection((address.host, address.port), timeout)
    with connection, context.wrap_socket(connection, server_hostname=server_name) as secured:
        return hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()


def _reason(error: OSError) -> str:
    return str(getattr(error, "reason", "") or error.strerror or error or type(error).__name__)


def _describe(served: Served) -> str:
    if served.problem:
        return f"{served.address.text} completed no handshake for {served.server_name}: {served.problem}."
    return f"{served.address.text} served {served.fingerprint} for {served.server_name}."
