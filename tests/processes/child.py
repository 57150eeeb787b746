"""A process that runs a plan or resumes, and prints what became of it as JSON."""

from __future__ import annotations

import json
import sys
from contextlib import suppress


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(what: str) -> None:
    """Run the plan of 20 images, or resume what is left of it."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.errors import NanobananaError
    from nanobanana_nb.run.task.poll_schedule import Durations

    Durations.next_look_s = lambda *_: 0.05  # type: ignore[method-assign]
    session = launch.session_for()
    _say("ready")
    if what == "resume":
        job = session.resume()
    else:
        numbers = list(range(20))
        plan = launch.plan_for(session, "heron {n}", model=None, namespace={"n": numbers})
        job = session.submit(plan)
    with suppress(NanobananaError):
        job.result()
    for one in job.generations:
        if one.error is not None:
            sys.stderr.write(f"{one.state}: {one.error}\n")
    _say(json.dumps([(str(one.state), one.credits) for one in job.generations]))


if __name__ == "__main__":
    main(sys.argv[1])
