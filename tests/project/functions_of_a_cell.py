"""The distinct functions of ours that the first cell with one image runs through, on all threads.

    python -m tests.project.functions_of_a_cell

writes them as JSON, a list of file, name and line each. Not counted are comprehensions and lambdas,
what runs while a module is imported, the simulator, and the heartbeat, which goes by the clock.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from collections import defaultdict
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import nanobanana_nb

ROOT = Path(nanobanana_nb.__path__[0])
CELL = "%%nanobanana\na heron"


class Counter:
    """Notes each function as it is called, save while a module of any package is imported."""

    def __init__(self) -> None:
        self.codes: set[CodeType] = set()
        self._imports: defaultdict[int, int] = defaultdict(int)  # how deep, by thread

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Be a profile function of Python."""
        thread, code = threading.get_ident(), frame.f_code
        imports = code.co_name == "<module>" and frame.f_globals["__name__"] != "__main__"
        if imports and event in ("call", "return"):
            self._imports[thread] += 1 if event == "call" else -1
        elif event == "call" and not self._imports[thread]:
            self.codes.add(code)

    def ours(self) -> list[tuple[str, str, int]]:
        """Return file, name and line of the functions of ours."""
        return sorted(
            (str(Path(code.co_filename).relative_to(ROOT)), code.co_qualname, code.co_firstlineno)
            for code in self.codes
            if Path(code.co_filename).is_relative_to(ROOT)
            and not Path(code.co_filename).is_relative_to(ROOT / "simulator")
            and not code.co_name.startswith("<")
        )


def main() -> None:
    """Run the cell in a shell of its own, at a simulator that answers at once."""
    home = tempfile.mkdtemp()
    os.environ |= {"NANOBANANA_HOME": home, "NANOBANANA_PROVIDER": "simulator", "IPYTHONDIR": home}
    os.environ |= {"NANOBANANA_SIMULATOR_SPEED": "0", "NANOBANANA_IMAGES_DIR": "off"}
    from IPython.core.interactiveshell import InteractiveShell

    from nanobanana_nb.ledger.claims import processes

    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "nanobanana_nb")
    processes.BEAT_S = 3600.0
    counter = Counter()
    threading.setprofile(counter)
    sys.setprofile(counter)
    outcome = shell.run_cell(CELL)
    sys.setprofile(None)
    threading.setprofile(None)
    outcome.raise_error()
    sys.stdout.write(json.dumps(counter.ours()))


if __name__ == "__main__":
    main()
