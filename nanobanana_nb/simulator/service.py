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
        return float(model.price(_taken(model, body["input"]).get("resolution", "1K")))

    def create(self, key: str, body: Any, scripted: Json | None = None) -> Task:
        """A new task for the account of this key; raises Refusal 422 or 402."""
        credits = self.price(body)
        model, given = MODELS[body["model"]], _taken(MODELS[body["model"]], body["input"])
        references = [self._reference(url) for url in given.get("img_urls", ())]
        request = _fingerprint(body["model"], given, references)
        fate = fate_of(given["prompt"], credits, scripted, _first_unreadable(references))

        def make(twins: int) -> Task:
            variation = hashlib.sha256(f"{request}:{twins}".encode()).hexdigest()
            duration = draw_duration(self.options, model.pace, given["prompt"], variation)
            now, task_id = self.clock.now(), str(uuid.uuid4())
            self.accounts.reserve(
                key, task_id, credits, charge=fate.charge, finishes=now + duration, now=now
            )
            picture = _picture(model, given, references, variation)
            account = self.signer.digest(key)
            return Task(task_id, account, now, duration, credits, _kept(body), picture, fate)

        return self.store.add_task(self.signer.digest(key), request, references, make)

    def look(self, key: str, task_id: str, base: str) -> Json:
        """TaskInfo's data, with the quirks of a scripted task; raises Refusal 404."""
        task = self.store.task(task_id)
        if task is None or task.account != self.signer.digest(key):
            raise Refusal(404, "Task not found")
        data = self.data(task, base)
        if task.fate.quirk and self._quirky(task):
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

    def _quirky(self, task: Task) -> bool:
        with self._looks_lock:
            seen = self._looks[task.id] = self._looks.get(task.id, 0) + 1
        return task.fate.looks is None or seen <= task.fate.looks

    def _reference(self, url: str) -> Reference:
        own = own_link(url)
        alive = own is not None and self.signer.is_alive(url, self.clock.now())
        image = self._own_image(*own) if own and alive else None
        if own is None or (image is None and not is_loopback(url)):
            return Reference(hashlib.sha256(url.encode()).hexdigest())
        small = shrink_reference(image) if image else None
        return Reference(hashlib.sha256(image or b"").hexdigest(), small or b"")

    def _own_image(self, kind: str, name: str) -> bytes | None:
        if kind == "files":
            upload = self.store.upload(name)
            return upload.body if upload else None
        task = self.store.task(name)
        if task is None or task.status(self.clock.now()) != "success":
            return None
        return self.gallery.picture(task).result()


def _taken(model: Model, given: Json) -> Json:
    taken = {"output_format": model.formats, "resolution": model.resolutions}
    return {name: v for name, v in given.items() if name not in READ_OVER or taken[name]}


def _kept(body: Json) -> Json:
    """The body as a task keeps it for ever: its links without what may be a signature."""
    given = dict(body["input"])
    if links := given.get("img_urls"):
        given["img_urls"] = [_without_signature(link) for link in links]
    return {**body, "input": given}


def _without_signature(link: str) -> str:
    parts = urlsplit(link)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _first_unreadable(references: Sequence[Reference]) -> int | None:
    return next((n for n, ref in enumerate(references, 1) if ref.image == b""), None)


def _fingerprint(model: str, given: Json, references: Sequence[Reference]) -> str:
    asked = {**given, "img_urls": [reference.digest for reference in references]}
    text = json.dumps([model, asked], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _picture(model: Model, given: Json, references: Sequence[Reference], variation: str) -> Picture:
    ratio = given.get("aspect_ratio", "1:1")
    if ratio == "auto":
        ratio = _followed_ratio(model, references)
    if "[square]" in given["prompt"]:
        ratio = "1:1"
    width, height = pixel_size(ratio, given.get("resolution", "1K"))
    wanted = given.get("output_format", "png") if model.formats else model.delivers
    extension = "png" if wanted == "png" else "jpeg"
    return Picture(given["prompt"], model.name, width, height, extension, variation, model.detail)


def _followed_ratio(model: Model, references: Sequence[Reference]) -> str:
    if not references or not references[0].image:
        return "1:1"
    with Image.open(io.BytesIO(references[0].image)) as image:
        return nearest_ratio(*image.size, model.ratios)
