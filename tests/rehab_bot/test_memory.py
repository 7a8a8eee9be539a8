"""What a process holds that hears and answers: bounded, also after many turns at once."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# 312 MiB were measured; 412 with an arena, a copy of all vectors for each turn, and numba.
MOST_MIB = 350
PROGRAM = """
import ctypes, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from patients.red_flags.hearing import hear
from prescriptions import library
from sessions.rehab_bot.encoder import load_encoder
from sessions.rehab_bot.evaluation.plans import plan_of
from sessions.rehab_bot.graph import Ports, answer_turn
from sessions.rehab_bot.retrieval import Library
from sessions.rehab_bot.types import TurnInput

def say(number):
    text = f"how do I do number {number}"
    turn = TurnInput(text, plan_of(library.codes()), hear([text]))
    return answer_turn(turn, Ports(library=lambda passages: Library(passages, load_encoder())))

say(0)
with ThreadPoolExecutor(60) as pool:
    answers = list(pool.map(say, range(120)))
assert all(answer.sentences for answer in answers)
ctypes.CDLL(None).malloc_trim(0)
held = Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]
print(int(held) / 1024, *sorted({"numba", "scipy", "torch"} & set(sys.modules)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what the process holds")
def test_turns_at_once_keep_a_process_small() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "MALLOC_ARENA_MAX": "2"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    held_mib, *heavy = done.stdout.split()
    assert heavy == []
    assert float(held_mib) < MOST_MIB
