"""Write the lock files: names, versions and hashes, and no address of any index."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
GROUPS = {
    "runtime": [],
    "dev": ["--group", "dev"],
    "peers": ["--group", "dev", "--group", "peers"],
    "node": ["--only-group", "node"],
}


def lock(name: str, groups: list[str]) -> None:
    """Resolve one set of requirements for all platforms and write it with hashes."""
    target = ROOT / "requirements" / f"{name}.txt"
    source = [] if "--only-group" in groups else ["pyproject.toml"]
    if not source:
        groups = ["--group", groups[1]]
    command = ["uv", "pip", "compile", *source, *groups, "--universal", "--python-version", "3.11"]
    options = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--quiet"]
    header = ["--custom-compile-command", "make lock", "--output-file", str(target)]
    subprocess.run([sys.executable, "-m", *command, *options, *header], check=True, cwd=ROOT)


if __name__ == "__main__":
    for wanted, selection in GROUPS.items():
        lock(wanted, selection)
