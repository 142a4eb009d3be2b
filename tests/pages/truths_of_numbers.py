"""What the notices of the pages on softmax, normalization and dropout must be true of; see truths_of_layers.py."""

from __future__ import annotations

import re

import numpy as np
import torch
from seen import Seen, assert_reads, value_of
from torch.nn import functional as F  # noqa: N812
from truths_of_layers import ints

# From maps to probabilities


def logit(seen: Seen, *read: str) -> None:
    number, asked, says, towards = int(read[0]), int(read[1]), read[2], read[3]
    maps, weights = seen.made["maps"][0], seen.made["weights"][0].reshape(seen.made["maps"][0].shape)
    per_map = (maps * weights).sum((1, 2)).numpy()
    assert np.abs(per_map).argmax() == number and asked == seen.setting("s_class")
    assert_reads(says, abs(per_map[number]))
    assert towards == ("for" if per_map[number] > 0 else "against")
    assert_reads(read[4], float(seen.made["output"]))
    listed = next(each.value for each in seen.at.markdown if "All ten logits" in each.value).replace("*", "")
    known = {int(label): value_of(value) for label, value in re.findall(r"(\d): ([−\d.]+)", listed)}
    best, second = sorted(known, key=lambda label: -known[label])[:2]
    if len(read) == 8:
        assert (best, second) == (asked, int(read[6])) and best == int(read[7])
        assert abs(value_of(read[5]) - (known[best] - known[second])) < 0.11
    else:
        assert best == int(read[5]) != asked
        assert abs(value_of(read[6]) - known[best]) < 0.06


def beyond_float32(seen: Seen, low: str, high: str, total: str) -> None:
    logits = seen.made["logits"].numpy()
    assert_reads(total, logits.max() + float(np.log(np.exp(logits - logits.max()).sum())))
    assert_reads(low, float(np.log(np.finfo(np.float32).tiny)))
    assert_reads(high, float(np.log(np.finfo(np.float32).max)))
    assert logits.max() > value_of(high)


def tempered(seen: Seen, *read: str) -> None:
    temperature, word, label, now, before, entropy, not_this = read
    logits = seen.made["logits"].double()
    soft, plain = torch.softmax(logits / float(temperature), 0), torch.softmax(logits, 0)
    assert word == ("flatter" if float(temperature) > 1 else "sharper") and now != before
    assert int(label) == int(logits.argmax())
    for text, probabilities in ((now, soft), (before, plain)):
        assert_reads(text, 100 * float(probabilities[int(label)]))
    for text, probabilities in ((entropy, soft), (not_this, plain)):
        assert_reads(text, float(-(probabilities * probabilities.log()).sum()))


def missed(seen: Seen, share: str, loss: str, best: str) -> None:
    logits, label = seen.made["logits"].detach().double(), int(seen.setting("s_true"))
    assert 100 * float(torch.softmax(logits, 0)[label]) < value_of(share)
    assert_reads(loss, float(F.cross_entropy(logits, torch.tensor(label))))
    assert int(best) == int(logits.argmax()) != label


def counted(seen: Seen, *read: str) -> None:
    connected, mebibytes, shared, kernel, again, times = ints(*read)
    assert connected == seen.made["connected"].weight.numel() and mebibytes == 4 * connected / 2**20
    assert shared == seen.made["convolution"].weight.numel() and kernel == again
    assert times == round(connected / shared)


def slid(seen: Seen, parts: str, logits: str) -> None:
    made = seen.made["output"]
    assert ints(parts, logits) == [made[0].numel(), made.numel()] and made.shape[0] == 10


def slid_once(seen: Seen) -> None:
    assert tuple(seen.made["output"].shape) == (10, 1, 1)


# Normalization

AXES = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3)}


def normalized(seen: Seen, *read: str) -> None:
    means = seen.made["inputs"].mean(AXES[seen.setting("n_kind")])
    assert int(read[0]) == means.numel()
    assert_reads(read[1], float(means.min()))
    assert_reads(read[2], float(means.max()))


def grouped(seen: Seen, sets: str) -> None:
    assert int(sets) == seen.made["inputs"].shape[0] * int(seen.setting("n_groups"))


def alone(seen: Seen) -> None:
    inputs = seen.made["inputs"]
    assert inputs.numel() == inputs.mean(AXES[seen.setting("n_kind")]).numel()
    assert torch.allclose(seen.made["output"], seen.made["beta"].reshape(1, -1, 1, 1).expand_as(inputs))


def undefined(seen: Seen, count: str, total: str) -> None:
    assert ints(count, total) == [int(seen.made["output"].isnan().sum()), seen.made["output"].numel()]


def running(seen: Seen, steps: str, mean: str, *_: str) -> None:
    kept, batches = 0.0, seen.made["batch_mean"].tolist()
    for each in batches:
        kept = 0.9 * kept + 0.1 * each
    assert int(steps) == len(batches)
    assert_reads(mean, kept)
    assert_reads(_[-1], float(np.std(batches)))


def folded(seen: Seen, count: str, bias: str) -> None:
    assert int(value_of(count)) == 6 * 28 * 28
    assert_reads(bias, seen.made["bias"])


# Dropout


def dropped(seen: Seen, *read: str) -> None:
    (number, gone, silent), (inverted, full, plain, scaled) = ints(*read[:3]), read[3:]
    keep, hidden = seen.made["keep"][number - 1].numpy().astype(bool), seen.made["hidden"].numpy()
    assert (gone, silent) == (int((~keep).sum()), int((~keep & (hidden == 0)).sum()))
    for text, value in ((inverted, seen.made["inverted"]), (plain, seen.made["plain"])):
        assert_reads(text, float(value[:number].mean()))
    assert_reads(full, float(seen.made["full"]))
    assert_reads(scaled, float(seen.made["scaled"]))


def dropped_none(seen: Seen, number: str, value: str) -> None:
    assert seen.made["keep"].bool().all()
    assert_reads(value, float(seen.made["full"]))


def connected(seen: Seen, *read: str) -> None:
    count, label, _, _, formula, *_ = read
    rate, values = float(seen.setting("d_rate")), seen.made["hidden"].numpy()
    weights = seen.made["weights"].numpy()[int(label)]
    assert_reads(formula, float(np.sqrt(rate / (1 - rate) * np.square(weights * values).sum())))
    logits = seen.made["logits"].numpy()[:, int(label)]  # a tenth of the masks that the sentence is of
    assert int(value_of(count)) == 10 * len(logits)
    for text in read[2:4]:
        assert abs(value_of(text) / logits.std() - 1) < 0.3


def spatial(seen: Seen, cells: str, _: str, kept: str, maps: str) -> None:
    assert ints(kept, maps) == [int(seen.made["keep"].sum()), len(seen.made["maps"])]
    rate = float(seen.setting("d_rate"))
    count = seen.made["maps"].numel()
    assert abs(value_of(cells) - (1 - rate) * count) < 5 * np.sqrt(count * rate * (1 - rate))


def alpha(seen: Seen, layers: str, rate: str, *read: str) -> None:
    assert float(rate) == float(seen.setting("d_rate")) and int(layers) == 8
    assert abs(value_of(read[2])) < 0.1 and abs(value_of(read[3]) - 1) < 0.1
    assert value_of(read[1]) > 2


def masks(seen: Seen, *read: str) -> None:
    count, right, label, others, other, mean, deviation, full = read
    answers = np.bincount(seen.made["probabilities"].numpy().argmax(1), minlength=10)
    assert ints(count, right) == [answers.sum(), answers[int(label)]]
    assert int(others) == answers[int(other)] == np.delete(answers, int(label)).max()
    assert_reads(mean, 100 * float(seen.made["mean"][int(label)]))
    assert_reads(deviation, 100 * float(seen.made["deviation"][int(label)]))
    whole = torch.softmax(seen.made["weights"].double() @ seen.made["hidden"].double() + seen.made["bias"].double(), 0)
    assert_reads(full, 100 * float(whole[int(label)]))
