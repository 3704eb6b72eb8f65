"""The manual of npa: its commands, their options, what `--help` says."""

import argparse

from flows.commands import history, outputs, refresh
from flows.commands.dataset import add_dataset
from flows.commands.options import formatter
from flows.commands.serve import add_serve
from flows.runtime.settings import MEANINGS

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
    """The commands of npa and their options; `run` is what runs the one given, with the options."""
    made = argparse.ArgumentParser(
        prog="npa", description=_MANUAL, epilog=_AFTER.format(environment=_environment()), formatter_class=formatter
    )
    commands = made.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for add in (
        *(refresh.add_refresh, refresh.add_check),
        *(outputs.add_query, outputs.add_status, outputs.add_template, outputs.add_rejected, outputs.add_export),
        *(outputs.add_releases, add_serve, add_dataset),
        *(history.add_diff, history.add_rollback, history.add_prune, history.add_health),
    ):
        add(commands)
    return made


def _environment() -> str:
    return "\n".join(f"  {name:<24} {meaning}" for name, meaning in MEANINGS.items())
