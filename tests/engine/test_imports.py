"""What the web process may import leaves torch out of it."""

import subprocess
import sys

import pytest

TORCH_FREE = [
    "diagnosis.failures",
    "diagnosis.diagnose",
    "config.limits",
    "config.train_config",
    "config.controls",
    "wire.messages",
    "wire.records",
    "checkpoints.tensor_file",
    "checkpoints.weights_file",
    "checkpoints.pretrained",
]


@pytest.mark.parametrize("module", TORCH_FREE)
def test_torch_stays_out(module):
    code = f"import sys, cnnviz.engine, cnnviz.engine.{module}; print('torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
