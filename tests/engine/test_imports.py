"""What the web process may import leaves torch out of it."""

import subprocess
import sys

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


def test_torch_stays_out():
    """One process imports one after the other, and says after which of them torch was there."""
    code = f"""
import importlib, sys
for name in {TORCH_FREE}:
    importlib.import_module("cnnviz.engine." + name)
    if "torch" in sys.modules:
        sys.exit(name)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
