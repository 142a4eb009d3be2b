"""The runs in the memory of one worker process: one has the turn, the others are set aside until theirs comes."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import cast

from explainer.training.messages import Ask, Event, From, FromWorker, Here, Order, Start, To, ToWorker, Turn
from explainer.training.worker import Session


@dataclass(frozen=True)
class _Line:
    """What a session sends, under the number of its run."""

    connection: Connection[FromWorker, ToWorker]
    run: int

    def send(self, event: Event) -> None:
        self.connection.send(From(self.run, event))


class Desk:
    """Trains the run whose turn it is, a step at a time, and obeys between two steps.

    A run that is set aside stays as it is, with its network, its optimizer and its random numbers. What a person asks
    of it is done at once all the same: it ends, or trains a single step, without waiting for its turn.
    """

    def __init__(self, connection: Connection[FromWorker, ToWorker]) -> None:
        self._connection = connection
        self._sessions: dict[int, Session] = {}
        self._turn: int | None = None
        self._at_work: Session | None = None  # whose random numbers and threads torch has now

    def work(self) -> None:
        """Until the server is gone: raises EOFError or ConnectionError then."""
        while True:
            self.look()

    def look(self) -> None:
        """Obeys all that has been asked, waiting where there is nothing to train, and trains one step."""
        run = self._next()
        if run is None or self._connection.poll(0):
            self._obey(self._connection.recv())
        else:
            session = self._switch(run)
            session.advance()
            self._forget_if_over(run, session)

    def _next(self) -> int | None:
        urgent = next((run for run, session in self._sessions.items() if session.urgent), None)
        if urgent is not None:
            return urgent
        mine = self._sessions.get(self._turn) if self._turn is not None else None
        return self._turn if mine and not mine.paused else None

    def _obey(self, order: ToWorker) -> None:
        match order:
            case Ask():
                self._connection.send(Here())
            case Turn(run):
                self._turn = run
            case To(run, Start() as start):
                self._put_away()
                # a session uses no more of a connection than this while it takes turns
                line = cast("Connection[Event, Order]", _Line(self._connection, run))
                self._at_work = self._sessions[run] = Session(line, start)
                self._turn = run
            case To(run, what) if run in self._sessions:
                session = self._switch(run)
                session.obey(what)
                self._forget_if_over(run, session)

    def _switch(self, run: int) -> Session:
        """The session of ``run``, with torch's random numbers and threads as it left them."""
        session = self._sessions[run]
        if session is not self._at_work:
            self._put_away()
            session.enter()
            self._at_work = session
        return session

    def _put_away(self) -> None:
        if self._at_work:
            self._at_work.leave()
            self._at_work = None

    def _forget_if_over(self, run: int, session: Session) -> None:
        if session.over:
            del self._sessions[run]
            self._at_work = None
