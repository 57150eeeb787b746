"""A server of the tests' own with JupyterLab, Notebook 7 and Voilà: no settings, no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.error import URLError
from urllib.request import Request, urlopen

PATIENCE_S = 90.0

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # Every cell is in the document, also those that are scrolled away.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    # The tests save when they want to.
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


@dataclass(frozen=True)
class Lab:
    """A running server: where it is, its token, and the folder that it shows."""

    url: str
    token: str
    folder: Path

    def put_setting(self, plugin: str, values: Mapping[str, object]) -> None:
        """Change a setting as the settings editor does, through the server's REST API."""
        body = json.dumps({"raw": json.dumps(values)}).encode()
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        call = Request(f"{self.url}lab/api/settings/{plugin}", body, headers, method="PUT")
        with urlopen(call, timeout=30) as answer:
            assert answer.status < 300


@contextmanager
def running_lab(scratch: Path, environ: Mapping[str, str]) -> Iterator[Lab]:
    """Start JupyterLab on a free port of the loopback interface; stop it when the block ends.

    Where they are installed, Notebook 7 and Voilà show the same notebooks under other addresses.

    `scratch` takes everything that the server writes. Takes about three seconds.
    """
    folder, token = scratch / "root", token_hex(16)
    folder.mkdir(parents=True)
    _write_settings(scratch / "settings")
    with (scratch / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            _command(folder, token),
            env={**os.environ, **_own_folders(scratch), **environ},
            stdout=log,
            stderr=log,
        )
    try:
        yield Lab(_wait_for_url(server, scratch), token, folder)
    finally:
        _stop(server)


def _command(folder: Path, token: str) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser"),
        "--allow-root",
        "--JupyterNotebookApp.expose_app_in_browser=True",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--ServerApp.root_dir={folder}",
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]


def _own_folders(scratch: Path) -> dict[str, str]:
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return {name: str(scratch / folder) for name, folder in folders.items()}


def _write_settings(folder: Path) -> None:
    for plugin, values in SETTINGS.items():
        file = folder / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")


def _wait_for_url(server: subprocess.Popen[bytes], scratch: Path) -> str:
    """The address that the server wrote down about itself, once it answers there."""
    note = scratch / "runtime" / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        if url := _answering_url(note):
            return url
        time.sleep(0.05)  # between two looks at the condition
    log = (scratch / "lab.log").read_text(errors="replace")[-4000:]
    raise AssertionError(f"JupyterLab did not start (exit code {server.poll()}):\n{log}")


def _answering_url(note: Path) -> str | None:
    try:
        url = str(json.loads(note.read_text(encoding="utf-8"))["url"])
        with urlopen(f"{url}api", timeout=5):
            return url
    except (OSError, URLError, ValueError):  # not written, half written, not listening yet
        return None


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server; it ends its kernels first."""
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
