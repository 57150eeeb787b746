"""``python -m nanobanana_nb.simulator``: the service over TCP, on this machine only by default."""

from __future__ import annotations

import argparse
import socket
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from nanobanana_nb.simulator.app import create_app
from nanobanana_nb.simulator.options import Options


def parser() -> argparse.ArgumentParser:
    """The command line; its defaults are those of Options."""
    defaults = Options()
    parser = argparse.ArgumentParser(
        prog="python -m nanobanana_nb.simulator",
        description="Serve a simulated CRUN service. Any key that begins with ak_ is let in.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=8765, help="port to listen on; 0 picks a free one")
    add("--speed", type=float, default=defaults.speed, help="multiplies durations; 0 is at once")
    add("--seed", type=int, default=defaults.seed, help="seed of the durations")
    add(
        "--median", type=float, default=defaults.median_s, help="median duration of a task, seconds"
    )
    add("--sigma", type=float, default=defaults.sigma, help="spread of the durations (log-normal)")
    add("--balance", type=float, default=defaults.balance, help="play credits of each account")
    add("--key", action="append", metavar="KEY", help="let only this key in; may be repeated")
    add(
        "--rate",
        default=argparse.SUPPRESS,
        metavar="CALLS/SECONDS",
        type=_rate,
        help="calls for each key (default: 20/10, as much faster as --speed says)",
    )
    add("--link-life", type=float, default=defaults.link_life_s, help="seconds that a link lives")
    add("--state", type=Path, metavar="FILE", help="SQLite file that keeps tasks over a restart")
    add("--base-url", metavar="URL", help="what links begin with, behind a proxy for instance")
    add("--faults", action="store_true", help="open the control endpoints under /simulator/")
    return parser


def _rate(text: str) -> tuple[int, float]:
    calls, _, seconds = text.partition("/")
    return int(calls), float(seconds)


def options_of(args: argparse.Namespace) -> Options:
    """The options that a command line asks for; raises ValueError for impossible ones."""
    return Options(
        speed=args.speed,
        seed=args.seed,
        median_s=args.median,
        sigma=args.sigma,
        balance=args.balance,
        keys=tuple(args.key) if args.key else None,
        rate=getattr(args, "rate", None),
        link_life_s=args.link_life,
        state=args.state,
        base_url=args.base_url,
        faults=args.faults,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns the exit status."""
    args = parser().parse_args(arguments)
    try:
        import uvicorn

        from nanobanana_nb.simulator.connection import Connection
    except ImportError:
        return _fail("uvicorn is missing; install it with: pip install 'nanobanana-nb[server]'")
    try:
        app = create_app(options_of(args))
        family = socket.AF_INET6 if ":" in args.host else socket.AF_INET
        listener = socket.create_server((args.host, args.port), family=family)
    except (OSError, ValueError, sqlite3.Error) as error:
        return _fail(str(error))
    port = listener.getsockname()[1]
    # The socket listens already: whoever reads this line may connect.
    host = f"[{args.host}]" if ":" in args.host else args.host
    sys.stdout.write(f"Simulated CRUN service on http://{host}:{port} (stop with Ctrl+C)\n")
    sys.stdout.flush()
    # No access log: result links are signed and would be in it.
    config = uvicorn.Config(
        app, http=Connection, log_level="warning", access_log=False, lifespan="off"
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return 130
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"nanobanana_nb.simulator: {message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
