"""Reference images by `-i`: links, paths, variables."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image

from nanobanana_nb.errors import InputError, ReferenceImageError
from tests.notebook.bench import Bench
from tests.service import Service

LINK = "https://pictures.example/cat.png?size=2&x=%20"


@pytest.fixture
def picture(folder: Path) -> Path:
    """A small picture in the notebook's folder."""
    path = folder / "my cat.png"
    Image.new("RGB", (8, 8), "red").save(path)
    return path


def png(colour: str) -> bytes:
    """Return the bytes of a small picture."""
    buffer = BytesIO()
    Image.new("RGB", (8, 8), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_link_goes_out_as_it_is(bench: Bench, service: Service) -> None:
    """A link is not fetched, not changed and not taken for a path."""
    bench.run(f"%%nanobanana -i '{LINK}'\n[fail]")
    assert service.creates()[0]["body"]["input"]["img_urls"] == [LINK]
    assert service.calls("/upload-url") == []


def test_path_is_uploaded_and_its_link_used(bench: Bench, service: Service, picture: Path) -> None:
    """A path counts from the notebook's folder, and the service gets a link."""
    bench.run(f"%%nanobanana -i '{picture.name}'\n[fail]")
    (link,) = service.creates()[0]["body"]["input"]["img_urls"]
    assert link.startswith("http")
    assert len(service.calls("/upload-url")) == 1


@pytest.mark.long
@pytest.mark.parametrize("kind", ["path", "text", "link", "bytes", "pillow", "array", "figure"])
def test_variable_may_hold_an_image(bench: Bench, picture: Path, kind: str) -> None:
    """The name of a variable stands for what it holds, and is what captions call it."""
    from matplotlib.figure import Figure  # takes seconds that only this test needs

    held: dict[str, Any] = {
        "path": picture,
        "text": str(picture),
        "link": LINK,
        "bytes": png("red"),
        "pillow": Image.open(picture),
        "array": numpy.zeros((8, 8, 3)),
        "figure": Figure(),
    }
    bench.names["sketch"] = held[kind]
    (cell,) = bench.plan("-i sketch").cells
    (image,) = cell.request.images
    assert image.name == "sketch"
    assert (image.url == LINK) is (kind == "link")


def test_list_of_images_gives_them_all(bench: Bench, picture: Path) -> None:
    """A list is all of its images for one request, with those of further `-i` behind them."""
    bench.names["both"] = [png("red"), png("blue")]
    (cell,) = bench.plan(f"-i both -i {LINK}").cells
    first, second, third = cell.request.images
    assert first.sha256 != second.sha256
    assert third.url == LINK


def test_same_bytes_are_the_same_request(bench: Bench, picture: Path) -> None:
    """What counts is the image: its path and its bytes ask for the same."""
    bench.names["sketch"] = picture.read_bytes()
    (one,) = bench.plan("-i sketch").cells
    (other,) = bench.plan(f"-i '{picture.name}'").cells
    assert one.request.fingerprint() == other.request.fingerprint()


@pytest.mark.parametrize("extra", ["", "[0]"])
def test_result_is_a_reference_for_the_next_cell(bench: Bench, extra: str) -> None:
    """The result that `-o` bound, or one image of it, can be given to `-i` by its name."""
    made = bench.run("%%nanobanana -m nano-banana-2-lite -o cats\nA cat")
    assert made.error is None, made.told
    bench.run(f"chosen = cats{extra}")
    (cell,) = bench.plan("-i chosen").cells
    assert cell.request.images[0].sha256 == bench.names["cats"][0].sha256


def test_missing_file_is_told(bench: Bench, service: Service) -> None:
    """The path is named, and nothing is sent."""
    ran = bench.fails("%%nanobanana -i no/such.png\nA cat", ReferenceImageError)
    assert "no/such.png" in ran.told
    assert service.creates() == []


def test_missing_variable_is_told_as_such(bench: Bench) -> None:
    """A plain name that is neither file nor variable may have been meant as either."""
    ran = bench.fails("%%nanobanana -i skecth\nA cat", ReferenceImageError)
    assert "variable" in ran.told


@pytest.mark.parametrize(
    "held", ["7", "None", "{'a': 1}", "b'no picture'", "'no picture.txt'", "[b'x', 7]"]
)
def test_variable_that_holds_no_image_is_told(bench: Bench, service: Service, held: str) -> None:
    """What cannot be an image is named by its variable, and nothing is sent."""
    bench.run(f"odd = {held}\nopen('no picture.txt', 'w').write('text')")
    bench.fails("%%nanobanana -i odd\nA cat", ReferenceImageError)
    assert service.creates() == []


def test_empty_list_is_told(bench: Bench, service: Service) -> None:
    """A list without images is a slip: an image without its reference is not paid for."""
    bench.names["none"] = []
    bench.fails("%%nanobanana -i none\nA cat [fail]", InputError)
    assert service.creates() == []


def test_folder_is_no_image(bench: Bench, folder: Path) -> None:
    """A folder is told like any file that cannot be read."""
    (folder / "pictures").mkdir()
    bench.fails("%%nanobanana -i pictures\nA cat", ReferenceImageError)


def test_a_name_before_an_image(bench: Bench, folder: Path) -> None:
    """It is told to the model; a link, a path or a file with such a sign in it is none."""
    bench.names["mia"] = bench.run("%%nanobanana -o grid\nA girl").value.one
    bench.names["mia"].save(folder / "mia=1.png")
    for word, told in (
        ("Mia=mia", "\n\nImage 1 shows Mia."),
        ("'the dog=mia=1.png'", "\n\nImage 1 shows the dog."),
        ("mia=1.png", ""),
        ("https://example.org/a.png?b=c", ""),
    ):
        ran = bench.run(f"%%nanobanana --dry-run -o plan -i {word}\nShe runs")
        assert ran.error is None
        assert bench.names["plan"].cells[0].request.prompt == f"She runs{told}"
