"""Reference images on their way to the service, each content once while its link lives."""

from __future__ import annotations

import asyncio
import time

from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.model.request import ReferenceImage

LINK_LIVES_S = 3600.0  # how long the service keeps an upload is not told: a cautious hour


class Links:
    """The links of what one account uploaded, by content, while they live."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, str]] = {}

    def get(self, identity: str) -> str | None:
        """Return the link to a content, None where there is none or it is old."""
        put_at, link = self._known.get(identity, (0.0, None))
        return link if time.monotonic() - put_at < LINK_LIVES_S else None

    def put(self, identity: str, link: str) -> None:
        """Remember what was uploaded just now."""
        self._known[identity] = (time.monotonic(), link)


class Uploads:
    """Turns the reference images of one run into links that the service can fetch.

    An upload that failed is not begun again in this run.
    """

    def __init__(self, client: Client, links: Links | None = None) -> None:
        self._client = client
        self._links = Links() if links is None else links
        self._begun: dict[str, asyncio.Task[str]] = {}

    async def link(self, image: ReferenceImage) -> str:
        """Return the image's own link, or upload its bytes once and return theirs.

        Raises:
            ReferenceImageError: neither the whole link nor the bytes are at hand.
        """
        if image.url is not None and image.complete:
            return image.url
        if (known := self._links.get(image.identity)) is not None:
            return known
        if image.data is None or image.media_type is None:
            raise ReferenceImageError(
                f"The reference image {image.name} is not at hand any more",
                why="the ledger keeps neither bytes nor signed links",
                action="Give it again with `-i`.",
            )
        if image.identity not in self._begun:
            upload = self._upload(image.identity, image.data, image.media_type)
            self._begun[image.identity] = asyncio.ensure_future(upload)
        return await asyncio.shield(self._begun[image.identity])

    async def _upload(self, identity: str, data: bytes, media_type: str) -> str:
        link = await self._client.upload(data, media_type)
        self._links.put(identity, link)
        return link
