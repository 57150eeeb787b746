"""The lab and the browser of these tests, with a notebook whose behaviour is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenNotebook
from tests.browser.lab import Lab
from tests.browser.notebook_files import notebook_of

pytestmark = pytest.mark.browser

PNG = "".join(
    (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA",
        "WjR9awAAAABJRU5ErkJggg==",
    )
)


@pytest.fixture
def plain_notebook(tmp_path: Path) -> Path:
    """Three cells: text, a picture in HTML, an error in the browser's console."""
    sources = (
        "import os\nprint('provider', os.environ['NANOBANANA_PROVIDER'])",
        "from IPython.display import HTML\n"
        f"""HTML('<img alt="a dot" width="40" src="data:image/png;base64,{PNG}">')""",
        "from IPython.display import Javascript\nJavascript('console.error(\"known error\")')",
    )
    return notebook_of(tmp_path, *sources)


def test_run_all_shows_outputs(open_notebook: OpenNotebook, plain_notebook: Path) -> None:
    """Run All runs every cell, and their outputs are on the page."""
    notebook = open_notebook(plain_notebook)
    notebook.run_all()
    assert notebook.outputs(0) == ["provider simulator"]
    assert notebook.pictures().count() == 1
    assert notebook.pictures().get_attribute("alt") == "a dot"


def test_outputs_survive_a_reload(open_notebook: OpenNotebook, plain_notebook: Path) -> None:
    """Outputs are saved with the notebook and shown again after loading the page anew."""
    notebook = open_notebook(plain_notebook)
    notebook.run_all()
    notebook.reload()
    assert notebook.outputs(0) == ["provider simulator"]
    saved = notebook.save()
    assert [len(cell["outputs"]) for cell in saved["cells"]] == [1, 1, 1]


def test_themes_look_different(
    open_notebook: OpenNotebook, plain_notebook: Path, screenshots: Path
) -> None:
    """The dark theme changes the picture of the same page, and the light one brings it back."""
    notebook = open_notebook(plain_notebook)
    colours = []
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        assert notebook.picture(screenshots / f"plain-{theme}.png").stat().st_size > 10_000
        style = "getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor"
        colours.append(notebook.page.evaluate(style))
    assert colours[0] != colours[1] == "rgb(255, 255, 255)"


def test_problems_are_noticed(open_notebook: OpenNotebook, plain_notebook: Path) -> None:
    """What the page writes to the console as an error is collected."""
    notebook = open_notebook(plain_notebook)
    notebook.run_all()
    notebook.page.wait_for_function("true")
    assert [problem for problem in notebook.problems if "known error" in problem]


def test_settings_go_through_the_server(
    open_notebook: OpenNotebook, plain_notebook: Path, lab: Lab
) -> None:
    """A setting that is put through the REST API holds for the next page."""
    themes = "@jupyterlab/apputils-extension:themes"
    notebook = open_notebook(plain_notebook)
    lab.put_setting(themes, {"theme": "JupyterLab Dark"})
    notebook.reload()
    notebook.wait_for_theme("dark")
    lab.put_setting(themes, {"theme": "JupyterLab Light"})
    notebook.reload()
    notebook.wait_for_theme("light")
    assert notebook.page.locator("body").get_attribute("data-jp-theme-light") == "true"
