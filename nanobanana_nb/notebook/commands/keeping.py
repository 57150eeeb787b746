"""Commands about what the ledger keeps: tasks that are taken in, and what is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
    from nanobanana_nb.model.result import Generation
    from nanobanana_nb.run.session import Session
    from nanobanana_nb.show.html.report import Report


def adopt(task_id: str, name: str | None) -> Any:
    """Take a task that was made elsewhere into the ledger, and fetch its image."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.notebook.commands.notices import show
    from nanobanana_nb.notebook.status import wait
    from nanobanana_nb.show.html.report import Report

    session = access.session()
    if known := known_task(session, task_id):
        return Report.line(known_words(known))
    number, untold = take_in(session, task_id, name)
    if untold:
        show(untold)
    links, runner = front().links(session.settings), launch.Runner(session)
    return wait.command_all(session.resume_grids([str(number)], links=links, runner=runner))


def known_task(session: Session, task_id: str) -> Generation | None:
    """Return the task of this id that the ledger has, None where it has none."""
    if not session.ledger.has_task(task_id, session.provider.name):
        return None
    return session.ledger.get(task_id)


def known_words(task: Generation) -> str:
    """Return that a task needs no adoption, and what shows it."""
    from nanobanana_nb.show.html.wording import state_word

    shows = f"`%nanobanana show {task.id}` shows it."
    return f"This task is in the ledger: number {task.id}, {state_word(task)}. {shows}"


def take_in(session: Session, task_id: str, name: str | None) -> tuple[int, str]:
    """Look a task up, write it down, and return its number and what the service does not tell."""
    from nanobanana_nb.run import adoption

    info = session.bridge.run(session.client.look(task_id))
    return adoption.adopt(session.ledger, session.provider.name, info, name), adoption.untold(info)


def forget(name: str, yes: bool) -> Report:
    """Remove picture and words of an image for good; its credits stay in the sums."""
    from nanobanana_nb.notebook.page.image_copies import Originals
    from nanobanana_nb.run import recall
    from nanobanana_nb.show.html.report import Report

    settings, ledger = access.settings(), access.ledger()
    ledger.claims.recover()
    task = recall.forgettable(ledger, name)
    if not yes:
        raise InputError(
            f"Picture and words of number {task.id} would be gone for good",
            why="the row of its credits stays",
            action=f"`%nanobanana forget {name} --yes` does it.",
        )
    Originals(settings.images_dir).remove(task)
    ledger.forgetting.forget(task)
    return Report.line(
        f"Number {task.id} is forgotten. What notebooks show of it, and files that were written of"
        " it, are yours to delete."
    )
