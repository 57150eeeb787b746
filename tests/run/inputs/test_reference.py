"""Reference images: what a person may give, what is sent of it, and each content uploaded once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.errors import NanobananaError, ReferenceImageError
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import State
from nanobanana_nb.run.inputs import uploads as uploading
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession, png
from tests.run.conftest import plan, rows
from tests.service import KEY, Service

LINK = "https://a.example/cat.png?size=1"
GREYS = ("1", "L", "LA", "La", "I", "F", "I;16")
MODES = (*GREYS, "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB")


def test_link_goes_out_as_it_is(service: Service, open_session: OpenSession) -> None:
    """A link is sent as it stands, and nothing is uploaded."""
    run(open_session(service), LINK)
    assert sent(service) == [[LINK]]
    assert uploads(service) == []


@pytest.mark.parametrize("given", [LINK, png()], ids=["signed link", "bytes"])
def test_what_a_record_does_not_keep_is_not_sent(
    service: Service, open_session: OpenSession, given: str | bytes
) -> None:
    """A request of the ledger whose link was cut creates nothing, and says what is missing."""
    kept = ReferenceImage(**reference(given, name="the cat").to_record())
    with pytest.raises(ReferenceImageError, match="the cat is not at hand"):
        run(open_session(service), kept)
    assert service.creates() == []


@pytest.mark.long
@pytest.mark.parametrize("kind", ["path", "text", "bytes", "bytearray", "Pillow"])
def test_bytes_are_uploaded_and_their_link_is_sent(
    service: Service, open_session: OpenSession, tmp_path: Path, kind: str
) -> None:
    """A file, bytes and a Pillow image are put to the service, without the key, then linked."""
    file = tmp_path / "cat.png"
    file.write_bytes(png())
    image = Image.open(BytesIO(png()))
    given: dict[str, Any] = {"path": file, "text": str(file), "bytes": png(), "Pillow": image}
    given["bytearray"] = bytearray(png())
    run(open_session(service), given[kind])
    ((link,),) = sent(service)
    assert link.startswith(f"{service.url}/files/")
    assert len(uploads(service)) == 1
    kept = service.app.state.service.store.upload(link.split("/files/")[1].split(".")[0])
    assert (kept.content_type, Image.open(BytesIO(kept.body)).size) == ("image/png", (16, 16))
    assert kind == "Pillow" or kept.body == png()


def test_several_images_keep_their_order(service: Service, open_session: OpenSession) -> None:
    """Links and uploads stand in the body in the order in which they were given."""
    run(open_session(service), LINK, png("ff0000"), LINK + "&2", png("00ff00"))
    ((first, second, third, fourth),) = sent(service)
    assert (first, third) == (LINK, LINK + "&2")
    assert second != fourth
    assert "/files/" in second
    assert "/files/" in fourth


def test_each_content_is_uploaded_once_a_run(service: Service, open_session: OpenSession) -> None:
    """Six images with the same reference, given in two ways, need one upload."""
    run(open_session(service), png(), bytearray(png()), repeats=6)
    assert len(uploads(service)) == 1
    assert len({str(links) for links in sent(service)}) == 1


def test_same_bytes_are_the_same_request(
    service: Service, open_session: OpenSession, tmp_path: Path
) -> None:
    """What counts are the bytes and not the name: a copy of the file costs nothing."""
    session = open_session(service)
    (tmp_path / "copy.png").write_bytes(png())
    run(session, png())
    assert run(session, tmp_path / "copy.png").one.cached
    assert len(uploads(service)) == len(service.creates()) == 1
    assert not run(session, png("ff0000")).one.cached


@pytest.mark.long
def test_failed_upload_creates_nothing(service: Service, open_session: OpenSession) -> None:
    """Where the reference did not arrive no task is asked for, and the next try starts anew."""
    session = open_session(service)
    service.fault("put", status=403, times=None)
    with pytest.raises(NanobananaError, match="upload"):
        run(session, png(), repeats=2)
    assert service.creates() == []
    assert [row.state for row in rows(session) if row.state is not State.FAILED] == []
    service.forget_faults()
    assert all(one.ok for one in run(session, png(), repeats=2))


def test_lost_upload_slot_is_asked_for_again(service: Service, open_session: OpenSession) -> None:
    """Asking for a place to upload to has no effect: a fault there is survived."""
    service.fault("upload", status=503)
    assert run(open_session(service), png()).one.ok


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_of_pillow_is_taken(mode: str) -> None:
    """Whatever Pillow image comes, there is a reference."""
    found = reference(Image.new(mode, (4, 3)))
    assert found.data is not None
    assert Image.open(BytesIO(found.data)).size == (4, 3)


def test_type_comes_from_the_bytes(tmp_path: Path) -> None:
    """A JPEG that is called png is uploaded as what it is."""
    buffer = BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "JPEG")
    (tmp_path / "x.png").write_bytes(buffer.getvalue())
    found = reference(tmp_path / "x.png")
    assert (found.media_type, found.name, found.url) == ("image/jpeg", "x.png", None)


def test_reference_is_taken_as_it_is() -> None:
    """What is a reference already stays one."""
    found = reference(LINK, name="the cat")
    assert reference(found) is found
    assert (found.url, found.name) == (LINK, "the cat")


def test_name_of_a_link_is_what_may_be_read() -> None:
    """The link goes out whole, and its name, which captions show, has no signature."""
    found = reference("https://me:psst@a.example/cat.png?X-Signature=psst")
    assert found.url == "https://me:psst@a.example/cat.png?X-Signature=psst"
    assert found.name == "https://…@a.example/cat.png?…"
    assert "psst" not in repr(found)


@pytest.mark.parametrize(
    "value",
    [
        *("no-such-file.png", "", "~nobody-of-that-name/x.png", "nul\x00.png", "x" * 5000),
        *(b"", b"GIF89a", b"<html></html>", png()[:50], None, 7, {"a": 1}, ["a"]),
        Image.new("RGB", (0, 0)),
        "data:image/png;base64," + "A" * 100_000,
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_is_no_image_is_told(value: Any) -> None:
    """Missing files and things that are no images are an error of ours, and a short one."""
    with pytest.raises(ReferenceImageError) as raised:
        reference(value, name="")
    assert len(str(raised.value)) < 500


def test_error_names_the_image(tmp_path: Path) -> None:
    """The person reads which of the images it was, and what to do."""
    (tmp_path / "notes.png").write_text("no image")
    with pytest.raises(ReferenceImageError, match=r"notes\.png.*PNG, JPEG or WebP"):
        reference(tmp_path / "notes.png")
    with pytest.raises(ReferenceImageError, match=r"gone\.png.*Check the path"):
        reference(tmp_path / "gone.png")
    with pytest.raises(ReferenceImageError, match="the cat"):
        reference(b"no image", name="the cat")


def test_too_large_a_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is refused before it is decoded or sent."""
    monkeypatch.setattr("nanobanana_nb.run.inputs.sources.LARGEST", 50)
    with pytest.raises(ReferenceImageError, match="bytes"):
        reference(png())


def test_each_content_is_uploaded_once_a_session(
    service: Service, open_session: OpenSession
) -> None:
    """A second run uses the link of the first; another account uploads its own."""
    session = open_session(service)
    for prompt in ("a heron", "an owl"):
        asked = plan(prompt, images=[reference(png())])
        assert session.submit(asked).result().one.ok
    assert len(uploads(service)) == 1
    other = open_session(service, key=KEY + "2")
    assert other.submit(plan("a fox", images=[reference(png())])).result().one.ok
    assert len(uploads(service)) == 2


def test_old_link_is_not_used(
    service: Service, open_session: OpenSession, monkeypatch: Any
) -> None:
    """Once the link of an upload may have died, the bytes go again."""
    session = open_session(service)
    run(session, png())
    monkeypatch.setattr(uploading, "LINK_LIVES_S", -1.0)
    assert session.submit(plan("an owl", images=[reference(png())])).result().one.ok
    assert len(uploads(service)) == 2


def run(session: Session, *given: Any, repeats: int = 1) -> Any:
    """Run a plan with these reference images."""
    images = [reference(value) for value in given]
    return session.submit(plan(images=images, repeats=repeats)).result()


def sent(service: Service) -> list[list[str]]:
    """The links in the body of each create."""
    return [call["body"]["input"]["img_urls"] for call in service.creates()]


def uploads(service: Service) -> list[dict[str, Any]]:
    """The uploads that arrived; none may have carried the key."""
    puts = [call for call in service.calls() if call["method"] == "PUT"]
    assert not any(call["key_sent"] for call in puts)
    return puts


SIGNS = (" ", "\n", "\r\n", "\t", "\0", "\u2028", "\xa0", "\ud83d")


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize("link", ["https://h.example/a{}b.png", "HTTP://h{}.example/?x=hush{}"])
def test_link_that_cannot_be_sent_is_refused(link: str, sign: str) -> None:
    """A blank, a line break or half a surrogate inside is told in one sentence about the link."""
    with pytest.raises(ReferenceImageError, match="cannot be used") as raised:
        reference(link.replace("{}", sign) + "x")
    assert "half a character" in str(raised.value)
    assert "hush" not in str(raised.value)
    str(raised.value).encode()


@pytest.mark.parametrize("link", ["https://h.example/\u00fc.png", "https://h.example/a%20b.png"])
def test_link_of_other_letters_goes_as_it_is(link: str) -> None:
    """Letters of any language and what is escaped are no harm; blanks around are left out."""
    assert reference(f"  {link}\n").url == link
