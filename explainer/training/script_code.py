"""The constant parts of the exported scripts."""

from __future__ import annotations

from explainer.data.catalogue import TORCHVISION_CLASSES, DatasetName
from explainer.training.config import InitializationName, OptimizerName

HEAD = '''
"""{name}.

Trains {what} on the CPU, exactly as the run that this script stands for:

    python this_file.py [FOLDER_OF_DATA] [WEIGHTS_TO_WRITE.npz]

{source}
Needs PyTorch and NumPy. With the same number of threads the numbers are the same to
the last digit; with another, sums are rounded differently.
"""

{imports}
'''

MNIST_SOURCE = """The folder holds MNIST's four files (train-images-idx3-ubyte.gz, ...); without one,
torchvision downloads them to ./data."""
OTHER_SOURCE = "torchvision downloads the digits to the folder, ./data without one."
DIGIT_READER, PICTURE_CLASSIFIER = "a digit reader", "a picture classifier"

READ_IDX = '''
folder = Path(sys.argv[1] if len(sys.argv) > 1 else "data")


def read(name, header):
    """The bytes of one of MNIST's files after its header."""
    with gzip.open(folder / name) as file:
        return torch.tensor(np.frombuffer(file.read(), np.uint8, offset=header))


if len(sys.argv) < 2:
    from torchvision.datasets import MNIST

    MNIST(folder, download=True)
    folder = folder / "MNIST" / "raw"
train_images = read("train-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28)
train_labels = read("train-labels-idx1-ubyte.gz", 8).long()
test_images = read("t10k-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28)
test_labels = read("t10k-labels-idx1-ubyte.gz", 8).long()
'''

TORCHVISION = """
folder = sys.argv[1] if len(sys.argv) > 1 else "data"
train = {dataset}(folder, train=True, download=True)
test = {dataset}(folder, train=False, download=True)
train_images, train_labels = train.data.unsqueeze(1), train.targets
test_images, test_labels = test.data.unsqueeze(1), test.targets
"""
TORCHVISION_COLOUR = """
folder = sys.argv[1] if len(sys.argv) > 1 else "data"
train = {dataset}(folder, train=True, download=True)
test = {dataset}(folder, train=False, download=True)
# torchvision has the channels last: (n, 32, 32, 3) becomes (n, 3, 32, 32)
train_images = torch.from_numpy(train.data).permute(0, 3, 1, 2)
test_images = torch.from_numpy(test.data).permute(0, 3, 1, 2)
train_labels, test_labels = torch.tensor(train.targets), torch.tensor(test.targets)
"""
DATASETS: dict[DatasetName, str] = {"mnist": "MNIST", **TORCHVISION_CLASSES}

WHOLE = """
chosen = torch.arange(len(train_images))
"""

SUBSET = '''
def subset(labels, count):
    """Indices of `count` digits, each class with its share (largest remainders)."""
    rng, frequencies = np.random.default_rng(SEED), np.bincount(labels)
    quotas, remainders = np.divmod(frequencies * count, len(labels))
    quotas[np.argsort(-remainders, kind="stable")[: count - quotas.sum()]] += 1
    classes = [rng.permutation(np.flatnonzero(labels == c)) for c in range(10)]
    drawn = [c[:q] for c, q in zip(classes, quotas, strict=True)]
    return np.sort(np.concatenate(drawn))


chosen = torch.from_numpy(subset(train_labels.numpy(), {subset}))
'''

INITIALIZE = """
for layer in network.modules():
    if isinstance(layer, (nn.Conv2d, nn.Linear)):
        {draw}
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
"""
DRAW: dict[InitializationName, str] = {
    "he": 'nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")',
    "xavier": "nn.init.xavier_uniform_(layer.weight)",
    "normal-0.01": "nn.init.normal_(layer.weight, std=0.01)",
    "normal-1": "nn.init.normal_(layer.weight, std=1.0)",
    "constant": "nn.init.constant_(layer.weight, 0.01)",
    "zeros": "nn.init.zeros_(layer.weight)",
}

OPTIMIZERS: dict[OptimizerName, str] = {
    "sgd": "SGD",
    "momentum": "SGD",
    "nesterov": "SGD",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}

COSINE = '''
def rate(step):
    """The learning rate, falling from its peak by half a cosine."""
    return LEARNING_RATE * ((1 + math.cos(math.pi * step / STEPS)) / 2)
'''

ONE_CYCLE = '''
def half_cosine(start, end, share):
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


def rate(step):
    """The learning rate: up over the first 30 % of the steps, then down to nearly 0."""
    peak, last = 0.3 * STEPS - 1, STEPS - 1
    if step <= peak:
        share = half_cosine(1 / 25, 1.0, step / peak if peak > 0 else 1.0)
    else:
        share = half_cosine(1.0, 1 / 250_000, (step - peak) / (last - peak))
    return LEARNING_RATE * share
'''

SHIFT = '''
def shift(images, most):
    """Each image moved by up to `most` pixels along both axes."""
    padded = F.pad(images[:, 0], (most,) * 4)
    windows = padded.unfold(1, 28, 1).unfold(2, 28, 1)  # every shifted copy, as a view
    down, right = torch.randint(0, 2 * most + 1, (2, len(images)), generator=chance)
    return windows[torch.arange(len(images)), down, right].unsqueeze(1)
'''

SHIFT_COLOUR = '''
def shift(images, most):
    """Each image moved by up to `most` pixels along both axes."""
    padded = F.pad(images, (most,) * 4)
    windows = padded.unfold(2, {side}, 1).unfold(3, {side}, 1)  # every shifted copy, as a view
    down, right = torch.randint(0, 2 * most + 1, (2, len(images)), generator=chance)
    return windows[torch.arange(len(images)), :, down, right]
'''

ROTATE = '''
def rotate(images, degrees):
    """Each image turned by up to `degrees` to either side."""
    uniform = torch.rand(len(images), generator=chance) * 2 - 1
    angles = uniform * math.radians(degrees)
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    matrices = torch.stack([cos, -sin, zero, sin, cos, zero], dim=1).view(-1, 2, 3)
    grid = F.affine_grid(matrices, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)
'''

NORMALIZE = '''
def normalize(pixels):
    """0..255 to mean 0 and standard deviation 1 over MNIST."""
    return (pixels.float() / 255 - 0.1307) / 0.3081
'''

NORMALIZE_COLOUR = '''
def normalize(pixels):
    """0..255 to mean 0 and standard deviation 1 of each channel over CIFAR-10."""
    mean = torch.tensor([0.4914, 0.4822, 0.4465])[:, None, None]
    std = torch.tensor([0.2470, 0.2435, 0.2616])[:, None, None]
    return (pixels.float() / 255 - mean) / std
'''

TEST = """
def test_accuracy():
    network.eval()
    with torch.inference_mode():
        parts = [network(normalize(images)) for images in test_images.split(500)]
    network.train()
    return (torch.cat(parts).argmax(1) == test_labels).float().mean().item()
"""

FINISH = """
if len(sys.argv) > 2:
    np.savez(sys.argv[2], *[v.numpy() for v in network.state_dict().values()])
"""
