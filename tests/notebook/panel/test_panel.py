"""The panel without a page: its bill, its runs, its history, and that it leaves nothing."""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

import pytest
from IPython.core.getipython import get_ipython

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.panel import Panel, cell_box, incoming_files
from nanobanana_nb.notebook.panel.axes_editor import AxisDraft
from nanobanana_nb.notebook.panel.workbench import GRIDS, RUN
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.show.grid import ImageGrid
from tests.notebook.bench import Bench
from tests.notebook.cells import spec
from tests.notebook.panel.opened_panel import (
    Opened,
    answers,
    button,
    everything,
    on_loop,
    picture,
    send,
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
        assert "2 of 2 done" in opened.open.run_tab.head.value
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
def test_run_is_shown_as_a_cell_shows_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The board stands under This run while it goes on, then the images; a new run clears it."""
    monkeypatch.setenv("NANOBANANA_SIMULATOR_SPEED", "0.3")

    async def story() -> None:
        opened = Opened(bench)
        tab = opened.open.run_tab
        for prompt, count in (("A [square] {cat|fox}", 2), ("A [square] {dog|hen|owl}", 3)):
            await opened.type(prompt, f"{count} images")
            opened.go.click()
            assert opened.open._tabs.selected_index == RUN
            assert not tab.wall.tiles
            assert not opened.open.generate.stop.disabled
            await until(lambda: tab._holder.children)
            (board,) = tab._holder.children
            assert "nanobanana-board" in board._dom_classes
            await until(lambda: not opened.busy)
            assert tab._holder.children == ()
            assert [tile.mark for tile in tab.wall.tiles] == ["done"] * count
            assert f"{count} of {count} done" in tab.head.value
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_nothing_is_sent_before_its_bill_stands_there(bench: Bench, service: Service) -> None:
    """Pressed while the bill is still that of an older text, Generate brings the new one first."""

    async def story() -> None:
        opened = Opened(bench)
        await opened.type("A cat", "4 credits")
        opened.form._repeats.value = 3
        opened.go.click()
        assert not opened.busy
        assert "the bill of what is written now comes first" in opened.said
        await until(lambda: "12 credits" in opened.bill)
        assert await creates(service) == 0
        await opened.generate()
        assert await creates(service) == 3
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_nothing_is_paid_while_a_picture_is_on_its_way(bench: Bench, service: Service) -> None:
    """Generate, more, cell and bill wait for its bytes, and then the bill is that with it."""

    async def story() -> None:
        opened = Opened(bench)
        strip, more = opened.form.images.strip, opened.open.more.button
        await opened.type("A [square] cat", "4 credits")
        await opened.generate()
        await until(lambda: more.layout.display is None)
        paid = await creates(service)
        send(strip, kind="upload", key="a", name="cat.png")
        assert more.layout.display == "none"
        for name in ("Generate", "Insert as cell", "Copy as cell"):
            opened.press(name)
            assert incoming_files.ON_ITS_WAY in opened.said
            assert not opened.busy
        await until(lambda: incoming_files.ON_ITS_WAY in opened.bill)
        send(strip, (picture(),), kind="file", key="a")
        assert opened.said == ""
        assert len(opened.form.images.values) == 1
        await until(lambda: "4 credits" in opened.bill)
        assert await creates(service) == paid
        await opened.generate()
        assert await creates(service) == paid + 1
        opened.panel.close()

    on_loop(story)


ENDS: dict[str, tuple[dict[str, Any], str]] = {
    "removed": ({}, ""),
    "too large": ({"why": "large"}, "cat.png is too large for a message"),
    "unreadable": ({"why": "unread"}, "The page cannot read cat.png"),
    "odd": ({"why": ["<b>"]}, ""),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_picture_that_does_not_come_holds_nothing(bench: Bench, end: str) -> None:
    """However it ends the bill comes back, and what went wrong is told until the next change."""
    message, told = ENDS[end]

    async def story() -> None:
        opened = Opened(bench)
        strip = opened.form.images.strip
        send(strip, kind="upload", key="a", name="cat.png")
        await opened.type("A cat", incoming_files.ON_ITS_WAY)
        send(strip, kind="end", key="a", **message)
        assert strip.uploads == []
        await until(lambda: "4 credits" in opened.bill)
        assert told in opened.said
        assert bool(told) is bool(opened.said)
        opened.form.prompt.value = "A cat!"
        assert opened.said == ""
        opened.panel.close()

    on_loop(story)


def test_each_bad_file_is_told_until_the_form_changes(bench: Bench) -> None:
    """Of several at once; a good one among them takes no error away, nor does the cell's text."""

    async def story() -> None:
        opened = Opened(bench)
        strip = opened.form.images.strip
        await opened.type("A cat", "4 credits")
        opened.press("Copy as cell")
        names = ("one.png", "<b>two</b>.png", "good.png", "three.png")
        for name in names:
            send(strip, kind="upload", key=name, name=name)
        for name in names:
            data = picture() if name == "good.png" else b"no image"
            send(strip, (data,), kind="file", key=name)
        await until(lambda: "good-" in opened.open.cell.box.value)
        for name in ("one.png", "&lt;b&gt;two&lt;/b&gt;.png", "three.png"):
            assert name in opened.said
        assert "<b>two" not in opened.said
        opened.form.prompt.value = "A cat!"
        assert opened.said == ""
        opened.panel.close()

    on_loop(story)


@pytest.mark.parametrize("field", range(4))
def test_text_that_the_page_still_holds_is_not_passed_over(
    bench: Bench, service: Service, field: int
) -> None:
    """The page tells with a press what stands in its fields: prompt, data, repeats, a path."""

    async def story() -> None:
        opened = Opened(bench)
        page, written = opened.open._page, ["A cat\n", "", "1", ""]
        await opened.type("A cat\r\n", "4 credits")
        assert opened.form.shows(written)
        written[field] += "9"
        send(page, kind="press", texts=written)
        opened.go.click()
        assert not opened.busy
        assert "the bill of what is written now comes first" in opened.said
        assert await creates(service) == 0
        opened.panel.close()

    on_loop(story)


MORE = {
    "A [square] cat": (1, 4, "4 more (16 credits)"),
    "A [square] {cat|fox}": (2, 4, "4 more (16 credits)"),
    "A [square] {cat|fox|hen|owl|dog}": (5, 5, "5 more (20 credits)"),
}


@pytest.mark.long
@pytest.mark.parametrize("prompt", MORE)
def test_more_of_the_same_has_its_bill_on_the_button(
    bench: Bench, service: Service, prompt: str
) -> None:
    """After a run the button adds repeats, pays for those alone, and goes with any change."""
    first, added, label = MORE[prompt]

    async def story() -> None:
        opened = Opened(bench)
        more = opened.open.more.button
        assert more.layout.display == "none"
        await opened.type(prompt, f"{first} image")
        await opened.generate()
        await until(lambda: more.layout.display is None)
        assert more.description == label
        assert await creates(service) == first
        more.click()
        assert more.layout.display == "none"
        await until(lambda: not opened.busy)
        assert await creates(service) == first + added
        assert opened.panel.grid is not None
        assert len(opened.panel.grid) == first + added
        assert f"-n {1 + added // first}" in opened.panel.cell
        await until(lambda: more.layout.display is None)
        opened.form.prompt.value = f"{prompt}!"
        assert more.layout.display == "none"
        more.click()
        assert not opened.busy
        opened.panel.close()

    on_loop(story)
    assert len(service.creates()) == first + added


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
        assert opened.said == "", "what was changed is refused no more"
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
        assert "%nanobanana resume" in opened.open.run_tab.head.value
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
        await until(lambda: not opened.busy)
        await asyncio.sleep(0.2)  # in which an offer would come
        assert opened.open.more.button.layout.display == "none", "there is nothing to have more of"
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_settings_are_used_again(bench: Bench) -> None:
    """A tile of the wall fills the form with what it asked for, and becomes a reference."""
    bench.run("%%nanobanana -m nano-banana-2 -a 4:1 -r 2K\nA {{literal}} cat")

    async def story() -> None:
        opened = Opened(bench)
        wall = opened.history().wall
        await until(lambda: len(wall.tiles) == 1)
        (tile,) = wall.tiles
        send(wall.widget, kind="reuse", key=tile.key)
        cell = opened.panel.cell
        assert cell.startswith("%%nanobanana -m nano-banana-2 -a 4:1 -r 2K")
        assert cell.endswith("--raw\nA {literal} cat")
        await until(lambda: "1 already in the ledger" in opened.bill)
        send(wall.widget, kind="reference", key=tile.key)
        assert "-i nanobanana_images/a-literal-cat-" in opened.panel.cell
        opened.form.images.write([])
        send(opened.form.images.strip, kind="take", key=tile.key)
        assert "-i nanobanana_images/a-literal-cat-" in opened.panel.cell
        send(opened.form.images.strip, kind="take", key="999")
        assert "not on the wall" in opened.said
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_history_is_searched(bench: Bench) -> None:
    """Words narrow the wall to prompts that have them; none found is said."""
    bench.run("%%nanobanana\nA cat, {style: ink|oil}")

    async def story() -> None:
        opened = Opened(bench)
        history = opened.history()
        await until(lambda: len(history.wall.tiles) == 2)
        history.words.value = "ink"
        await until(lambda: len(history.wall.tiles) == 1)
        history.words.value = "nowhere"
        await until(lambda: "nowhere" in history.wall.widget.note)
        assert history.wall.tiles == ()
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_history_goes_on_where_there_is_more(bench: Bench) -> None:
    """Forty at a time, failed ones too, and older ones only where there are some."""
    bench.run("%%nanobanana -n 41 --yes\nA cat [fail]")

    async def story() -> None:
        opened = Opened(bench)
        history = opened.history()
        wall = history.wall
        await until(lambda: len(wall.tiles) == 40)
        assert wall.widget.more
        assert {tile.mark for tile in wall.tiles} == {"failed"}
        assert {tile.acts for tile in wall.tiles} == {("reuse",)}
        assert all(tile.why and tile.at for tile in wall.tiles)
        send(wall.widget, kind="more")
        await until(lambda: len(wall.tiles) == 41)
        assert not wall.widget.more
        opened.panel.close()

    on_loop(story)


@pytest.mark.long
def test_grids_are_looked_at_and_shown_again(bench: Bench) -> None:
    """The grids that were run last, the newest first, each with its pictures."""
    bench.run("%%nanobanana\nA [square] {cat|fox}")
    bench.run("%%nanobanana\nA [square] cat, {ink|oil|woodcut|photo|comic}")

    async def story() -> None:
        opened = Opened(bench)
        opened.open._tabs.selected_index = GRIDS
        wall = opened.open.grids.wall
        await until(lambda: len(wall.tiles) == 2)
        assert [tile.key for tile in wall.tiles] == ["g2", "g1"]
        assert [len(tile.files) for tile in wall.tiles] == [4, 1]
        assert "5 images" in wall.tiles[0].words
        send(wall.widget, kind="show", key="g1")
        await until(lambda: "below the panel" in opened.said)
        assert opened.below["text/html"].count("data:image/jpeg") == 2
        send(wall.widget, kind="look", key="g2")
        await until(lambda: opened.open.viewer.box.children)
        assert len(opened.open.viewer.box.children[0].data["images"]) == 5
        opened.panel.close()

    on_loop(story)


def test_cell_is_offered(bench: Bench) -> None:
    """Copy shows the text and keeps it up to date; Insert hands it to the page, which answers."""

    async def story() -> None:
        opened = Opened(bench)
        shown, page = opened.open.cell.box, opened.open._page
        handed: list[str] = []
        opened.open.cell._shell.set_next_input = handed.append
        sent = answers(page)
        opened.form.prompt.value = "A cat"
        opened.press("Copy as cell")
        assert shown.value == "%%nanobanana -m nano-banana\nA cat"
        opened.form.prompt.value = "A dog"
        await until(lambda: shown.value.endswith("A dog"))
        opened.press("Insert as cell")
        (message, _) = sent[-1]
        assert message["source"] == "%%nanobanana -m nano-banana\nA dog"
        assert message["id"] == opened.panel._place.display_id
        send(page, kind="inserted", number=message["number"], done=True)
        assert (handed, "stands below" in opened.said) == ([], True)
        opened.press("Insert as cell")
        send(page, kind="inserted", number=message["number"], done=True)  # of the press before
        assert "stands below" not in opened.said
        send(page, kind="inserted", number=sent[-1][0]["number"], done=False)
        assert handed == ["%%nanobanana -m nano-banana\nA dog"]
        assert "below the next cell" in opened.said
        opened.form.prompt.value = ">>> A dog"
        opened.press("Insert as cell")
        assert "cannot stand in a cell" in opened.said
        opened.panel.close()

    on_loop(story)


def test_page_that_does_not_answer_inserts_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the cell is handed to the front end, once."""
    monkeypatch.setattr(cell_box, "PATIENCE_S", 0.05)

    async def story() -> None:
        opened = Opened(bench)
        handed: list[str] = []
        opened.open.cell._shell.set_next_input = handed.append
        opened.form.prompt.value = "A cat"
        opened.press("Insert as cell")
        await until(lambda: "cannot write into the notebook" in opened.said)
        send(opened.open._page, kind="inserted", number=1, done=True)
        assert handed == ["%%nanobanana -m nano-banana\nA cat"]
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
        send(opened.form.images.strip, kind="remove", position=0)
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
        head = opened.open.box.children[0].children[0].value
        assert "key not set" in head
        opened.panel.close()

    on_loop(story)


def test_every_control_has_a_name(bench: Bench) -> None:
    """What can be reached by the keyboard can be read out."""

    async def story() -> None:
        opened = Opened(bench)
        opened.form.axes.add()
        opened.form.images.add("a.png")
        kinds = ("Text", "Textarea", "Dropdown", "Combobox", "Button", "Checkbox")
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
        await until(lambda: len(history.wall.tiles) == 1)
        assert hostile in history.wall.tiles[0].prompt  # of which the page makes text
        history.words.value = hostile
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
    assert "Run this cell to open the panel" in told["text/plain"]


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
