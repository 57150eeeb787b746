"""Outputs that change: what a widget carries in a file, and what a page loaded anew is sent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from nanobanana_nb.notebook.page.output import NOTHING, VIEW, Place, sentence, view
from nanobanana_nb.notebook.page.output_sync import OUTPUT_SYNC
from tests.notebook.bench import Bench
from tests.notebook.panel.opened_panel import on_loop, until, widgets_alive

NEW, NEWER = {"text/plain": "new"}, {"text/plain": "newer"}
WIDGET = SimpleNamespace(model_id="abc")


@pytest.fixture
def sent(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What pages are sent, in a kernel of a Jupyter server; nothing is open afterwards."""
    from nanobanana_nb.notebook.page.widgets import OutputSyncWidget

    told: list[Any] = []
    monkeypatch.setenv("JPY_SESSION_NAME", "/x.ipynb")
    monkeypatch.setattr(OutputSyncWidget, "send", lambda _, message: told.append(message))
    yield told
    assert OUTPUT_SYNC._open == {}
    assert OUTPUT_SYNC._widget is None


def page_says(**message: Any) -> None:
    """Let a page send a message."""
    OUTPUT_SYNC._widget._handle_custom_msg(message, [])


def test_widget_stands_beside_its_twin() -> None:
    """The same of ipywidgets 7 and 8: nothing but the model's id is asked of the widget."""
    shown = view(WIDGET, sentence("Say `x` < y"))
    assert shown[VIEW] == {"version_major": 2, "version_minor": 0, "model_id": "abc"}
    assert shown["text/plain"] == "Say x < y"
    assert "&lt; y" in shown["text/html"]


def test_output_is_marked_and_changed(bench: Bench) -> None:
    """Each form of the output has the mark that is saved with it; outside a server that is all."""
    place = Place()
    place.show(sentence("old"))
    place.put(NEW, {"text/plain": {"wide": True}})
    place.close()
    first, second = bench.shell.display_pub.outputs
    mark = {"display_id": place.display_id}
    assert first["metadata"] == {"nanobanana_nb": mark}
    assert second["metadata"] == {"nanobanana_nb": mark, "text/plain": {"wide": True}}
    assert (first["transient"], first["update"]) == (mark, False)
    assert (second["transient"], second["update"]) == (mark, True)
    assert second["data"] == NEW
    assert OUTPUT_SYNC._widget is None


def test_between_two_widgets_stands_a_twin(bench: Bench) -> None:
    """JupyterLab draws no widget in the place of another, so the first one's twin goes between."""
    place, second = Place(), SimpleNamespace(model_id="def")
    place.show(view(WIDGET, NEW))
    place.put(view(second, NEWER))
    place.put(NEW)
    place.close()
    forms = [output["data"] for output in bench.shell.display_pub.outputs]
    assert forms == [view(WIDGET, NEW), NEW, view(second, NEWER), NEW]


def test_page_loaded_anew_gets_what_it_missed(sent: list[Any]) -> None:
    """The first page saw everything; the second is sent the newest at once, and all from then."""
    place = Place()
    place.show(sentence("old"))
    place.put(NEW)
    page_says(kind="here")
    assert sent == []
    page_says(kind="here")
    (missed,) = sent
    assert (missed["kind"], missed["id"], missed["data"]) == ("write", place.display_id, NEW)
    assert missed["metadata"] == {"nanobanana_nb": {"display_id": place.display_id}}
    place.put(NEWER)
    assert sent[-1]["data"] == NEWER
    place.close()
    place.put(NEW)
    assert sent[-1]["data"] == NEWER, "closed: it changes no more there"


def test_page_loaded_anew_gets_the_widget(sent: list[Any]) -> None:
    """Its file has the twin alone: it is sent what stands there, and finds it by the same mark."""
    place = Place()
    place.show_widget(WIDGET, NEW, restarted=NEWER)
    for _ in range(2):
        page_says(kind="here")
    (message,) = sent
    assert message["data"] == view(WIDGET, NEW)
    mark = {"display_id": place.display_id, "restarted": NEWER}
    assert message["metadata"] == {"nanobanana_nb": mark}
    place.put(NEWER)
    assert sent[-1]["metadata"] == {"nanobanana_nb": {"display_id": place.display_id}}
    place.close()


def test_twin_stands_first_where_no_page_is_reached(bench: Bench) -> None:
    """An output of its own that a file keeps whatever becomes of the widget; gone at the end."""
    place = Place()
    place.show_widget(WIDGET, NEW)
    twin, widget = bench.shell.display_pub.outputs
    assert (twin["data"], list(widget["data"])) == (NEW, [VIEW])
    bench.shell.display_pub.outputs.clear()
    for _ in range(2):
        Place(place.display_id).put(NEWER)
    first, gone, second = bench.shell.display_pub.outputs
    assert first["data"] == second["data"] == NEWER
    assert (gone["data"], gone["transient"], gone["update"]) == (NOTHING, twin["transient"], True)


def test_twin_stands_first_where_the_server_saves(bench: Bench, sent: list[Any]) -> None:
    """Where several people edit one file the page cannot see to it: from its word on, the twin."""
    first, second = Place(), Place()
    for place in (first, second):
        place.show_widget(WIDGET, NEW)
        page_says(kind="here", saves=False)
    shown = [set(output["data"]) for output in bench.shell.display_pub.outputs]
    assert shown == [{VIEW, *NEW}, set(NEW), {VIEW}]
    page_says(kind="here", saves=True)
    for place in (first, second):
        place.close()


def test_voila_saves_no_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page shows the widget alone."""
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.8")
    Place().show_widget(WIDGET, NEW)
    (output,) = bench.shell.display_pub.outputs
    assert set(output["data"]) == {VIEW, *NEW}


def test_place_hears_whether_a_page_has_it(sent: list[Any]) -> None:
    """One page that wrote it is enough; answers about an older form and nonsense do not count."""
    told: list[bool] = []
    place = Place(on_sync=told.append)
    place.show(sentence("old"))
    for data in (NEW, NEWER):
        place.put(data)
    answer = {"kind": "wrote", "id": place.display_id}
    page_says(**answer, number=1, done=True)
    page_says(**answer, number="2", done=True)
    page_says(kind="wrote", id=["x"], number=2, done=True)
    page_says(kind=["wrote"])
    assert told == []
    page_says(**answer, number=2, done=False)
    page_says(**answer, number=2, done=True)
    page_says(**answer, number=2, done=False)
    assert told == [False, True]
    place.close()


def test_two_places_share_one_widget(sent: list[Any]) -> None:
    """It is there as long as one of them is open, and closed with the last."""
    before = len(widgets_alive())
    one, other = Place(), Place()
    for place in (one, other):
        place.show(sentence("old"))
    assert len(widgets_alive()) == before + 2, "it and its layout"
    one.close()
    assert OUTPUT_SYNC._widget is not None
    other.close()
    other.close()
    assert len(widgets_alive()) == before


def test_colab_has_no_such_cells(sent: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the notebook cannot be reached no widget is made."""
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    place = Place()
    place.show(sentence("old"))
    place.put(NEW)
    assert OUTPUT_SYNC._widget is None
    assert OUTPUT_SYNC._open == {}
    place.close()


def test_page_that_is_heard_late_gets_the_result(sent: list[Any]) -> None:
    """A cell that blocked has ended when its kernel hears of the page: for a while it may ask."""

    async def story() -> None:
        place = Place()
        place.show(sentence("it runs"))
        place.put(NEW)
        place.close(late_s=0.3)
        page_says(kind="here")
        page_says(kind="here")
        assert [message["data"] for message in sent] == [NEW]
        await until(lambda: OUTPUT_SYNC._widget is None)

    on_loop(story)
    place = Place()
    place.show(sentence("it runs"))
    place.close(late_s=60)  # no loop here that could come back to it
    assert OUTPUT_SYNC._widget is None
