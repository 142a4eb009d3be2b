from __future__ import annotations

import pytest

from explainer.data.names import one_line, stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my *net* $x_1$ [a](b)", "my *net* $x_1$ [a](b)"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\x1b[31mred\x07", "[31mred"),
        ("狐 👩\u200d🔬", "狐 👩\u200d🔬"),
    ],
)
def test_what_nobody_sees_is_left_out(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_a_files_ending_is_left_out_once() -> None:
    assert stem("a.safetensors.safetensors", ".safetensors") == "a.safetensors"
    assert stem("\u202e.safetensors", ".safetensors") == ""
    assert stem("x" * 100 + ".safetensors", ".safetensors") == "x" * 60
