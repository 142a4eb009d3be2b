"""Which sentence is checked by what: the sentence as it is read, and the check that is given what stands for # and @.

A # is a number, an @ are words, and … is what is not read. Sentences of the book stand here by their keys, those that
are not in it yet by a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import truths_of_layers as layers
import truths_of_networks as networks
import truths_of_numbers as numbers

NUMBER = r"([−-]?(?:\d[\d,]*(?:\.\d+)?)(?:e[−-]?\d+)?)"
READ = {"#": NUMBER, "@": "(.+?)", "…": ".*"}


def pattern(sentence: str) -> re.Pattern[str]:
    """What matches the sentence, with a group for each # and each @."""
    parts = re.split("([#@…])", sentence)
    return re.compile("".join(READ.get(part) or re.escape(part) for part in parts), re.DOTALL)


_TRUTHS: dict[str, tuple[str, Callable[..., None]]] = {
    "convolution.strongest": (
        "# × # becomes # × #: one kernel of # weights makes every cell. It answers most strongly in row #, column #: "
        "#.",
        layers.strongest,
    ),
    "convolution.unread": (
        "# of # pixels are never read: …and the floor in the formula leaves them out.",
        layers.unread,
    ),
    "channels: kernels": (
        "# kernels and one bias make one map. @ moves that map most: # % of what is added up.",
        layers.most,
    ),
    "channels: separable": (
        "The second step: # mixtures of the # depthwise maps. # + # = # weights make # maps; standard filters need #.",
        layers.mixtures,
    ),
    "channels: fewer": (
        "The depthwise separable convolution needs # times fewer parameters: 1/F + 1/K² = 1/# + 1/# = # % of the "
        "weights.",
        layers.fewer,
    ),
    "channels: more": (
        "Here the depthwise separable convolution needs # parameters, more than the standard one's #: …",
        layers.dearer,
    ),
    "transposed: stamps": ("# × # becomes # × #. @.", layers.stamps),
    "pooling.fixed.max": ("The largest number, #, stays, in row #, column # of the output. …", layers.largest),
    "pooling.unread.ends": (
        "# pixels are never read: no whole window fits on them. Ceil mode would add # windows.",
        layers.never_pooled,
    ),
    "pooling.adaptive.even": ("You ask for an output of # × #: each window is # × # large.", layers.bins),
    "pooling.adaptive.global": (
        "All # numbers become one, #, whatever the size of the input.",
        layers.pooled_to_one,
    ),
    "activation: saturated": (
        "Saturated (grey), on # % of this axis: the slope of @ is nearer to 0 than #, so a neuron there hardly learns. "
        "The steepest slope is #.",
        layers.saturated,
    ),
    "activation: steep": (
        "Nowhere saturated: towards both ends of this axis the slope of @ stays above # in magnitude. The steepest is "
        "#.",
        layers.steep,
    ),
    "activation: depth": (
        "@: each layer multiplies the gradient by # on average, so it @ with depth.",
        layers.through_layers,
    ),
    "activation: flat neuron": (
        "The sum # becomes the output #. No weight changes it: the slope is 0 here, …",
        layers.flat_neuron,
    ),
    "activation: picture": (
        "# % of the # outputs are exactly 0; all lie between # and #. At # % of the pixels …",
        layers.zeros,
    ),
    "softmax: highest": (
        "Map # says most about class #, # @ it. Its logit, #, is the highest of the ten, # above that of class #: the "
        "network reads a #.",
        numbers.logit,
    ),
    "softmax: another": (
        "Map # says most about class #, # @ it. Its logit is #; that of class # is the highest, #.",
        numbers.logit,
    ),
    "softmax: shift": (
        "Without the shift this fails: float32 holds $e^{#}$ to $e^{#}$ …the powers add up to $e^{#}$. …",
        numbers.beyond_float32,
    ),
    "softmax: temperature": (
        "Temperature # makes the shares @: class # has # % instead of # %, and the order stays. The entropy is # nats, "
        "not #.",
        numbers.tempered,
    ),
    "softmax: loss": (
        "The true class has < # %, so the loss is #. …that of class # most; …",
        numbers.missed,
    ),
    "softmax: count": (
        "# weights, # MiB in float32, beside the # of one # × # filter: # times as many. …",
        numbers.counted,
    ),
    "softmax: slid": (
        "# parts of the picture, …give the same # logits as the convolution: …",
        numbers.slid,
    ),
    "softmax: once": ("A 28 × 28 picture leaves one place for a 4 × 4 filter: …", numbers.slid_once),
    "normalization: batch": (
        "One mean per channel, # in all, …Means from # to # all become β.",
        numbers.normalized,
    ),
    "normalization: layer": (
        "One mean per picture, # in all, …Means from # to # become 0 before γ and β.",
        numbers.normalized,
    ),
    "normalization: groups": ("One mean for each group of channels of a picture, # in all, …", numbers.grouped),
    "normalization: alone": ("Every set has one number: …", numbers.alone),
    "normalization: undefined": ("# of # numbers are 0 / 0, …", numbers.undefined),
    "normalization: running": (
        "After # batches the running mean is #; over all digits it is #: # standard deviations apart. Single batches "
        "scatter by #.",
        numbers.running,
    ),
    "normalization: folded": (
        "One convolution does the work of two layers: on a test digit its # results differ …The filter gets a bias of "
        "#.",
        numbers.folded,
    ),
    "dropout: masks": (
        "Forward pass # drops # units, of which # were 0 anyway. …gets # with inverted scaling (at test time #), # "
        "without (at test time #).",
        numbers.dropped,
    ),
    "dropout: none": (
        "At a rate of 0 forward pass # drops no unit: the neuron of class …gets #, as at test time.",
        numbers.dropped_none,
    ),
    "dropout: connect": (
        "Over # masks the logit of class # has a standard deviation of # with dropout and # with DropConnect: by the "
        "formula both are #. …",
        numbers.connected,
    ),
    "dropout: spatial": (
        "Dropout keeps # cells: …correlate at #, …Spatial dropout keeps # of # maps; …",
        numbers.spatial,
    ),
    "dropout: alpha": (
        "After # SELU layers with a rate of #, plain dropout has a mean of # and a variance of #; alpha dropout has # "
        "and #, …",
        numbers.alpha,
    ),
    "dropout: spread": (
        "Of # masks # answer #, # answer #. The probability …is # % in the mean, with a standard deviation of # %; "
        "without dropout it is # %. …",
        numbers.masks,
    ),
    "cortex.cells.both": ("At #° and a shift of # both cells answer #, of # at most. …", networks.cells),
    "cortex.cells.neither": ("At #° and a shift of # neither cell answers: …", networks.cells),
    "cortex.cells.complex_only": (
        "At #° and a shift of # the simple cell is silent, and the complex cell answers #: …",
        networks.cells,
    ),
    "cortex.networks.neocognitron": (
        "Three pairs of S and C layers, # planes in each: # units with the input. …",
        networks.neocognitron,
    ),
    "cortex.networks.lenet_1989": (
        "# connections share # parameters, # connections each, in # units: …",
        networks.lenet,
    ),
    "x_or_o.right_x": (
        "The vote for @ is #, that for @ #: the network says @, and is right. # of the 12 values …",
        networks.votes,
    ),
    "x_or_o.right_o": (
        "The vote for @ is #, that for @ #: the network says @, and is right. # of the 12 values …",
        networks.votes,
    ),
    "x_or_o.plain_x": (
        "The vote for @ is #, that for @ #: the network says @, and is right. Not one of the 12 values …",
        networks.votes,
    ),
    "x_or_o.falls": (
        "Two steps take the error of this …from # to #. # of # places in the maps get a gradient.",
        networks.two_steps,
    ),
    "x_or_o.needs": (
        "To an error of # gradient descent needs # evaluations; changing one weight at a time needs # evaluations. "
        "…kept # of # changes.",
        networks.searches,
    ),
    "receptive_field.notice.whole": (
        "A unit of …could see @ pixels, but # of these #, # %, hold # % of its squared gradient.",
        networks.field,
    ),
    "architectures.notice": (
        "Of # parameters, @ are in @. Of @ MACs, @ are in @. The largest output is that of `@`: # numbers.",
        networks.shares,
    ),
    "architectures.notice_same": (
        "In @ are @ of the # parameters and @ of the @ MACs. The largest output is that of `@`: # numbers.",
        networks.shares_of_one,
    ),
    "architectures.memory.notice": (
        "Training on a batch of # takes @: @ of activations, which grow with the batch, and @ that do not.",
        networks.memory,
    ),
    "architectures.sizes.failed_features": (
        "At # × # the network stops at `@`: its # maps of # × # are # numbers, and the layer has weights for #.",
        networks.refused,
    ),
    "architectures.scores.notice": (
        "SqueezeNet, made for # × #, …of # × # pixels it makes # × # scores for each class. Their mean is its answer: "
        "…, #.",
        networks.score_map,
    ),
    "residual.notice.untrained": (
        "Before training, the gradient is @ times as long at the first block as at the last in the plain network, @ "
        "times in the …",
        networks.gradients,
    ),
    "residual.notice.block": ("What block # adds is # % as long as its sum. …", networks.adds),
    "residual.notice.first_shares": (
        "Before training, what each of the # blocks adds is # % to # % as long as its sum. …",
        networks.all_add,
    ),
}
TRUTHS = {name: (pattern(sentence), check) for name, (sentence, check) in _TRUTHS.items()}
UNCHECKED = {  # and why
    "normalization: accuracies": (
        pattern("Normalized with the statistics of batches of …"),
        "the trained network's accuracies are measured anew in tests/networks/test_normalized_digits.py",
    ),
}
