"""The parser of the command line, with its manual."""

import argparse

from flows.commands import history, outputs, refresh
from flows.commands.options import formatter
from flows.runtime.settings import MEANINGS

# In the order of `npa --help`.
_COMMANDS = (
    *(refresh.refresh, refresh.check),
    *(outputs.query, outputs.status, outputs.template, outputs.rejected, outputs.export, outputs.releases),
    *(refresh.serve, refresh.dataset),
    *(history.diff, history.rollback, history.prune, history.health),
)
_MANUAL = """\
npa turns national plans of action on child rights into an analytical dataset: it reads the
documents in raw/plans, refuses what it cannot trust, and publishes releases of tables as DuckDB
and Parquet, the newest as warehouse/current."""

_AFTER = """\
environment:
{environment}

exit status:
  0  done
  1  the input was rejected (what, where, why and how to put it right is on standard error; the
     last good release stands), or the question cannot be answered
  2  wrong usage
  3  something around it failed (lock, disk, server), and another try may help
  130  stopped by Ctrl-C or another signal

examples:
  npa check
  npa refresh --as-of 2019-12-31
  npa template --all --language ru --output forms
  npa status --agency MOES --as-of 2020-12-31
  npa export sdmx --output indicators
  npa query "SELECT abbreviation, activities FROM agency_workload LIMIT 5"
  npa query --format csv --output late.csv "FROM activities WHERE is_overdue AND duplicate_of IS NULL"
  npa dataset describe births.px
  npa diff
  npa health --max-age 26h
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; what it parses has the function to run in `run`."""
    environment = "\n".join(f"  {name:<24} {meaning}" for name, meaning in MEANINGS.items())
    parser = argparse.ArgumentParser(
        prog="npa", description=_MANUAL, epilog=_AFTER.format(environment=environment), formatter_class=formatter
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
