"""The assistant: a patient's turn through the services, the graph's overhead, and many conversations at once.

A turn is the whole of it: stored, heard, answered, stored, audited, against a real database. Before the first
one the process warms up as a server does. The overhead is a turn through the graph beside what one would do
instead: call the same model bare; once a model that answers at once, once one that takes as long as a hosted
one (MODEL_S, an assumption). Turns at once are threads of one process, each with a patient of its own.
BENCH_TURNS and BENCH_TALKERS say how many.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.measure import Measure, quantile
from bench.servers import throwaway_servers

TURNS = int(os.environ.get("BENCH_TURNS", "60"))
TALKERS = int(os.environ.get("BENCH_TALKERS", "100"))
CALLS, SLOW_CALLS = 60, 10
MODEL_S = 0.8
GOAL_MS, GOAL_MIB = 300.0, 400.0
ANSWER = "Bend your knees. [exercise:squat:how]"
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
        import clinic.config.asgi
        import clinic.config.urls  # noqa: F401  all that a server holds
        from tests.factories.sessions import make_clinic_floor

        ward = make_clinic_floor(codes=("squat", "bridge"), sets=2, repetitions=10)
        before_mib, warm_ms = _now_mib(), _ms(_warm_up)
        warm_mib, first_ms = _now_mib(), _say(ward.paul, QUESTIONS[0])
        askers = [_talker(ward, -number) for number in range(1, -(-TURNS // len(QUESTIONS)) + 1)]
        alone = [_say(patient, text) for patient in askers for text in QUESTIONS]
        talkers = [_talker(ward, number) for number in range(TALKERS)]
        began = time.perf_counter()
        with ThreadPoolExecutor(TALKERS) as pool:
            together = list(pool.map(_say_and_close, talkers))
        seconds = time.perf_counter() - began
        after_mib = _now_mib()
        return [
            Measure("a turn, p50", quantile(alone, 0.5), "ms"),
            Measure("a turn, p95", quantile(alone, 0.95), "ms", GOAL_MS),
            Measure("the first turn of a warm process", first_ms, "ms"),
            Measure("warming up, before anybody asks", warm_ms, "ms", note="a first turn waited for this"),
            Measure(f"{TALKERS} conversations at once, p95", quantile(together, 0.95), "ms"),
            Measure("turns while all talk", TALKERS / seconds, "turns/s", note="one process"),
            *_beside_a_bare_call(statistics.median(alone)),
            Measure("memory before warming up", before_mib, "MiB", note="Django, pages, made-up people"),
            Measure("memory, warm", warm_mib, "MiB", GOAL_MIB),
            Measure(f"memory after {TALKERS} at once", after_mib, "MiB", GOAL_MIB),
            Measure("the most memory it ever held", _peak_mib(), "MiB"),
        ]


def _warm_up() -> None:
    from clinic.config.warming import give_memory_back
    from sessions.services.assistant.warming import load_parts

    for _part in load_parts():
        give_memory_back()


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


def _beside_a_bare_call(embedded_ms: float) -> list[Measure]:
    """The same model called bare and through the graph; `embedded_ms`: a whole turn without a model."""
    bare, graph = _calls(0.0, CALLS)
    slow_bare, slow_graph = _calls(MODEL_S, SLOW_CALLS)
    slow = f"a model of {MODEL_S:g} s"
    return [
        Measure("a model that answers at once, bare, p50", bare, "ms"),
        Measure("the same through the graph, p50", graph, "ms"),
        Measure("graph over bare call", graph / bare, "times", note="the model itself takes no time here"),
        Measure(f"{slow}, bare, p50", slow_bare, "ms"),
        Measure("the same through the graph, p50", slow_graph, "ms"),
        Measure("graph over bare call", slow_graph / slow_bare, "times"),
        Measure(f"bare call of {slow} over a whole embedded turn", slow_bare / embedded_ms, "times"),
    ]


def _calls(seconds: float, count: int) -> tuple[float, float]:
    """Median milliseconds of a model that takes `seconds`, called bare and through the graph in turns."""
    from sessions.rehab_bot.evaluation import library_maker
    from sessions.rehab_bot.evaluation.plans import plan_of
    from sessions.rehab_bot.evaluation.questions import turn_of
    from sessions.rehab_bot.graph import Ports, answer_turn

    model = _model(seconds)
    turn = turn_of([QUESTIONS[0]], plan_of(("squat", "bridge")), lambda turns: ())
    ports = Ports(library=library_maker(), model=model)
    if answer_turn(turn, ports).answered_by != "model":
        raise RuntimeError("the graph did not let the model answer")
    pairs = [
        (_ms(lambda: model.invoke(QUESTIONS[0])), _ms(lambda: answer_turn(turn, ports))) for _ in range(count)
    ]
    return statistics.median(bare for bare, _ in pairs), statistics.median(graph for _, graph in pairs)


def _model(seconds: float) -> Any:
    """A model that thinks for so long, then says the same every time."""
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    class Thinker(BaseChatModel):
        @property
        def _llm_type(self) -> str:
            return "thinker"

        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any) -> Any:
            time.sleep(seconds)
            return ChatResult(generations=[ChatGeneration(message=AIMessage(ANSWER))])

    return Thinker()


def _now_mib() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
