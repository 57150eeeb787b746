"""Several services side by side: each gets its own key or none, and what is paid is called so."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

import nanobanana_nb
from nanobanana_nb.errors import MissingKeyError
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.settings import config
from nanobanana_nb.simulator import Options, create_app
from tests.conftest import InstallProvider
from tests.fixtures import png
from tests.service import listening

KEYS = {
    "CRUN_API_KEY": "ak_" + "crun" * 8,
    "NANOBANANA_API_KEY": "ak_" + "nano" * 8,
    "ACME_API_KEY": "ak_" + "acme" * 8,
    "GADGET_TOKEN": "ak_" + "gadg" * 8,
    "BARE_API_KEY": "ak_" + "bare" * 8,
}
OWN = {"crun": "CRUN_API_KEY", "acme": "ACME_API_KEY", "gadget": "GADGET_TOKEN"}
SOURCE = """
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider

def provider(settings):
    return Provider({name!r}, {url!r}, CrunWire(), rate=(1000, 1.0), {more})
"""


@dataclass
class Host:
    """A service that notes every request it gets; `detour` is another through which media go."""

    name: str
    detour: Host | None = None
    url: str = ""
    requests: list[str] = field(default_factory=list)
    app: Any = None

    def __post_init__(self) -> None:
        rate = (1_000_000, 1.0)
        self.app = create_app(Options(faults=True, speed=0.0, balance=1e6, rate=rate))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Note the request whole, and answer it."""
        query = scope["query_string"].decode()
        headers = scope["headers"]
        self.requests.append(f"{scope['method']} {scope['path']}?{query} {headers}")
        if scope["path"] == "/detour":
            return await _redirect(send, parse_qs(query)["to"][0])
        if self.detour and scope["path"].startswith("/media/") and "hop" not in query:
            back = f"{self.url}{scope['path']}?{query}&hop=1"
            return await _redirect(send, f"{self.detour.url}/detour?to={quote(back, safe='')}")
        if not any(name == b"x-api-key" for name, _ in headers):  # it wants none
            scope = {**scope, "headers": [*headers, (b"x-api-key", b"ak_nobody")]}
        return await self.app(scope, receive, send)

    @property
    def keys(self) -> set[str]:
        """The variables whose key stands anywhere in a request."""
        return {name for name, key in KEYS.items() if key in " ".join(self.requests)}


async def _redirect(send: Any, where: str) -> None:
    headers = [(b"location", where.encode())]
    await send({"type": "http.response.start", "status": 302, "headers": headers})
    await send({"type": "http.response.body"})


@pytest.fixture
def hosts(
    install_provider: InstallProvider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Host]]:
    """CRUN, two services with keys of their own, and one that wants none; all keys are set."""
    crun = Host("crun")
    found = {name: Host(name, crun) for name in ("acme", "gadget", "bare")} | {"crun": crun}
    more = {"gadget": "key_names=('GADGET_TOKEN', 'CRUN_API_KEY')", "bare": "needs_key=False"}
    with ExitStack() as servers:
        for name, host in found.items():
            host.url = servers.enter_context(listening(host))
            if name != "crun":
                source = SOURCE.format(name=name, url=host.url, more=more.get(name, ""))
                install_provider(name, source)
        for name, key in KEYS.items():
            monkeypatch.setenv(name, key)
        monkeypatch.setenv("NANOBANANA_BASE_URL", crun.url)
        monkeypatch.setenv("NANOBANANA_RATE_LIMIT", "1000/1")
        monkeypatch.setattr(
            "nanobanana_nb.run.task.poll_schedule.Durations.next_look_s", lambda *_: 0.02
        )
        yield found


@pytest.mark.long
@pytest.mark.parametrize("name", ["acme", "gadget", "bare", "crun"])
def test_each_key_reaches_its_own_host_alone(hosts: dict[str, Host], name: str) -> None:
    """API, upload, media and redirects: wherever a request goes, no other key goes with it."""
    grid = nanobanana_nb.generate("a heron", images=[png()], provider=name)
    assert grid[0].ok
    assert grid[0].request.provider == name
    sent = "".join(hosts[name].requests)
    assert all(part in sent for part in ("CreateTask", "TaskInfo", "PUT /", "GET /media"))
    own = {OWN[name]} if name in OWN else set()
    assert {host.name: host.keys for host in hosts.values()} == {
        host: own if host == name else set() for host in hosts
    }
    assert name == "crun" or "GET /detour" in "".join(hosts["crun"].requests)


@pytest.mark.long
def test_services_together_keep_apart(hosts: dict[str, Host]) -> None:
    """One after the other in one process, each has its own key, budget, links and row."""
    for name in hosts:
        assert nanobanana_nb.generate("a heron", images=[png()], provider=name)[0].cached is False
    assert {name: host.keys for name, host in hosts.items()} == {
        name: {OWN[name]} if name in OWN else set() for name in hosts
    }
    opened = [RUNTIME.session(config.load({"provider": name}).settings) for name in hosts]
    assert len({id(session.limiter) for session in opened}) == len(opened)


@pytest.mark.long
def test_keyless_service_that_is_paid_is_no_simulator(hosts: dict[str, Host]) -> None:
    """It wants no key and takes credits: nothing says that nothing is paid."""
    bill = nanobanana_nb.plan("a heron", provider="bare").bill()
    assert "4 credits" in repr(bill)
    assert "simulat" not in repr(bill) + bill._repr_mimebundle_()["text/html"]
    grid = nanobanana_nb.generate("a heron", provider="bare")
    assert (grid[0].credits, grid[0].simulated) == (4, False)
    assert "play money" not in repr(grid)


@pytest.mark.long
@pytest.mark.parametrize("name", ["acme", "gadget"])
def test_provider_without_its_key_says_which(
    hosts: dict[str, Host], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """With CRUN's key alone nothing is sent, and the error names the provider and its variable."""
    monkeypatch.delenv(OWN[name])
    with pytest.raises(MissingKeyError, match=f"{name} needs an API key") as caught:
        nanobanana_nb.generate("a heron", provider=name)
    assert f"Set {OWN[name]} " in str(caught.value)
    assert "CRUN" not in str(caught.value)
    assert [host.requests for host in hosts.values()] == [[], [], [], []]


@pytest.mark.long
def test_typed_keys_are_kept_by_provider(
    hosts: dict[str, Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each service is asked for by name, once, and gets what was typed for it."""
    typed = {"acme": KEYS["ACME_API_KEY"], "gadget": KEYS["GADGET_TOKEN"]}
    for name in ("ACME_API_KEY", "GADGET_TOKEN", "CRUN_API_KEY", "NANOBANANA_API_KEY"):
        monkeypatch.delenv(name)
    prompts: list[str] = []

    def types(prompt: str = "") -> str:
        prompts.append(prompt)
        return next(key for name, key in typed.items() if name in prompt)

    monkeypatch.setattr(getpass, "getpass", types)
    for _ in range(2):
        for name in typed:
            nanobanana_nb.generate("a heron", provider=name, fresh=True)
    assert prompts == [f"API key for {name} (not stored): " for name in typed]
    assert {name: hosts[name].keys for name in typed} == {
        "acme": {"ACME_API_KEY"},
        "gadget": {"GADGET_TOKEN"},
    }


@pytest.mark.long
@pytest.mark.parametrize(
    ("environ", "answers"),
    [
        ({"CRUN_API_KEY": "ak_x"}, "crun"),
        ({"NANOBANANA_API_KEY": "ak_x"}, "crun"),
        ({"ACME_API_KEY": "ak_x", "GADGET_TOKEN": "ak_y"}, "simulator"),
        ({}, "simulator"),
    ],
)
def test_crun_answers_where_there_is_its_own_key(
    hosts: dict[str, Host],
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    answers: str,
) -> None:
    """With no provider set, another service's key does not make CRUN or that service answer."""
    for name in (*KEYS, "NANOBANANA_PROVIDER"):
        monkeypatch.delenv(name)
    for name, key in environ.items():
        monkeypatch.setenv(name, key)
    assert RUNTIME.session(config.load().settings).provider.name == answers
