"""What is asked for: one request makes one image."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nanobanana_nb.model.signed_links import hidden, revealed
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.text.terminal import printed

Parameters = tuple[tuple[str, Any], ...]


@printed
@dataclass(frozen=True, repr=False)
class ReferenceImage:
    """An image that goes in: a link that the service can fetch, or bytes that we hold.

    `sha256` is identity: of the bytes that the person gave, or of the pixels where it was a
    picture in memory. `name` is what the person called it, and `shows` the same where the model is
    told it. `data` is what is sent, of the type
    `media_type`; where that is something else, `sent_sha256` is its hash, and `changes` says
    what was done to it. `url_sha256` is of the whole link where `url` is only what a record may
    keep of it.
    """

    url: str | None = None
    sha256: str | None = None
    media_type: str | None = field(default=None, compare=False)
    name: str = field(default="", compare=False)
    data: bytes | None = field(default=None, compare=False)
    url_sha256: str | None = None
    sent_sha256: str | None = field(default=None, compare=False)
    changes: str = field(default="", compare=False)
    shows: str = field(default="", compare=False)

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        media_type: str,
        name: str,
        *,
        sha256: str | None = None,
        changes: str = "",
    ) -> ReferenceImage:
        """Return the reference for bytes in hand; `sha256` is of what was given if not of them."""
        digest = hashlib.sha256(data).hexdigest()
        return cls(
            sha256=sha256 or digest,
            media_type=media_type,
            name=name,
            data=data,
            sent_sha256=None if sha256 in (None, digest) else digest,
            changes=changes,
        )

    @property
    def identity(self) -> str:
        """What makes two references the same: their bytes, or else their whole link."""
        if self.sha256:
            return f"sha256:{self.sha256}"
        digest = self._link_digest()
        return f"url-sha256:{digest}" if digest else f"url:{self.url}"

    @property
    def content(self) -> str | None:
        """The hash of what is sent, whichever way the person gave it."""
        return self.sent_sha256 or self.sha256

    @property
    def complete(self) -> bool:
        """Whether it can be sent: the bytes or the whole link are in hand."""
        return self.data is not None or (self.url is not None and self.url_sha256 is None)

    def to_record(self) -> dict[str, str | None]:
        """Return the reference as plain JSON data, its link without what may be a signature."""
        digest = self._link_digest()
        return {
            "url": None if self.url is None else public_url(self.url),
            "sha256": self.sha256,
            "media_type": self.media_type,
            "name": public_url(self.name),
            **({"url_sha256": digest} if digest else {}),
            **({"sent_sha256": self.sent_sha256} if self.sent_sha256 else {}),
            **({"changes": self.changes} if self.changes else {}),
            **({"shows": self.shows} if self.shows else {}),
        }

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled, which is kept somewhere: of a link what a record has of it."""
        record = self.to_record()
        link = {"url": record["url"], "name": record["name"], "url_sha256": self._link_digest()}
        return {**vars(self), **link}

    def __copy__(self) -> ReferenceImage:
        return self

    def __deepcopy__(self, _: Any) -> ReferenceImage:
        return self

    def __repr__(self) -> str:
        known = {name: value for name, value in self.to_record().items() if value}
        return f"ReferenceImage({', '.join(f'{k}={v!r}' for k, v in known.items())})"

    def __str__(self) -> str:
        return public_url(self.name) or repr(self)

    def _link_digest(self) -> str | None:
        """Return the hash of the whole link where a record keeps only a part of it."""
        if self.url is None or self.url_sha256 or public_url(self.url) == self.url:
            return self.url_sha256
        return hashlib.sha256(self.url.encode("utf-8", "surrogatepass")).hexdigest()


@printed
@dataclass(frozen=True)
class GenerationRequest:
    """One image to be made.

    `parameters` are the model's further input fields as sorted pairs, for example
    `(("aspect_ratio", "16:9"),)`. `repeat` counts from 1 and tells equal requests apart.
    A record of a `private` request leaves its prompt out.

    Examples:
        >>> from nanobanana_nb import generate
        >>> request = generate("A heron", aspect_ratio="16:9").one.request
        >>> request.model, request.parameters
        ('google/nano-banana', (('aspect_ratio', '16:9'),))
    """

    __module__ = "nanobanana_nb"  # where people find it

    provider: str
    model: str
    prompt: str
    images: tuple[ReferenceImage, ...] = ()
    parameters: Parameters = ()
    repeat: int = 1
    private: bool = field(default=False, compare=False)

    def fields(self) -> dict[str, Any]:
        """Return prompt and parameters as the service gets them.

        Raises:
            InputError: of a link among them only what may be kept is at hand.

        Examples:
            >>> request.fields()
            {'prompt': 'A heron', 'aspect_ratio': '16:9'}
        """
        return {"prompt": self.prompt, **{name: revealed(v) for name, v in self.parameters}}

    def parameter(self, name: str) -> object:
        """Return what was asked for `name`, or None.

        Examples:
            >>> request.parameter("aspect_ratio")
            '16:9'
        """
        return next((value for key, value in self.parameters if key == name), None)

    def to_record(self) -> dict[str, Any]:
        """Return the request as plain JSON data, without bytes, signatures and private words.

        Examples:
            >>> request.to_record()["parameters"]
            {'aspect_ratio': '16:9'}
        """
        return {
            "provider": self.provider,
            "model": self.model,
            "prompt": "" if self.private else self.prompt,
            "parameters": dict(self.parameters),
            "images": [image.to_record() for image in self.images],
            "repeat": self.repeat,
            **({"private": True} if self.private else {}),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> GenerationRequest:
        """Rebuild the request of which `to_record` wrote the `record`.

        Examples:
            >>> type(request).from_record(request.to_record()) == request
            True
        """
        fields = dict(record)
        images = tuple(ReferenceImage(**image) for image in fields.pop("images"))
        parameters = as_parameters(fields.pop("parameters"))
        return cls(images=images, parameters=parameters, **fields)

    def fingerprint(self) -> str:
        """Return the identity of the request: equal requests have equal fingerprints.

        SHA-256 over canonical JSON (sorted keys, no spaces) behind a version tag. Names of
        images and the account do not count; the bytes or pixels that were given do. It is
        computed once, when it is first asked for.

        Examples:
            >>> len(request.fingerprint())
            64
        """
        if "_fingerprint" not in vars(self):
            whole = {
                "provider": self.provider,
                "model": self.model,
                "prompt": self.prompt,
                "parameters": dict(self.parameters),
                "images": [image.identity for image in self.images],
                "repeat": self.repeat,
            }
            text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            text = "nanobanana_nb/request/2\n" + text
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
            vars(self)["_fingerprint"] = digest.hexdigest()
        return str(vars(self)["_fingerprint"])

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: a later version may compute another fingerprint."""
        return {name: value for name, value in vars(self).items() if name != "_fingerprint"}


def as_parameters(values: Mapping[str, Any]) -> Parameters:
    """Return `values` as sorted pairs without what is unset (None), their links `hidden`."""
    return tuple(sorted((k, hidden(v)) for k, v in values.items() if v is not None))
