"""Rules that hold for the repository as a whole."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import tokenize
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("cnnviz", "pages", "app.py", "assets")
URL = re.compile(r"https?://([\w.-]+)")
NAMESPACE = "www.w3.org"  # the names of SVG and XHTML: never fetched


def ours(*suffixes: str) -> list[Path]:
    """Our own files with these endings, without what runs or documents the project."""
    found = [ROOT / name for name in OURS if (ROOT / name).is_file()]
    for name in OURS:
        found += [path for path in (ROOT / name).rglob("*") if path.is_file()]
    return sorted(path for path in set(found) if path.suffix in suffixes and "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_page_lies_directly_in_pages() -> None:
    """Streamlit would show such files as pages of its own, before app.py has run."""
    assert list((ROOT / "pages").glob("*.py")) == []
    assert list((ROOT / "pages").glob("*/*.py"))


def reads_environment(tree: ast.AST) -> bool:
    names = {"environ", "getenv", "environb", "getenvb"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os" and {a.name for a in node.names} & names:
            return True
    return False


def test_only_settings_reads_the_environment() -> None:
    readers = [name_of(path) for path in ours(".py") if reads_environment(ast.parse(path.read_text("utf-8")))]
    assert readers == ["cnnviz/settings.py"]


def without_documentation(source: str) -> str:
    """Python code without its comments and docstrings, where the source of a formula may be named."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        node.body[0].lineno
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and ast.get_docstring(node) is not None
    }
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    kept = [t for t in tokens if t.type != tokenize.COMMENT]
    return "\n".join(t.string for t in kept if not (t.type == tokenize.STRING and t.start[0] in docstrings))


@pytest.mark.parametrize("path", ours(".py", ".js", ".css", ".html"), ids=name_of)
def test_no_code_names_another_host(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        source = without_documentation(source)
    elif path.suffix == ".js":
        source = re.sub(r"^\s*//.*$|/\*.*?\*/", "", source, flags=re.MULTILINE | re.DOTALL)
    assert {host for host in URL.findall(source) if host != NAMESPACE} == set()


def requirements(name: str) -> dict[str, str]:
    """Package → what follows its name."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
    wanted = [line for line in lines if line and not line.startswith("-")]
    return {re.split(r"[^\w.-]", line)[0]: line[len(re.split(r"[^\w.-]", line)[0]) :] for line in wanted}


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt", "constraints.txt"]
)
def test_every_version_is_exact(name: str) -> None:
    found = requirements(name)
    assert found
    exact = re.compile(r"==[\w.+!]+( ; [a-z_]+ [=!<>]+ '[^']+')?")  # a marker says for which platforms
    assert {package: rest for package, rest in found.items() if not exact.fullmatch(rest)} == {}


LOCKS = {
    "requirements.lock": ("requirements.txt",),
    "requirements-dev.lock": ("requirements.txt", "requirements-dev.txt"),
    "requirements-uv.lock": ("requirements-uv.txt",),
}


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """Package → its version and the hashes of its files, one of which an installed file must have."""
    text = (ROOT / name).read_text("utf-8")
    entries = re.findall(r"^([\w.-]+)==([\w.+!]+)[^\n]*\n((?: {4}--hash=[^\n]*\n)*)", text, re.MULTILINE)
    return {
        package: (version, re.findall(r"sha256:[0-9a-f]{64}", rest)) for package, version, rest in entries
    }


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_every_requirement_with_its_version_and_hashes(name: str) -> None:
    lock, wanted = locked(name), {}
    for source in LOCKS[name]:
        wanted |= {package: rest.removeprefix("==") for package, rest in requirements(source).items()}
    wanted.pop("torch", None)  # its build is the choice of the package index: the header of the lock says so
    assert {package: lock.get(package, ("",))[0] for package in wanted} == wanted
    assert [package for package, (_, hashes) in lock.items() if not hashes] == []
    lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line[:1].isalnum()]
    assert len(lines) == len(lock)


def test_the_locks_and_the_constraints_agree() -> None:
    users, developers = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {package: developers.get(package) for package in users} == users
    constraints = {package: rest.split()[0] for package, rest in requirements("constraints.txt").items()}
    direct = {package for sources in LOCKS.values() for source in sources for package in requirements(source)}
    brought = {package for package in developers if package not in direct}
    assert constraints == {package: f"=={developers[package][0]}" for package in brought}


def test_no_lock_brings_torch_or_cuda() -> None:
    heavy = re.compile(r"torch|triton|nvidia-.*|cuda-.*")
    assert [package for name in LOCKS for package in locked(name) if heavy.fullmatch(package)] == []


def test_the_sbom_lists_what_users_install() -> None:
    bom = json.loads((ROOT / "sbom.cdx.json").read_text("utf-8"))
    listed = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in bom["components"]}
    elsewhere = {"colorama"}  # for Windows only: the list was read from an environment on Linux
    users = {package: version for package, (version, _) in locked("requirements.lock").items()}
    expected = {package: version for package, version in users.items() if package not in elsewhere}
    assert listed == {**expected, "torch": requirements("requirements.txt")["torch"].removeprefix("==")}
    assert bom["bomFormat"] == "CycloneDX"


def test_typescript_is_locked_with_hashes() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    parts = {name: package for name, package in packages.items() if name}
    assert [name for name, package in parts.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in parts.items() if "resolved" in package] == []


def test_torch_is_pinned_as_the_readme_says() -> None:
    said = re.search(
        r"`requirements\.txt` asks for torch ([\d.]+) exactly", (ROOT / "README.md").read_text("utf-8")
    )
    assert said
    assert requirements("requirements.txt")["torch"] == f"=={said[1]}"
    assert re.findall(r"torch==([\w.+]+)", (ROOT / "Makefile").read_text("utf-8")) == [said[1]]


def test_nothing_that_installs_names_an_index() -> None:
    names = [
        "constraints.txt",
        "Makefile",
        "package.json",
        "package-lock.json",
        ".npmrc",
        "tools/install.sh",
        *LOCKS,
    ]
    names += [source for sources in LOCKS.values() for source in sources]
    assert {name: URL.findall((ROOT / name).read_text("utf-8")) for name in names} == {
        name: [] for name in names
    }


def test_streamlit_is_configured_for_a_class_server() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["runner"]["postScriptGC"] is False
    assert config["runner"]["magicEnabled"] is False
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["toolbarMode"] == "viewer"
    assert config["client"]["showErrorDetails"] == "type"
    assert 1 <= config["server"]["maxUploadSize"] <= 50
    assert {"light", "dark"} <= set(config["theme"])
    for face in config["theme"].get("fontFaces", []):
        assert (ROOT / face["url"].removeprefix("app/")).is_file(), face["url"]


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():  # an unpacked archive: take what is there
        return [
            path
            for path in ROOT.rglob("*")
            if path.is_file() and not {".venv", "node_modules"} & {*path.parts}
        ]
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def origin_is_said(path: Path) -> bool:
    """Whether a table in a README of its folder (or one above) has it, or a script of ours draws it."""
    folders = [folder for folder in path.parents if ROOT in folder.parents]
    tables = [
        line for f in folders for r in f.glob("README.md") for line in r.read_text("utf-8").splitlines()
    ]
    scripts = [script.read_text("utf-8") for folder in folders for script in folder.glob("make_*.py")]
    return any(line.lstrip().startswith("|") and path.name in line for line in tables) or any(
        path.name in script for script in scripts
    )


def test_every_asset_has_a_line_on_where_it_comes_from() -> None:
    kinds = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".woff2", ".ttf", ".otf", ".npz", ".npy", ".pt", ".gz"}
    parts = {"assets", "static"}
    assets = [p for p in tracked() if p.suffix in kinds and p.relative_to(ROOT).parts[0] in parts]
    assert len(assets) > 10
    assert [name_of(path) for path in assets if not origin_is_said(path)] == []


def test_the_fonts_licence_is_shipped() -> None:
    assert "SIL OPEN FONT LICENSE" in (ROOT / "static" / "fonts" / "OFL.txt").read_text("utf-8").upper()


def test_no_file_is_stray() -> None:
    """Nothing that belongs to one machine or one run is committed."""
    stray = re.compile(
        r"(^|/)(__pycache__|\.venv|node_modules|\.hypothesis|test-results)/|\.(pyc|log|tmp)$|(^|/)\.DS_Store$"
    )
    assert [
        name_of(path) for path in tracked() if stray.search(name_of(path)) and (ROOT / ".git").exists()
    ] == []


def private_imports(path: Path) -> list[str]:
    """What a file of ours takes from a module of ours under a name that begins with an underscore."""
    tree = ast.parse(path.read_text("utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = [f"{node.module}.{alias.name}" for node in froms for alias in node.names]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return [name for name in names if name.startswith("cnnviz.") and re.search(r"\._(?!_)", name)]


@pytest.mark.parametrize("path", ours(".py"), ids=name_of)
def test_nothing_private_is_imported(path: Path) -> None:
    assert private_imports(path) == []
