"""The code shown to students is run, in a folder with picture.png, and compared with what the app shows."""

import ast
import contextlib
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnnviz.core import KERNELS, FilterSettings, numpy_code, torch_code
from cnnviz.core.convolution.filtering import apply
from cnnviz.core.export.filter import loops_code

MODES = ["zeros", "reflect", "replicate", "circular"]
PHOTO = np.random.default_rng(11).integers(0, 256, (19, 26, 3), dtype=np.uint8)
SKEW = np.array([[1.0, -2, 0.5], [0, 3, -1]])
# None below float32's normal numbers: those have few digits, and the script multiplies in float64.
WEIGHTS = st.floats(-3, 3, width=32, allow_subnormal=False)
DEEP = np.stack([SKEW, SKEW[::-1] / 9, -SKEW], axis=2)


def run(script, pixels):
    """Run a script in a folder of its own, as a student would, and give back what it left in `output`."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Image.fromarray(pixels).save(Path(folder) / "picture.png")
        names = {"__name__": "__main__"}
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(script, "shown.py", "exec"), names)
        return np.asarray(names["output"]), printed.getvalue()


def check(chosen, pixels=PHOTO, known_size=True):
    expected = apply(pixels, chosen)
    size = pixels.shape[:2] if known_size else None
    # 1e-4 of the range, and never finer than what rounding the sums to float32 allows.
    layers = np.abs(chosen.layers() if chosen.channels == "sum" else chosen.kernel)
    tolerance = max(1e-4 * np.ptp(expected), 2e-6 * 255 * float(layers.sum()))
    for write in (numpy_code, torch_code, loops_code):
        script = write(chosen, size)
        output, printed = run(script, pixels)
        assert output.shape == expected.shape, script
        np.testing.assert_allclose(output, expected, rtol=0, atol=tolerance, err_msg=script)
        assert str(expected.shape) in printed.replace("torch.Size([", "(").replace("])", ")")
        if known_size:
            assert f"= {expected.shape}" in script.splitlines()[-1]


@pytest.mark.parametrize("channels", ["grey", "each", "sum"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("known_size", [True, False])
def test_channels_and_modes(channels, mode, known_size):
    check(FilterSettings(SKEW, channels, "same", mode), known_size=known_size)


@pytest.mark.parametrize("mode", MODES)
def test_three_layers(mode):
    check(FilterSettings(DEEP, "sum", (2, 3), mode, stride=(2, 1), dilation=(2, 3)))
    check(FilterSettings(DEEP, "sum", "same", mode, flip=True))


@pytest.mark.parametrize("mode", MODES)
def test_padding_larger_than_the_picture(mode):
    small = PHOTO[:3, :4]
    check(FilterSettings(SKEW, "grey", (7, 9), mode), small)
    check(FilterSettings(SKEW, "each", (3, 4), mode), small)
    check(FilterSettings(SKEW, "sum", (2, 2), mode), small[:1, :1])


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (4, 3), (1, 5), (6, 1)])
def test_shapes_strides_and_dilations(flip, shape):
    weights = np.arange(1, np.prod(shape) + 1).reshape(shape) / 7
    for stride, dilation in [((1, 1), (1, 1)), ((2, 3), (1, 1)), ((1, 2), (2, 3))]:
        check(FilterSettings(weights, "each", "same", "reflect", stride, dilation, flip))


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
def test_the_library(kernel):
    check(FilterSettings(kernel.weights, padding="same"))


@given(st.data())
@settings(max_examples=40)
def test_any_settings(data):
    draw = data.draw
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    channels = draw(st.sampled_from(["grey", "each", "sum"]))
    layers = (3,) if channels == "sum" and draw(st.booleans()) else ()
    size = height * width * (layers[0] if layers else 1)
    weights = np.reshape(draw(st.lists(WEIGHTS, min_size=size, max_size=size)), (height, width, *layers))
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    pixels = PHOTO[: draw(st.integers(10, 19)), : draw(st.integers(10, 26))]
    check(
        FilterSettings(
            weights,
            channels,
            draw(
                st.one_of(
                    st.sampled_from(["valid", "same"]), st.tuples(st.integers(0, 30), st.integers(0, 30))
                )
            ),
            draw(st.sampled_from(MODES)),
            draw(pair),
            draw(pair),
            draw(st.booleans()),
        ),
        pixels,
        draw(st.booleans()),
    )


class TestHowItReads:
    def test_short_and_complete(self):
        for write in (numpy_code, torch_code):
            script = write(FilterSettings(np.eye(3), "sum", dilation=(2, 2), stride=(2, 2), flip=True))
            assert len(script.splitlines()) <= 20
            assert max(map(len, script.splitlines())) <= 110

    def test_the_kernel_can_be_recognised(self):
        script = numpy_code(FilterSettings(KERNELS["sobel_right"].weights))
        assert "    [-1, 0, 1],\n    [-2, 0, 2],\n    [-1, 0, 1],\n" in script
        assert "1/9" in torch_code(FilterSettings(KERNELS["box"].weights))
        assert "    [-0.5, 0, 0.5]," in numpy_code(FilterSettings(KERNELS["central_x"].weights))

    def test_a_large_even_kernel_is_one_number(self):
        assert "np.full((31, 31), 1/961)" in numpy_code(FilterSettings(KERNELS["box"].make(size=31)))

    def test_grey_is_written_out_and_flip_is_said(self):
        script = numpy_code(FilterSettings(SKEW, flip=True))
        assert "0.299 * picture[:, :, 0] + 0.587 * picture[:, :, 1] + 0.114 * picture[:, :, 2]" in script
        assert "convolve2d: the kernel is turned by 180°" in script
        assert "correlate2d: the kernel is not turned" in numpy_code(FilterSettings(SKEW))

    def test_numpy_pads_only_where_torch_cannot(self):
        chosen = FilterSettings(SKEW, padding=(18, 25), padding_mode="reflect")
        assert "F.pad" in torch_code(chosen, (19, 26))
        assert "np.pad" not in torch_code(chosen, (19, 26))
        assert "np.pad" in torch_code(chosen, (18, 26))
        assert "np.pad" in torch_code(chosen)

    def test_only_the_named_packages_are_imported(self):
        allowed = {"numpy": {"numpy", "PIL", "scipy"}, "torch": {"numpy", "PIL", "torch"}}
        for name, write in {"numpy": numpy_code, "torch": torch_code}.items():
            tree = ast.parse(write(FilterSettings(DEEP, "sum")))
            found = {
                (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
                for node in ast.walk(tree)
                if isinstance(node, ast.Import | ast.ImportFrom)
            }
            assert found == allowed[name]
