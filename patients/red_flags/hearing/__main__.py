"""``python -m patients.red_flags.hearing SUITE.jsonl``: how much of a suite is heard, as JSON.

Exit codes: 0 scored; 2 the file is missing or a line is not what the format says.
"""

import json
import sys
from pathlib import Path

from patients.red_flags.hearing.scoring import UnreadableSuite, parse_suite, score


def main(arguments: list[str]) -> int:
    """Score the one named file."""
    if len(arguments) != 1:
        sys.stderr.write("Name one suite file: python -m patients.red_flags.hearing SUITE.jsonl\n")
        return 2
    try:
        lines = parse_suite(Path(arguments[0]).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, UnreadableSuite) as error:
        sys.stderr.write(f"{arguments[0]} cannot be read: {error}\n")
        return 2
    sys.stdout.write(json.dumps(score(lines).to_dict(), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
