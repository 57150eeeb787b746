"""The API key: where it is found, and that it never shows."""

from __future__ import annotations

import copy
import fcntl
import os
import pickle
import subprocess
import sys
import termios
from contextlib import suppress
from types import ModuleType, SimpleNamespace

import pytest

from nanobanana_nb.errors import SettingsError
from nanobanana_nb.privacy.redaction import redacted
from nanobanana_nb.settings.keys import CRUN_NAMES, ApiKey, find_key

KEY = "ak_" + "0123456789abcdef" * 2


def test_both_variables_are_read_in_order() -> None:
    """CRUN_API_KEY comes before NANOBANANA_API_KEY; blanks around it are cut."""
    both = {"CRUN_API_KEY": f" {KEY}\n", "NANOBANANA_API_KEY": "other"}
    found = find_key(CRUN_NAMES, both)
    assert found is not None
    assert found.reveal() == KEY
    assert found.source == "environment (CRUN_API_KEY)"
    second = find_key(CRUN_NAMES, {"CRUN_API_KEY": "", "NANOBANANA_API_KEY": "other"})
    assert second is not None
    assert second.reveal() == "other"
    assert find_key(CRUN_NAMES, {}) is None


def test_colab_secrets_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Colab the secret of the same name is used."""
    colab = ModuleType("google.colab")
    colab.userdata = SimpleNamespace(get=lambda name: KEY)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    found = find_key(CRUN_NAMES, {})
    assert found is not None
    assert found.source == "Colab secrets"


def test_it_shows_nowhere() -> None:
    """Neither repr nor str holds the key, and it cannot be pickled or copied away."""
    key = ApiKey(KEY, "the test")
    assert KEY not in f"{key!r} {key} {[key]}"
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            leak(key)


def test_the_usual_shape_is_known_and_not_enforced() -> None:
    """Another shape is a reason to warn, not to refuse."""
    assert ApiKey(KEY, "x").looks_usual
    assert not ApiKey("abc", "x").looks_usual


@pytest.mark.parametrize("bad", ["a b", "a\nb", "schlüssel", "a\x00"])
def test_a_key_that_no_header_can_hold_is_refused_unseen(bad: str) -> None:
    """The error does not quote the key."""
    with pytest.raises(SettingsError) as caught:
        ApiKey(bad, "the test")
    assert bad not in str(caught.value)


@pytest.mark.parametrize("odd", ["not-of-the-usual-shape", "not of any shape"])
def test_every_key_is_known_to_redaction(odd: str) -> None:
    """Once it was found, a key of any shape is taken out of texts, also one that is refused."""
    assert redacted(f"the key {odd} is wrong") == f"the key {odd} is wrong"
    with suppress(SettingsError):
        ApiKey(odd, "the test")
    assert redacted(f"the key {odd} is wrong") == "the key [key] is wrong"


ASK = (
    "from nanobanana_nb.settings.keys import ask_for_key\n"
    "key = ask_for_key('acme')\n"
    "print(key, key and len(key.reveal()))\n"
)


def test_nobody_is_asked_where_the_key_would_show() -> None:
    """Without a terminal there is no way to hide it: nothing is read and no box is shown."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        input=f"{KEY}\n",
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("None None\n", "")


def test_key_typed_at_a_terminal_is_not_echoed() -> None:
    """The question names the provider, and what is typed after it stands nowhere."""
    ours, theirs = os.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", ASK],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    screen = b""
    while b"stored): " not in screen:
        screen += os.read(ours, 1024)
    os.write(ours, f"{KEY}\n".encode())
    assert child.wait(timeout=60) == 0
    with suppress(OSError):  # the terminal is gone once all of it was read
        while data := os.read(ours, 1024):
            screen += data
    os.close(ours)
    assert screen.decode().split("\r\n")[:2] == [
        "API key for acme (not stored): ",
        "<API key from typed in> 35",
    ]
