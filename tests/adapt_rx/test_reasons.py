"""The reasons of a decision: true, in words, and plain enough for the patient."""

import pytest

from prescriptions.adapt_rx import (
    REST,
    Action,
    Bounds,
    Context,
    Trigger,
    decide,
    dose_words,
    mask_rules,
    prior,
    shipped_protocol,
)
from prescriptions.adapt_rx.reasons import ALWAYS, RULE_WORDS_FOR_PATIENT
from tests.adapt_rx.doses import KNEE, SQUAT, doing_well
from tests.prescriptions.test_library_words import GRADE_ALLOWED, reading_grade


def reasons(context=None, current=SQUAT, bounds=None, **others):
    decision = decide(
        prior(),
        KNEE,
        current,
        context or doing_well(current),
        bounds or Bounds(),
        shipped_protocol(),
        seed=others.pop("seed", 3),
        **others,
    )
    return decision, {one.code: one for one in decision.reasons}


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (SQUAT, "Squat, 2 sets of 10"),
        (Action(2, 1, 8, 0, 1), "Squat, 1 set of 8, 2 kg in each hand"),
        (Action(0, 3, 12, 5), "Straight leg raise, 3 sets of 12, hold 5 s"),
        (REST, "rest"),
    ],
)
def test_a_dose_is_said_as_it_is_prescribed(action, words):
    assert dose_words(KNEE, action) == words


def test_a_step_up_says_what_changes_by_how_much_and_what_was_seen():
    decision, said = reasons()
    assert decision.action == Action(2, 2, 12)
    assert said["harder"].words == "Squat, 2 sets of 10 → Squat, 2 sets of 12 (20 % more load)."
    assert said["seen"].words == (
        "pain 1 of 10 after; settled by the next morning; 100 % of the dose done; effort 5 of 10; "
        "95 % of repetitions in good form; no compensation; 3 sessions at this dose."
    )
    assert said["protocol"].words == "Protocol: All that the phase “Build up” asks is met: one step up."


def test_a_step_back_says_the_rule_and_the_pain():
    decision, said = reasons(doing_well(pain_after=7, morning_rise=3, compensated_sessions=2))
    assert decision.action.repetitions < SQUAT.repetitions
    assert said["easier"].words.endswith("less load).")
    assert "pain 7 of 10 after; 3 over usual the next morning" in said["seen"].words
    assert "compensation in 2 sessions" in said["seen"].words
    assert said["rule:pain_over_limit"].patient_words == "Your pain was too high, so we make it easier."
    assert "Step back: pain passed 5 after exercise" in said["protocol"].words


def test_a_harder_variation_is_named():
    decision, said = reasons(current=Action(2, 3, 12))
    assert decision.action == Action(3, 3, 8)
    assert said["harder_variation"].words.startswith("Squat, 3 sets of 12 → Lunge, 3 sets of 8")


def test_rest_is_said_as_rest():
    decision, said = reasons(doing_well(trigger=Trigger.RED_FLAG))
    assert decision.action == REST
    assert said["rest"].words == "Rest from this exercise."
    assert said["rule:red_flag"].patient_words


def test_keeping_says_what_is_not_yet_met():
    decision, said = reasons(doing_well(effort=8))
    assert decision.action == SQUAT
    assert said["keep"].words == "Keep Squat, 2 sets of 10."
    assert "effort left two repetitions in reserve" in said["protocol"].words


def test_a_variation_that_explores_says_so_and_names_the_protocols_dose():
    explored = next(
        said for seed in range(200) if (said := reasons(seed=seed)[1]).get("explores") is not None
    )
    assert explored["explores"].words == (
        "A small planned variation, never harder, to learn from, instead of the protocol's "
        "Squat, 2 sets of 12."
    )


def test_rules_that_hold_for_everybody_are_no_reason():
    _, said = reasons()
    assert not any(code.removeprefix("rule:") in ALWAYS for code in said)
    assert set(mask_rules().rules) >= ALWAYS | set(RULE_WORDS_FOR_PATIENT)


def test_nothing_reported_is_said_and_nothing_is_a_bare_number():
    _, said = reasons(Context())
    assert said["seen"].words == "no compensation."
    assert "nan" not in " ".join(one.words for one in said.values()).lower()


def test_what_the_patient_reads_is_plain():
    words = {one.patient_words for one in (*reasons()[0].reasons, *reasons(doing_well(effort=8))[0].reasons)}
    words |= {one.patient_words for one in reasons(doing_well(pain_after=7))[0].reasons}
    words |= {one.patient_words for one in reasons(current=Action(2, 3, 12))[0].reasons}
    words |= set(RULE_WORDS_FOR_PATIENT.values())
    words -= {""}
    assert len(words) >= 10
    for sentence in words:
        assert reading_grade(sentence) <= GRADE_ALLOWED, sentence
