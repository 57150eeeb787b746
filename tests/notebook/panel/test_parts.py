"""The parts of a panel by themselves: choices, names of a prompt, files, axes, the first line."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.errors import LedgerError, ReferenceImageError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.model_choices import choices_of
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.panel import controls, file_upload
from nanobanana_nb.notebook.panel.axes_editor import AxesEditor, AxisDraft
from nanobanana_nb.notebook.panel.form import Form
from nanobanana_nb.notebook.panel.prompt_names import prompt_names
from nanobanana_nb.notebook.panel.reference_list import ReferenceList
from nanobanana_nb.notebook.panel.service_line import key_words
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.settings.config import Settings, load
from tests.notebook.cells import spec
from tests.notebook.panel.opened_panel import button, picture, send, widgets_alive

PRO = "google/nano-banana-pro"

MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|fetch\(|document\.write")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("model", catalog.MODELS)
def test_only_what_the_model_takes_is_offered(model: str) -> None:
    """The fields and values are the catalog's, the shape first."""
    found = choices_of(model)
    assert found == dict(catalog.MODELS[model].choices)
    assert next(iter(found)) == "aspect_ratio"


def test_the_service_knows_better() -> None:
    """What it says of a model goes before the catalog; what is not understood is left out."""
    schema = {
        "input_schema": {
            "properties": {
                "prompt": {"type": "string"},
                "img_urls": {"maxItems": 3},
                "aspect_ratio": {"enum": ["1:1", "7:5"]},
                "sharp": {"type": "boolean"},
                "odd": {"enum": [{"a": 1}]},
                "no name": {"type": "boolean"},
                "broken": 7,
            }
        }
    }
    found = choices_of("nano-banana", schema)
    assert found == {"aspect_ratio": ("1:1", "7:5"), "sharp": (True, False)}


@pytest.mark.parametrize("schema", [{}, {"properties": []}, {"input_schema": 3}])
def test_a_schema_that_says_nothing_changes_nothing(schema: dict[str, Any]) -> None:
    """The catalog stands; of an unknown model nothing is offered."""
    assert choices_of("nano-banana", schema) == choices_of("nano-banana")
    assert choices_of("another/model", schema) == {}


def test_names_are_found() -> None:
    """A name is an axis, a text of the notebook, or unknown; typed axes go before variables."""
    prompt = "{a|b} {style} {mood} {name} {gone} {n}\n---\nstyle: x | y | z"
    cell = spec(prompt, AxisDraft("mood", "1..4"), AxisDraft("ratio", ""))
    found = prompt_names(cell, {"name": "Ann", "n": 3, "style": "no", "mood": "no", "a": 1})
    assert found.axes == {"choice 1": 2, "style": 3, "mood": 4, "ratio": 0}
    assert found.texts == {"name": "Ann", "n": "3"}
    assert found.unknown == ("gone",)


def test_nothing_is_found_in_a_raw_prompt() -> None:
    """Braces that are text stand for nothing."""
    found = prompt_names(spec("{style}", raw=True), {})
    assert found.template.names == ()
    assert found.unknown == ()


def test_odd_variables_are_told_by_their_kind() -> None:
    """What cannot stand in a prompt does not break the panel; the bill says what is wrong."""
    found = prompt_names(spec("{x} {y}"), {"x": object(), "y": range(20_000)})
    assert found.texts == {"x": "object"}
    assert found.unknown == ("y",)


def test_form_gives_back_what_was_put_in() -> None:
    """Every field, also a model and values that are not offered."""
    form = Form(lambda: None, lambda model: None, lambda name, data: "", print, print)
    cells = [
        spec("a {x}", model=PRO, parameters=[("resolution", "4K")], repeats=3, fresh=True),
        spec("b", model="another/model", parameters=[("seed", 7), ("turbo", False)], raw=True),
        spec("c", AxisDraft("x", "1 | 2", "cols"), model="google/nano-banana", references=["u"]),
        spec("d", model="google/nano-banana-2", parameters=[("google_search", False)]),
    ]
    for cell in [*cells, cells[0]]:
        form.write(cell)
        assert form.read() == cell
        assert all(part.index is not None for part in form._fields.values())
    controls.close(form.box)


def test_fields_follow_the_model() -> None:
    """A value stays where the next model takes it too, and is dropped where it does not."""
    form = Form(lambda: None, lambda model: None, lambda name, data: "", print, print)
    parameters = [("aspect_ratio", "8:1"), ("resolution", "2K")]
    form.write(spec("a", model="google/nano-banana-2", parameters=parameters))
    form.choose("nano-banana-pro")
    assert dict(form.read().parameters) == {"resolution": "2K"}
    form.know(PRO, {"properties": {"resolution": {"enum": ["1K"]}}})
    assert form.read().parameters == ()
    controls.close(form.box)


def test_axes_are_added_moved_and_removed() -> None:
    """The rows come in the order that was clicked; ends stay ends; empty rows say nothing."""
    changes: list[int] = []
    editor = AxesEditor(lambda: changes.append(1))
    editor.write([AxisDraft(name, "1|2") for name in "abc"])
    rows = editor._list
    button("Down", rows.children[0]).click()
    assert [axis.name for axis in editor.read()] == ["b", "a", "c"]
    button("Up", rows.children[0]).click()
    button("Up", rows.children[2]).click()
    assert [axis.name for axis in editor.read()] == ["b", "c", "a"]
    button("Remove", rows.children[1]).click()
    editor.add()
    assert [axis.name for axis in editor.read()] == ["b", "a"]
    editor.suggest(["mood", "b"], "mood")
    editor.add()
    editor.add()
    assert [axis.name for axis in editor.read()] == ["b", "a", "mood"]
    assert rows.children[0].children[0].options == ("mood", "b")
    assert len(changes) > 5
    controls.close(editor.box)


def _images() -> ReferenceList:
    """Return a list that keeps files by a name and tells nobody."""
    return ReferenceList(
        lambda: None, lambda name, data: "kept.png", lambda key: None, lambda *errors: None
    )


def test_references_are_typed_dropped_and_removed(folder: Path) -> None:
    """Each once; a file is kept beside the notebook, and a link's picture is not fetched."""
    settings, taken = load().settings, list[str]()
    images = ReferenceList(
        lambda: None,
        lambda name, data: file_upload.keep(name, data, settings),
        taken.append,
        lambda *errors: None,
    )
    images._entry.value = " https://x.example/a.png?X-Amz-Signature=quietly "
    send(images.strip, kind="upload", key="k", name="My cat.png")
    assert images.strip.uploads == [{"key": "k", "name": "My cat.png"}]
    send(images.strip, (picture(),), kind="file", key="k")
    assert images.strip.uploads == []
    images.add("https://x.example/a.png?X-Amz-Signature=quietly")
    _, path = images.values
    assert path.startswith("nanobanana_images/my-cat-")
    assert (folder / path).read_bytes() == picture()
    link, file = images.strip.items
    assert (link["picture"], "quietly" in link["name"]) == ("", False)
    assert file["picture"].startswith("data:image/jpeg;base64,")
    send(images.strip, kind="take", key="7")
    assert taken == ["7"]
    send(images.strip, kind="remove", position=0)
    assert images.values == (path,)
    controls.close(images.box)


MESSAGES: tuple[Any, ...] = (
    None,
    "file",
    {"kind": "file", "name": "a.png"},
    {"kind": "file", "key": "nobody's"},
    {"kind": "end", "key": "nobody's", "why": "large"},
    {"kind": "upload", "name": "a.png"},
    {"kind": "upload", "key": 3},
    {"kind": "remove", "position": 1},
    {"kind": "remove", "position": -1},
    {"kind": "remove", "position": True},
    {"kind": "take", "key": 3},
    {"kind": "values", "values": ["b"]},
)


@pytest.mark.parametrize("message", MESSAGES)
def test_odd_messages_change_no_reference(message: Any) -> None:
    """A front end may send anything; an address is never read from one."""
    images = _images()
    images.add("a.png")
    images.strip._handle_custom_msg(message, [])
    images.uploads.check()
    assert images.values == ("a.png",)
    controls.close(images.box)


def test_an_upload_that_is_no_image_is_refused(folder: Path, tmp_path: Path) -> None:
    """Nothing is written; and a folder that cannot be written is told."""
    with pytest.raises(ReferenceImageError, match=r"notes\.png"):
        file_upload.keep("notes.png", b"not an image", load().settings)
    assert list(folder.iterdir()) == []
    (folder / "nanobanana_images").write_text("in the way")
    with pytest.raises(ReferenceImageError, match="cannot be kept"):
        file_upload.keep("a.png", picture(), load().settings)


@pytest.mark.parametrize(
    ("form", "name", "ending"),
    [
        ("TIFF", "scan.TIF", ".tif"),
        ("JPEG", "photo.png", ".jpg"),
        ("BMP", "x.y z", ""),
    ],
)
def test_upload_is_kept_as_it_is(folder: Path, form: str, name: str, ending: str) -> None:
    """Whatever is sent of it, the copy beside the notebook has the bytes that were given."""
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 4)).save(buffer, form, **({"exif": exif} if form == "JPEG" else {}))
    path = file_upload.keep(name, buffer.getvalue(), load().settings)
    assert (Path(path).suffix, Path(path).read_bytes()) == (ending, buffer.getvalue())
    assert reference(path) == reference(buffer.getvalue())


def test_without_a_folder_of_images_uploads_lie_at_home(tmp_path: Path) -> None:
    """`images_dir` off: the home folder takes them, so that the cell can name them all the same."""
    settings = Settings(home=tmp_path / "home", images_dir="")
    kept = file_upload.keep("a.png", picture(), settings)
    assert Path(kept).parent == tmp_path / "home" / "uploads"


def test_an_image_without_a_file_is_no_reference() -> None:
    """Its file was deleted: one error."""
    lost = Generation(GenerationRequest("crun", "m", "a"), path=Path("gone.png"), id=3)
    with pytest.raises(LedgerError, match="id 3 is not there"):
        file_upload.path_of(lost, load().settings)


def test_names_are_escaped() -> None:
    """A path full of markup goes to the page as text, which makes no markup of any text."""
    before = widgets_alive()
    images = _images()
    images.add(HOSTILE)
    assert images.strip.items == [{"shows": "", "name": HOSTILE, "picture": ""}]
    for name in ("references.js", "gallery/wall.js", "panel_page.js"):
        source = (Path(controls.__file__).parent / name).read_text(encoding="utf-8")
        assert (
            re.findall(r"innerHTML|outerHTML|insertAdjacent|fetch\(|document\.write", source) == []
        )
    controls.close(images.box)
    assert widgets_alive() == before


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "key not set · the built-in simulator answers, nothing is paid"),
        ({"NANOBANANA_PROVIDER": "crun"}, "key not set · crun wants one: set CRUN_API_KEY"),
        (
            {"NANOBANANA_PROVIDER": "crun", "CRUN_API_KEY": "ak_" + "Secret7q" * 4},
            "key set, from environment (CRUN_API_KEY) · crun answers",
        ),
        ({"NANOBANANA_PROVIDER": "nobody"}, "no provider"),
    ],
)
def test_head_tells_where_the_key_is_from(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], told: str
) -> None:
    """Whether there is a key and where from, and never the key."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    words = key_words(load().settings)
    assert told in words
    assert "Secret7q" not in words
