"""Every page as a notebook: it is one, says what the page says, and all of its code runs in a kernel."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import v4
from opening import NAMES, ROOT, opened
from streamlit.testing.v1 import AppTest

from explainer.ui.frame import told
from explainer.ui.frame.notebook import Setting, notebook

pytestmark = pytest.mark.thorough

LINK = "http://127.0.0.1:8501/some_page?a=(1)&b=x%20y"
SHORT = {  # of what would take minutes
    "training/train": {"digits": "500", "epochs": "1"},
    "training/autoencoder": {"ae_net": "linear", "ae_length": "0.2"},
    "training/hyperparameters": {"hs_budget": "9", "hs_digits": "1000", "hs_epochs": "1"},
    "tasks/detection": {"dt_scenes": "3200"},
    "tasks/segmentation": {"sg_length": "0.2"},
}
WITHOUT_CODE = {"start/welcome"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's folder, as the code needs it, with the digits where torchvision has put them."""
    path = tmp_path_factory.mktemp("project")
    (path / "assets").symlink_to(ROOT / "assets")
    raw = path / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for packed in (ROOT / "assets" / "mnist").glob("*.gz"):
        shutil.copy(packed, raw)
        (raw / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return path


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[NotebookClient]:
    """One for all notebooks: what most of each would wait for is the import of torch."""
    client = NotebookClient(v4.new_notebook(), timeout=500, resources={"metadata": {"path": str(folder)}})
    with client.setup_kernel():
        yield client


def execute(made: nbformat.NotebookNode, kernel: NotebookClient) -> None:
    """Forgets the names of the notebook before, and runs all cells. Raises CellExecutionError where one fails."""
    kernel.nb = v4.new_notebook(cells=[v4.new_code_cell("%reset -f"), *made.cells])
    kernel.reset_execution_trackers()
    for number, cell in enumerate(kernel.nb.cells):
        kernel.execute_cell(cell, number)


def notes_of(at: AppTest) -> list[told.Note]:
    return [note for part in at.session_state["told.parts"].values() for note in part]


def of_page(name: str) -> tuple[AppTest, nbformat.NotebookNode]:
    at = opened(name, SHORT.get(name))
    text = notebook(notes_of(at), [Setting("Stride | down", "1 2\n3")], LINK)
    return at, nbformat.reads(text, as_version=4)


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_says_what_its_page_says_and_runs(name: str, kernel: NotebookClient) -> None:
    at, made = of_page(name)
    words = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    question = at.markdown[1].value  # after the badge of the menu's bar
    assert words.startswith(f"# {at.title[0].value}\n\n{question}\n\n[Open this view in Inside a CNN](")
    assert "(http://127.0.0.1:8501/some_page?a=%281%29&b=x%20y)" in words
    assert r"| Stride \| down | 1 2; 3 |" in words
    assert (ROOT / "assets" / "text" / "en" / f"{name.rsplit('/', 1)[-1]}.md").read_text(encoding="utf-8") in words
    for latex in at.latex:
        assert latex.value.strip("$\n") in words
    codes = [cell for cell in made.cells if cell.cell_type == "code"]
    assert bool(codes) == (name not in WITHOUT_CODE)
    execute(made, kernel)
    assert all(cell.execution_count for cell in codes)


def test_a_part_that_is_drawn_alone_takes_back_what_it_said() -> None:
    at = opened("layers/pooling")
    before = notes_of(at)
    at.slider(key="p_sx").set_value(3).run()
    after = notes_of(at)
    assert [note.kind for note in before] == [note.kind for note in after]
    assert [note.text for note in before if note.kind == "code"] != [note.text for note in after if note.kind == "code"]


def test_what_is_no_address_makes_no_notebook() -> None:
    with pytest.raises(ValueError, match="no address of a page: 'javascript:"):
        notebook([], [], "javascript:alert(1)")
