"""Run all tests of Anlan: Python's on both cores, then the page's; say by name what was left out."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from build_page import ROOT, npm


def main() -> int:
    """Run the suites and return the exit status."""
    web = subprocess.run([*npm(), "run", "check", "--silent"], check=False, cwd=ROOT / "web").returncode
    workers = os.environ.get("ANLAN_TEST_WORKERS", "2")
    suite = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "worksteal", *sys.argv[1:]]
    return subprocess.run(suite, check=False, cwd=ROOT).returncode or web


if __name__ == "__main__":
    sys.exit(main())
