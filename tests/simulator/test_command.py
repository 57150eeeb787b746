"""``python -m nanobanana_nb.simulator`` and the arrows of the house."""

from __future__ import annotations

import ast
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
import uvicorn

import nanobanana_nb.simulator
from nanobanana_nb.simulator import Options, connection, create_app
from nanobanana_nb.simulator.connection import Connection
from tests.simulator.conftest import API, KEY

COMMAND = [sys.executable, "-m", "nanobanana_nb.simulator"]
FOLDER = Path(nanobanana_nb.simulator.__file__).parent


def test_command_serves_and_stops() -> None:
    """It prints one line with its URL, answers there, logs nothing, and stops when interrupted."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--speed", "0", "--rate", "50/10"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        answer = httpx.get(f"{found[0]}{API}/account/balance", headers={"x-api-key": KEY})
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert answer.json()["data"] == {"balance": 1000}
    assert (out, err) == ("", "")


def test_idle_connections_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that never says anything, or stops in the middle, is closed; others are answered."""
    monkeypatch.setattr(connection, "IDLE_S", 0.3)
    config = uvicorn.Config(create_app(Options()), http=Connection, log_level="error")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        idle = [socket.create_connection(listener.getsockname()) for _ in range(60)]
        for one in idle[:30]:
            one.sendall(b"GET /api/v1")
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{API}/account/balance"
        assert httpx.get(url, headers={"x-api-key": KEY}).status_code == 200
        for one in idle:
            one.settimeout(20)
            assert one.recv(100) == b""
            one.close()
        server.should_exit = True
        thread.join()


def test_answer_that_takes_long_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller who waits for an answer is not idle."""
    monkeypatch.setattr(connection, "IDLE_S", 0.1)
    app = create_app(Options(faults=True))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, http=Connection, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        httpx.post(f"{base}/simulator/faults", json=[{"on": "balance", "delay_s": 0.5}])
        answer = httpx.get(f"{base}{API}/account/balance", headers={"x-api-key": KEY})
        server.should_exit = True
        thread.join()
    assert answer.status_code == 200


def test_help_tells_each_option() -> None:
    """Every option has a help text."""
    text = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
    for option in ("--port", "--host", "--speed", "--seed", "--state", "--balance", "--faults"):
        assert re.search(rf"{option}\b[^\n]*(\n\s+|  )\w", text), option


def test_wrong_options_are_one_line() -> None:
    """An impossible option ends with one line and status 1."""
    done = subprocess.run([*COMMAND, "--speed", "-1"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "nanobanana_nb.simulator: speed must be a number of 0 or more, not -1.0\n"


def test_missing_uvicorn_is_one_line() -> None:
    """Without uvicorn it says what to install."""
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from nanobanana_nb.simulator.__main__ import main\n"
        "sys.exit(main(['--port', '0']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "nanobanana-nb[server]" in done.stderr
    assert done.stderr.count("\n") == 1


def test_simulator_stands_apart() -> None:
    """It imports nothing of the package outside its folder, and no httpx."""
    for source in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, source
                names = [node.module or ""]
            for name in names:
                assert not name.startswith("httpx"), source
                ours = name.split(".")[0] == "nanobanana_nb"
                assert not ours or name.startswith("nanobanana_nb.simulator"), source


def test_import_does_not_load_the_rest() -> None:
    """Importing the simulator loads no other part of the package, nor httpx."""
    code = (
        "import sys, nanobanana_nb.simulator\n"
        "print(*[m for m in sys.modules if m == 'httpx' or m.startswith('nanobanana_nb.')"
        " and not m.startswith(('nanobanana_nb.simulator', 'nanobanana_nb.version'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
