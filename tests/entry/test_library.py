"""Prompts of the library in Python: what goes with them, which file is nearest, and keeping one."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import nanobanana_nb as nb
from nanobanana_nb import prompts
from nanobanana_nb.errors import InputError
from nanobanana_nb.library.library import MissingPromptError
from nanobanana_nb.settings import origin
from tests.service import Service

POSTER = """[prompts.poster]
prompt = \"\"\"A poster of {bird}, {style: @styles}
---
bird: heron | owl\"\"\"
aspect_ratio = "3:4"
model = "nano-banana-2"
google_search = true
[lists]
styles = ["woodcut", "oil"]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the script, with a file of prompts."""
    folder = tmp_path / "script"
    folder.mkdir()
    monkeypatch.setattr(origin, "_IMPORTED_IN", folder)
    (folder / "prompts.toml").write_text(POSTER, encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder."""
    (tmp_path / "home").mkdir(exist_ok=True)
    return tmp_path / "home"


def sent(plan: nb.Plan) -> set[tuple[str, object]]:
    """The prompts and shapes of a plan."""
    return {(c.request.prompt, c.request.parameter("aspect_ratio")) for c in plan.cells}


def test_what_goes_with_a_prompt() -> None:
    """Model, parameters, axis lines and lists come with it."""
    plan = nb.plan(prompts["poster"])
    assert sent(plan) == {
        (f"A poster of {bird}, {style}", "3:4")
        for bird in ("heron", "owl")
        for style in ("woodcut", "oil")
    }
    assert {c.request.model for c in plan.cells} == {"google/nano-banana-2"}
    assert plan.cells[0].request.parameter("google_search") is True


def test_arguments_go_before() -> None:
    """A parameter, an axis, a fixed value, the model."""
    plan = nb.plan(prompts["poster"], {"bird": ["kite"]}, aspect_ratio="1:1", model="nano-banana")
    assert sent(plan) == {(f"A poster of kite, {style}", "1:1") for style in ("woodcut", "oil")}
    assert plan.cells[0].request.model == "google/nano-banana"
    varied = nb.plan(prompts["poster"], {"aspect_ratio": ["1:1", "2:3"]}, bird="kite")
    assert {shape for _, shape in sent(varied)} == {"1:1", "2:3"}
    assert len(varied.cells) == 4


def test_generate_takes_one_without_places(here: Path) -> None:
    """With its parameters; one with places says what makes its images, raw ones are as they are."""
    with (here / "prompts.toml").open("a") as file:
        file.write('[prompts.plain]\nprompt = "A {{x|y}} sign"\naspect_ratio = "1:1"\n')
        file.write('[prompts.raw]\nprompt = "A {x|y} sign"\nraw = true\n')
    image = nb.generate(prompts["plain"]).one
    assert image.request.prompt == "A {x|y} sign"
    assert image.request.parameter("aspect_ratio") == "1:1"
    assert nb.generate(prompts["raw"], repeats=2)[0].request.prompt == "A {x|y} sign"
    with pytest.raises(InputError, match=r"has places: bird, style, bird\. `sweep\(prompts"):
        nb.generate(prompts["poster"])


def test_the_nearest_goes_first(here: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the script, then one's own, then the shared one."""
    shared = home.parent / "class.toml"
    monkeypatch.setenv("NANOBANANA_PROMPTS", str(shared))
    for file, text in (
        (home / "prompts.toml", "own"),
        (shared, "shared"),
    ):
        names = ("poster", "own", "shared") if text == "shared" else ("poster", "own")
        tables = "".join(f'[prompts.{name}]\nprompt = "{text}"\n' for name in names)
        file.write_text(f"{tables}[lists]\nstyles = ['{text}']\n{text} = [1]\n")
    assert list(prompts) == ["poster", "own", "shared"]
    assert prompts["poster"].startswith("A poster")
    assert (prompts["own"], prompts["shared"]) == ("own", "shared")
    assert dict(prompts.lists) == {"styles": ("woodcut", "oil"), "own": (1,), "shared": (1,)}


def test_a_broken_file_hides_no_nearer_one(here: Path, home: Path) -> None:
    """What is found before it is used; what may stand in it is an error, not a farther one."""
    (home / "prompts.toml").write_text("[prompts", encoding="utf-8")
    assert prompts["poster"].startswith("A poster")
    assert "poster" in prompts
    with pytest.raises(InputError, match="is no TOML"):
        prompts["other"]
    (here / "prompts.toml").write_text("[prompts", encoding="utf-8")
    assert len(prompts) == 0


def test_what_is_not_there() -> None:
    """A KeyError as of any dict, which names the nearest."""
    with pytest.raises(MissingPromptError, match="did you mean poster"):
        prompts["postr"]
    assert prompts.get("postr") is None
    with pytest.raises(InputError, match=r'no list @style: did you mean @styles\?.*"@style"'):
        nb.plan("A {style: @style}")
    with pytest.raises(InputError, match=r"prompts\.lists\['styles'\] for several"):
        nb.plan("A {style}", {"style": "@styles"})


def test_the_shared_file_is_there_or_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that leads nowhere is no empty file."""
    monkeypatch.setenv("NANOBANANA_PROMPTS", "nowhere.toml")
    with pytest.raises(InputError, match=r"nowhere\.toml is not there.*setting `prompts`"):
        prompts["other"]


def test_a_grid_is_kept(faces: Service, here: Path) -> None:
    """Its text with its axes; what it asks for again is the same, and free."""
    places = {"bird": ["heron", "ow|l"], "size": [1, 2]}
    grid = nb.sweep("A {bird}, {size}", places, zipped=["bird", "size"], aspect_ratio="1:1")
    before = (here / "prompts.toml").read_text()
    file = grid.keep("birds", note='two "birds"')
    assert file == here / "prompts.toml"
    assert file.read_text().startswith(before)
    assert prompts["birds"].note == 'two "birds"'
    creates = len(faces.creates())
    assert nb.sweep(prompts["birds"]).credits == 0
    assert len(faces.creates()) == creates
    assert sent(nb.plan(prompts["birds"])) == sent(grid.plan) if grid.plan else False


@pytest.mark.parametrize(
    "text", ["A {x|y} sign", 'Words "in" \\ and\n---\nstyle: a | b', "A {{heron}}", "A heron"]
)
def test_an_image_is_kept_as_it_was_sent(faces: Service, text: str) -> None:
    """Whatever it looks like: what is kept makes the same image."""
    image = nb.generate(text, raw=True).one
    image.keep("same")
    assert prompts["same"] == text
    assert nb.generate(prompts["same"]).credits == 0
    assert nb.sweep(prompts["same"]).credits == 0


def test_a_name_is_taken_once(here: Path) -> None:
    """Another, or a word for it; nothing else of the file changes."""
    image = nb.generate("A heron").one
    with pytest.raises(InputError, match="poster already"):
        image.keep("poster")
    image.keep("poster", replace=True)
    assert prompts["poster"] == "A heron"
    assert (here / "prompts.toml").read_text().endswith('[lists]\nstyles = ["woodcut", "oil"]\n')
    for name in ("", "a b", "x" * 61, "a/b"):
        with pytest.raises(InputError, match="cannot be the name of a prompt"):
            image.keep(name)


def test_nothing_private_is_written(here: Path) -> None:
    """Neither a word of it nor that there was one."""
    grid = nb.sweep("A secret {x}", {"x": ["crown", "ring"]}, private=True)
    before = (here / "prompts.toml").read_text()
    for keep in (grid.keep, grid[0].keep, grid[:1].keep):
        with pytest.raises(InputError, match="private prompt") as error:
            keep("poster2")
        assert "secret" not in str(error.value)
        assert "crown" not in str(error.value)
    assert (here / "prompts.toml").read_text() == before


def test_the_home_where_the_folder_cannot_be_written(here: Path, home: Path) -> None:
    """A folder in the place of the file stands for one that may not be written."""
    image = nb.generate("A heron").one
    (here / "prompts.toml").unlink()
    here.chmod(0o555)
    try:
        if not _writable(here):
            assert image.keep("heron") == home / "prompts.toml"
    finally:
        here.chmod(0o755)
    (here / "prompts.toml").write_text("[broken", encoding="utf-8")
    with pytest.raises(InputError, match="is no TOML"):  # it would be hidden by what is broken
        image.keep("heron2")


def _writable(folder: Path) -> bool:
    """Whether this user may write everywhere."""
    try:
        (folder / "try").touch()
    except OSError:
        return False
    return True


def test_images_of_a_file_go_out(here: Path) -> None:
    """By their path in its folder, with the names that they have."""
    nb.generate("A girl").one.save(here / "mia.png")
    text = '[prompts.a]\nprompt = "She runs"\nimages = { Mia = "mia.png" }\n'
    (here / "prompts.toml").write_text(text)
    request = nb.generate(prompts["a"]).one.request
    assert [image.shows for image in request.images] == ["Mia"]
    assert request.prompt == "She runs\n\nImage 1 shows Mia."
    assert nb.generate(prompts["a"], images=[here / "mia.png"]).one.request.prompt == "She runs"


def test_a_changed_file_changes_no_old_grid(here: Path) -> None:
    """What was recorded are the values."""
    plan = nb.plan(prompts["poster"])
    text = plan.to_json()
    (here / "prompts.toml").unlink()
    assert sent(nb.Plan.from_json(text)) == sent(plan)
    assert json.loads(text)["axes"][1]["values"] == ["woodcut", "oil"]


def test_a_prompt_is_a_text_anywhere() -> None:
    """It can be copied and handed to others."""
    poster = pickle.loads(pickle.dumps(prompts["poster"]))
    assert poster == prompts["poster"]
    assert poster.parameters == prompts["poster"].parameters
