"""What came back: the states of a task and the record of one image."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from nanobanana_nb.errors import DownloadError, NanobananaError
from nanobanana_nb.images import decoding, disk
from nanobanana_nb.model import mismatch
from nanobanana_nb.model.calls import methods_called
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.text.terminal import cut, printable, printed

if TYPE_CHECKING:
    from PIL import Image

    from nanobanana_nb import ImageGrid, Report

SIMULATOR = "simulator"  # the name of the provider that is the built-in simulator
# Notes of an image that another run makes; it has one of them for as long as this run waits.
WAITS_FOR_ANOTHER = "Waits for another notebook that has asked for this: nothing is paid here."
WAITS_HERE = "Waits for another run here that has asked for this: nothing is paid again."


class State(StrEnum):
    """Where a task stands. `pending` to `failed` are the service's own words.

    Examples:
        >>> from nanobanana_nb import State
        >>> State.SUCCESS == "success"
        True
    """

    __module__ = "nanobanana_nb"  # where people find it

    PLANNED = "planned"  # not sent
    SENT = "sent"  # on its way: no answer yet
    PENDING = "pending"
    RUNNING = "running"
    SUCCESS = "success"
    FAILED = "failed"
    UNKNOWN = "unknown"  # sent, outcome not known
    DETACHED = "detached"  # goes on at the service, nobody waits

    @property
    def word(self) -> str:
        """The state as people read it in tables, files and errors.

        Examples:
            >>> State.SUCCESS.word, State.DETACHED.word, State.PENDING.word
            ('done', 'stopped', 'waiting')
        """
        return _WORDS.get(self, self.value)

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself.

        Examples:
            >>> State.FAILED.is_final, State.RUNNING.is_final
            (True, False)
        """
        return self in (State.SUCCESS, State.FAILED, State.UNKNOWN)

    @property
    def is_open(self) -> bool:
        """Whether the service has the task and we do not have the image yet.

        Examples:
            >>> State.RUNNING.is_open, State.FAILED.is_open
            (True, False)
        """
        return self in (State.PENDING, State.RUNNING, State.DETACHED)


_WORDS = {
    State.PLANNED: "not sent",
    State.SENT: "waiting",
    State.PENDING: "waiting",
    State.SUCCESS: "done",
    State.DETACHED: "stopped",
}  # where the wire's word is not that of people
_OF_ARRAYS = ("1", "L", "I;16", "I", "F", "RGB", "RGBA")  # modes whose numbers are levels


@methods_called
@printed
@dataclass(frozen=True)
class Generation:
    """One image: what was asked, where it stands, what it cost and where it lies.

    `seconds` is from asking to finishing by the service's clock where it tells, `credits`
    what this image cost (0 when it came from the ledger or another run: see `cached`), `reserved`
    its price when it was asked for, `id` its number in the ledger, `looks` how often the service
    was asked about it, `file_size` the bytes of its original. `created_at`, `sent_at` and
    `finished_at` are seconds since the epoch: asked for, sent, and written down here.

    Examples:
        >>> from nanobanana_nb import generate
        >>> image = generate("A heron at night").one
        >>> image.state.value, image.credits, image.request.prompt
        ('success', 4.0, 'A heron at night')
    """

    __module__ = "nanobanana_nb"  # where people find it

    request: GenerationRequest
    state: State = State.PLANNED
    id: int | None = None
    task_id: str | None = None
    credits: float | None = None
    reserved: float | None = None
    error: NanobananaError | None = None
    path: Path | None = None
    sha256: str | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    file_size: int | None = None
    created_at: float | None = None
    sent_at: float | None = None
    finished_at: float | None = None
    seconds: float | None = None
    looks: int = 0
    cached: bool = False
    notes: tuple[str, ...] = ()

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return what a notebook shows: the picture with its caption, and one line of text."""
        from nanobanana_nb import bundle_of_one

        return bundle_of_one(self, include, exclude)

    def __str__(self) -> str:
        """Return what a notebook shows, as text."""
        return self._repr_mimebundle_(("text/plain",))["text/plain"]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Write what IPython prints of it among others, in a list for example."""
        number = "" if self.id is None else f" {self.id}"
        prompt = cut(self.request.prompt, 60) or "private"
        printer.text(printable(f"<Generation{number} {self.state.word}: {prompt}>"))

    __array_ufunc__ = None  # an array that is compared with an image says that they differ

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """Return the pixels to NumPy and Matplotlib: rows, columns and, unless grey, channels."""
        import numpy

        if copy is False:
            raise ValueError("the pixels are read from disk: they cannot but be copied")
        image = self.image
        if image.mode not in _OF_ARRAYS:
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        return numpy.array(image, dtype=dtype)

    @property
    def ok(self) -> bool:
        """Whether the image is here.

        Examples:
            >>> image.ok
            True
        """
        return self.state is State.SUCCESS and self.path is not None

    @property
    def simulated(self) -> bool:
        """Whether the built-in simulator made it and nothing was paid.

        Examples:
            >>> image.simulated
            True
        """
        return self.request.provider == SIMULATOR

    @property
    def bytes(self) -> bytes:
        """The original, byte for byte, read from disk.

        Raises:
            NanobananaError: there is no image; of a failed task it is the task's own error.
            DownloadError: the file was deleted or damaged.

        Examples:
            >>> image.bytes[1:4]
            b'PNG'
        """
        path = self._original()
        try:
            data = disk.read_regular(path)
        except OSError as error:
            raise self._unreadable(path, error.strerror or str(error)) from None
        if self.sha256 and hashlib.sha256(data).hexdigest() != self.sha256:
            raise self._unreadable(path, "it is not what came")
        return data

    @property
    def image(self) -> Image.Image:
        """The original as a Pillow image, decoded from disk. Raises what `bytes` raises.

        Examples:
            >>> image.image.format
            'PNG'
        """
        data = self.bytes
        try:
            return decoding.decoded(data, _load)
        except Exception as error:  # Pillow's decoders raise many kinds for broken files
            raise self._unreadable(self._original(), type(error).__name__) from None

    def _unreadable(self, path: Path, why: str) -> NanobananaError:
        """Return the error for an original that was deleted or damaged since it came; mark it."""
        disk.doubt(path)
        return DownloadError(
            f"The original {path.name} cannot be read",
            why=why,
            action="Run its cell again: it is fetched anew where the service still has it, "
            "at no further cost.",
            task_id=self.task_id,
        )

    def _original(self) -> Path:
        if self.path is None:
            raise self.error or NanobananaError(
                f"There is no image: the task is {self.state.word}",
                task_id=self.task_id,
                action="`%nanobanana resume` fetches what is finished.",
            )
        return self.path

    def save(self, path: str | Path) -> Path:
        """Write the original, byte for byte, to a file or into a folder; return where it is.

        Args:
            path: a name with an ending is a file, any other a folder, which is made; in it the
                file is called as in the folder beside the notebook. What is there is replaced.

        Raises:
            NanobananaError: there is no image; of a failed task it is the task's own error.
            DownloadError: the original was deleted or damaged.
            InputError: it cannot be written there, or the ending is that of another format.

        Examples:
            >>> image.save("herons").name
            'a-heron-at-night-....png'
            >>> image.save("heron.png").name
            'heron.png'
        """
        from nanobanana_nb import save

        return save([self], path)[0]

    def keep(self, name: str, *, note: str = "", replace: bool = False) -> Path:
        """Write what asks for this image into `prompts.toml`, beside the notebook; return the file.

        `%%nanobanana --prompt NAME` and `prompts["NAME"]` use it. The rest of the file is left as
        it is. Reference images are not written down.

        Args:
            name: letters, digits, `-` and `_`.
            note: a line of your own beside it.
            replace: let it take the place of one of that name.

        Raises:
            InputError: it is private, the name is there already or is none, or no file can be
                written.

        Examples:
            >>> image.keep("night").name
            'prompts.toml'
        """
        from nanobanana_nb import keep

        return keep([self], None, name, note=note, replace=replace)

    @property
    def differences(self) -> tuple[str, ...]:
        """What was delivered otherwise than asked, for example `asked 16:9, got 1:1`.

        Examples:
            >>> image.differences
            ()
        """
        parameters = dict(self.request.parameters)
        if not (parameters and self.width and self.height):
            return ()
        return mismatch.differences(parameters, self.width, self.height, self.media_type)

    @overload
    def edit(
        self, prompt: str, *, dry_run: Literal[False] = False, **options: Any
    ) -> ImageGrid: ...
    @overload
    def edit(self, prompt: str, *, dry_run: Literal[True], **options: Any) -> Report: ...
    @overload
    def edit(self, prompt: str, *, dry_run: bool, **options: Any) -> ImageGrid | Report: ...
    def edit(self, prompt: str, *, dry_run: bool = False, **options: Any) -> ImageGrid | Report:
        """Make an image from this one: `generation.edit("make it night")`. Costs as any other.

        Args:
            prompt: what is to become of it.
            options: what `generate` takes; model, shape and format stay as they were unless
                told. `images` are further reference images; `dry_run=True` sends nothing and
                returns the bill.

        Returns:
            an `ImageGrid`, usually of one image, which knows this one as its parent.

        Raises:
            BudgetError: the bill is above what is allowed: nothing was sent.
            NanobananaError: there is no image here, or none came about.

        Examples:
            >>> snow = image.edit("Let it snow", max_credits=10)
            >>> len(snow.one.request.images)
            1
            >>> image.edit("Let it rain", dry_run=True)
            1 image
            4 credits ...
        """
        from nanobanana_nb import edit

        return edit(self, prompt, dry_run=dry_run, **options)

    @overload
    async def aedit(
        self, prompt: str, *, dry_run: Literal[False] = False, **options: Any
    ) -> ImageGrid: ...
    @overload
    async def aedit(self, prompt: str, *, dry_run: Literal[True], **options: Any) -> Report: ...
    @overload
    async def aedit(self, prompt: str, *, dry_run: bool, **options: Any) -> ImageGrid | Report: ...
    async def aedit(
        self, prompt: str, *, dry_run: bool = False, **options: Any
    ) -> ImageGrid | Report:
        """Do what `edit` does without blocking the running event loop.

        Examples:
            >>> import asyncio
            >>> work = image.aedit("Let it snow")
            >>> len(asyncio.run(work))  # in a notebook: await work
            1
        """
        from nanobanana_nb import aedit

        return await aedit(self, prompt, dry_run=dry_run, **options)

    @overload
    def replay(
        self, words: Mapping[str, str], *, dry_run: Literal[False] = False, **options: Any
    ) -> ImageGrid: ...
    @overload
    def replay(
        self, words: Mapping[str, str], *, dry_run: Literal[True], **options: Any
    ) -> Report: ...
    @overload
    def replay(
        self, words: Mapping[str, str], *, dry_run: bool, **options: Any
    ) -> ImageGrid | Report: ...
    def replay(
        self, words: Mapping[str, str], *, dry_run: bool = False, **options: Any
    ) -> ImageGrid | Report:
        """Make the branch that led to this image again, with words of its prompts replaced.

        From the first prompt that has one of the words, each step is asked for again, made
        from the new image before it: `generation.replay({"night": "dusk"})`.

        Args:
            words: each word or phrase, and what stands in its place.
            options: `max_credits`, the most that the whole branch may cost; `dry_run=True` sends
                nothing and returns the bill of all its steps.

        Returns:
            an `ImageGrid` of the last step.

        Raises:
            InputError: no prompt of the branch has such a word.
            BudgetError: the bill is above what is allowed: nothing was sent.

        Examples:
            >>> image.replay({"night": "dusk"}, max_credits=10).one.request.prompt
            'A heron at dusk'
        """
        from nanobanana_nb import replay

        return replay(self, words, dry_run=dry_run, **options)

    @overload
    async def areplay(
        self, words: Mapping[str, str], *, dry_run: Literal[False] = False, **options: Any
    ) -> ImageGrid: ...
    @overload
    async def areplay(
        self, words: Mapping[str, str], *, dry_run: Literal[True], **options: Any
    ) -> Report: ...
    @overload
    async def areplay(
        self, words: Mapping[str, str], *, dry_run: bool, **options: Any
    ) -> ImageGrid | Report: ...
    async def areplay(
        self, words: Mapping[str, str], *, dry_run: bool = False, **options: Any
    ) -> ImageGrid | Report:
        """Do what `replay` does without blocking the running event loop.

        Examples:
            >>> import asyncio
            >>> asyncio.run(image.areplay({"night": "dusk"})).one.request.prompt
            'A heron at dusk'
        """
        from nanobanana_nb import areplay

        return await areplay(self, words, dry_run=dry_run, **options)


def _load(image: Image.Image) -> Image.Image:
    image.load()
    return image
