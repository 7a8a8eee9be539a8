"""The assistant: a patient's turn through the services, the graph's overhead, and many conversations at once.

A turn is the whole of it: stored, heard, answered, stored, audited, against a real database. The overhead is
a turn through the graph beside the bare call of the same model, which answers at once. Turns at once are
threads of one process, each with a patient of its own. BENCH_TURNS and BENCH_TALKERS say how many.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.measure import Measure, quantile
from bench.servers import throwaway_servers

TURNS = int(os.environ.get("BENCH_TURNS", "60"))
TALKERS = int(os.environ.get("BENCH_TALKERS", "100"))
CALLS = 60
GOAL_MS = 300.0
QUESTIONS = (
    "How do I do the squat?",
    "How many should I do?",
    "Can I do more?",
    "I skipped two days",
    "What do I do today?",
    "My legs are a bit sore",
)


def measure() -> list[Measure]:
    """Milliseconds of turns one by one and at once, of the graph beside a bare call, and memory."""
    with throwaway_servers():
        from tests.factories.sessions import make_clinic_floor

        ward = make_clinic_floor(codes=("squat", "bridge"), sets=2, repetitions=10)
        first_ms = _say(ward.paul, QUESTIONS[0])
        askers = [_talker(ward, -number) for number in range(1, -(-TURNS // len(QUESTIONS)) + 1)]
        alone = [_say(patient, text) for patient in askers for text in QUESTIONS]
        talkers = [_talker(ward, number) for number in range(TALKERS)]
        began = time.perf_counter()
        with ThreadPoolExecutor(TALKERS) as pool:
            together = list(pool.map(_say_and_close, talkers))
        seconds = time.perf_counter() - began
        bare, graph = _overhead()
        return [
            Measure("a turn, p50", quantile(alone, 0.5), "ms"),
            Measure("a turn, p95", quantile(alone, 0.95), "ms", GOAL_MS),
            Measure("the first turn of a process", first_ms, "ms", note="loads graph and encoder"),
            Measure(f"{TALKERS} conversations at once, p95", quantile(together, 0.95), "ms"),
            Measure("turns while all talk", TALKERS / seconds, "turns/s", note="one process"),
            Measure("the same model called bare, p50", statistics.median(bare), "ms"),
            Measure("through the graph, p50", statistics.median(graph), "ms"),
            Measure("graph over bare", statistics.median(graph) / statistics.median(bare), "times"),
            Measure("memory of the process", _peak_mib(), "MiB"),
        ]


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _say(patient: Any, text: str) -> float:
    from clinic.tenancy.scope import clinic_scope
    from sessions.models import Turn
    from sessions.services import assistant

    with clinic_scope(patient.clinic_id):
        ms = _ms(lambda: assistant.say(patient, text=text, by=patient.membership))
        answered = Turn.objects.order_by("-pk").values_list("author", "node")[0]
    if answered[1] in ("failed", "pace"):
        raise RuntimeError(f"this was not answered by the graph: {answered}")
    return ms


def _talker(ward: Any, number: int) -> Any:
    """Another patient with the same plan."""
    from tests.factories.clinic import make_member
    from tests.factories.patients import make_patient
    from tests.factories.prescriptions import make_prescription

    member = make_member(ward.people.north, "patient", name=f"Talker {number}")
    patient = make_patient(ward.people.north, membership=member, care_team=[ward.people.nora])
    make_prescription(patient, by=ward.people.nora, codes=("squat", "bridge"), sets=2, repetitions=10)
    return patient


def _say_and_close(patient: Any) -> float:
    from django.db import connection

    from clinic.tenancy.scope import clinic_scope
    from sessions.services import assistant

    try:
        with clinic_scope(patient.clinic_id):
            return _ms(lambda: assistant.say(patient, text=QUESTIONS[0], by=patient.membership))
    finally:
        connection.close()


def _overhead() -> tuple[list[float], list[float]]:
    """The same model called bare and through the graph, in turns."""
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    from sessions.rehab_bot.evaluation import library_maker
    from sessions.rehab_bot.evaluation.plans import plan_of
    from sessions.rehab_bot.evaluation.questions import turn_of
    from sessions.rehab_bot.graph import Ports, answer_turn

    model = FakeListChatModel(responses=["Bend your knees. [exercise:squat:how]"])
    turn = turn_of([QUESTIONS[0]], plan_of(("squat", "bridge")), lambda turns: ())
    ports = Ports(library=library_maker(), model=model)
    answer_turn(turn, ports)
    pairs = [
        (_ms(lambda: model.invoke(QUESTIONS[0])), _ms(lambda: answer_turn(turn, ports))) for _ in range(CALLS)
    ]
    return [bare for bare, _ in pairs], [graph for _, graph in pairs]


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
