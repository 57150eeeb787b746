"""The key is in no output, whatever goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb.notebook.commands.registry import COMMANDS
from nanobanana_nb.run import session
from tests.folder_contents import contents
from tests.notebook.bench import Bench
from tests.notebook.conftest import KEY

CELLS = [
    *(f"%nanobanana {command}" for command in COMMANDS),
    "%nanobanana show 1",
    "%nanobanana resume 1",
    "%%nanobanana\nA cat",
    "%%nanobanana --dry-run\nA cat",
    "%%nanobanana --no-wait -o job\nA cat",
    "%config NanobananaMagics",
    "%%nanobanana?",
    "%who",
]


def test_no_output_shows_the_key(bench: Bench, unreachable: str, tmp_path: Path) -> None:
    """With verbose tracebacks and a service that is away, nothing that is told has the key."""
    bench.run("%xmode Verbose")
    for cell in CELLS:
        assert KEY not in bench.run(cell).told, cell
    files = contents(tmp_path)
    assert files
    assert not [path for path, data in files.items() if KEY.encode() in data]


@pytest.mark.long
def test_frames_of_a_bug_do_not_show_the_key(
    bench: Bench, unreachable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that is not ours shows its frames with their variables, and no key in them."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(session, "Ledger", broken)
    bench.run("%xmode Verbose")
    ran = bench.run("%%nanobanana\nA cat")
    assert isinstance(ran.error, RuntimeError)
    assert "RUNTIME.session" in ran.told, "the frames that hold the key are shown"
    assert KEY not in ran.told


@pytest.mark.parametrize("key", ["ak_ with spaces", "ak_ümlaut", "ak_line\nbreak"])
def test_key_that_cannot_be_used_is_not_shown(
    bench: Bench, unreachable: str, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """A key copied badly is named by where it came from."""
    monkeypatch.setenv("CRUN_API_KEY", key)
    bench.run("%xmode Verbose")
    for cell in ("%%nanobanana\nA cat", "%nanobanana doctor", "%nanobanana balance"):
        told = bench.run(cell).told
        assert "CRUN_API_KEY" in told
        assert key not in told


@pytest.mark.parametrize("variable", ["PROVIDER", "MODEL", "BASE_URL", "WAIT_S", "CALLBACK_URL"])
def test_key_in_a_setting_is_not_shown(
    bench: Bench, unreachable: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Every command says that it stands there, and shows nothing of it."""
    key = "sk-live-Q7w8E9r0T1y2U3i4O5p6-zz"
    monkeypatch.setenv("CRUN_API_KEY", key)
    monkeypatch.setenv(f"NANOBANANA_{variable}", key)
    for command in ("config", "doctor", "balance"):
        told = bench.run(f"%nanobanana {command}").told
        assert f"key stands in NANOBANANA_{variable}" in told
        assert key not in told


def test_no_option_and_no_trait_takes_a_key(bench: Bench) -> None:
    """A key in an option or a trait would be saved with the notebook."""
    help_text = bench.run("%%nanobanana?").told + bench.run("%config NanobananaMagics").told
    assert "--api-key" not in help_text
    assert "--key" not in help_text
    (magics,) = {type(one) for one in bench.shell.configurables if "Nanobanana" in repr(one)}
    assert not [name for name in magics.class_trait_names() if "key" in name]
