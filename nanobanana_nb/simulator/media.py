"""The endpoints without a key, as an object store has them: uploads and pictures."""

from __future__ import annotations

import asyncio
import re
from mimetypes import guess_extension

from starlette.responses import Response

from nanobanana_nb.simulator.calls import Call
from nanobanana_nb.simulator.errors import Refusal
from nanobanana_nb.simulator.tasks import MEDIA_TYPES
from nanobanana_nb.simulator.wire import read_body, success

_MEDIA = re.compile(r"(?:image|video|audio)/[a-z0-9][a-z0-9.+-]*")
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}")
MOST_UPLOAD_BYTES = 20_000_000


async def upload_url(call: Call) -> Response:
    """GET upload-url: a presigned URL for one file of any media type, or 422."""
    query = call.request.query_params
    content_type = query.get("content_type", "")
    if not _MEDIA.fullmatch(content_type):
        raise Refusal(422, errors=["content_type: an image, a video or audio"])
    extension = query.get("ext") or guess_extension(content_type) or ".bin"
    if not _EXTENSION.fullmatch(extension):
        raise Refusal(422, errors=["ext: a dot and at most 8 small letters or digits"])
    announce = call.service.announce_upload
    return success(await asyncio.to_thread(announce, content_type, extension, call.base))


async def put_upload(call: Call) -> Response:
    """PUT to a presigned URL: 200, 403 for a wrong type or a dead link, 413 when too large."""
    request = call.request
    content_type = request.headers.get("content-type", "")
    if not _allowed(call, salt=content_type):
        return _denied()
    upload = await asyncio.to_thread(call.service.store.upload, request.path_params["name"])
    if upload is None:
        return _xml(404, "NoSuchKey")
    try:
        body = await read_body(request, MOST_UPLOAD_BYTES)
    except Refusal:
        return _xml(413, "EntityTooLarge")
    await asyncio.to_thread(call.service.store.put_upload, upload.id, body)
    return Response(b"", 200)


async def get_file(call: Call) -> Response:
    """GET an uploaded file: its bytes as they came."""
    if not _allowed(call):
        return _denied()
    upload = await asyncio.to_thread(call.service.store.upload, call.request.path_params["name"])
    if upload is None or upload.body is None:
        return _xml(404, "NoSuchKey")
    return Response(upload.body, media_type=upload.content_type)


async def get_media(call: Call) -> Response:
    """GET a finished picture; it is drawn at the first call."""
    if not _allowed(call):
        return _denied()
    service = call.service
    task = await asyncio.to_thread(service.store.task, call.request.path_params["name"])
    if task is None or task.status(service.clock.now()) != "success":
        return _xml(404, "NoSuchKey")
    # Shielded: a caller who leaves must not cancel the picture for the others.
    image = await asyncio.shield(asyncio.wrap_future(service.gallery.picture(task)))
    return Response(image, media_type=MEDIA_TYPES[task.picture.extension])


def _allowed(call: Call, salt: str = "") -> bool:
    request, now = call.request, call.service.clock.now()
    # root_path is no part of what was signed.
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return call.service.signer.allows(path, request.query_params, now, salt=salt)


def _denied() -> Response:
    return _xml(403, "AccessDenied")


def _xml(status: int, code: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code></Error>\n'
    return Response(text, status, media_type="application/xml")
