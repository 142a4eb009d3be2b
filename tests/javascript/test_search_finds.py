"""What the search finds in the index of the app."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from opening import MENU

from explainer.ui.frame import search_index
from explainer.ui.frame.menu import entries_of
from explainer.words.book import ENGLISH

BODY = search_index.index(entries_of(MENU), ENGLISH).body
PAGES: list[dict[str, Any]] = json.loads(BODY)["pages"]

# The pages that a word of the field must lead to, by their paths: what is found first is one of them.
WORDS = {
    "champ réceptif": ["receptive_field"],
    "champ recep": ["receptive_field"],
    "pas": ["convolution", "pooling", "transposed"],
    "agrégation": ["pooling"],
    "AGREGATION": ["pooling"],
    "Grad-CAM": ["attribution"],
    "gradcam": ["attribution"],
    "saliency": ["attribution"],
    "carte de saillance": ["attribution"],
    "batch norm": ["normalization"],
    "normalisation par lots": ["normalization"],
    "stride": ["convolution", "pooling", "transposed"],
    "noyau": ["convolution"],
    "corrélation croisée": ["convolution"],
    "déconvolution": ["transposed"],
    "1x1 convolution": ["channels"],
    "convolution séparable": ["channels"],
    "fonction d'activation": ["activation"],
    "couche dense": ["softmax"],
    "entropie croisée": ["softmax"],
    "décrochage": ["dropout"],
    "entraînement": ["train"],
    "taux d'apprentissage": ["train", "optimizers"],
    "optimiseur": ["optimizers"],
    "surapprentissage": ["regularization"],
    "initialisation": ["initialization"],
    "évanouissement du gradient": ["activation", "initialization"],
    "carte de caractéristiques": ["feature_maps", "convolution"],
    "visualisation": ["maximization"],
    "rétropropagation": ["x_or_o"],
    "hill climbing": ["x_or_o"],
    "t-SNE": ["exemplars"],
    "tsne": ["exemplars"],
    "explicabilité": ["attribution"],
}


@pytest.fixture(scope="module")
def find(served: Path, node: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """``find(queries)``: kind, page and label of what each of them finds."""
    folder = tmp_path_factory.mktemp("queries")
    script = str(Path(__file__).parent / "find_all.mjs")

    def run(queries: Sequence[str]) -> dict[str, list[list[str]]]:
        (folder / "index.json").write_bytes(BODY)
        (folder / "queries.json").write_text(json.dumps(list(queries)), encoding="utf-8")
        said = node(script, str(folder / "index.json"), str(folder / "queries.json"), SERVED=str(served))
        found: dict[str, list[list[str]]] = json.loads(said)
        return found

    return run


def test_words_of_the_field_lead_to_their_pages(find: Callable[..., Any]) -> None:
    found = find(WORDS)
    for query, expected in WORDS.items():
        pages = [page for kind, page, _ in found[query] if kind == "page"]
        assert found[query][0][:2] in [["page", page] for page in expected], (query, found[query][:3])
        assert set(expected) <= set(pages), query


def test_every_page_link_control_and_choice_is_found_by_its_own_name(find: Callable[..., Any]) -> None:
    names = [("page", page["page"], page["title"]) for page in PAGES]
    names += [(kind, page["page"], label) for page in PAGES for kind, label, *_ in page["found"] if kind != "option"]
    found = find(sorted({label for _, _, label in names}))
    assert [name for name in names if list(name) not in found[name[2]]] == []


def test_every_page_comes_first_by_its_own_title(find: Callable[..., Any]) -> None:
    found = find([page["title"] for page in PAGES])
    for page in PAGES:
        assert found[page["title"]][0] == ["page", page["page"], page["title"]]
