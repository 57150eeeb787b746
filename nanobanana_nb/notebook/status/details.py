"""What a status says of a job beside its images."""

from __future__ import annotations

import time
from typing import Any

from nanobanana_nb.run.job import Job
from nanobanana_nb.show.live.eta import time_left


def details_of(job: Job) -> dict[str, Any]:
    """Return what a status says of a job beside its images."""
    left_s = time_left(job.generations, job.durations(), time.time())
    return {
        "plan": job.plan,
        "bill": job.bill,
        "notice": job.notice(),
        "left_s": left_s,
        "lost": job.lost,
    }
