"""What is asked for: one request makes one image."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Parameters = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class ReferenceImage:
    """An image that goes in: a link that the service can fetch, or bytes that we hold.

    `sha256` is of the bytes, which are identity; `name` is what the person called it.
    """

    url: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    name: str = field(default="", compare=False)
    data: bytes | None = field(default=None, repr=False, compare=False)

    @classmethod
    def from_bytes(cls, data: bytes, media_type: str, name: str) -> ReferenceImage:
        """Return the reference for bytes in hand."""
        digest = hashlib.sha256(data).hexdigest()
        return cls(sha256=digest, media_type=media_type, name=name, data=data)

    @property
    def identity(self) -> str:
        """What makes two references the same: their bytes, or else their link."""
        return f"sha256:{self.sha256}" if self.sha256 else f"url:{self.url}"


@dataclass(frozen=True)
class GenerationRequest:
    """One image to be made.

    `parameters` are the model's further input fields as sorted pairs, for example
    `(("aspect_ratio", "16:9"),)`. `repeat` counts from 1 and tells equal requests apart.
    """

    provider: str
    model: str
    prompt: str
    images: tuple[ReferenceImage, ...] = ()
    parameters: Parameters = ()
    repeat: int = 1

    def parameter(self, name: str) -> Any:
        """Return what was asked for `name`, or None."""
        return dict(self.parameters).get(name)

    def to_record(self) -> dict[str, Any]:
        """Return the request as plain JSON data, without the bytes of its images."""
        return {
            "provider": self.provider,
            "model": self.model,
            "prompt": self.prompt,
            "parameters": dict(self.parameters),
            "images": [
                {"url": i.url, "sha256": i.sha256, "media_type": i.media_type, "name": i.name}
                for i in self.images
            ],
            "repeat": self.repeat,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> GenerationRequest:
        """Rebuild the request that `to_record` wrote."""
        fields = dict(record)
        images = tuple(ReferenceImage(**image) for image in fields.pop("images"))
        parameters = as_parameters(fields.pop("parameters"))
        return cls(images=images, parameters=parameters, **fields)

    def fingerprint(self) -> str:
        """Return the identity of the request: equal requests have equal fingerprints.

        SHA-256 over canonical JSON (sorted keys, no spaces) behind a version tag. Names of
        images and the account do not count; the bytes of reference images do.
        """
        record = self.to_record()
        record["images"] = [image.identity for image in self.images]
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        tagged = "nanobanana_nb/request/1\n" + text
        return hashlib.sha256(tagged.encode("utf-8", "surrogatepass")).hexdigest()


def as_parameters(values: Mapping[str, Any]) -> Parameters:
    """Return `values` as sorted pairs without what is unset (None)."""
    return tuple(sorted((k, v) for k, v in values.items() if v is not None))
