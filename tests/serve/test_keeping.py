"""Processes that are started again when they end, and that all end together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from launched import alive, until

from explainer.serve import keeping
from explainer.serve.keeping import Keeper, NeverStartedError, Part

FOREVER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(600)"
)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    made = Keeper()
    yield made
    made.close()


def part(program: str, folder: Path, *arguments: str) -> Part:
    return Part("The program", [sys.executable, "-c", program, *arguments], {"OURS": "yes"}, folder)


def kept_going(keeper: Keeper, ended: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=keeper.keep, args=[ended])
    thread.start()
    return thread


def test_a_program_that_ends_is_started_again_in_its_folder_with_its_environment(
    keeper: Keeper, tmp_path: Path
) -> None:
    program = f"import os; open('seen', 'a').write(os.environ['OURS'] + chr(10)); {FOREVER}"
    keeper.start(part(program, tmp_path))
    ended = threading.Event()
    thread = kept_going(keeper, ended)
    seen = tmp_path / "seen"
    until(lambda: seen.exists() and seen.read_text() == "yes\n")
    first = keeper.kept[0].process
    first.kill()
    until(lambda: seen.read_text() == "yes\nyes\n")
    assert keeper.kept[0].process.pid != first.pid
    assert len(keeper.kept) == 1
    ended.set()
    thread.join()


def test_all_end_together_also_one_that_will_not(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "END_WITHIN", 0.5)
    keeper.start(part(FOREVER, tmp_path))
    keeper.start(part(STUBBORN, tmp_path, "ready"))
    until((tmp_path / "ready").exists)
    pids = [kept.process.pid for kept in keeper.kept]
    keeper.close()
    assert not any(alive(pid) for pid in pids)
    keeper.close()  # a second time: nothing happens


def test_a_program_that_never_starts_is_given_up_with_a_sentence(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 0.01)
    keeper.start(part(FOREVER, tmp_path))
    keeper.start(part("open('starts', 'a').write('x'); raise SystemExit(3)", tmp_path))
    with pytest.raises(NeverStartedError, match=r"^The program ended 5 times in a row soon after its start \(code 3\)"):
        keeper.keep(threading.Event())
    assert (tmp_path / "starts").read_text() == "xxxxx"


def test_pauses_between_starts_grow(keeper: Keeper, tmp_path: Path) -> None:
    keeper.start(part("raise SystemExit(3)", tmp_path))
    (kept,) = keeper.kept
    pauses = []
    for _ in range(4):
        kept.process.wait()
        now = time.monotonic()
        keeper._look_after(kept, now)
        assert kept.again_at is not None
        pauses.append(kept.again_at - now)
        keeper._look_after(kept, kept.again_at)
        assert kept.again_at is None
    assert pauses == pytest.approx([0, 1, 2, 4])


def test_after_a_good_while_failures_are_counted_anew(keeper: Keeper, tmp_path: Path) -> None:
    keeper.start(part("raise SystemExit(3)", tmp_path))
    (kept,) = keeper.kept
    kept.failures = 4
    kept.process.wait()
    keeper._look_after(kept, kept.started + keeping.STEADY + 1)
    assert kept.failures == 0


def test_ctrl_c_in_the_terminal_reaches_no_part(keeper: Keeper, tmp_path: Path) -> None:
    keeper.start(part(FOREVER, tmp_path))
    assert os.getsid(keeper.kept[0].process.pid) != os.getsid(0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a process that is killed")
def test_parts_end_with_a_keeper_that_is_killed(tmp_path: Path) -> None:
    import subprocess

    program = (
        "import sys, time; from pathlib import Path; from explainer.serve.keeping import Keeper, Part; "
        "keeper = Keeper(); keeper.start(Part('part', [sys.executable, '-c', 'import time; time.sleep(600)'], {}, "
        "Path('.'))); print(keeper.kept[0].process.pid, flush=True); time.sleep(600)"
    )
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert alive(pid)
        process.send_signal(signal.SIGKILL)
    until(lambda: not alive(pid))
