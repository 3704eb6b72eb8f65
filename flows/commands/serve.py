"""`npa serve`: its options, and what it runs."""

import argparse
from typing import Any

from flows.commands.options import Commands, command


def add_serve(commands: Commands) -> None:
    """Add `npa serve`."""
    made = command(
        commands,
        "serve",
        "refresh every night, on the schedule of a Prefect server",
        "Registers a deployment on the server that PREFECT_API_URL names, and runs its nights until it is\n"
        "stopped. Files that vanish or are locked are tried again, rejected input is not. A failed night is\n"
        "told to the addresses in NPA_NOTIFY. A server that asks for no password is refused. See\n"
        "docs/guides/operations.md.",
    )
    made.add_argument("--name", default="nightly", help="of the deployment, if a server has several (default: nightly)")
    made.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> None:
    from flows.operations.scheduler import serve

    serve(load_night, options.raw, options.warehouse, options.name)


def load_night() -> Any:
    """Return the flow. It imports Prefect, which reads its settings then."""
    from flows.nightly import night

    return night
