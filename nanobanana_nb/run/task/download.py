"""The original of a finished task: fetched within the wait of its run, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import TypeVar

from nanobanana_nb.api.provider import MOST_LINKS, TaskInfo
from nanobanana_nb.errors import DownloadError, NanobananaError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.privacy.logs import logger
from nanobanana_nb.run.loop.shield import off_loop
from nanobanana_nb.run.task.context import RunContext

T = TypeVar("T")
_log = logger(__name__)

LEAST_SHARE = 0.1  # of the wait, for a task that is done at its very end
LEAST_S = 5.0
LINK_S = 1.0  # that a link has at least, while there is time


async def download(
    context: RunContext, generation: Generation, info: TaskInfo, ends: float
) -> Generation:
    """Return the image with its original on disk.

    Where the first link does not work, or brings no image, the service's fresh links are tried in
    turn: the first goes before the others, which may be previews.

    Args:
        ends: when the wait is over, by the clock of the loop.

    Raises:
        DownloadError: it was not fetched in time, or cannot be shown.
        LedgerError: it cannot be written.
    """
    least = max(LEAST_S, LEAST_SHARE * context.wait_s)
    ends = max(ends, asyncio.get_running_loop().time() + least)
    links = info.media_urls
    failure: NanobananaError
    try:
        return await _store(context, generation, links[0], _share(ends, len(links)))
    except DownloadError as error:
        failure, links = error, links[1:]
    try:
        links = (await _until(ends, context.client.look(info.task_id))).media_urls or links
    except NanobananaError as error:
        failure = _failure_to_show(failure, error)
    for n, link in enumerate(links):
        if asyncio.get_running_loop().time() >= ends:
            break
        try:
            return await _store(context, generation, link, _share(ends, len(links) - n))
        except NanobananaError as error:
            failure = _failure_to_show(failure, error)
    raise _with_cut(failure, len(links))


def _share(ends: float, links: int) -> float:
    """Return until when one of so many links may take, so that none takes the others' time."""
    now = asyncio.get_running_loop().time()
    return now + max((ends - now) / links, min(ends - now, LINK_S))


def _with_cut(failure: NanobananaError, links: int) -> NanobananaError:
    """Return the failure; it says where there may be links that were not read."""
    if links == MOST_LINKS:
        cut = f"of the service's links only the first {MOST_LINKS} are tried"
        failure.why = f"{failure.why}; {cut}" if failure.why else cut
    return failure


def _failure_to_show(earlier: NanobananaError, later: NanobananaError) -> NanobananaError:
    """Return which failure is told: the later one, unless the earlier says where bytes are kept."""
    return earlier if isinstance(earlier, DownloadError) and earlier.kept else later


async def _store(context: RunContext, generation: Generation, url: str, ends: float) -> Generation:
    data = await _until(ends, context.client.download(url))
    measures, path = await off_loop(context.ledger.images.store, data)
    context.uploads.links.put_result(measures.sha256, url)
    kept = (generation.id, len(data), measures.media_type)
    _log.info("Image %s: its original is here, %s bytes of %s", *kept)
    file = {"path": path, "file_size": len(data), **vars(measures)}
    return replace(generation, state=State.SUCCESS, **file)


async def _until(ends: float, work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout_at(ends):
            return await work
    except TimeoutError:
        raise DownloadError("The download was not done when the wait was over") from None
