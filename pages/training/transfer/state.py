"""What the page "Transfer learning" was asked for, and what came out."""

from __future__ import annotations

from collections.abc import Iterator

from streamlit.delta_generator import DeltaGenerator

from explainer.data.cutouts import CLASSES
from explainer.lru import Lru
from explainer.tasks.transfer.features import CUTS
from explainer.tasks.transfer.pictures import GROUNDS
from explainer.tasks.transfer.study import Progress, StudyConfig, counts, is_possible, study
from explainer.ui.components.live_text import Line
from explainer.ui.controls.choice import choice, pills, stepped
from explainer.ui.frame.followed import Followed
from explainer.ui.frame.long_work import long_work
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, say
from explainer.words.book import Said, SaidError

OF, COUNT, LEARNED, TESTED, CUT, DRAW = "tl_of", "tl_count", "tl_learned", "tl_tested", "tl_cut", "tl_draw"
FIRST = ("mammals", "birds", "fruit", "flowers", "vehicles")
PER_CLASS = {each: each for each in ("1", "2", "3", "5", "10", "15")}
DRAWS = {str(each): str(each + 1) for each in range(5)}
_KEPT: Lru[Progress] = Lru(32)


class NoStudyError(SaidError, ValueError):
    """Nothing can be learned from what was chosen; the message is a sentence for the visitor."""


def controls(place: DeltaGenerator) -> None:
    """What is learned from what."""
    with place:
        pills(say("transfer.controls.of"), labels("transfer.classes.{}", CLASSES), OF, first=FIRST)
        about = say("transfer.controls.count_help")
        stepped(say("transfer.controls.count"), PER_CLASS, COUNT, first="10", help=about)
        grounds = labels("transfer.grounds.{}", GROUNDS)
        choice(say("transfer.controls.learned"), grounds, LEARNED)
        choice(say("transfer.controls.tested"), grounds, TESTED)
        stepped(say("transfer.controls.cut"), cut_names(), CUT, first=CUTS[-1], help=say("transfer.controls.cut_help"))
        stepped(say("transfer.controls.draw"), DRAWS, DRAW, help=say("transfer.controls.draw_help"))


def cut_names() -> dict[str, str]:
    """The cuts by their modules: the names of what is cut after."""
    return labels("transfer.cuts.{}", CUTS)


def config() -> StudyConfig:
    """What the controls hold. Raises NoStudyError, with a sentence, where nothing can be learned from it."""
    classes = tuple(name for name in CLASSES if name in value_of(OF))
    made = StudyConfig(classes, int(value_of(COUNT)), value_of(LEARNED), value_of(TESTED), int(value_of(DRAW)))
    if len(classes) < 2:
        raise NoStudyError(Said("transfer.too_few_classes"))
    if not is_possible(made):
        least = min(zip(counts(classes), classes, strict=True))
        name = labels("transfer.classes.{}", (least[1],))[least[1]]
        raise NoStudyError(Said("transfer.too_few_pictures", name=name, count=least[0], wanted=made.per_class))
    return made


def cut() -> int:
    """The number of the chosen cut."""
    return CUTS.index(value_of(CUT))


def followed(wanted: StudyConfig) -> Progress | None:
    """What came out; how far the work is, as long as it goes on beside the page."""
    found, work = long_work("transfer", wanted, lambda: _work(wanted), lambda made: made.study is not None, _KEPT)
    if work is not None:
        found = Followed(work, "tl_work", _line, can_stop=False).show()
    return found


def _work(wanted: StudyConfig) -> Iterator[Progress | None]:
    yield from study(wanted)


def _line(found: Progress | None) -> Line:
    return Line([say("transfer.working")], share=found.share if found else 0.0)
