"""The option line of `%%nanobanana`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.magic import option_parser
from nanobanana_nb.run.job import Job
from tests.notebook.bench import Bench
from tests.service import Service

PARSER = option_parser.cell_parser()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  -n  2 ", ["-n", "2"]),
        ("-i 'my cat.png'", ["-i", "my cat.png"]),
        ('-i "it\'s.png"', ["-i", "it's.png"]),
        (r"-i my\ cat.png", ["-i", "my cat.png"]),
        ("--set 'note={\"a\": 1}'", ["--set", 'note={"a": 1}']),
        ("-i katze\u00a0süß.png", ["-i", "katze\u00a0süß.png"]),
        ("-o a#b", ["-o", "a#b"]),
    ],
)
def test_line_is_split_as_a_shell_splits_it(line: str, words: list[str]) -> None:
    """Quotes and backslashes group and are not kept; `#` is no comment."""
    assert option_parser.tokens(line) == words


@pytest.mark.parametrize("line", ["-i 'cat.png", '-i "cat.png', "-i cat.png\\", "don't"])
def test_open_quotation_is_told(line: str) -> None:
    """A quotation that does not end is one sentence that begins like one."""
    with pytest.raises(InputError, match="cannot be read") as caught:
        option_parser.tokens(line)
    assert str(caught.value)[0].isupper()


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=6))
def test_quoted_words_come_back(words: list[str]) -> None:
    """Whatever a shell's quoting protects arrives as it was."""
    import shlex

    assert option_parser.tokens(shlex.join(words)) == words


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("-m nano-banana-pro", "model", "nano-banana-pro"),
        ("--model nano-banana-pro", "model", "nano-banana-pro"),
        ("-a 16:9", "aspect_ratio", "16:9"),
        ("--aspect-ratio=16:9", "aspect_ratio", "16:9"),
        ("-f png", "output_format", "png"),
        ("--output-format png", "output_format", "png"),
        ("-r 2K", "resolution", "2K"),
        ("--resolution 2K", "resolution", "2K"),
        ("-i a.png --image b.png", "images", ["a.png", "b.png"]),
        ("-n 3", "repeats", 3),
        ("-n3", "repeats", 3),
        ("--repeats 3", "repeats", 3),
        ("-o cats", "out", "cats"),
        ("--out cats", "out", "cats"),
        ("--fresh", "fresh", True),
        ("--no-wait", "no_wait", True),
        ("--provider crun", "provider", "crun"),
        ("--callback-url https://x.example", "callback_url", "https://x.example"),
        ("--raw", "raw", True),
        ("--dry-run", "dry_run", True),
        (
            "--vary 'style=oil|pen and ink' --vary n=1..5",
            "vary",
            ["style=oil|pen and ink", "n=1..5"],
        ),
        (r"--vary 'x=a\|b|c'", "vary", [r"x=a\|b|c"]),
        ("--sample 12", "sample", 12),
        ("--sample-seed 7", "sample_seed", 7),
        ("--scout", "scout", True),
        ("--rows style --rows repeat", "rows", ["style", "repeat"]),
        ("--cols 'choice 1'", "cols", ["choice 1"]),
        ("--set a=1 --set b=2", "set", ["a=1", "b=2"]),
        ("-h", "help", True),
        ("--help", "help", True),
    ],
)
def test_every_option_is_read(line: str, name: str, value: object) -> None:
    """Each option has its long name, most have a short one, some may be given again."""
    assert getattr(option_parser.parse(PARSER, line), name) == value


def test_options_do_not_leak_into_the_next_line() -> None:
    """What one cell repeats is not there in the next."""
    option_parser.parse(PARSER, "-i a.png --set a=1 --vary a=1 --rows a --cols b")
    after = option_parser.parse(PARSER, "")
    assert (after.images, after.set, after.vary) == ([], [], [])
    assert (after.rows, after.cols) == ([], [])


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("--aspect-ration", "--aspect-ratio"),
        ("--aspect", "--aspect-ratio"),
        ("--format", "--output-format"),
        ("--repeat", "--repeats"),
        ("--nowait", "--no-wait"),
        ("--dryrun=1", "--dry-run"),
        ("--set-", "--set"),
    ],
)
def test_unknown_option_names_the_nearest(word: str, near: str) -> None:
    """A slip, a beginning or a part of a name is answered with the name that was meant."""
    with pytest.raises(InputError, match=f"no option {word}") as caught:
        option_parser.parse(PARSER, word)
    assert f"did you mean {near}?" in str(caught.value)


@pytest.mark.parametrize("word", ["-x", "-z", "--", "--quality"])
def test_unlike_option_gets_no_far_fetched_guess(word: str) -> None:
    """Where nothing is near, help is named instead of some other option."""
    with pytest.raises(InputError) as caught:
        option_parser.parse(PARSER, word)
    assert "did you mean" not in str(caught.value)
    assert "%nanobanana help" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-n x", "'x'"),
        ("-n 2.5", "'2.5'"),
        ("-n", "expected one argument"),
        ("-a", "expected one argument"),
        ("--raw=1", "'1'"),
    ],
)
def test_unusable_value_is_told_in_one_line(bench: Bench, line: str, said: str) -> None:
    """A value that is no number, or none at all, is named together with its option."""
    ran = bench.fails(f"%%nanobanana {line}\nA cat", InputError)
    assert len(ran.traceback) == 1
    assert said in ran.traceback[0]
    assert line.split()[0].partition("=")[0] in ran.traceback[0]


@pytest.mark.parametrize("repeats", ["0", "-1", "10001"])
def test_count_out_of_bounds_is_refused(bench: Bench, service: Service, repeats: str) -> None:
    """No images, fewer than none or far too many: nothing is sent."""
    bench.fails(f"%%nanobanana -n {repeats}\nA cat", InputError)
    assert service.creates() == []


def test_prompt_on_the_option_line_is_told(bench: Bench, service: Service) -> None:
    """Where the prompt belongs is said to the person who wrote it beside the magic."""
    ran = bench.fails("%%nanobanana -n 2 a cat\nin the rain", InputError)
    assert "below" in ran.told
    assert service.creates() == []


@pytest.mark.parametrize("cell", ["%%nanobanana a cat in the rain", "%%nanobanana -n 2 a cat\n"])
def test_prompt_beside_the_magic_and_nothing_below(bench: Bench, cell: str) -> None:
    """The commonest first try gets our own words, not the advice to use `%nanobanana`."""
    ran = bench.run(cell)
    assert isinstance(ran.error, InputError), ran.told
    assert "below" in ran.told


@pytest.mark.parametrize("cell", ["%%nanobanana -h", "%%nanobanana --help\n", "%%nanobanana -h\nx"])
def test_help_option_shows_help_and_makes_nothing(
    bench: Bench, service: Service, cell: str
) -> None:
    """`-h` needs no prompt, and with one it is not sent."""
    ran = bench.run(cell)
    assert ran.error is None, ran.told
    assert "--aspect-ratio" in ran.text
    assert service.creates() == []


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("google_search=true", True),
        ("seed=7", 7),
        ("seed=-0.5", -0.5),
        ("style=soft", "soft"),
        ("style=", ""),
        ("size=1:2", "1:2"),
        ("a=b=c", "b=c"),
        ('"list=[1, 2]"', [1, 2]),
        ("'text=\"7\"'", "7"),
        ("'odd={not json'", "{not json"),
    ],
)
def test_set_takes_json_and_text(pair: str, value: object) -> None:
    """A value that is JSON arrives as such, anything else as text."""
    asked = option_parser.parse(PARSER, f"--set {pair}")
    assert list(option_parser.input_fields(asked.set).values()) == [value]


@pytest.mark.parametrize("pair", ["seed", "=7", "2nd=1", "'a b=1'", "''", "a.b=1"])
def test_bad_pair_is_refused(bench: Bench, service: Service, pair: str) -> None:
    """A pair without a name or without `=` is named, and nothing is sent."""
    ran = bench.fails(f"%%nanobanana --set {pair}\nA cat", InputError)
    assert "NAME=VALUE" in ran.told
    assert service.creates() == []


@pytest.mark.parametrize("pair", ["seed=NaN", "seed=Infinity", "'seed=[-Infinity]'"])
def test_set_number_that_is_none_is_refused(bench: Bench, service: Service, pair: str) -> None:
    """JSON has no NaN: it is refused in words, or goes as text, and never breaks the call."""
    ran = bench.run(f"%%nanobanana --set {pair} -o grid\nA cat [fail]")
    assert ran.short, ran.traceback[-1]
    assert "not JSON compliant" not in ran.told


@pytest.mark.parametrize("name", ["prompt", "img_urls"])
def test_set_does_not_replace_what_has_its_own_place(
    bench: Bench, service: Service, name: str
) -> None:
    """The prompt that is sent and paid is the one in the cell, which the ledger remembers."""
    bench.run(f"%%nanobanana --set {name}=dog\nA cat [fail]")
    assert all(call["body"]["input"]["prompt"] == "A cat [fail]" for call in service.creates())
    assert all(call["body"]["input"].get(name) != "dog" for call in service.creates())


def test_option_and_set_of_one_field_are_not_both_taken(bench: Bench, service: Service) -> None:
    """`-a` and `--set aspect_ratio` that differ are refused, not silently decided."""
    bench.fails("%%nanobanana -a 1:1 --set aspect_ratio=16:9\nA cat [fail]", InputError)
    assert service.creates() == []


def test_ipython_does_not_expand_the_option_line(bench: Bench, service: Service) -> None:
    """`$name` and `{a.b}` stay as they were written; `{name}` is ours to fill in."""
    bench.names["shape"] = "16:9"
    sent = bench.run("%%nanobanana --set a=$shape --set b={shape.x} -o grid\nA cat [fail]")
    assert sent.error is not None
    asked = dict(bench.names["grid"][0].request.parameters)
    assert (asked["a"], asked["b"]) == ("$shape", "{shape.x}")


def test_options_arrive_at_the_service(bench: Bench, service: Service) -> None:
    """Model, shape, format, size and further fields are in the call that is paid."""
    line = "-m nano-banana-2 -a 4:3 -f JPEG -r 2k --set google_search=true -n 2"
    ran = bench.run(f"%%nanobanana {line} --callback-url http://127.0.0.1:9/x --no-wait\n[fail]")
    assert isinstance(ran.value, Job)
    bench.run("%nanobanana wait")
    first, second = (call["body"] for call in service.creates())
    assert first == second
    assert first["model"] == "google/nano-banana-2"
    assert first["callback_url"] == "http://127.0.0.1:9/x"
    wanted = {"aspect_ratio": "4:3", "output_format": "jpg", "resolution": "2K"}
    assert first["input"] == {"prompt": "[fail]", "google_search": True, **wanted}
