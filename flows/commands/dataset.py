"""The command `npa dataset`: its manual, and what it runs."""

import argparse
from pathlib import Path

from flows.commands.options import Commands, command


def add_dataset(commands: Commands) -> None:
    """Add `npa dataset describe`."""
    made = command(
        commands,
        "dataset",
        "look at a file of statistics, draft its dataset.toml",
        "npa dataset describe FILE tells what a file is that nobody has described yet: format, columns,\n"
        "codes, periods, values; and drafts the dataset.toml that it needs under raw/statistics.",
    )
    verbs = made.add_subparsers(title="commands", metavar="COMMAND", dest="verb", required=True)
    describe = verbs.add_parser(
        "describe",
        help="describe a file and draft its dataset.toml",
        description="Describe a file: format (by its content, not its name), columns, codes, periods, values, what is\n"
        'still to decide; then a draft of dataset.toml, whose guesses are marked "check".',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    describe.add_argument("file", type=Path, metavar="FILE", help="the file as received")
    describe.add_argument("--toml", action="store_true", help="print the draft alone: … --toml > dataset.toml")
    made.set_defaults(run=_dataset)


def _dataset(options: argparse.Namespace) -> None:
    from flows.sources.describe.describe import print_description

    print_description(options.file, only_toml=options.toml)
