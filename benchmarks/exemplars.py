"""What the page "Top-activating images" costs: the memory of ranking all squares of photographs at SqueezeNet's widest
layer and at its logits, at most 1.5 GB for the whole process; and 10,000 digits in batches over one by one.

Run as ``python -m benchmarks.exemplars``.
"""

import resource
import sys
import time
from collections.abc import Callable

from benchmarks.common import in_process, median, note, report

MOST_MEMORY = 1.5  # GB
LEAST_RATIO = 2.0
ONE_BY_ONE = 500  # digits
REPEATS = 5


def photographs() -> None:
    """Prints the gigabytes that a fresh process has taken at most."""
    from explainer.inspection import patches
    from explainer.inspection.exemplars import joined, peaks, rank
    from explainer.networks import zoo

    network = zoo.load("squeezenet")
    pictures = patches.pictures(network.description.transform)
    for layer in (network.description.layers[0], network.description.layers[-1]):
        rank(joined(peaks(network, layer.name, pictures)))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)  # kilobytes on Linux


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def digits() -> None:
    from explainer.data.digits import load
    from explainer.inspection.embedding import features, tsne
    from explainer.inspection.exemplars import joined, peaks
    from explainer.networks import zoo

    network, data = zoo.load("digits"), load("mnist").test_images
    batches, single = list[float](), list[float]()
    for _ in range(REPEATS):
        batches.append(seconds(lambda: joined(peaks(network, "activation_3", data))) / len(data))
        some = data[:ONE_BY_ONE]
        single.append(
            seconds(lambda some=some: [joined(peaks(network, "activation_3", digit[None])) for digit in some])
            / ONE_BY_ONE
        )
    note(f"10,000 digits at the third convolution: {len(data) * median(batches):.2f} s")
    report("digits one by one / in batches", median(single) / median(batches), LEAST_RATIO)
    values = features(network, "activation_fc_1", data[:2_000])
    note(f"t-SNE of 2,000 digits: {seconds(lambda: list(tsne(values, 30))):.1f} s")


def main() -> None:
    if sys.argv[1:] == ["photographs"]:
        photographs()
        return
    report("SqueezeNet on 111 squares, GB", float(in_process("benchmarks.exemplars", "photographs")), MOST_MEMORY, True)
    digits()


if __name__ == "__main__":
    main()
