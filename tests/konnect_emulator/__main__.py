# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m konnect_emulator``: the command line."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path
from typing import TextIO

from .faults import Fault, describe_faults
from .middleware.emulator_endpoints import describe_endpoints
from .server import PortInUse, open_sockets, serve
from .settings import Settings
from .switches import InvalidSwitch, describe_switches, parse_switches
from .upstream_answers import parse_answer

DEFAULTS = Settings()
LAST_PORT = 65535


def _whole_number(word: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number")
    return int(word)


def _positive_number(word: str) -> int:
    number = _whole_number(word)
    if not number:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="konnect_emulator",
        description="A test double of Kong Konnect on 127.0.0.1: control plane API on PORT, data plane on PORT+1, "
        "a chat upstream on PORT+2, and the data plane of AI Gateways on the last port. When all accept "
        "connections, one JSON line on stdout has their URLs.",
        epilog=f"switches:\n{describe_switches()}\n\n{describe_faults()}\n\n{describe_endpoints()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=_whole_number, default=DEFAULTS.port, help="0, the default: free ports")
    add("--clock-speed", metavar="N", type=_whole_number, default=1, help="run N times as fast, all times and delays")
    add("--token", default=DEFAULTS.token, help="access token that the API accepts (default %(default)s)")
    add("--control-plane", metavar="NAME", default=DEFAULTS.control_plane, help="its name (default %(default)s)")
    add("--ai-gateway", metavar="NAME", default=DEFAULTS.ai_gateway, help="its name (default %(default)s)")
    add("--page-size", metavar="N", type=_positive_number, help="default and maximum page size of every list")
    add("--latency-ms", metavar="N", type=_whole_number, default=0, help="delay of every response of the API")
    add("--request-log", metavar="FILE", help="append one JSON line per request to the API: names, never values")
    add("--upstream-key", metavar="KEY", action="append", help="key that the chat upstream accepts; may be repeated")
    answer = "what it answers to a key, with the seconds of a Retry-After; may be repeated"
    add("--upstream-answer", metavar="KEY=STATUS[:RETRY_AFTER]", action="append", default=[], help=answer)
    add("--propagation-ms", metavar="N", type=_whole_number, default=0, help="until a change reaches the data plane")
    add("--node-ports", action="store_true", help="a port for the data plane of each node, after the first three")
    add("--tls", action="store_true", help="one more port, for TLS of the first data plane")
    add("--plugin-schemas", metavar="DIR", help="folder of Kong's published plugin schemas, for more plugins")
    add("--set", metavar="SWITCH=VALUE", action="append", default=[], help="see below; may be repeated")
    add("--fault", metavar="WHICH=WHAT", action="append", default=[], help="inject a fault; may be repeated, see below")
    add("--exports", action="store_true", help="print the variables to export in a second terminal, fake keys included")
    add("--rate-limit", metavar="N", type=_positive_number, help="respond with 429 to more than N requests in a second")
    add("--connection-limit", metavar="N", type=_positive_number, help="respond with 429 to more than N at once")
    return parser


def parse_arguments(arguments: list[str] | None = None) -> Settings:
    """Parse the command line; exits with 2 and one line on stderr if it is invalid."""
    parser = _parser()
    given = vars(parser.parse_args(arguments))
    try:
        switches = parse_switches(given.pop("set"))
    except InvalidSwitch as error:
        parser.error(f"--set: {error}")
    try:
        given["faults"] = tuple(Fault.parse(text) for text in given.pop("fault"))
    except ValueError as error:
        parser.error(f"--fault: {error}")
    try:
        given["upstream_answers"] = dict(map(parse_answer, given.pop("upstream_answer")))
    except ValueError as error:
        parser.error(f"--upstream-answer: {error}")
    given["upstream_keys"] = tuple(given.pop("upstream_key") or DEFAULTS.upstream_keys)
    if given["plugin_schemas"] and not Path(given["plugin_schemas"]).is_dir():
        parser.error(f"--plugin-schemas: no folder {given['plugin_schemas']}")
    settings = Settings(switches=switches, **given)
    if settings.port + settings.port_count - 1 > LAST_PORT:
        parser.error(f"--port: must be at most {LAST_PORT - settings.port_count + 1}: so many ports in a row are used")
    return settings


def main() -> int:
    """Run the emulator until a signal stops it; returns the exit code."""
    settings = parse_arguments()
    with contextlib.ExitStack() as stack:
        log: TextIO | None = None
        try:
            if settings.request_log:
                log = stack.enter_context(Path(settings.request_log).open("a", encoding="utf-8"))
            sockets = open_sockets(settings.port, settings.port_count)
        except (OSError, PortInUse) as error:
            print(f"konnect_emulator: {error}", file=sys.stderr)
            return 2
        asyncio.run(serve(settings, sockets, log))
    return 0


if __name__ == "__main__":
    sys.exit(main())
