"""Twenty-five short runs of a search, through the engine that serves visitors, over 25 times one run alone.

At most 1.3: where two train at the same time each is slower, but the sum must not be. Alone is the median of runs that
have all cores. ``python -m benchmarks.search``
"""

from time import perf_counter, sleep

from benchmarks.common import median, note, report
from explainer.training.job import Job
from explainer.training.pool import Pool
from explainer.training.search.conductor import conduct
from explainer.training.search.places import grid
from explainer.training.search.search import Search, SearchConfig
from explainer.training.search.trial import TrialConfig

CONFIG = SearchConfig(budget=25, methods=("grid",))
ALONE = 9  # runs, evenly over the places of the search


def alone(pool: Pool, config: TrialConfig) -> float:
    """Seconds from the press to the end of one run."""
    job: Job[TrialConfig] = Job(config)
    start = perf_counter()
    pool.submit(job)
    while job.going:
        sleep(0.005)
    assert job.status == "finished", job.status
    return perf_counter() - start


def whole(pool: Pool) -> float:
    """Seconds of the search."""
    search = Search(CONFIG, "visitor", pool.submit, pool.command)
    start = perf_counter()
    conduct(search)
    while search.going or len(search.trials) < CONFIG.budget:
        sleep(0.02)
    assert all(trial.status == "finished" for trial in search.trials)
    return perf_counter() - start


def main() -> None:
    pool = Pool()
    pool.start()
    try:
        while not pool.ready():
            sleep(0.1)
        sleep(5)  # until the other workers are there, too
        places = grid(CONFIG.budget)[:: CONFIG.budget // ALONE][:ALONE]
        alone(pool, TrialConfig(CONFIG.run(places[0])))  # the data are loaded
        seconds = [alone(pool, TrialConfig(CONFIG.run(place))) for place in places]
        whole(pool)  # by now in every worker
        both = [whole(pool) for _ in range(3)]
    finally:
        pool.close()
    note(f"one run alone {min(seconds):.2f} to {max(seconds):.2f} s")
    note(f"all {CONFIG.budget} {min(both):.2f} to {max(both):.2f} s")
    ratio = median(both) / (CONFIG.budget * median(seconds))
    report("25 runs of a search / 25 x one run alone", ratio, 1.3, at_most=True)


if __name__ == "__main__":
    main()
