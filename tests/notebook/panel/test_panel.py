"""The panel without a page: its bill, its runs, its history, and that it leaves nothing."""

from __future__ import annotations

import asyncio
from typing import NoReturn

import pytest
from IPython.core.getipython import get_ipython

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.panel import Panel
from nanobanana_nb.notebook.panel.axes_editor import AxisDraft
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.show.grid import ImageGrid
from tests.notebook.bench import Bench
from tests.notebook.cells import spec
from tests.notebook.panel.opened_panel import (
    Opened,
    button,
    everything,
    on_loop,
    until,
    widgets_alive,
)
from tests.service import Service


async def creates(service: Service) -> int:
    """Return how many images were asked for so far."""
    return len(await asyncio.to_thread(lambda: service.creates()))


PROMPT = "A [square] cat, {style: ink|oil}"


@pytest.mark.long
def test_bill_follows_the_typing(bench: Bench, service: Service) -> None:
    """Count and credits stand there before anything is sent, and nothing is created by typing."""

    async def story() -> None:
        opened = Opened(bench)
        await opened.type(PROMPT, "2 styles = 2 images")
        assert "8 credits" in opened.bill
        await opened.type("A cat", "1 image")
        assert "4 credits" in opened.bill
        await opened.type("A {mood} cat", "not defined: {mood}")
        await opened.type("", "Write a prompt")
        opened.panel.close()

    on_loop(story)
    assert service.creates() == []


@pytest.mark.long
def test_typing_asks_the_service_little(bench: Bench, service: Service) -> None:
    """The price of a kind of image is asked once, however much is typed."""

    async def story() -> None:
        opened = Opened(bench)
        for count in range(1, 6):
            choices = "|".join(f"style {n}" for n in range(count + 1))
            await opened.type(f"A cat, {{style: {choices}}}", f"{count + 1} styles")
        opened.panel.close()

    on_loop(story)
    assert len(service.calls("/estimate-credits")) == 1


@pytest.mark.long
def test_a_variable_defined_later_changes_the_bill(bench: Bench) -> None:
    """After a cell has run the panel looks again: a name may be defined by now."""

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A {mood} cat", "not defined")
        bench.names["mood"] = ["calm", "wild", "sad"]
        get_ipython().events.trigger("post_run_cell", None)
        await until(lambda: "3 moods = 3 images" in opened.bill)
        assert "mood (3)" in opened.form.highlight.value
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_images_come_while_typing_goes_on(bench: Bench, service: Service) -> None:
    """Generate makes the images of the cell's own plan; they stand below as a static result."""

    async def story() -> None:
        opened = Opened(bench)
        await opened.type(PROMPT, "2 images")
        opened.go.click()
        assert opened.go.disabled
        opened.form.prompt.value = "Something else"
        await until(lambda: not opened.busy)
        assert "2 of 2 done" in opened.open.generate.run._words.value
        assert opened.below["text/html"].count("data:image/jpeg") == 2
        assert "image/jpeg" in opened.below
        assert opened.panel.grid is not None
        assert [one.ok for one in opened.panel.grid] == [True, True]
        assert not opened.go.disabled
        opened.panel.close()
        assert len(opened.panel.grid) == 2

    on_loop(story)
    assert len(service.creates()) == 2


@pytest.mark.long
def test_progress_goes_when_a_new_bill_comes(bench: Bench) -> None:
    """Progress is shown while a run goes on and at its end, not beside what is written next."""

    async def story() -> None:
        opened = Opened(bench)
        layout = opened.open.generate.run.box.layout
        for prompt in ("A [square] cat", "A [square] dog"):
            await opened.type(prompt, "1 image")
            assert layout.display == "none"
            opened.go.click()
            opened.form.prompt.value = f"{prompt}, again"
            assert layout.display != "none"
            await until(lambda: not opened.busy)
            assert layout.display != "none"
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_panel_and_cell_share_the_ledger(bench: Bench, service: Service) -> None:
    """What the panel made is free for its own cell, and the bill knows what a cell made."""

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A cat", "4 credits")
        await opened.generate()
        await until(lambda: "1 already in the ledger" in opened.bill)
        cells.append(opened.panel.cell)
        opened.panel.close()

    cells: list[str] = []
    on_loop(story)
    ran = bench.run(cells[0])
    assert "from the ledger" in ran.text
    assert len(service.creates()) == 1


@pytest.mark.long
def test_large_bill_asks_on_the_button(
    bench: Bench, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit the first click sends nothing; any change takes the question back."""
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOVE", "5")

    async def story() -> None:
        opened = Opened(bench)
        await opened.type(PROMPT, "8 credits")
        await opened.generate()
        assert opened.go.description == "Generate for 8 credits"
        assert "Nothing was sent" in opened.said
        assert await creates(service) == 0
        await opened.type(f"{PROMPT}, dark", "8 credits")
        assert opened.go.description == "Generate"
        await opened.generate()
        assert await creates(service) == 0
        await opened.generate()
        assert opened.said == ""
        assert opened.go.description == "Generate"
        opened.panel.close()

    on_loop(story)
    assert len(service.creates()) == 2


@pytest.mark.long
def test_a_yes_is_for_the_bill_that_was_told(
    bench: Bench, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What costs more by then is refused again: the second click allows what it named."""
    monkeypatch.setenv("NANOBANANA_CONFIRM_ABOVE", "5")

    async def story() -> None:
        opened = Opened(bench)
        bench.names["moods"] = ["calm", "wild"]
        await opened.type("A {moods} cat", "8 credits")
        await opened.generate()
        bench.names["moods"] = ["calm", "wild", "sad"]
        await opened.generate()
        assert "Nothing was sent" in opened.said
        opened.panel.close()

    on_loop(story)
    assert service.creates() == []


@pytest.mark.long
def test_stop_leaves_what_is_paid(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop waits no longer and says where the images are; the panel is ready at once."""
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "50")

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A cat", "4 credits")
        opened.go.click()
        running = opened.open.generate.run
        await until(lambda: running.job and running.job.generations[0].task_id)
        opened.press("Stop")
        await until(lambda: not opened.busy)
        assert "%nanobanana resume" in running._words.value
        assert opened.panel.grid is not None
        assert opened.panel.grid.state == "detached"
        assert opened.said == ""
        assert not opened.go.disabled
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_failure_is_told(bench: Bench) -> None:
    """When no image came about the error stands in the panel, and the tile below."""

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A cat [fail]", "4 credits")
        await opened.generate()
        assert "border-left" in opened.said
        assert "failed" in opened.below["text/html"]
        opened.press("Generate")
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_settings_are_used_again(bench: Bench) -> None:
    """History fills the form with what an image asked for, and gives it as a reference."""
    bench.run("%%nanobanana -m nano-banana-2 -a 4:1 -r 2K\nA {{literal}} cat")

    async def story() -> None:
        opened = Opened(bench)
        history = opened.history()
        await until(lambda: len(history._list.children) == 1)
        opened.press("Reuse settings", history._list)
        cell = opened.panel.cell
        assert cell.startswith("%%nanobanana -m nano-banana-2 -a 4:1 -r 2K")
        assert cell.endswith("--raw\nA {literal} cat")
        await until(lambda: "1 already in the ledger" in opened.bill)
        opened.press("Use as reference", history._list)
        assert "-i nanobanana_images/a-literal-cat-" in opened.panel.cell
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_history_is_searched(bench: Bench) -> None:
    """Words narrow the list to prompts that have them; none found is said."""
    bench.run("%%nanobanana\nA cat, {style: ink|oil}")

    async def story() -> None:
        opened = Opened(bench)
        history = opened.history()
        await until(lambda: len(history._list.children) == 2)
        history._words.value = "ink"
        await until(lambda: len(history._list.children) == 1)
        history._words.value = "nowhere"
        await until(lambda: "nowhere" in history._note.value)
        assert history._list.children == ()
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_history_goes_on_where_there_is_more(bench: Bench) -> None:
    """Older images are offered only if there are some, and rows that are the same stay."""
    bench.run("%%nanobanana -n 8\nA cat")

    async def story() -> None:
        opened = Opened(bench)
        history = opened.history()
        await until(lambda: len(history._list.children) == 8)
        assert history._more.layout.display == "none"
        rows, told = history._list.children, history._rows
        history.refresh()
        await until(lambda: history._rows is not told)
        assert history._list.children == rows
        await opened.type("A dog", "4 credits")
        await opened.generate()
        await until(lambda: history._more.layout.display is None)
        assert history._list.children != rows
        opened.press("Show more", history.box)
        await until(lambda: len(history._list.children) == 9)
        opened.panel.close()

    on_loop(story)


def test_cell_is_offered(bench: Bench) -> None:
    """Copy shows the text and keeps it up to date; Insert hands it to the front end."""

    async def story() -> None:
        opened = Opened(bench)
        shown = opened.open.cell.box
        handed: list[str] = []
        opened.open.cell._shell.set_next_input = handed.append
        opened.form.prompt.value = "A cat"
        opened.press("Copy as cell")
        assert shown.value == "%%nanobanana -m nano-banana\nA cat"
        opened.form.prompt.value = "A dog"
        await until(lambda: shown.value.endswith("A dog"))
        opened.press("Insert as cell")
        assert handed == ["%%nanobanana -m nano-banana\nA dog"]
        assert "below the next cell" in opened.said
        opened.form.prompt.value = ">>> A dog"
        opened.press("Insert as cell")
        assert "cannot stand in a cell" in opened.said
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_closing_leaves_no_widget(bench: Bench) -> None:
    """One line takes its place, the images stay, and no widget keeps what was typed."""
    before = widgets_alive()
    listeners = list(bench.shell.events.callbacks["post_run_cell"])

    async def story() -> None:
        opened = Opened(bench)
        opened.form.axes.add()
        opened.form.axes.add()
        opened.form.images.add("a.png", "b.png")
        opened.press("Remove", opened.form.axes.box)
        opened.press("Remove", opened.form.images.box)
        opened.form.choose("nano-banana-pro")
        opened.form.choose("nano-banana-2-lite")
        await opened.type("A cat", "b.png cannot be read")
        opened.panel.close()
        opened.panel.close()
        outputs = bench.shell.display_pub.outputs
        replaced = [o["data"]["text/plain"] for o in outputs if o.get("update")]
        assert any("The panel is closed" in text for text in replaced)

    on_loop(story)
    assert widgets_alive() == before
    assert bench.shell.events.callbacks["post_run_cell"] == listeners


def test_closing_while_it_runs_keeps_the_job(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on, and `%nanobanana wait` has it."""
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "50")

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A cat", "4 credits")
        opened.go.click()
        opened.panel.close()
        assert len(RUNTIME.jobs) == 1
        RUNTIME.jobs[0].cancel()
        await asyncio.sleep(0)

    on_loop(story)


@pytest.mark.long
def test_two_panels_do_not_disturb_each_other(bench: Bench) -> None:
    """Each has its own form, its own run and its own place for images."""

    async def story() -> None:
        one, other = Opened(bench), Opened(bench)
        await one.type("A cat", "1 image")
        await other.type(PROMPT, "2 images")
        one.go.click()
        other.go.click()
        await until(lambda: not one.busy and not other.busy)
        assert one.panel.grid is not None
        assert other.panel.grid is not None
        assert (len(one.panel.grid), len(other.panel.grid)) == (1, 2)
        one.panel.close()
        await other.type("A dog", "1 image")
        other.panel.close()

    on_loop(story)


@pytest.mark.long
def test_missing_key_is_told_and_not_asked_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panel has no field for a key and asks nobody: it says where the key should come from."""
    monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A cat", "CRUN_API_KEY")
        head = everything(opened.open.box)[2].value
        assert "key not set" in head
        opened.panel.close()

    on_loop(story)


def test_every_control_has_a_name(bench: Bench) -> None:
    """What can be reached by the keyboard can be read out."""

    async def story() -> None:
        opened = Opened(bench)
        opened.form.axes.add()
        opened.form.images.add("a.png")
        kinds = ("Text", "Textarea", "Dropdown", "Combobox", "Button", "Checkbox", "FileUpload")
        controls = [w for w in everything(opened.open.box) if type(w).__name__ in kinds]
        assert len(controls) > 20
        assert [w for w in controls if not w.description] == []
        assert button("Generate", opened.open.box).tooltip
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_what_was_typed_stays_text(bench: Bench) -> None:
    """Markup in any field, and in a prompt of the history, reaches the page escaped."""
    hostile = "<img src=x onerror=alert(1)>"
    bench.run(f"%%nanobanana\nA cat {hostile} [fail]")

    async def story() -> None:
        opened = Opened(bench)
        history = opened.history()
        await until(lambda: len(history._list.children) == 1)
        history._words.value = hostile
        opened.form.write(spec(f"{{a|{hostile[1:-1]}}} {hostile} {{mood}}", model=hostile))
        opened.form.axes.write([AxisDraft(hostile, hostile)])
        opened.form.images.add(hostile)
        await until(lambda: "Not possible" in opened.bill)
        await until(lambda: opened.form.highlight.value)
        opened.go.click()
        opened.press("Copy as cell")
        shown = [w.value for w in everything(opened.open.box) if type(w).__name__ == "HTML"]
        assert len(shown) > 5
        assert [html for html in shown if "<img src=x" in html] == []
        assert "&lt;img" in "".join(shown)
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_images_that_cannot_be_shown_are_not_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When drawing fails the panel says so and where the images are, and goes on."""

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A [square] cat", "4 credits")
        monkeypatch.setattr(ImageGrid, "_repr_mimebundle_", _cannot)
        await opened.generate()
        assert "no room" in opened.said
        assert "history" in opened.said
        assert opened.panel.grid is not None
        assert opened.panel.grid[0].ok
        assert not opened.go.disabled
        opened.panel.close()

    on_loop(story)


def _cannot(grid: ImageGrid) -> NoReturn:
    raise OSError("no room")


def test_nobody_clicks(bench: Bench) -> None:
    """In a run without a person no widget is made: a line says where a panel opens."""
    bench.like_a_kernel()
    before = widgets_alive()

    async def story() -> None:
        panel = Panel()
        panel._ipython_display_()
        assert panel.cell == "%%nanobanana -m nano-banana\n"
        assert panel.grid is None
        assert widgets_alive() == before
        panel.close()

    on_loop(story)
    told = bench.shell.display_pub.outputs[-1]["data"]
    assert "somebody can click" in told["text/plain"]


@pytest.mark.long
def test_in_voila_the_images_are_in_the_panel(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page shows no output that comes later: a widget takes the images."""
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    bench.like_a_kernel()

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A [square] cat", "4 credits")
        await opened.generate()
        assert "data:image/jpeg" in opened.open.results.box.value
        opened.panel.close()

    on_loop(story)


def test_panel_wants_a_loop(bench: Bench) -> None:
    """Without an event loop nothing could be updated: one error says what to use instead."""
    with pytest.raises(InputError, match="Jupyter kernel"):
        Panel()
    assert "no further words" in bench.fails("%nanobanana panel now", InputError).told
