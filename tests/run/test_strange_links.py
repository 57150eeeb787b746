"""Links, ids and words that no service should send: they spoil their own image and no other."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import Charged, NanobananaError, OutcomeUnknownError
from nanobanana_nb.model.result import State
from nanobanana_nb.run.inputs.uploads import Uploads
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.money.budget import Costs
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import ApiKey
from nanobanana_nb.show.grid import ImageGrid
from tests.fixtures import OpenSession, settle
from tests.run.conftest import plan, rows
from tests.run.strange_service import MEDIA, Strange, drawn, linked, success
from tests.show.forms import grid_html

ODD_LINKS = (
    *("http://127.0.0.1:9/\ud800", "http://\ud800/", "http://\0", "https://xn--/", "https://[::1"),
    *("https://h.example:99999/", "https://u:p@[v1.x]/", "https://a..b/", "https:///a", "https://"),
    *("https://" + "a" * 300 + ".example/", "https://h/" + "x" * 100_000, "https://%00/"),
    *(
        "https://\u2028/",
        "https://h\ud83d.example/?x=\udfff",
        "http://127.0.0.1:0/",
        "https://a\tb/",
    ),
)
ODD_IDS = (
    "a\ud800",
    "\udfff",
    "i" * 512,  # what is longer fits into no address
    "a\0b",
    "<b>&",
    "../../x?y#z",
    "\u202e",
    " t ",
    10**300,
)
AFTER = 4  # images beside the odd one


def is_odd(number: int) -> bool:
    """Whether this task is the odd one of five."""
    return number == 2


def everything_shown(grid: ImageGrid) -> None:
    """What people read of a grid can be made and written as UTF-8."""
    for text in (grid_html(grid), str(grid), json.dumps(grid.to_records())):
        text.encode()


def one_of_five(strange: Strange, open_session: OpenSession) -> tuple[Session, ImageGrid]:
    """Run five images and return what came of them, four of which are shown."""
    session = open_session(strange)
    grid = session.submit(plan(repeats=5)).result()
    settle()
    assert sum(one.ok for one in grid) >= AFTER
    everything_shown(grid)
    assert [row.state for row in rows(session)].count(State.SUCCESS) >= AFTER
    assert len(strange.creates) == 5
    return session, grid


@pytest.mark.long
@pytest.mark.parametrize("link", ODD_LINKS, ids=ascii)
def test_odd_link_spoils_one_image(open_session: OpenSession, link: str) -> None:
    """Four of five are shown; the fifth is open and is fetched when its link is a proper one."""
    strange = Strange(info=lambda n: success([link]) if is_odd(n) else linked(n))
    session, grid = one_of_five(strange, open_session)
    (odd,) = (one for one in grid if not one.ok)
    assert odd.state is State.DETACHED
    assert odd.error is not None
    assert odd.error.task_id == "task-2"
    strange.info = linked
    assert session.resume().result().one.ok
    assert len(strange.creates) == 5


@pytest.mark.long
@pytest.mark.parametrize("name", ODD_IDS, ids=lambda name: ascii(name)[:20])
def test_odd_id_spoils_no_other_image(open_session: OpenSession, name: Any) -> None:
    """A task with an odd name is written down, and four of five are shown."""
    strange = Strange(name=lambda n: name if is_odd(n) else f"task-{n}")
    session, grid = one_of_five(strange, open_session)
    assert len([row for row in rows(session) if row.task_id]) == 5
    assert {one.state for one in grid} <= {State.SUCCESS, State.DETACHED}


texts = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(ODD_LINKS)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
infos = st.fixed_dictionaries(
    {"status": st.sampled_from(("success", "failed", "SUCCESS ")) | values},
    optional={
        "result": st.fixed_dictionaries({}, optional={"media_urls": values, "message": values})
        | values,
        **dict.fromkeys(("task_id", "reason", "error", "duration_s", "create_at"), values),
    },
)


@pytest.mark.long
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(infos)
def test_any_answer_spoils_one_image(tmp_path_factory: Any, info: dict[str, Any]) -> None:
    """Whatever TaskInfo says of one task, the four others are shown and nothing is paid again."""
    strange = Strange(info=lambda n: info if is_odd(n) else linked(n))
    given = Settings(home=tmp_path_factory.mktemp("home"), wait_s=0.4)
    session = Session(given, strange.provider, ApiKey("ak_" + "test" * 8, "the test"), BRIDGE)
    try:
        for _ in range(2):
            grid = session.submit(plan(repeats=5)).result()
            assert sum(one.ok for one in grid) >= AFTER
            everything_shown(grid)
        failed = any(row.state is State.FAILED for row in rows(session))
        assert len(strange.creates) <= 5 + failed
    finally:
        settle()
        BRIDGE.run(session.aclose())


FAULTY: dict[str, tuple[Any, str, State, Charged]] = {
    "before it left": (Costs, "turn", State.FAILED, Charged.NO),
    "while it left": (Uploads, "create", State.FAILED, Charged.NO),
    "while it was looked at": (Client, "look", State.DETACHED, Charged.UNKNOWN),
    "while it came": (Client, "download", State.DETACHED, Charged.UNKNOWN),
}


@pytest.mark.long
@pytest.mark.parametrize("place", FAULTY)
def test_fault_of_ours_spoils_one_image(
    open_session: OpenSession,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    place: str,
) -> None:
    """An error that nobody foresaw is told with the true state, and its frames are in the log."""
    owner, method, state, charged = FAULTY[place]
    real, calls = getattr(owner, method), iter(range(1000))

    def breaking(*args: Any, **options: Any) -> Any:
        if next(calls) == 2:
            raise KeyError("https://h.example/a?signature=hush")
        return real(*args, **options)

    monkeypatch.setattr(owner, method, breaking)
    caplog.set_level(logging.ERROR)
    _, grid = one_of_five_tasks(open_session)
    (odd,) = (one for one in grid if not one.ok)
    assert odd.error is not None
    assert (odd.state, odd.error.charged) == (state, charged)
    assert isinstance(odd.error, NanobananaError)
    assert "KeyError" in odd.error.why
    assert "KeyError" in caplog.text
    assert "hush" not in caplog.text


def one_of_five_tasks(open_session: OpenSession) -> tuple[Session, ImageGrid]:
    """Run five images of which one meets a fault here."""
    session = open_session(Strange())
    grid = session.submit(plan(repeats=5)).result()
    settle()
    everything_shown(grid)
    assert sum(one.ok for one in grid) == AFTER
    return session, grid


def test_fault_of_ours_on_its_way_is_unknown(
    open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A create that left and whose answer broke the reader may be paid, and is not sent again."""

    def broken(*_: Any) -> str:
        raise RuntimeError("no reader")

    strange = Strange()
    session = open_session(strange)
    monkeypatch.setattr("nanobanana_nb.api.crun.CrunWire.read_created", broken)
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError) as raised:
            session.submit(plan()).result()
        assert raised.value.charged is Charged.UNKNOWN
    assert len(strange.creates) == 1


FORMS: dict[str, Any] = {
    "a text": f"{MEDIA}/0",
    "capitals": [f"HTTP{MEDIA.removeprefix('http')}/0"],
    "blanks": [f"  {MEDIA}/0\n"],
    "an object": {"url": f"{MEDIA}/0"},
    "objects": [{"type": "image", "url": f"{MEDIA}/0"}],
    "nested": {"images": [{"url": [f"{MEDIA}/0"]}]},
    "a preview before it": [{"preview": f"{MEDIA}/7", "url": f"{MEDIA}/0"}],
    "without a host": ["/media/0"],
    "without a scheme": [MEDIA.removeprefix("http:") + "/0"],
    "no host in it before it": ["//[bad/x.png", f"{MEDIA}/0"],
    "nothing before it": [None, "", {}, f"{MEDIA}/0"],
}


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_link_is_taken_in_any_form(open_session: OpenSession, form: str) -> None:
    """A text, blanks, capitals and objects: wherever a link stands in `media_urls`."""
    strange = Strange(info=lambda _: success(FORMS[form]))
    one = open_session(strange).submit(plan()).result().one
    assert one.bytes == strange.picture(0)


DEAD = (
    f"{MEDIA}/not/there",
    f"{MEDIA}/7",
    "http://127.0.0.1:9/a.png",
    "https://169.254.169.254/a.png",
    "https://[::1",
    "https://a..b/",
)


@pytest.mark.long
@pytest.mark.parametrize("place", [0, 1, 3])
@pytest.mark.parametrize("dead", DEAD)
def test_each_link_is_tried(open_session: OpenSession, dead: str, place: int) -> None:
    """Wherever the good link stands among dead, odd and pictureless ones, its image comes."""
    links = [f"{dead}{'/' * n}" for n in range(3)]
    links.insert(place, f"{MEDIA}/0")
    strange = Strange(
        info=lambda _: success(links), picture=lambda n: b"<html>" if n == 7 else drawn(n)
    )
    one = open_session(strange).submit(plan()).result().one
    assert one.bytes == drawn(0)
    assert len(strange.creates) == 1


@pytest.mark.long
def test_silent_link_leaves_time_for_the_next(
    open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that never answers does not use up the wait of the links after it."""
    real = Client.download

    async def download(client: Client, url: str) -> bytes:
        await asyncio.sleep(0 if url.endswith("/0") else 60)
        return await real(client, url)

    monkeypatch.setattr(Client, "download", download)
    strange = Strange(info=lambda _: success([f"{MEDIA}/1", f"{MEDIA}/0"]))
    assert open_session(strange, wait_s=3.0).submit(plan()).result().one.ok


def test_first_link_goes_before_others(open_session: OpenSession) -> None:
    """A first link that fails once is tried again before another, which may be a preview."""
    strange = Strange(info=lambda _: success([f"{MEDIA}/0", f"{MEDIA}/1"]))
    pictures = iter((b"", drawn(0)))
    strange.picture = lambda n: drawn(1) if n else next(pictures)
    assert open_session(strange).submit(plan()).result().one.bytes == drawn(0)


NO_LINKS: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    "soon",
    [None],
    [""],
    {"url": None},
    ["ftp://a/b"],
    7,
)


@pytest.mark.long
@pytest.mark.parametrize("links", NO_LINKS, ids=str)
def test_success_before_its_link_is_looked_at_again(open_session: OpenSession, links: Any) -> None:
    """A success without a usable link is not finished: the next look may bring it."""
    strange = Strange()
    strange.info = lambda n: success(links) if len(strange.looks) < 4 else linked(n)
    assert open_session(strange).submit(plan()).result().one.ok
    assert len(strange.creates) == 1


@pytest.mark.long
@pytest.mark.parametrize("again", ["resume", "the cell"])
def test_success_without_a_link_stays_open(open_session: OpenSession, again: str) -> None:
    """The looks end, the task is open and may be paid; it is gone on with and not paid again."""
    strange = Strange(info=lambda _: success([]))
    session = open_session(strange, wait_s=60.0)
    with pytest.raises(NanobananaError, match="no link") as raised:
        session.submit(plan()).result()
    assert (raised.value.task_id, raised.value.charged) == ("task-0", Charged.UNKNOWN)
    assert "%nanobanana resume" in str(raised.value)
    assert [row.state for row in rows(session)] == [State.DETACHED]
    strange.info = linked
    job = session.resume() if again == "resume" else session.submit(plan())
    assert job.result().one.ok
    assert len(strange.creates) == 1
