"""A visitor's own pictures: what they gave, and what was asked for on the page "Transfer learning"."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from explainer.data.images import UnreadableImageError
from explainer.data.limits import PICTURE_MEGABYTES
from explainer.data.uploads import read_upload
from explainer.tasks.transfer import collection as own
from explainer.tasks.transfer.collection import Collection, FullError, missing, packed
from explainer.tasks.transfer.own_study import OwnStudyConfig, Shelf, config_of, own_features, own_picture, own_study
from explainer.tasks.transfer.study import AnyStudy
from explainer.ui.controls.choice import segmented, stepped, undrawn
from explainer.ui.controls.files import file_field
from explainer.ui.controls.inputs import FORMATS
from explainer.ui.frame.studio import studio
from explainer.ui.frame.uploads import take_all
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.frame.widget_values import value_of
from explainer.ui.language import labels, message_of, say, text_of
from explainer.words.book import Said
from pages.training.transfer.own_camera import own_camera, taken
from pages.training.transfer.picture_shelf import pair
from pages.training.transfer.subject import NoStudyError, Subject, most_frequent

CLASSES, INTO, BY, FOR = "tl_classes", "tl_into", "tl_by", "tl_for"
TRY = "try"  # in the place of a class: a picture of none of them
CAMERA, SHELF, _FILES, _EMPTY = "tl_camera", "tl_shelf", "tl_files", "tl_empty"
COUNTS = {str(count): str(count) for count in range(own.LEAST_CLASSES, own.MOST_CLASSES + 1)}
_RECEIVED, _BATCH, _REFUSED = "tl_received", "tl_batch", "tl_refused"
_MOST_SAID = 3  # sentences on what was wrong with files


def shelf() -> Shelf:
    """The visitor's pictures."""
    return studio().collection("transfer", Shelf)


def controls() -> None:
    """How many classes there are, and pictures for the chosen one, by camera or as files."""
    count = stepped(say("transfer.own.count"), COUNTS, CLASSES, on_change=_resize)
    if int(count) > len(shelf().collection.classes):
        _resize()  # a link asked for more
    purposes = labels("transfer.own.purposes.{}", ("add", "try"))
    into = chosen() if segmented(say("transfer.own.purpose"), purposes, FOR) == "add" else TRY
    by = segmented(say("transfer.own.by"), labels("transfer.own.ways.{}", ("camera", "files")), BY)
    label = say("transfer.own.ask") if into == TRY else say("transfer.own.add", name=name_of(into))
    if by == "camera":
        own_camera(label, into, st.session_state.get(_RECEIVED, 0), CAMERA, _take_camera)
    else:
        key = f"{_FILES}_{st.session_state.get(_BATCH, 0)}"
        take = partial(_take_files, key, into)
        file_field(verbatim(label), FORMATS, PICTURE_MEGABYTES, key=key, take=take, refuse=_refuse, several=True)
    for problem in st.session_state.get(_REFUSED, ()):
        st.error(verbatim(problem))
    st.button(say("transfer.own.empty"), key=_EMPTY, on_click=_empty, disabled=not shelf().collection.size)
    st.caption(say("transfer.own.private"))


def chosen() -> str:
    """The key of the class that pictures are added to."""
    keys = {each.key: each.key for each in shelf().collection.classes}
    return undrawn(keys, INTO, first="c1")


def name_of(key: str) -> str:
    """What a visitor calls a class; before that, its number."""
    return shelf().collection.of(key).name or title_of(key)


def title_of(key: str) -> str:
    """Of a class without a name."""
    return say("transfer.own.title", number=int(key.removeprefix("c")))


def config(seed: int) -> OwnStudyConfig:
    """What was given. Raises NoStudyError, with a sentence that says how many pictures are missing."""
    lacking = missing(shelf().collection)
    if lacking:
        key, count = next(iter(lacking.items()))
        name, every = name_of(key), sum(lacking.values())
        if len(lacking) == 1:
            raise NoStudyError(Said("transfer.own.missing", count=count, name=name, least=own.LEAST))
        raise NoStudyError(Said("transfer.own.missing_more", count=count, name=name, least=own.LEAST, all=every))
    return config_of(shelf().collection, seed)


def is_empty() -> bool:
    """Whether no picture was given yet."""
    return shelf().collection.size == 0


def names() -> tuple[str, ...]:
    """Of the classes."""
    return tuple(name_of(each.key) for each in shelf().collection.classes)


def subject(wanted: OwnStudyConfig) -> Subject:
    """The study of a description."""
    kept = shelf()
    return Subject(
        identity=wanted.digest,
        names=names(),
        work=lambda: own_study(wanted, kept.features),
        kept=kept.studies,
        layouts=kept.layouts,
        picture=lambda found, number: own_picture(found.config, number),
        values=lambda found, cut: own_features(found, cut, kept.features),
        notice=_notice,
    )


def _notice(found: AnyStudy, cut: int, name: str) -> Said:
    shares = found.accuracy[cut]
    return Said(
        "transfer.own.notice",
        count=len(found.test),
        learned=len(found.train),
        cut=name,
        mean=float(shares.mean()),
        spread=100 * float(shares.std()),
        guessing=most_frequent(found),
    )


def take_chosen() -> None:
    """The visitor has pressed a class."""
    key = st.session_state.get(SHELF, {}).get("chosen")
    if any(each.key == key for each in shelf().collection.classes):
        st.session_state[INTO] = key


def take_name() -> None:
    """The visitor has named a class."""
    _change("named", own.renamed)


def take_removed() -> None:
    """The visitor has taken a picture away."""
    _change("removed", own.without_picture)


def _change(what: str, change: Callable[[Collection, str, str], Collection]) -> None:
    sent, kept = pair(st.session_state.get(SHELF, {}).get(what)), shelf()
    if sent is not None and any(each.key == sent[0] for each in kept.collection.classes):
        kept.put(change(kept.collection, *sent))


def _resize() -> None:
    kept = shelf()
    kept.put(own.with_classes(kept.collection, int(value_of(CLASSES))))


def _empty() -> None:
    shelf().put(own.emptied(shelf().collection))
    st.session_state[_REFUSED] = []


def _take_camera() -> None:
    received, problems = st.session_state.get(_RECEIVED, 0), list[str]()
    for each in taken(st.session_state.get(CAMERA, {}).get("pictures"), received):
        received = each.number
        problems += _added(each.of, each.data, say("transfer.own.camera_file"))
    st.session_state[_RECEIVED], st.session_state[_REFUSED] = received, problems[:_MOST_SAID]


def _refuse(sentences: list[str]) -> None:
    st.session_state[_REFUSED] = sentences


def _take_files(key: str, into: str) -> None:
    files, lost = take_all(key)
    problems = [say("transfer.own.lost", count=lost)] if lost else []
    for file in files[: own.MOST]:
        problems += _added(into, file.data, file.name)
    if len(files) > own.MOST:
        problems.append(say("transfer.own.too_many_files", count=own.MOST))
    st.session_state[_REFUSED] = problems[:_MOST_SAID]
    st.session_state[_BATCH] = st.session_state.get(_BATCH, 0) + 1  # a new control, without the names of these


def _added(into: str, data: bytes, name: str) -> list[str]:
    """Puts a picture into a class; why not, where it cannot be."""
    kept = shelf()
    if into != TRY and not any(each.key == into for each in kept.collection.classes):
        return []
    try:
        picture = packed(read_upload(data, name).rgb)
        if into == TRY:
            kept.tried = picture
            return []
        before = kept.collection
        after = own.with_picture(before, into, picture)
        kept.put(after)
    except UnreadableImageError as error:
        return [message_of(error)]
    except FullError as error:
        return [text_of(error.said)]
    return [say("transfer.own.twice", name=name)] if after is before else []
