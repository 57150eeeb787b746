"""A kernel as Colab's: its versions, its secrets, and a page that shows no widgets of ours.

Colab itself cannot be run here. What tells it is the module `google.colab`, which a stand-in
with the secrets alone takes the place of.
"""

from __future__ import annotations

import re

import pytest

from tests.kernel.conftest import StartKernel
from tests.kernel.frontend import FrontEnd
from tests.kernel.page import WIDGET_VIEW
from tests.service import KEY, Service

pytestmark = [pytest.mark.kernel, pytest.mark.long]

IN_COLAB = f"""
import sys, types
colab = types.ModuleType("google.colab")
colab.userdata = types.SimpleNamespace(get=lambda name: {KEY!r} if name == "CRUN_API_KEY" else None)
sys.modules.update({{"google": types.ModuleType("google"), "google.colab": colab}})
"""


@pytest.fixture
def colab(start_kernel: StartKernel, slow_service: Service) -> FrontEnd:
    """A kernel with the secrets of Colab, and no key elsewhere."""
    environ = {n: v for n, v in slow_service.environ.items() if n != "CRUN_API_KEY"}
    notebook = start_kernel(environ)
    cells = [notebook.run(source) for source in (IN_COLAB, "%load_ext nanobanana_nb")]
    assert [cell.error for cell in cells] == [None, None]
    return notebook


def test_key_comes_from_the_secrets(colab: FrontEnd) -> None:
    """The check-up says where it was found, and nothing of it."""
    text = "\n".join(colab.run("%nanobanana doctor").all("text/plain"))
    assert "Colab secrets" in text
    assert KEY not in text


def test_status_is_html_under_one_display_id(colab: FrontEnd) -> None:
    """No widget and no comm while it runs; the result takes the place of the status."""
    cell = colab.run("%%nanobanana\na heron at dawn [square]")
    colab.settle()
    assert cell.error is None
    shown = cell.sent("display_data", "update_display_data", "execute_result")
    ids = {m.content.get("transient", {}).get("display_id") for m in shown} - {None}
    assert len(ids) == 1
    assert all(WIDGET_VIEW not in m.content["data"] for m in shown)
    assert any("running" in m.content["data"].get("text/html", "") for m in shown)
    assert cell.sent("comm_open") == []


def test_nothing_links_to_where_its_page_leads_nowhere(colab: FrontEnd) -> None:
    """Originals are copied beside the notebook, into Colab's list of files; no link is made."""
    cell = colab.run("%%nanobanana -o g\na heron at dawn [square]")
    assert cell.error is None
    (html,) = cell.all("text/html")[-1:]
    assert "<img" in html
    assert not re.search(r"<a [^>]*href", html)
    assert colab.run("import os; print(len(os.listdir('nanobanana_images')))").text.strip() == "1"


def test_viewer_and_panel_say_what_is_there_instead(colab: FrontEnd) -> None:
    """The comparison stands as its static result; the rest of a notebook's work goes on."""
    colab.run("%%nanobanana -n 2 -o g\na heron at dawn [square]")
    compared = colab.run("g.compare(0, 1)")
    assert compared.error is None
    assert compared.sent("comm_open") == []
    assert compared.all("text/html")
    for source in ("%nanobanana panel", "%nanobanana history", "g.export('herons.html')"):
        assert colab.run(source).error is None
    awaited = colab.run("from nanobanana_nb import agenerate\nlen(await agenerate('an owl'))")
    assert awaited.error is None
