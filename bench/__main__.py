"""Run the benchmarks, each in a process of its own, and print values, goals, ratios and peak memory.

``python -m bench [name …] [--json FILE]``. A benchmark is a module of this folder with a function
``measure() -> list[Measure]`` and
a first docstring line that says what it measures.
"""

import argparse
import ast
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent


def benchmarks() -> dict[str, str]:
    """Names of the benchmark modules with the first line of their docstrings."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text())
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if "measure" in defined:
            found[path.stem] = (ast.get_docstring(tree) or path.stem).splitlines()[0]
    return found


def run_one(name: str) -> dict[str, object]:
    """Run one benchmark in a child process; its report, with the seconds it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "bench.one", name]
    # As `make demo` starts its processes.
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        return {"name": name, "failed": done.returncode, "measures": [], "lines": []}
    report: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return {**report, "seconds": round(time.monotonic() - began, 1)}


def main() -> int:
    """Run all, or the named ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json")
    arguments = parser.parse_args()
    known = benchmarks()
    unknown = set(arguments.names) - known.keys()
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    print(f"{machine}; load before: {load}", flush=True)
    reports = []
    for name in arguments.names or known:
        print(f"\n{name}: {known[name]}", flush=True)
        report = run_one(name)
        reports.append(report)
        print("\n".join(map(str, report["lines"])) or "  FAILED", flush=True)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(reports, indent=1))
    whole = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nlargest process {whole:.0f} MiB; written to {arguments.json}")
    return int(any("failed" in report for report in reports))


if __name__ == "__main__":
    sys.exit(main())
