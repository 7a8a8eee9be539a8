"""Run one benchmark in this process and print its report as one line of JSON; ``bench`` calls it."""

import importlib
import json
import resource
import sys


def main(name: str) -> None:
    """Measure, and tell the peak memory of this process and of its largest child."""
    measures = importlib.import_module(f"bench.{name}").measure()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    memory = f"  peak memory: {own:.0f} MiB here, {children:.0f} MiB in its largest child"
    report = {
        "name": name,
        "peak_mib": own,
        "peak_child_mib": children,
        "measures": [measure.to_dict() for measure in measures],
        "lines": [*(measure.line() for measure in measures), memory],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1])
