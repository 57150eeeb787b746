"""A plan on its way from a shell: the bill, the yes, the progress, the files and the answer."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.cli.answer import Answer, note
from nanobanana_nb.cli.approval import approved
from nanobanana_nb.cli.exit_codes import ExitCode, code_of_error, code_of_images
from nanobanana_nb.cli.job_progress import progress_of
from nanobanana_nb.cli.json_values import bill_value, grid_value
from nanobanana_nb.cli.output_files import check_target, save_plan, written
from nanobanana_nb.entry import launch
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.status.stop import stopped_words
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.counts import count_parts
from nanobanana_nb.show.html.report import Report

if TYPE_CHECKING:
    from nanobanana_nb.model.plan.limits import RunLimits
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.run.job import Job
    from nanobanana_nb.run.session import Session
    from nanobanana_nb.show.grid import ImageGrid

_GOES_ON = "The same command goes on where this one stopped, and pays nothing twice."


def billed_run(session: Session, plan: Plan, limits: RunLimits, options: Namespace) -> Answer:
    """Show what a plan costs, and make it once that is allowed.

    Raises:
        BudgetError: it would cost more than is allowed, or nobody said yes: nothing was sent.
        NanobananaError: nothing was sent for another reason.
    """
    bill = session.bridge.run(session.bill(plan, fresh=limits.fresh))
    report = repr(Report.bill(plan, bill, simulated=session.provider.simulated))
    if options.dry_run:
        save_plan(plan, options.file)
        return Answer(bill_value(plan, bill), report)
    check_target(options.file, len(plan.cells))
    note(report)
    limits = approved(bill, limits, simulated=session.provider.simulated)
    job = launch.start(session, plan, replace(limits, notebook=str(Path.cwd())))
    grid, code = followed(job)
    to_write = options.file and code != ExitCode.INTERRUPTED
    files = written(grid, options.file) if to_write else [*originals(grid)]
    tell(grid)
    text = "\n".join(str(file) for file in files)
    return Answer(grid_value(grid, files), text, code, grid)


def followed(job: Job) -> tuple[ImageGrid, ExitCode]:
    """Wait for a job, show its progress, and return its images and how they came about.

    Raises:
        NanobananaError: nothing was sent.
    """
    progress = progress_of(job)
    try:
        grid = job.follow(progress.draw)
    except NanobananaError as error:
        if not job.accepted:
            raise
        return job.grid, code_of_error(error)
    except KeyboardInterrupt:
        progress.close()
        note(f"Stopped. {stopped_words(job.grid.generations)} {_GOES_ON}")
        return job.grid, ExitCode.INTERRUPTED
    finally:
        progress.close()
    return grid, code_of_images(list(grid))


def originals(grid: ImageGrid) -> list[Path]:
    """Return where the originals are, each once."""
    return list(dict.fromkeys(image.path for image in grid if image.path is not None))


def tell(grid: ImageGrid) -> None:
    """Say beside the answer how many came and what they cost, and why others did not."""
    note(wording.DOT.join(count_parts(list(grid))))
    errors = Counter(str(image.error) for image in grid if image.error is not None)
    for words, count in errors.most_common():
        words = words.replace("`", "")
        note(f"{count:,} times: {words}" if count > 1 else words)
    if grid.number is not None:
        note(f"nanobanana show g{grid.number} shows them again.")
