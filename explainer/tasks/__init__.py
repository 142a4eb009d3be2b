"""What networks do besides telling classes apart: detection, segmentation, and scenes to train them on."""
