"""The care of the job queue itself."""

from procrastinate.contrib.django import app

KEPT_HOURS = 24 * 7  # finished jobs, for who wonders what ran


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="core.retry_stalled", pass_context=True)
async def retry_stalled(context, timestamp: int) -> None:
    """Give the jobs of a worker that was killed to another: a job is done once or again, never lost."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="core.forget_finished", pass_context=True)
async def forget_finished(context, timestamp: int) -> None:
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)
