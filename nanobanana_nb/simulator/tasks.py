"""Tasks: what was asked, how it will end, and where it stands at a moment."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.simulator.options import Options

Json = dict[str, Any]

PENDING_SHARE = 0.15
BLOCKED = "blocked by the simulated content filter"
MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg"}


@dataclass(frozen=True)
class Fate:
    """How a task ends, drawn when it is created.

    ``end`` is success, fail, fail-silent or no-url; ``message`` the reason of a failure;
    ``charge`` the credits taken at the end; ``quirk`` how TaskInfo misbehaves (unknown-state,
    upper-case or 404-first) and ``looks`` for how many looks (None: for ever).
    """

    end: str = "success"
    message: str = ""
    charge: float = 0.0
    quirk: str = ""
    looks: int | None = None


@dataclass(frozen=True)
class Picture:
    """All that decides the pixels of a task's picture, but for its reference images.

    ``width`` and ``height`` are pixels, ``extension`` is png or jpeg, ``variation`` a hash that
    makes the n-th identical request give the n-th picture.
    """

    prompt: str
    model: str
    width: int
    height: int
    extension: str
    variation: str
    detail: int = 1


@dataclass(frozen=True)
class Reference:
    """A reference image: small image bytes, or with ``image`` None only the URL's ``digest``."""

    digest: str
    image: bytes | None = None


@dataclass(frozen=True)
class Task:
    """One task as it is kept. ``created`` is UTC seconds, ``duration`` seconds."""

    id: str
    account: str
    created: float
    duration: float
    credits: float
    param: Json
    picture: Picture
    fate: Fate

    @property
    def finishes(self) -> float:
        """UTC seconds at which the task is done."""
        return self.created + self.duration

    def status(self, now: float) -> str:
        """The true state at a moment: pending, running, success or failed."""
        if now < self.finishes:
            return "pending" if now - self.created < PENDING_SHARE * self.duration else "running"
        return "success" if self.fate.end in ("success", "no-url") else "failed"

    @property
    def media_path(self) -> str:
        """The path of the picture on the service."""
        return f"/media/{self.id}.{self.picture.extension}"

    def data(self, now: float, link: str) -> Json:
        """TaskInfo's ``data`` at a moment; ``link`` leads to the picture."""
        done = now >= self.finishes
        created, completed = int(self.created), int(self.finishes)
        return {
            "task_id": self.id,
            "provider": "simulator",
            "model_version": self.picture.model,
            "status": self.status(now),
            "param": self.param,
            "create_at": created,
            "complete_at": completed if done else None,
            "duration_s": completed - created if done else None,
            "credits": self.fate.charge if done else self.credits,
            "source": "api",
            "result": self._result(link) if done else None,
        }

    def _result(self, link: str) -> Json | None:
        if self.fate.end == "fail-silent":
            return None
        if self.fate.end == "fail":
            return {"code": 501, "message": self.fate.message, "media_urls": []}
        urls = [link] if self.fate.end == "success" else []
        return {"code": 200, "message": "success", "media_urls": urls}


def fate_of(prompt: str, credits: float, fault: Json | None, unreadable: int | None) -> Fate:
    """The end of a task: from a scripted fault, the prompt's marks, or an unreadable reference."""
    fault = fault or {}
    kind = str(fault.get("task", ""))
    looks = fault.get("looks", 1 if kind == "404-first" else None)
    quirk = kind if kind in ("unknown-state", "upper-case", "404-first") else ""
    end, message = "success", ""
    if unreadable is not None:
        end, message = "fail", f"reference image {unreadable} could not be read"
    if "[fail]" in prompt or kind == "fail":
        end, message = "fail", str(fault.get("message", BLOCKED))
    if "[fail-silent]" in prompt or kind == "fail-silent":
        end = "fail-silent"
    if kind == "no-url":
        end = "no-url"
    charged = end in ("success", "no-url") or bool(fault.get("charged"))
    return Fate(end, message, credits if charged else 0.0, quirk, looks)


def draw_duration(options: Options, pace: float, prompt: str, request: str) -> float:
    """Seconds that a task takes: log-normal, the same for the same request text and seed."""
    chance = random.Random(f"{options.seed}:{request}").gauss(0.0, options.sigma)
    slow = 5.0 if "[slow]" in prompt else 1.0
    return options.median_s * float(2.718281828459045**chance) * pace * slow * options.speed
