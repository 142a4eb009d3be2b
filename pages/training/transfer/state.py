"""What the page "Transfer learning" was asked for, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explainer.inspection.embedding import ITERATIONS, ROUNDS, Layout, tsne
from explainer.tasks.transfer.features import CUTS
from explainer.tasks.transfer.study import AnyStudy, Progress
from explainer.ui.components.live_text import Line
from explainer.ui.controls.choice import segmented, stepped
from explainer.ui.frame.followed import Followed, share_done
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, language, say
from explainer.words.book import Said
from pages.training.transfer import cutout_state, own_state
from pages.training.transfer.subject import Subject

SOURCE, CUT, DRAW, LAYOUT = "tl_source", "tl_cut", "tl_draw", "tl_layout"
CUTOUTS, OWN = "cut-outs", "own"
PCA, TSNE = "pca", "t-sne"
DRAWS = {str(each): str(each + 1) for each in range(5)}
_NEIGHBOURS = 15.0  # that a point of the map cares for, where there are enough
_SEEN = 100  # iterations between two maps that are drawn


def controls(place: DeltaGenerator) -> None:
    """What is learned from what."""
    with place:
        sources = labels("transfer.sources.{}", ("cutouts", "own"))
        names = {CUTOUTS: sources["cutouts"], OWN: sources["own"]}
        if segmented(say("transfer.controls.source"), names, SOURCE, wrap=True) == OWN:
            own_state.controls()
        else:
            cutout_state.controls()
        stepped(say("transfer.controls.draw"), DRAWS, DRAW, help=say("transfer.controls.draw_help"))


def looking(place: DeltaGenerator) -> None:
    """What is looked at of the features."""
    with place:
        stepped(say("transfer.controls.cut"), cut_names(), CUT, first=CUTS[-1], help=say("transfer.controls.cut_help"))
        ways = {PCA: say("transfer.layouts.pca"), TSNE: say("transfer.layouts.tsne")}
        segmented(say("transfer.controls.layout"), ways, LAYOUT, help=say("transfer.controls.layout_help"))


def is_own() -> bool:
    """Whether the visitor's own pictures are learned from."""
    return bool(value_of(SOURCE) == OWN)


def subject() -> Subject:
    """What the controls ask for. Raises NoStudyError, with a sentence, where nothing can be learned from it."""
    seed = int(value_of(DRAW))
    if is_own():
        return own_state.subject(own_state.config(seed))
    return cutout_state.subject(cutout_state.config(seed))


def cut_names() -> dict[str, str]:
    """The cuts by their modules: the names of what is cut after."""
    return labels("transfer.cuts.{}", CUTS)


def cut() -> int:
    """The number of the chosen cut."""
    return CUTS.index(value_of(CUT))


def followed(wanted: Subject) -> Progress | None:
    """What came out; how far the work is, as long as it goes on beside the page."""

    def work() -> Iterator[Progress | None]:
        yield from wanted.work()

    found, going = long_work("transfer", wanted.identity, work, lambda made: made.study is not None, wanted.kept)
    if going is not None:
        found = Followed(going, "tl_work", share_done(Said("transfer.working")), can_stop=False).show()
    return found


def layout(wanted: Subject, study: AnyStudy, at: int) -> Layout | None:
    """The map by t-SNE as far as it is; None where PCA is asked for, or before there is one."""
    if value_of(LAYOUT) == PCA:
        return None

    def work() -> Iterator[Layout | None]:
        values = wanted.values(study, at)
        yield from tsne(values, max(2.0, min(_NEIGHBOURS, (len(values) - 1) / 3)))

    identity = ("t-sne", wanted.identity, at)
    found: Layout | None
    found, going = long_work("transfer_map", identity, work, _is_whole, wanted.layouts)
    if going is not None:
        mark = lambda made: made.iterations // _SEEN if made else 0  # noqa: E731
        found = Followed(going, "tl_descent", partial(_descent, language()), mark=mark).show()
    return found


def _is_whole(made: Layout) -> bool:
    return made.iterations == ROUNDS * ITERATIONS


def _descent(told: str, found: Layout | None) -> Line:
    """In the language ``told``: it is also asked for outside of the page's script."""
    done, total = found.iterations if found else 0, ROUNDS * ITERATIONS
    return Line([Said("transfer.descent", done=done, total=total).text(told)], share=done / total)
