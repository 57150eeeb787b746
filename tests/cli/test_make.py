"""`nanobanana make`: the options of a cell, and nothing paid without a yes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.cli.command_line import main
from tests.cli.shell import COMMAND, Shell
from tests.service import Service

pytestmark = pytest.mark.long

YES = ("--max-credits", "100")


def test_one_image_in_a_file(shell: Shell) -> None:
    """The original is where it was asked for, and the answer says so; all else stands beside."""
    done = shell("make", "A heron", "-a", "16:9", "-o", "heron.png", *YES)
    assert (done.code, done.out) == (0, "heron.png\n")
    assert "4 credits" in done.err
    with Image.open(shell.folder / "heron.png") as image:
        assert image.width > image.height
    (create,) = shell.service.creates()
    assert create["body"]["input"]["aspect_ratio"] == "16:9"


def test_without_a_file_it_says_where_the_original_is(shell: Shell) -> None:
    """Its path is the answer, whole."""
    done = shell("make", "A heron", "--yes")
    assert Path(done.out.strip()).is_file()


def test_several_images_in_a_folder_and_an_export(shell: Shell) -> None:
    """A folder gets the originals, an ending of an export the grid; the second time is free."""
    words = ("make", "A {style} heron, {red|blue}", "--vary", "style=ink|oil")
    done = shell(*words, "-o", "herons/", *YES)
    assert done.code == 0
    assert len(list((shell.folder / "herons").iterdir())) == len(done.out.splitlines()) == 4
    again = shell(*words, "-o", "herons.html")
    assert (again.code, again.out) == (0, "herons.html\n"), again.err
    assert "4 already in the ledger" in again.err
    assert len(shell.service.creates()) == 4


def test_nothing_is_paid_without_a_yes(shell: Shell) -> None:
    """Without a terminal nobody can be asked; more than is allowed is refused likewise."""
    for words in ((), ("--max-credits", "3")):
        done = shell("make", "A heron", *words)
        assert (done.code, done.out) == (3, "")
        assert "Nothing was sent" in done.err
        assert "--max-credits" in done.err or "at most 3" in done.err
        assert "Traceback" not in done.err
    assert shell.service.creates() == []


def test_play_money_needs_no_yes(shell: Shell) -> None:
    """What the simulator makes costs nothing."""
    done = shell("make", "A heron", "-n", "3", NANOBANANA_CONFIRM_ABOVE="1",
                 NANOBANANA_PROVIDER="simulator")  # fmt: skip
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == 3


@pytest.mark.parametrize("words", [("-",), ()])
def test_prompt_from_a_pipe(shell: Shell, words: tuple[str, ...]) -> None:
    """The standard input is the prompt where the line has none."""
    done = shell("make", *words, "--yes", "--json", text="A heron\nat dawn\n")
    assert done.value["images"][0]["prompt"] == "A heron\nat dawn"


def test_no_prompt_at_all(shell: Shell) -> None:
    """An empty input, and one that is closed, are no prompt."""
    assert shell("make").code == 2
    line = " ".join([*COMMAND, "make", "<&-"])
    done = subprocess.run(
        line, shell=True, capture_output=True, text=True, env=shell.environ(), check=False
    )
    assert done.returncode == 2
    assert "There is no prompt" in done.stderr


def test_dry_run_sends_nothing_and_keeps_the_plan(shell: Shell) -> None:
    """The bill is the answer, and the plan can be run later."""
    words = ("make", "A {red|blue} heron", "--dry-run")
    done = shell(*words, "--json", "-o", "plan.json")
    assert done.value["credits"] == 8
    assert "8 credits" in shell(*words).out
    assert shell.service.creates() == []
    assert shell("run", "plan.json", "--yes").code == 0
    assert len(shell.service.creates()) == 2


def test_failures_have_codes(shell: Shell) -> None:
    """Some failed, all failed, and no service are told apart."""
    some = shell("make", "A {cat|cat [fail]}", "--json", *YES)
    assert some.code == 1
    assert sorted(image["state"] for image in some.value["images"]) == ["failed", "success"]
    failed = shell("make", "A cat [fail]", "--json", *YES)
    assert failed.code == 1
    assert failed.value["images"][0]["error"]["kind"] == "GenerationFailedError"
    away = shell("make", "A dog", "--json", *YES, NANOBANANA_BASE_URL="http://127.0.0.1:9")
    assert away.code == 4
    assert away.value["error"]["kind"] == "NotSentError"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("make", "A heron", "--aspct-ratio", "1:1"), "did you mean --aspect-ratio?"),
        (("make", "A", "heron"), "'heron' is left over"),
        (("make", "A heron", "-n", "x"), "whole number"),
        (("make", "A {bird}"), "{bird}"),
        (("make", "A heron", "-o", "heron.xyz"), "Name a folder"),
        (("make", "A heron", "-o", "no/heron.png"), "no folder"),
        (("histroy",), "did you mean history?"),
        (("A heron",), "nanobanana make"),
        ((), "There is no command"),
        (("run", "plan.txt"), "There is no table plan.txt"),
        (("run", "nothing.json"), "cannot be read"),
        (("show", "99"), "nanobanana history --ids"),
    ],
    ids=str,
)
def test_wrong_use_is_one_line(
    faces: Service, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    """It says what is wrong, in the words of a shell, before anything is sent."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.count("\n") == 1
    assert "%nanobanana" not in err
    assert faces.creates() == []


def test_no_option_takes_a_key(shell: Shell) -> None:
    """A line can be read by everybody on the machine."""
    told = shell("make", "-h").out + shell("-h").out
    assert "--key" not in told
    assert "--api" not in told


def test_prompt_of_a_file_is_filled_in(shell: Shell) -> None:
    """`--prompt` names one of `prompts.toml` in the folder of the command, as in a cell."""
    text = '[prompts.bird]\nprompt = "A {bird}"\naspect_ratio = "16:9"\n'
    (shell.folder / "prompts.toml").write_text(text)
    done = shell("make", "--prompt", "bird", "--vary", "bird=owl|tit", "--yes", "--json")
    assert done.code == 0, done.err
    asked = [(i["prompt"], i["parameters"]["aspect_ratio"]) for i in done.value["images"]]
    assert asked == [("A owl", "16:9"), ("A tit", "16:9")]
