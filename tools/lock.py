"""Writes the lock files, constraints.txt and the SBOM: ``make lock``; ``make lock UPGRADE=1`` takes newer.

torch is not in the locks: which build of it comes (CPU, CUDA, a wheel that this computer has) is the choice
of the package index, and each build has hashes of its own. What torch needs is locked, without CUDA.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SBOM_TOOL = "cyclonedx-bom==7.5.0"  # run in an environment of its own, never installed into ours
LOCKS = {  # in this order: what users install decides the versions of the others
    "requirements.lock": "requirements.txt",
    "requirements-dev.lock": "requirements-dev.txt",
    "requirements-uv.lock": "requirements-uv.txt",
}
BUILD_OF_TORCH = re.compile(r"torch|triton|nvidia-.*|cuda-.*")
PACKAGE = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)
HEADER = """\
# What {source} asks for and brings along, with hashes; written by 'make lock'.
# torch is left out: its build, and so its hash, is the choice of the package index (see the README).
"""


def uv(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "uv", *arguments], check=True, cwd=ROOT)


def without_constraints(name: str) -> str:
    """The requirements of a file and of those that it includes, without the constraints of the last lock."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    included = [line.split()[1] for line in lines if line.startswith("-r ")]
    own = [line for line in lines if not line.startswith("-")]
    return "\n".join([*map(without_constraints, included), *own]) + "\n"


def blocks(text: str) -> list[str]:
    """One text a package: its line, its hashes and the packages that it came by."""
    starts = [found.start() for found in PACKAGE.finditer(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def name_of(block: str) -> str:
    found = PACKAGE.match(block)
    assert found is not None
    return found.group(1)


def compile_lock(lock: str, source: str, *, upgrade: bool, agree: list[str]) -> None:
    """Resolve for all platforms. An existing lock keeps its versions unless `upgrade` is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        wanted, made, fixed = (Path(folder) / name for name in ("wanted.txt", "made.txt", "fixed.txt"))
        wanted.write_text(without_constraints(source), "utf-8")
        fixed.write_text("\n".join(agree), "utf-8")
        if not upgrade and (ROOT / lock).exists():
            made.write_text((ROOT / lock).read_text("utf-8"), "utf-8")
        options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
        quiet = ["--no-header", "--no-annotate"]
        uv("pip", "compile", str(wanted), "-c", str(fixed), "-o", str(made), *options, *quiet)
        found = blocks(made.read_text("utf-8"))
    kept = [block for block in found if not BUILD_OF_TORCH.fullmatch(name_of(block))]
    (ROOT / lock).write_text(HEADER.format(source=source) + "".join(kept), "utf-8")


def direct_of(*sources: str) -> set[str]:
    """The packages that requirements files ask for by name."""
    return {found for one in sources for found in PACKAGE.findall(without_constraints(one))}


def pins(lock: str) -> list[str]:
    """``name==version ; marker`` of every package of a lock."""
    text = (ROOT / lock).read_text("utf-8")
    return [line.rstrip(" \\") for line in text.splitlines() if PACKAGE.match(line)]


def write_constraints() -> None:
    """The versions of what comes along, without hashes: for ``pip install -r requirements.txt`` and torch."""
    head = "# Versions of everything that requirements*.txt bring along; written by 'make lock'.\n"
    direct = direct_of(*LOCKS.values())
    every = sorted({*pins("requirements.lock"), *pins("requirements-dev.lock")})
    every = [line for line in every if name_of(line) not in direct]
    (ROOT / "constraints.txt").write_text(head + "\n".join(every) + "\n", "utf-8")


def torch_requirement() -> str:
    found = re.search(r"^torch==[\w.]+", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return found.group()


def users_environment(folder: str) -> str:
    """A fresh environment with what users install, and nothing else. Returns its path."""
    made = f"{folder}/venv"
    subprocess.run([sys.executable, "-m", "venv", made], check=True)
    uv("pip", "install", "--quiet", "--python", made, "--require-hashes", "-r", "requirements.lock")
    # By pip, whose configuration may name a CPU build; without what a CUDA build would bring.
    pip = [sys.executable, "-m", "pip", "--python", made, "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", torch_requirement()], check=True)
    uv("pip", "uninstall", "--quiet", "--python", made, "pip")
    return made


def write_sbom() -> None:
    """What users install, with licences and who needs whom, read from a fresh environment (CycloneDX)."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "sbom.json"
        tool = ["tool", "run", "--quiet", "--from", SBOM_TOOL, "cyclonedx-py", "environment"]
        options = ["--output-reproducible", "--pyproject", "pyproject.toml", "--output-file", str(made)]
        uv(*tool, users_environment(folder), *options)
        bom = json.loads(made.read_text("utf-8"))
    # The tool does not know which packages cnnviz asks for itself.
    root, direct = bom["metadata"]["component"]["bom-ref"], direct_of("requirements.txt")
    ours = sorted(one["bom-ref"] for one in bom["components"] if one["name"].lower() in direct)
    others = [one for one in bom["dependencies"] if one["ref"] != root]
    bom["dependencies"] = [*others, {"ref": root, "dependsOn": ours}]
    # The local part of a version ("2.13.0+cpu") and addresses say how this computer got a package.
    text = json.dumps(without_addresses(bom), indent=1, sort_keys=True, ensure_ascii=False)
    version = re.escape(torch_requirement().partition("==")[2])
    (ROOT / "sbom.cdx.json").write_text(re.sub(rf"({version})(\+|%2B)\w+", r"\1", text) + "\n", "utf-8")


def without_addresses(part: object) -> object:
    if isinstance(part, dict):
        return {key: without_addresses(value) for key, value in part.items() if key != "externalReferences"}
    return [without_addresses(one) for one in part] if isinstance(part, list) else part


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    upgrade = parser.parse_args().upgrade
    agree: list[str] = []
    for lock, source in LOCKS.items():
        compile_lock(lock, source, upgrade=upgrade, agree=agree)
        agree = pins("requirements.lock")
    write_constraints()
    write_sbom()


if __name__ == "__main__":
    main()
