"""A provider's code that fails: one error of ours, which names the provider and the method."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Answer, Call, Provider, TaskInfo, find_provider
from nanobanana_nb.errors import (
    Charged,
    GenerationFailedError,
    MaintenanceError,
    NanobananaError,
    OutcomeUnknownError,
    ProviderError,
    ProviderReadError,
    RateLimitedError,
    ServiceError,
    SettingsError,
    UnexpectedAnswerError,
    _subtree,
)
from nanobanana_nb.model.result import State
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import CRUN_NAMES
from tests.api.conftest import ask
from tests.api.raw_server import RawServer, Reply, answer
from tests.conftest import InstallProvider
from tests.service import KEY, PROMPT, Service

WORKS: dict[str, Callable[[Client], Any]] = {
    "create": lambda client: client.create("m", PROMPT),
    "info": lambda client: client.look("t1"),
    "balance": lambda client: client.balance(),
    "estimates": lambda client: client.estimate("m", PROMPT),
    "models": lambda client: client.models(),
    "schema": lambda client: client.schema("m"),
    "upload": lambda client: client.upload(b"x", "image/png"),
}
READS = {
    "read_created": "create",
    "read_info": "info",
    "read_balance": "balance",
    "read_estimate": "estimates",
    "read_models": "models",
    "read_schema": "schema",
    "read_upload": "upload",
}


SAID = (State.PENDING, State.RUNNING, State.SUCCESS, State.FAILED)


class OwnError(BaseException):
    """A fault that no `except Exception` sees."""


FAULTS = [
    KeyError("id"),
    RuntimeError(KEY),
    RecursionError(),
    SystemExit(1),
    NotImplementedError(),
    StopIteration(),
    KeyboardInterrupt(),
    GeneratorExit(),
    asyncio.CancelledError(),
    OwnError(),
]


class UnprintableError(Exception):
    """An exception that cannot even be shown."""

    def __str__(self) -> str:
        """Fail as well."""
        raise ValueError


def broken(service: Service, method: str, work: Callable[..., Any]) -> Provider:
    """The service as a provider one of whose methods does something else."""
    wire = CrunWire()
    setattr(wire, method, work)
    return replace(service.provider, name="acme", wire=wire)


def failure(provider: Provider, name: str) -> NanobananaError:
    """The error that the client's method of this name raises."""
    with pytest.raises(NanobananaError) as caught:
        ask(provider, WORKS[name])
    return caught.value


@pytest.mark.parametrize(
    "fault", [*FAULTS, UnprintableError()], ids=lambda fault: type(fault).__name__
)
@pytest.mark.parametrize("method", [*WORKS, *READS])
def test_whatever_a_method_raises_is_an_error_of_ours(
    service: Service, method: str, fault: BaseException
) -> None:
    """It names provider, method and fault, holds no key, and a broken create is no lost answer."""

    def work(*_: Any) -> Any:
        raise fault

    error = failure(broken(service, method, work), READS.get(method, method))
    assert f"acme failed in {method}" in str(error)
    assert type(fault).__name__ in str(error)
    assert KEY not in str(error)
    if method == "create":
        assert error.charged is Charged.NO
        assert service.creates() == []
    elif method == "read_created":
        assert isinstance(error, OutcomeUnknownError)
        assert len(service.creates()) == 1
    else:
        assert isinstance(error, ProviderError)
    assert len(service.calls()) <= 1, "a fault of the code is not tried again"


@pytest.mark.long
@pytest.mark.parametrize("method", READS)
@pytest.mark.parametrize("kind", _subtree(NanobananaError), ids=lambda kind: kind.__name__)
def test_after_an_answer_only_what_it_may_mean_is_believed(
    service: Service, method: str, kind: type[NanobananaError]
) -> None:
    """Whatever error of ours a reader raises, no create is sent again that may have been taken."""

    def read(*_: Any) -> Any:
        raise kind("no")

    error = failure(broken(service, method, read), READS[method])
    if not issubclass(kind, ServiceError | UnexpectedAnswerError):
        assert f"acme failed in {method}" in str(error)
        assert isinstance(error, ProviderReadError | OutcomeUnknownError)
    if method == "read_created" and not issubclass(kind, RateLimitedError | MaintenanceError):
        assert len(service.creates()) == 1


@pytest.mark.parametrize("marks", [{}, {"creates": True}, {"repeatable": False}])
@pytest.mark.parametrize("reply", [Reply(), Reply(end="reset"), Reply((answer(b"", "500 Fault"),))])
def test_create_is_one_whatever_its_call_says_of_itself(
    raw: RawServer, reply: Reply, marks: dict[str, bool]
) -> None:
    """A call with the marks of one without effect is sent once all the same."""
    raw.on("", reply)
    wire = CrunWire()
    wire.create = lambda *_: Call("POST", "/make", body={}, **marks)  # type: ignore[method-assign]
    with pytest.raises(OutcomeUnknownError):
        ask(Provider("acme", raw.url, wire), WORKS["create"])
    assert len(raw.posts()) == 1


RUBBISH: list[Any] = [
    None,
    7.5,
    [3],
    {"path": 3},
    b"",
    object(),
    float("nan"),
    Call("GET", "/x", body={"x": {1, 2}}),
    Call("GET", "/x", query={3: "x"}),  # type: ignore[dict-item]
    Call("GET", None),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("method", [*WORKS, *READS])
@pytest.mark.parametrize("value", RUBBISH, ids=lambda value: type(value).__name__)
def test_whatever_a_method_returns_does_not_get_further(
    service: Service, method: str, value: Any
) -> None:
    """A value of another kind is the provider's fault, or else it is what was asked for."""
    trouble = "none: acme"
    try:
        ask(broken(service, method, lambda *_: value), WORKS[READS.get(method, method)])
    except NanobananaError as error:
        trouble = str(error)
    assert "acme" in trouble or "price" in trouble


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "success"},
        *({"state": state} for state in State if state not in SAID),
        {"seconds": [1]},
        {"media_urls": "https://a.example/b.png"},
        {"media_urls": (None,)},
        {"state": State.FAILED, "error": ValueError("no")},
    ],
)
def test_record_of_a_task_holds_what_it_must(service: Service, fields: dict[str, Any]) -> None:
    """A record of the right class with wrong things in it is the provider's fault as well."""
    info = TaskInfo(**{"task_id": "t1", "state": State.RUNNING, **fields})
    assert "acme failed in read_info" in str(
        failure(broken(service, "read_info", lambda *_: info), "info")
    )


def test_failure_without_a_reason_is_one(service: Service) -> None:
    """A provider that says that a task failed and not why leaves an error all the same."""
    provider = broken(service, "read_info", lambda *_: TaskInfo("t1", State.FAILED))
    assert "gave no reason" in str(ask(provider, WORKS["info"]).error)


@pytest.mark.parametrize(
    ("credits", "charged"), [(4, Charged.YES), (0, Charged.NO), (None, Charged.UNKNOWN)]
)
@pytest.mark.parametrize("error", [None, NanobananaError("no"), GenerationFailedError("no")])
def test_failure_says_what_the_provider_knows_was_taken(
    service: Service, error: NanobananaError | None, credits: float | None, charged: Charged
) -> None:
    """The charge of the task's record stands in the error, whoever made it."""
    info = TaskInfo("t1", State.FAILED, credits=credits, error=error)
    told = ask(broken(service, "read_info", lambda *_: info), WORKS["info"]).error
    assert (told.charged, told.credits) == (charged, credits)


@pytest.mark.parametrize("escape", [str, lambda key: "".join(f"\\u{ord(c):04x}" for c in key)])
@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("create", '{"task_id": "@"}'),
        ("info", '{"status": "success", "result": {"media_urls": ["https://a.example/@"]}}'),
        ("models", '{"models": [{"model": "m-@"}]}'),
        ("schema", '{"@": {"x": ["@"]}}'),
    ],
)
def test_key_that_the_service_quotes_is_in_no_record(
    raw: RawServer, method: str, data: str, escape: Callable[[str], str]
) -> None:
    """However the answer escapes the key, what is read from it does not hold it."""
    text = f'{{"code": 200, "message": "", "data": {data.replace("@", escape(KEY))}}}'
    raw.on("", Reply((answer(text.encode()),)))
    record = repr(vars(told) if isinstance(told := ask_raw(raw, method), TaskInfo) else told)
    assert KEY not in record
    assert "[key]" in record


def ask_raw(raw: RawServer, method: str) -> Any:
    return ask(Provider("acme", raw.url, CrunWire()), WORKS[method])


def test_wire_without_methods_is_named(service: Service) -> None:
    """A provider whose wire is nothing at all fails like any other."""
    provider = replace(service.provider, name="acme", wire=None)  # type: ignore[arg-type]
    assert "acme failed in balance" in str(failure(provider, "balance"))


def test_service_without_estimates_tells_no_price(service: Service) -> None:
    """No call for the price is no fault: there is none."""
    assert "no price" in str(failure(broken(service, "estimates", lambda *_: ()), "estimates"))


def test_service_in_this_process_that_cannot_be_made_sends_nothing(service: Service) -> None:
    """The function that makes it is foreign code, too."""

    def app() -> Any:
        raise KeyError("app")

    error = failure(replace(service.provider, name="acme", app=app), "create")
    assert "acme failed in app" in str(error)
    assert error.charged is Charged.NO


async def _silent(scope: Any, receive: Any, send: Any) -> None:
    """An app that answers nothing."""


async def _headless(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.body", "body": b"x"})


async def _half(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def _textual(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [("a", 3)]})
    await send({"type": "http.response.body", "body": "x"})


async def _wordy(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": "x"})


def _raising(fault: BaseException) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise fault

    return app


@pytest.mark.long
@pytest.mark.parametrize(
    "app",
    [_silent, _headless, _half, _textual, _wordy, None, lambda *_: 3, *map(_raising, FAULTS)],
    ids=lambda app: getattr(app, "__name__", "none"),
)
def test_service_in_this_process_that_breaks_is_a_lost_answer(app: Any) -> None:
    """Whatever the app raises or leaves out, a create of it is unknown and nothing is raw."""
    provider = Provider("acme", "http://acme.localhost", CrunWire(), app=lambda: app)
    assert isinstance(failure(provider, "create"), OutcomeUnknownError)
    assert isinstance(failure(provider, "balance"), NanobananaError)


@pytest.mark.parametrize("port", [65_536, 99_999, 10**12])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_port_that_cannot_be_was_not_sent(host: str, port: int) -> None:
    """Whatever the libraries make of it, nothing raw comes of it."""
    error = failure(Provider("acme", f"http://{host}:{port}", CrunWire()), "create")
    assert error.charged is Charged.NO


@pytest.mark.long
@given(body=st.binary(max_size=60), status=st.integers(100, 599), method=st.sampled_from([*READS]))
def test_answers_of_any_kind_raise_nothing_foreign(body: bytes, status: int, method: str) -> None:
    """A reader that trusts its service blindly is fenced in whatever the service says."""

    def work(answer: Answer, *_: Any) -> Any:
        return json.loads(answer.body)["data"]

    class Wire(CrunWire):
        pass

    setattr(Wire, method, staticmethod(work))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    provider = Provider("acme", "http://acme.localhost", Wire(), needs_key=False, app=lambda: app)

    async def run() -> None:
        client = Client(provider, None)
        try:
            await WORKS[READS[method]](client)
        except NanobananaError:
            pass
        finally:
            await client.aclose()

    asyncio.run(run())


SOUND = """
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider

def provider(settings):
    return Provider({})
"""
ARGUMENTS = "'acme', 'https://acme.example', CrunWire()"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import no_such_module_here", "no_such_module_here"),
        ("provider = (", "SyntaxError"),
        ("raise SystemExit(2)", "SystemExit"),
        ("", "provider"),
        ("provider = 3", "TypeError"),
        ("def provider(settings): raise KeyError('url')", "KeyError: 'url'"),
        ("def provider(settings): return None", "NoneType"),
        ("def provider(settings): return 'https://acme.example'", "a str, not a Provider"),
        ("async def provider(settings): return None", "coroutine"),
        (SOUND.format("'acme', None, CrunWire()"), "base_url"),
        (SOUND.format("'acme', 'api.example', CrunWire()"), "https://"),
        (SOUND.format("'acme', 'http://api.example', CrunWire()"), "https://"),
        (SOUND.format("'acme', 'http://127.0.0.1:99999', CrunWire()"), "base_url"),
        (SOUND.format("'acme', 'https://', CrunWire()"), "leads nowhere"),
        (SOUND.format("'acme', 'https://[', CrunWire()"), "base_url"),
        (SOUND.format("'acme', 'https://a.example?key=x', CrunWire()"), "no more"),
        (SOUND.format(ARGUMENTS + ", rate=(20,)"), "rate"),
        (SOUND.format(ARGUMENTS + ", rate=(0, 1.0)"), "rate"),
        (SOUND.format(ARGUMENTS + ", pace='fast'"), "pace"),
        (SOUND.format(ARGUMENTS + ", app=3"), "app"),
        (SOUND.format(ARGUMENTS + ", key_names='ACME'"), "key_names"),
        (SOUND.format(ARGUMENTS + ", needs_key='no'"), "needs_key"),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
def test_provider_that_cannot_be_had_is_named(
    install_provider: InstallProvider, source: str, why: str
) -> None:
    """It does not import, its function fails, or what it returns is no provider."""
    install_provider("acme", source)
    with pytest.raises(ProviderError, match="Provider acme cannot be") as caught:
        find_provider("acme", Settings())
    assert why in str(caught.value)


def test_broken_provider_is_in_nobodys_way(install_provider: InstallProvider) -> None:
    """Where another is asked for, it is not even imported."""
    install_provider("acme", "raise RuntimeError")
    assert find_provider("crun", Settings()).name == "crun"


def test_two_of_one_name_are_refused(install_provider: InstallProvider) -> None:
    """Which of them would be paid is not left to chance."""
    for url in ("https://a.example", "https://b.example"):
        install_provider("acme", SOUND.format(f"'acme', {url!r}, CrunWire()"))
    with pytest.raises(SettingsError, match="Several packages have a provider 'acme'"):
        find_provider("acme", Settings())


@pytest.mark.parametrize("name", ["crun", "simulator"])
def test_nobody_stands_for_a_built_in_one(install_provider: InstallProvider, name: str) -> None:
    """A package that takes the name gets neither CRUN's key nor the word that nothing is paid."""
    install_provider(name, SOUND.format(f"{name!r}, 'https://thief.example', CrunWire()"))
    assert "thief" not in find_provider(name, Settings()).base_url


@pytest.mark.parametrize(
    ("name", "more", "names"),
    [
        ("acme", "", ("ACME_API_KEY",)),
        ("acme", "key_names=('GEMINI_API_KEY', 'GOOGLE_API_KEY')", None),
        ("my-acme.2", "", ("MY_ACME_2_API_KEY",)),
        ("acme", "needs_key=False", ()),
        ("acme", "needs_key=False, key_names=('ACME',)", ("ACME",)),
        ("CRUN", "", ()),
        ("nanobanana", "", ()),
        ("acme", "key_names=('CRUN_API_KEY', 'nanobanana_api_key')", ("ACME_API_KEY",)),
        ("acme", "key_names=('CRUN_API_KEY', 'ACME')", ("ACME",)),
    ],
)
def test_names_of_a_key_are_the_providers_own(
    install_provider: InstallProvider, name: str, more: str, names: tuple[str, ...] | None
) -> None:
    """A provider says them or has one by its name, and CRUN's are nobody else's."""
    install_provider(name, SOUND.format(f"'crun', 'https://acme.example', CrunWire(), {more}"))
    found = find_provider(name, Settings())
    assert found.key_names == (names if names is not None else ("GEMINI_API_KEY", "GOOGLE_API_KEY"))
    assert (found.name, found.simulated) == (name, False)
    assert find_provider("crun", Settings()).key_names == CRUN_NAMES
