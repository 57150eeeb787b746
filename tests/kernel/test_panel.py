"""The panel in real kernels, with the newest ipywidgets and with ipywidgets 7."""

from __future__ import annotations

import pytest

from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW

pytestmark = pytest.mark.kernel

OPEN = "import asyncio, nanobanana_nb\npanel = nanobanana_nb.Panel()\npanel"
USE = """bench = panel._bench
bench.form.axes.add()
bench.form.prompt.value = "a [square] {red|blue} heron"
while "credits" not in bench.bill.box.value:
    await asyncio.sleep(0.05)
bench.generate.go.click()
while panel.grid is None:
    await asyncio.sleep(0.05)
print(panel.grid.counts()["success"])"""
VERSIONS = "import ipykernel, ipywidgets\nprint(ipykernel.__version__, ipywidgets.__version__)"


def test_panel_makes_images_and_leaves_nothing(bench: FrontEnd) -> None:
    """A widget while it is open; closed, one line stands in its place, and no comm is left."""
    opened, used = bench.queue([OPEN, USE])
    assert len(opened.all(WIDGET_VIEW)) == 1
    assert used.text == "2\n", used
    bench.run("panel.close()")
    assert opened.all(WIDGET_VIEW) == []
    line, *_ = filter(None, opened.all("text/plain"))
    assert "The panel is closed" in line
    assert bench.page.comms == {}


def test_old_environment_has_ipywidgets_7(bench: FrontEnd) -> None:
    """The kernel with ipykernel 6 has ipywidgets 7, the other one a newer."""
    kernel, widgets = (int(one.split(".")[0]) for one in bench.run(VERSIONS).text.split())
    assert (kernel < 7) == (widgets < 8)
