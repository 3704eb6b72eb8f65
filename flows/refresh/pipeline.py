"""The main job: inputs → documents → rows → frames → release. One composition for every way of running it."""

import sys

from flows.refresh.attempt import Attempt, Job, Outcome, attempted, new_release
from flows.refresh.cache import Cache, cached_datasets, read_documents
from flows.refresh.missing_sources import guarded
from flows.refresh.stages import Stages, read_statistics
from flows.releases.refresh_log import record_killed_refresh
from flows.releases.retention import prune_after_refresh
from flows.releases.rollback import end_hold, hold_of, sources_digest
from flows.runtime.version import software_version
from flows.sources.files import Inputs, read_inputs
from flows.sources.input_file import check_unchanged
from flows.sources.reports.public_results import read_public_results
from flows.sources.reports.receipts import add_receipts
from flows.sources.reports.withdrawals import read_withdrawals
from transforms.errors import InputRejected, WarehouseFault, problem_in


def refresh(job: Job, stages: Stages | None = None) -> Outcome:
    """Publish a release of `job.raw`, unless the current one was made from just this input or is held to. The attempt
    is logged. `stages` are the functions that run the stages, where a runner brings its own. Raises InputRejected with
    every problem, WarehouseFault where the warehouse is at fault; in both cases the last good release stays."""
    with attempted(job) as attempt:
        attempt.outcome = _refresh(attempt, (stages or Stages()).within(attempt.timed))
        return attempt.outcome


def nothing_to_do(job: Job) -> Outcome | None:
    """Return the outcome if there is nothing to publish, so that no runner need be started."""
    _keep_apart(job)
    return _unpublished(job, read_inputs(job.raw), software_version())


def _refresh(attempt: Attempt, stages: Stages) -> Outcome:
    job = attempt.job
    _keep_apart(job)
    inputs, software = stages.read_inputs(job.raw), software_version()
    if outcome := _unpublished(job, inputs, software):
        return outcome
    replaced = job.warehouse.current_id()
    # Until the log has its line, too: of a run that is killed in between, the next one sees by the lock that it died.
    turn = attempt.resources.enter_context(job.warehouse.writing("refresh", job.wait))
    record_killed_refresh(job.warehouse, turn)
    if turn.has_waited or job.warehouse.current_id() != replaced:  # another has published in the meantime
        inputs, replaced = stages.read_inputs(job.raw), job.warehouse.current_id()
        if outcome := _unpublished(job, inputs, software):
            return outcome
    outcome = _publish(job, stages, inputs, software)
    try:
        end_hold(job.warehouse)
    except WarehouseFault as fault:  # a hold that stays has no effect: the link leads elsewhere
        print(f"the hold of a rollback was not removed: {fault.__cause__}", file=sys.stderr)
    prune_after_refresh(job.warehouse, replaced)
    return outcome


def _publish(job: Job, stages: Stages, inputs: Inputs, software: str) -> Outcome:
    release = new_release(job.as_of, software, sources_digest(inputs.hashes(), job.as_of, software))
    cache = Cache(job.warehouse.cache, software, is_read=not job.force)
    with job.warehouse.staging(release["release_id"]) as folder:
        plans = read_documents(cache, inputs, stages.read_plans)
        guard = guarded(plans, job.warehouse, inputs, job.accept_removals)
        add_receipts(plans, inputs)
        plans.problems += read_withdrawals(inputs)[1] + read_public_results(inputs)[1]
        statistics = read_statistics(inputs, folder, cached_datasets(cache, inputs, stages.read_dataset))
        try:
            frames = stages.validate(plans, statistics)
        except InputRejected:
            check_unchanged(inputs.plans)  # a file that is still being copied may be right once it is whole
            raise
        contents = stages.compute(frames, statistics, inputs, release, folder, cache)
        guard.check_rows(contents.sources)
        stages.publish(inputs, release, folder, contents, guard.described(), job.warehouse)
    cache.trim()
    counts = contents.rows, contents.issues, contents.reports, contents.totals
    return Outcome(release["release_id"], "published", *counts, removed=tuple(sorted(guard.accepted)))


def _keep_apart(job: Job) -> None:
    """Raise InputRejected for invented sources (their folder has a file INVENTED) and a warehouse outside of them."""
    if (job.raw / "INVENTED").exists() and not job.warehouse.root.resolve().is_relative_to(job.raw.resolve()):
        remedy = "Publish them to a warehouse inside that folder: --warehouse {folder}."
        place, folder = str(job.raw / "INVENTED"), job.raw / "warehouse"
        raise InputRejected([problem_in(place, 0, "the sources are invented", remedy, folder=folder)])


def _unpublished(job: Job, inputs: Inputs, software: str) -> Outcome | None:
    """Return the outcome if these inputs are not to be published, with the reason."""
    if job.force:
        return None
    in_force = hold_of(job.warehouse)
    if in_force and (why := in_force.reason(sources_digest(inputs.hashes(), software))):
        return Outcome(in_force.held_to, "held", why=why)
    if release_id := job.warehouse.published(sources_digest(inputs.hashes(), job.as_of, software)):
        why = f"{release_id} was made from the same input, as of {job.as_of}"
        return Outcome(release_id, "up_to_date", why=why)
    return None
