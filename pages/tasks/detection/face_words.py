"""What the view "A real detector" says in numbers."""

from __future__ import annotations

from explainer.tasks.face_detector import SIDES
from explainer.words.book import Said
from pages.tasks.detection.face_state import Faces, said_of


def notice(shown: Faces) -> Said:
    """How many boxes score enough and how many suppression leaves; where none does, what the other size says."""
    above, kept, every = len(shown.sifted.above), len(shown.sifted.kept), len(shown.sifted.every)
    if not above:
        return _nothing(shown)
    now = Said("detection.faces.found", above=above, all=every, least=shown.least)
    if not shown.sifted.pairs:
        return Said("detection.faces.apart", now=now, alike=shown.most_alike)
    pair = shown.sifted.pairs[0]
    row, column, _ = (int(each) + 1 for each in shown.found.places[pair.kept])
    other_row, other_column, _ = (int(each) + 1 for each in shown.found.places[pair.gone])
    if (row, column) == (other_row, other_column):
        return Said("detection.faces.within", now=now, kept=kept, overlap=pair.overlap, row=row, column=column)
    return Said(
        "detection.faces.twice",
        now=now,
        kept=kept,
        alike=shown.most_alike,
        overlap=pair.overlap,
        row=row,
        column=column,
        other_row=other_row,
        other_column=other_column,
        score=float(shown.found.scores[pair.kept]),
        lower=float(shown.found.scores[pair.gone]),
    )


def _nothing(shown: Faces) -> Said:
    best = shown.sifted.every[0]
    row, column, _ = (int(each) + 1 for each in shown.found.places[best])
    score = float(shown.found.scores[best])
    every = len(shown.sifted.every)
    now = Said("detection.faces.none", all=every, least=shown.least, best=score, row=row, column=column)
    other = next(side for side in SIDES if side != shown.side)
    there = said_of(shown.picture, other)
    best_there = float(there.scores.max())
    key = "detection.faces.elsewhere" if best_there > shown.least else "detection.faces.nowhere"
    return Said(key, now=now, side=other, best=best_there, all=len(there.scores))
