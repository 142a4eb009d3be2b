"""Surgery: seconds until all 10,000 test digits are counted again after one change, and its share of the whole network.

At most ``MOST`` seconds for the bundled reader, for a change of any layer, what is kept before it being kept; medians.
``python -m benchmarks.surgery``
"""

from time import perf_counter

from benchmarks.common import median, note, report
from explainer.data.digits import load
from explainer.inspection.surgery.answers import answers, answers_to, labels
from explainer.inspection.surgery.operations import Operations, parse
from explainer.networks import zoo
from explainer.networks.graph import Network

MOST = 0.5
TIMES = 7
CHANGES = ("conv1.{}*0", "conv2.{}*0", "conv3.{}*0", "fc1.{}*0", "bits.4.logits", "prune.30", "bits.4")


def whole(network: Network) -> float:
    start = perf_counter()
    answers_to(network, load("mnist").test_images)
    return perf_counter() - start


def one(network: Network, operations: Operations) -> float:
    start = perf_counter()
    answers(network, operations)
    return perf_counter() - start


def main() -> None:
    network = zoo.load("digits")
    note(f"undamaged: {answers(network).right(labels()):,} of 10,000")
    for change in CHANGES:
        each = [parse(change.format(number % 6), network.description) for number in range(TIMES + 1)]
        one(network, each[0])  # what lies before the layer is kept from here on
        pairs = [(one(network, operations), whole(network)) for operations in each[1:]]
        seconds = median([pair[0] for pair in pairs])
        note(
            f"{change.format('n')}: {1000 * seconds:.0f} ms, {seconds / median([p[1] for p in pairs]):.2f} of the whole"
        )
        report(f"seconds for 10,000 digits after {change.format('n')}", seconds, MOST, at_most=True)


if __name__ == "__main__":
    main()
