"""Reference images on their way to the service, each content once while its link lives."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nanobanana_nb.api.client import Client, Departure
from nanobanana_nb.errors import ConnectionLostError, InvalidRequestError, ReferenceImageError
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from nanobanana_nb.privacy.data_links import is_data_link

LINK_LIVES_S = 3600.0  # how long the service keeps a file is not told: a cautious hour
MARGIN_S = 600.0  # so long a task may wait before the service fetches what it was given
MOST_LINKS = 1_000
LEAST_S = 5.0  # for an upload, where nobody wants to wait for the image itself


class _Link(NamedTuple):
    url: str
    put_at: float
    is_result: bool


@dataclass(eq=False, repr=False)
class UploadLinks:
    """The links to what one account has at a service, by the hash of it, while they live.

    They lead to what was uploaded and to results. Nobody tells whether the service fetches its
    own results: after one failure with such a link none is used any more.
    """

    clock: Callable[[], float] = time.monotonic
    _links: dict[str, _Link] = field(default_factory=dict)
    _trusts_results: bool = True

    def get(self, content: str) -> str | None:
        """Return the link to a content, None where there is none or it is old."""
        link = self._links.get(content)
        if link is None or self.clock() - link.put_at >= LINK_LIVES_S - MARGIN_S:
            return None
        return link.url

    def put(self, content: str, url: str) -> None:
        """Remember what was uploaded just now."""
        self._put(content, _Link(url, self.clock(), is_result=False))

    def put_result(self, content: str, url: str) -> None:
        """Remember where a result lies that the service told of just now, if it lies anywhere.

        While it lives, its link serves as a reference.
        """
        if is_data_link(url):
            return
        if self._trusts_results and self.get(content) is None:
            self._put(content, _Link(url, self.clock(), is_result=True))

    def distrust(self, *contents: str) -> bool:
        """Hear of a failure with these contents; return whether one went by a result's link."""
        links = (self._links.get(content) for content in contents)
        if not any(link is not None and link.is_result for link in links):
            return False
        self._trusts_results = False
        self._links = {name: link for name, link in self._links.items() if not link.is_result}
        return True

    def _put(self, content: str, link: _Link) -> None:
        self._links.pop(content, None)
        self._links[content] = link
        if len(self._links) > MOST_LINKS:
            del self._links[next(iter(self._links))]


@dataclass(eq=False, repr=False)
class Uploads:
    """Turns the reference images of one run into links that the service can fetch.

    An upload that failed is not begun again in this run. None takes longer than `wait_s`, or
    `LEAST_S`.
    """

    client: Client
    links: UploadLinks = field(default_factory=UploadLinks)
    wait_s: float = math.inf
    _uploads: dict[str, asyncio.Task[str]] = field(default_factory=dict)

    async def fields(self, request: GenerationRequest) -> dict[str, Any]:
        """Return what the service is asked for, each reference image as a link.

        Raises:
            ReferenceImageError: of one neither the whole link nor the bytes are at hand.
            InputError: the same of a link in a field.
        """
        fields = request.fields()
        links = [await self.link(image) for image in request.images]
        return {**fields, "img_urls": links} if links else fields

    async def create(
        self,
        request: GenerationRequest,
        fields: Mapping[str, Any],
        callback_url: str | None,
        departure: Departure,
    ) -> str:
        """Create the task, and again with uploads where the service may refuse its own links.

        Raises what `Client.create` raises; a request that was refused created nothing.
        """
        try:
            return await self.client.create(request.model, fields, callback_url, departure)
        except InvalidRequestError:
            if departure.called_off.is_set() or not self.failed(request):
                raise
        await departure.not_taken()
        fields = await self.fields(request)
        return await self.client.create(request.model, fields, callback_url, departure)

    async def link(self, image: ReferenceImage) -> str:
        """Return the image's own link, or that of its bytes, which are uploaded once.

        Raises:
            ReferenceImageError: neither the whole link nor the bytes are at hand.
        """
        if image.url is not None and image.complete:
            return image.url
        content = image.content or ""
        if (link := self.links.get(content)) is not None:
            return link
        if image.data is None or image.media_type is None:
            raise ReferenceImageError(
                f"The reference image {image.name} is not at hand any more",
                why="the ledger keeps neither bytes nor signed links",
                action="Give it again with `-i`.",
            )
        if content not in self._uploads:
            upload = self._upload(content, image.data, image.media_type)
            self._uploads[content] = asyncio.ensure_future(upload)
        return await asyncio.shield(self._uploads[content])

    def failed(self, request: GenerationRequest) -> bool:
        """Hear that a task failed; return whether uploads may do better than its links did."""
        return self.links.distrust(*(image.content or "" for image in request.images))

    async def _upload(self, content: str, data: bytes, media_type: str) -> str:
        try:
            async with asyncio.timeout(max(self.wait_s, LEAST_S)):
                link = await self.client.upload(data, media_type)
        except TimeoutError:
            raise ConnectionLostError(
                "A reference image was not uploaded when the wait was over"
            ) from None
        self.links.put(content, link)
        return link
