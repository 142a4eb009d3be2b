"""What the architectures are called: identifiers, titles and families, without torch."""

from __future__ import annotations

from explainer.networks import presets

OWN = {"lenet-5": "LeNet-5"}
FAMILIES: dict[str, dict[str, str]] = {
    "AlexNet": {
        "alexnet": "AlexNet",
    },
    "VGG": {
        "vgg11": "VGG11",
        "vgg11-bn": "VGG11-BN",
        "vgg13": "VGG13",
        "vgg13-bn": "VGG13-BN",
        "vgg16": "VGG16",
        "vgg16-bn": "VGG16-BN",
        "vgg19": "VGG19",
        "vgg19-bn": "VGG19-BN",
    },
    "Inception": {
        "googlenet": "GoogLeNet",
        "inception-v3": "Inception v3",
    },
    "ResNet": {
        "resnet18": "ResNet-18",
        "resnet34": "ResNet-34",
        "resnet50": "ResNet-50",
        "resnet101": "ResNet-101",
        "resnet152": "ResNet-152",
    },
    "ResNeXt": {
        "resnext50-32x4d": "ResNeXt-50 32 × 4d",
        "resnext101-32x8d": "ResNeXt-101 32 × 8d",
        "resnext101-64x4d": "ResNeXt-101 64 × 4d",
    },
    "Wide ResNet": {
        "wide-resnet50-2": "Wide ResNet-50-2",
        "wide-resnet101-2": "Wide ResNet-101-2",
    },
    "DenseNet": {
        "densenet121": "DenseNet-121",
        "densenet161": "DenseNet-161",
        "densenet169": "DenseNet-169",
        "densenet201": "DenseNet-201",
    },
    "SqueezeNet": {
        "squeezenet1-0": "SqueezeNet 1.0",
        "squeezenet1-1": "SqueezeNet 1.1",
    },
    "MobileNet": {
        "mobilenet-v2": "MobileNet V2",
        "mobilenet-v3-small": "MobileNet V3 Small",
        "mobilenet-v3-large": "MobileNet V3 Large",
    },
    "MNASNet": {
        "mnasnet0-5": "MNASNet 0.5",
        "mnasnet0-75": "MNASNet 0.75",
        "mnasnet1-0": "MNASNet 1.0",
        "mnasnet1-3": "MNASNet 1.3",
    },
    "ShuffleNet": {
        "shufflenet-v2-x0-5": "ShuffleNet V2 0.5×",
        "shufflenet-v2-x1-0": "ShuffleNet V2 1.0×",
        "shufflenet-v2-x1-5": "ShuffleNet V2 1.5×",
        "shufflenet-v2-x2-0": "ShuffleNet V2 2.0×",
    },
    "EfficientNet": {
        "efficientnet-b0": "EfficientNet-B0",
        "efficientnet-b1": "EfficientNet-B1",
        "efficientnet-b2": "EfficientNet-B2",
        "efficientnet-b3": "EfficientNet-B3",
        "efficientnet-b4": "EfficientNet-B4",
        "efficientnet-b5": "EfficientNet-B5",
        "efficientnet-b6": "EfficientNet-B6",
        "efficientnet-b7": "EfficientNet-B7",
        "efficientnet-v2-s": "EfficientNetV2-S",
        "efficientnet-v2-m": "EfficientNetV2-M",
        "efficientnet-v2-l": "EfficientNetV2-L",
    },
    "RegNet": {
        "regnet-x-400mf": "RegNetX 400 MF",
        "regnet-x-800mf": "RegNetX 800 MF",
        "regnet-x-1-6gf": "RegNetX 1.6 GF",
        "regnet-x-3-2gf": "RegNetX 3.2 GF",
        "regnet-x-8gf": "RegNetX 8 GF",
        "regnet-x-16gf": "RegNetX 16 GF",
        "regnet-x-32gf": "RegNetX 32 GF",
        "regnet-y-400mf": "RegNetY 400 MF",
        "regnet-y-800mf": "RegNetY 800 MF",
        "regnet-y-1-6gf": "RegNetY 1.6 GF",
        "regnet-y-3-2gf": "RegNetY 3.2 GF",
        "regnet-y-8gf": "RegNetY 8 GF",
        "regnet-y-16gf": "RegNetY 16 GF",
        "regnet-y-32gf": "RegNetY 32 GF",
        "regnet-y-128gf": "RegNetY 128 GF",
    },
    "ConvNeXt": {
        "convnext-tiny": "ConvNeXt-Tiny",
        "convnext-small": "ConvNeXt-Small",
        "convnext-base": "ConvNeXt-Base",
        "convnext-large": "ConvNeXt-Large",
    },
    "ViT": {
        "vit-b-16": "ViT-B/16",
        "vit-b-32": "ViT-B/32",
        "vit-l-16": "ViT-L/16",
        "vit-l-32": "ViT-L/32",
        "vit-h-14": "ViT-H/14",
    },
    "Swin": {
        "swin-t": "Swin-T",
        "swin-s": "Swin-S",
        "swin-b": "Swin-B",
        "swin-v2-t": "Swin V2-T",
        "swin-v2-s": "Swin V2-S",
        "swin-v2-b": "Swin V2-B",
    },
    "MaxViT": {
        "maxvit-t": "MaxViT-T",
    },
}  # of torchvision, in the order of their publication
TORCHVISION = {name: title for family in FAMILIES.values() for name, title in family.items()}
PRESETS = {f"app-{name}": name for name in presets.PRESETS if name not in OWN}  # titles in the book


def family_of(name: str) -> str | None:
    """The family that torchvision's network called ``name`` belongs to; None for another."""
    return next((family for family, members in FAMILIES.items() if name in members), None)


def torchvision_name(name: str) -> str:
    """What torchvision calls it."""
    return name.replace("-", "_")
