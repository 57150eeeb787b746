"""The service behind the wire: creates tasks, looks at them, keeps the books."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from PIL import Image

from nanobanana_nb.simulator.accounts import Accounts
from nanobanana_nb.simulator.callback import is_loopback
from nanobanana_nb.simulator.clock import Clock
from nanobanana_nb.simulator.errors import Refusal
from nanobanana_nb.simulator.links import Signer, own_link
from nanobanana_nb.simulator.models import MODELS, READ_OVER, Model
from nanobanana_nb.simulator.options import Options
from nanobanana_nb.simulator.painting.history import History, history_of
from nanobanana_nb.simulator.pictures import Gallery, shrink_reference
from nanobanana_nb.simulator.schema import request_errors
from nanobanana_nb.simulator.sizes import nearest_ratio, pixel_size
from nanobanana_nb.simulator.store import Store
from nanobanana_nb.simulator.tasks import Picture, Reference, Task, draw_duration, fate_of

Json = dict[str, Any]


class Service:
    """One simulated service. Every method may be called from any thread."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.store = Store(options.state)
        self.accounts = Accounts(options)
        self.signer = Signer(self.store.secret(), options.link_life_s)
        self.gallery = Gallery(self.store)
        self._looks: dict[str, int] = {}
        self._looks_lock = threading.Lock()

    def price(self, body: Any) -> float:
        """Credits that a CreateTask with this body costs; raises Refusal 422."""
        errors = request_errors(body)
        if errors:
            raise Refusal(422, errors=errors)
        model = MODELS[body["model"]]
        return float(model.price(_fields(model, body["input"]).get("resolution", "1K")))

    def create(self, key: str, body: Any, fault: Json | None = None) -> Task:
        """A new task for the account of this key; raises Refusal 422 or 402."""
        credits = self.price(body)
        model, fields = MODELS[body["model"]], _fields(MODELS[body["model"]], body["input"])
        references = [self._reference(url) for url in fields.get("img_urls", ())]
        request = _fingerprint(body["model"], fields, references)
        unreadable = (n for n, ref in enumerate(references, 1) if ref.image == b"")
        fate = fate_of(fields["prompt"], credits, fault, next(unreadable, None))

        def make(twins: int) -> Task:
            variation = hashlib.sha256(f"{request}:{twins}".encode()).hexdigest()
            duration = draw_duration(self.options, model.pace, fields["prompt"], variation)
            now, task_id = self.clock.now(), str(uuid.uuid4())
            self.accounts.reserve(
                key, task_id, credits, charge=fate.charge, finishes=now + duration, now=now
            )
            picture = _picture(model, fields, references, variation)
            account = self.signer.digest(key)
            return Task(task_id, account, now, duration, credits, _param(body), picture, fate)

        return self.store.add_task(self.signer.digest(key), request, references, make)

    def look(self, key: str, task_id: str, base: str) -> Json:
        """TaskInfo's data, with the quirks of a scripted task; raises Refusal 404."""
        task = self.store.task(task_id)
        if task is None or task.account != self.signer.digest(key):
            raise Refusal(404, "Task not found")
        data = self.data(task, base)
        if task.fate.quirk:
            with self._looks_lock:
                looks = self._looks[task.id] = self._looks.get(task.id, 0) + 1
        if task.fate.quirk and (task.fate.looks is None or looks <= task.fate.looks):
            if task.fate.quirk == "404-first":
                raise Refusal(404, "Task not found")
            upper = task.fate.quirk == "upper-case"
            data["status"] = data["status"].upper() if upper else "moderating"
            if not upper:
                data.update(result=None, complete_at=None, duration_s=None, credits=task.credits)
        return data

    def data(self, task: Task, base: str) -> Json:
        """A task's data now, with a fresh link to its picture."""
        now = self.clock.now()
        return task.data(now, self.signer.link(base, task.media_path, now))

    def announce_upload(self, content_type: str, extension: str, base: str) -> Json:
        """A presigned URL for one file and the link under which it will be found."""
        upload_id, now = str(uuid.uuid4()), self.clock.now()
        self.store.announce_upload(upload_id, content_type, now)
        put = self.signer.link(base, f"/uploads/{upload_id}{extension}", now, salt=content_type)
        return {
            "presigned_url": put,
            "file_url": self.signer.link(base, f"/files/{upload_id}{extension}", now),
        }

    def _reference(self, url: str) -> Reference:
        link = own_link(url)
        alive = link is not None and self.signer.is_alive(url, self.clock.now())
        image = self._own_image(*link) if link and alive else None
        if link is None or (image is None and not is_loopback(url)):
            return Reference(hashlib.sha256(url.encode()).hexdigest())
        digest = hashlib.sha256(image or b"").hexdigest()
        history = self._history(self.store.drawing(digest))
        small = shrink_reference(image, history) if image else None
        return Reference(digest, small or b"")

    def _history(self, task_id: str) -> History | None:
        """What made the picture of a task: its prompt, and those of what it repaints."""
        task = self.store.task(task_id)
        if task is None:
            return None
        references = self.store.references(task_id)
        if not references:
            return History((task.picture.prompt,), task.picture.variation)
        older = history_of(references[0])
        seed = older.seed if len(references) == 1 else ""
        return History((*older.prompts, task.picture.prompt), seed)

    def _own_image(self, kind: str, name: str) -> bytes | None:
        if kind == "files":
            upload = self.store.upload(name)
            return upload.body if upload else None
        task = self.store.task(name)
        if task is None or task.status(self.clock.now()) != "success":
            return None
        return self.gallery.picture(task).result()


def _fields(model: Model, fields: Json) -> Json:
    """The input fields that the model has."""
    choices = {"output_format": model.formats, "resolution": model.resolutions}
    return {name: v for name, v in fields.items() if name not in READ_OVER or choices[name]}


def _param(body: Json) -> Json:
    """The body as a task keeps it for ever: its links without what may be a signature."""
    fields = dict(body["input"])
    if links := fields.get("img_urls"):
        parts = [urlsplit(link) for link in links]
        fields["img_urls"] = [
            urlunsplit((part.scheme, part.netloc.rpartition("@")[2], part.path, "", ""))
            for part in parts
        ]
    return {**body, "input": fields}


def _fingerprint(model: str, fields: Json, references: Sequence[Reference]) -> str:
    identity = {**fields, "img_urls": [reference.digest for reference in references]}
    text = json.dumps([model, identity], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _picture(
    model: Model, fields: Json, references: Sequence[Reference], variation: str
) -> Picture:
    ratio = fields.get("aspect_ratio", "1:1")
    if ratio == "auto":  # as the first reference, where there is one
        ratio = "1:1"
        if references and references[0].image:
            with Image.open(io.BytesIO(references[0].image)) as image:
                ratio = nearest_ratio(*image.size, model.ratios)
    if "[square]" in fields["prompt"]:
        ratio = "1:1"
    width, height = pixel_size(ratio, fields.get("resolution", "1K"))
    output = fields.get("output_format", "png") if model.formats else model.delivers
    extension = "png" if output == "png" else "jpeg"
    return Picture(fields["prompt"], model.name, width, height, extension, variation, model.detail)
