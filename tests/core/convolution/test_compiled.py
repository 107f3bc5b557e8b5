"""The optional compiled engine: its loop in plain Python, and when it starts."""

import concurrent.futures
import logging
import subprocess
import sys
import threading

import numpy as np
import pytest
from convolution_reference import assert_close, reference

from cnnviz.core import convolve2d, plan
from cnnviz.core.convolution import compiled as _compiled
from cnnviz.core.convolution.convolve import convolve_by
from cnnviz.core.convolution.loops import add_taps, split

RNG = np.random.default_rng(0)


@pytest.fixture
def plain_loops(monkeypatch):
    """The very loops that numba compiles, run by Python."""
    monkeypatch.setattr(_compiled, "_loops", [(add_taps, split)])


@pytest.fixture
def nothing_compiled(monkeypatch):
    monkeypatch.setattr(_compiled, "_loops", [])
    monkeypatch.setattr(_compiled, "_thread", None)
    monkeypatch.setattr(_compiled, "wanted", lambda: True)


@pytest.mark.usefixtures("plain_loops")
@pytest.mark.parametrize("dtype", ["f4", "u1", "f8"])
@pytest.mark.parametrize(
    ("shape", "size", "stride", "dilation", "padding"),
    [
        ((12, 11), (3, 3), (1, 1), (1, 1), (0, 0)),
        ((12, 11), (5, 5), (2, 2), (1, 1), (0, 0)),
        ((12, 11), (2, 5), (2, 3), (1, 1), (0, 0)),
        ((9, 10, 3), (3, 3), (3, 2), (1, 1), (0, 0)),
        ((13, 12), (2, 3), (1, 2), (2, 3), (1, 2)),
        ((14, 17), (4, 2), (2, 3), (3, 1), (2, 5)),
        ((9, 10, 3), (3, 2), (1, 1), (1, 2), (0, 0)),
        ((9, 10, 3), (3, 2), (2, 2), (1, 1), (1, 1)),
        ((9, 10, 3), (2, 2, 3), (1, 2), (2, 1), (0, 0)),
    ],
)
def test_the_loop_in_plain_python(dtype, shape, size, stride, dilation, padding):
    image, kernel = (RNG.standard_normal(shape) * 20 + 60).astype(dtype), RNG.standard_normal(size)
    kernel.flat[1] = 0
    settings = {"padding": padding, "stride": stride, "dilation": dilation, "padding_mode": "reflect"}
    result = convolve_by("compiled", image, kernel, **settings)
    expected = reference(image, kernel, **settings)
    assert_close(result, expected, image, kernel)


@pytest.mark.usefixtures("plain_loops")
def test_a_zero_weight_does_not_meet_a_nan():
    image = np.ones((5, 5), np.float32)
    image[2, 2] = np.nan
    ring = np.ones((3, 3))
    ring[1, 1] = 0
    result = convolve_by("compiled", image, ring)
    assert np.isfinite(result[1, 1])
    assert np.isnan(np.delete(result.ravel(), 4)).all()


@pytest.mark.usefixtures("plain_loops")
@pytest.mark.parametrize(
    ("kernel", "stride", "engine"),
    [
        (np.ones((3, 3)), 1, "compiled"),
        (RNG.standard_normal((15, 15)), 1, "compiled"),
        (RNG.standard_normal((31, 31)), 1, "fft"),
        (RNG.standard_normal((31, 31)), 2, "compiled"),
        (np.ones((15, 15)), 1, "separable"),
    ],
)
def test_the_plan_knows_the_compiled_engine(kernel, stride, engine):
    assert plan(kernel, stride=stride).engine == engine
    assert plan(np.ones((3, 3))).reason == "compiled: one loop in machine code over the 9 weights"


@pytest.mark.usefixtures("nothing_compiled")
def test_numpy_answers_while_one_thread_compiles(monkeypatch):
    go, calls = threading.Event(), []

    def slow():
        calls.append(threading.current_thread().name)
        assert go.wait(20)
        return add_taps, split

    monkeypatch.setattr(_compiled, "_machine_code", slow)
    image, kernel = RNG.standard_normal((9, 8)), np.arange(9.0).reshape(3, 3)
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            before = list(pool.map(convolve2d, [image] * 8, [kernel] * 8))
        assert plan(kernel).engine == "direct"
        with pytest.raises(RuntimeError, match="not ready"):
            convolve_by("compiled", image, kernel)
    finally:
        go.set()
    assert _compiled.wait(20)
    assert calls == ["cnnviz-compile"]
    assert plan(kernel).engine == "compiled"
    for result in before:
        np.testing.assert_allclose(result, convolve2d(image, kernel), atol=1e-4)


@pytest.mark.usefixtures("nothing_compiled")
def test_a_compiler_that_fails_leaves_numpy_at_work(monkeypatch, caplog):
    def broken():
        raise ImportError("needs an older numpy")

    monkeypatch.setattr(_compiled, "_machine_code", broken)
    with caplog.at_level(logging.WARNING):
        assert not _compiled.wait(20)
    assert "could not compile" in caplog.text
    assert not _compiled.ready()
    assert convolve2d(np.eye(3), np.ones((3, 3))).tolist() == [[3]]


@pytest.mark.parametrize("switch", ["auto", "off"])
def test_importing_the_core_does_not_import_numba(switch):
    lines = ["import sys, cnnviz.core as core", "from cnnviz.core.convolution import compiled as _compiled"]
    if switch == "off":
        lines += ["core.convolve2d([[1.0]], [[2.0]])", "assert not _compiled.wait()"]
    lines += ["assert 'numba' not in sys.modules"]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], env={"CNNVIZ_COMPILED": switch}, check=True)
