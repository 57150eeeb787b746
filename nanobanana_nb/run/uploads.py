"""Reference images on their way to the service, each content once a run."""

from __future__ import annotations

import asyncio

from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.model.request import ReferenceImage


class Uploads:
    """Turns reference images into links that the service can fetch."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._links: dict[str, asyncio.Task[str]] = {}

    async def link(self, image: ReferenceImage) -> str:
        """Return the image's own link, or upload its bytes once and return theirs.

        Raises:
            ReferenceImageError: neither the whole link nor the bytes are at hand.
        """
        if image.url is not None and image.complete:
            return image.url
        if image.data is None or image.media_type is None:
            raise ReferenceImageError(
                f"The reference image {image.name} is not at hand any more",
                why="the ledger keeps neither bytes nor signed links",
                action="Give it again with `-i`.",
            )
        if image.identity not in self._links:
            upload = self._client.upload(image.data, image.media_type)
            self._links[image.identity] = asyncio.ensure_future(upload)
        return await asyncio.shield(self._links[image.identity])
