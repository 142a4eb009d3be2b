"""Makes the sample photograph with two objects: a fire engine, cut out of its photograph, laid on that of the coffee.

    python assets/make_two_objects.py firetruck.webp

The argument is the cut-out, with alpha, 128 pixels wide: stamp vehicles/emergency/firetruck.png of Debian's package
tuxpaint-stamps-default 2022.06.04-1, reduced with a Lanczos filter. It writes assets/images/fire-engine.png. The fire
engine stands where SqueezeNet sees both: in the upper right of what is left when the middle is cut out.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent / "images"
SIDE, MARGIN = 256, 16  # pixels: of the picture, and of what networks of photographs cut off on each side
WIDTH, FREE = 140, 4  # pixels: of the fire engine, and between it and the edge of what networks see


def composed(coffee: Image.Image, cut_out: Image.Image) -> Image.Image:
    """The middle square of ``coffee`` with the ``cut_out`` in its upper right corner."""
    left = (coffee.width - coffee.height) // 2
    square = coffee.crop((left, 0, left + coffee.height, coffee.height))
    made = square.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    size = (WIDTH, round(WIDTH * cut_out.height / cut_out.width))
    laid = cut_out.resize(size, Image.Resampling.LANCZOS)
    made.paste(laid, (SIDE - MARGIN - FREE - WIDTH, MARGIN + FREE), laid)
    return made


def main() -> None:
    """Reads the cut-out that was named, and writes the picture."""
    with Image.open(FOLDER / "coffee.png") as coffee, Image.open(sys.argv[1]) as cut_out:
        composed(coffee.convert("RGB"), cut_out.convert("RGBA")).save(FOLDER / "fire-engine.png", optimize=True)


if __name__ == "__main__":
    main()
