"""The safety mask, rule by rule: each rule alone narrows what a patient who does well would be allowed."""

from dataclasses import replace
from pathlib import Path

import pytest

from patients.red_flags.pain import PAIN_RULE
from prescriptions.adapt_rx import (
    REST,
    Action,
    Bounds,
    Trigger,
    allowed_actions,
    load_of,
    mask_rules,
    shipped_ladders,
)
from prescriptions.adapt_rx import mask as mask_module
from prescriptions.adapt_rx.layout import contexts_array
from tests.adapt_rx.doses import KNEE, SQUAT, doing_well

ALL_EQUIPMENT = Bounds(equipment=("ankle_weight", "hand_weight", "band"))


def numbers(action):
    return (action.rung, action.sets, action.repetitions, action.hold_s, action.resistance)


def is_harder(action, current=SQUAT):
    return not action.rest and any(a > b for a, b in zip(numbers(action), numbers(current), strict=True))


def is_lighter(action, current=SQUAT):
    return action.rest or (not is_harder(action, current) and load_of(KNEE, action) < load_of(KNEE, current))


def judged(context=None, bounds=ALL_EQUIPMENT, current=SQUAT, ladder=KNEE):
    mask = allowed_actions(ladder, current, context or doing_well(current, ladder), bounds)
    return set(mask.allowed), {one.id for one in mask.fired}


class TestWhoDoesWell:
    def test_may_keep_ease_or_raise_one_thing(self):
        allowed, fired = judged()
        assert SQUAT in allowed
        assert Action(2, 2, 12) in allowed
        assert Action(2, 3, 8) in allowed
        assert Action(3, 2, 10) in allowed
        assert Action(2, 2, 10, 0, 1) in allowed
        assert Action(1, 1, 5) in allowed
        assert fired <= {"one_thing_at_a_time", "weekly_ceiling", "one_step_a_week"}

    def test_is_not_told_to_rest(self):
        assert REST not in judged()[0]

    def test_raises_no_two_things_at_once(self):
        allowed, _ = judged()
        assert Action(2, 3, 12) not in allowed
        assert Action(3, 2, 12) not in allowed
        assert all(
            sum(a > b for a, b in zip(numbers(one), numbers(SQUAT), strict=True)) <= 1 for one in allowed
        )

    def test_skips_no_rung(self):
        start = Action(0, 2, 10)
        allowed, _ = judged(current=start)
        assert any(one.rung == 1 for one in allowed)
        assert all(one.rung <= 1 for one in allowed)


class TestOnlyRest:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"trigger": Trigger.RED_FLAG}, "red_flag"),
            ({"exercise_on_hold": True}, "on_hold"),
        ],
    )
    def test_after_a_red_flag_or_on_hold(self, change, rule):
        allowed, fired = judged(doing_well(**change))
        assert allowed == {REST}
        assert rule in fired

    @pytest.mark.parametrize("dose", [REST, Action(2, 7, 7), Action(9, 1, 5)])
    def test_when_the_dose_in_force_is_not_on_the_ladder(self, dose):
        allowed, fired = judged(doing_well(), current=dose)
        assert allowed == {REST}
        assert "unreadable_dose" in fired

    def test_a_red_flag_outweighs_a_pin(self):
        allowed, _ = judged(doing_well(trigger=Trigger.RED_FLAG), Bounds(pinned=True))
        assert allowed == {REST}


class TestOnlyEasier:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"trigger": Trigger.PAIN_OVER_LIMIT}, "pain_over_limit"),
            ({"pain_after": PAIN_RULE.limit + 1}, "pain_over_limit"),
            ({"pain_before": PAIN_RULE.limit + 0.5}, "pain_over_limit"),
            ({"trigger": Trigger.PAIN_NEXT_MORNING}, "pain_next_morning"),
            ({"morning_rise": PAIN_RULE.morning_rise}, "pain_next_morning"),
            ({"pain_after": 5, "post_operative": True, "days_since_surgery": 30}, "post_operative_pain"),
            ({"pain_after": 5, "post_operative": True}, "post_operative_pain"),
        ],
    )
    def test_when_pain_broke_the_rule(self, change, rule):
        allowed, fired = judged(doing_well(**change))
        assert REST in allowed
        assert len(allowed) > 1
        assert all(is_lighter(one) for one in allowed)
        assert rule in fired

    def test_by_the_therapists_lower_limit(self):
        assert all(is_lighter(one) for one in judged(doing_well(pain_after=3), Bounds(pain_limit=2))[0])

    def test_and_a_higher_limit_of_the_therapist_does_not_count(self):
        assert all(is_lighter(one) for one in judged(doing_well(pain_after=6), Bounds(pain_limit=9))[0])

    def test_pain_of_five_twelve_weeks_after_the_operation_is_as_for_others(self):
        late = doing_well(pain_after=5, post_operative=True, days_since_surgery=100)
        assert SQUAT in judged(late)[0]

    def test_a_pinned_dose_cannot_be_eased_so_rest_is_left(self):
        assert judged(doing_well(pain_after=7), Bounds(pinned=True))[0] == {REST}

    def test_the_lightest_dose_leaves_rest(self):
        least = Action(0, 1, 5)
        assert judged(doing_well(least, pain_after=7), current=least)[0] == {REST}


class TestNothingHarder:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"pain_after": 4}, "amber_pain"),
            ({"pain_before": 4}, "amber_pain"),
            ({"pain_after": float("nan")}, "pain_not_known"),
            ({"compensated_sessions": 2}, "compensation"),
            ({"compensated_sessions": float("nan")}, "compensation"),
            ({"days_since_session": 15}, "long_absence"),
            ({"days_since_session": float("nan")}, "long_absence"),
            ({"load_seven_days_ago": float("nan")}, "first_week"),
            ({"rung_seven_days_ago": float("nan")}, "first_week"),
            ({"load_seven_days_ago": float("inf")}, "first_week"),
            ({"load_seven_days_ago": -5.0}, "first_week"),
            ({"resistance_seven_days_ago": 99.0}, "first_week"),
            ({"post_operative": True}, "surgery_date_not_known"),
            ({"post_operative": True, "days_since_surgery": -3.0}, "surgery_date_not_known"),
            ({"effort": float("inf")}, "unreadable_context"),
            ({"form_correct": -0.5}, "unreadable_context"),
            ({"completion": 1e300}, "unreadable_context"),
            ({"sessions_at_dose": float("nan")}, "unreadable_context"),
        ],
    )
    def test_while_something_speaks_against_it(self, change, rule):
        allowed, fired = judged(doing_well(**change))
        assert SQUAT in allowed
        assert not any(is_harder(one) for one in allowed)
        assert rule in fired
        assert REST not in allowed

    def test_when_the_therapist_forbids_it(self):
        allowed, fired = judged(bounds=Bounds(forbid_progression=True))
        assert not any(is_harder(one) for one in allowed)
        assert "forbid_progression" in fired

    def test_a_three_is_not_amber(self):
        assert any(is_harder(one) for one in judged(doing_well(pain_after=3))[0])


class TestTheWeek:
    def test_adds_at_most_a_third_to_the_load_of_seven_days_ago(self):
        ceiling = load_of(KNEE, SQUAT) * 4 / 3 + 1e-6
        allowed, fired = judged()
        assert all(load_of(KNEE, one) <= ceiling for one in allowed)
        assert "weekly_ceiling" in fired

    def test_counts_from_the_load_of_then_and_not_from_today(self):
        then = doing_well(load_seven_days_ago=load_of(KNEE, Action(2, 2, 8)))
        ceiling = load_of(KNEE, Action(2, 2, 8)) * 4 / 3 + 1e-6
        assert max(load_of(KNEE, one) for one in judged(then)[0]) <= ceiling

    def test_after_a_step_back_counts_from_the_lower_of_the_two(self):
        then = doing_well(load_seven_days_ago=load_of(KNEE, Action(2, 3, 15)))
        assert max(load_of(KNEE, one) for one in judged(then)[0]) <= load_of(KNEE, SQUAT) * 4 / 3 + 1e-6

    def test_holds_one_rung_or_one_step_of_resistance(self):
        light = Action(2, 2, 10, 0, 1)
        just_added = doing_well(light, resistance_seven_days_ago=0, load_seven_days_ago=load_of(KNEE, SQUAT))
        allowed, fired = judged(just_added, current=light)
        assert light in allowed
        assert all(self.steps_up(one, rung=2) <= 1 for one in allowed - {light})
        assert "one_step_a_week" in fired

    def test_after_a_harder_rung_waits_for_the_next(self):
        allowed, _ = judged(doing_well(rung_seven_days_ago=1))
        assert any(one.rung == 2 for one in allowed)
        assert all(self.steps_up(one, rung=1) <= 1 for one in allowed)

    @staticmethod
    def steps_up(action, *, rung):
        return max(action.rung - rung, 0) + action.resistance


class TestAfterAnOperation:
    def test_a_harder_rung_waits_for_its_day(self):
        sit_to_stand = Action(1, 2, 10)
        early = doing_well(sit_to_stand, post_operative=True, days_since_surgery=41)
        allowed, fired = judged(early, current=sit_to_stand)
        assert not any(one.rung > 1 for one in allowed)
        assert "post_operative_phase" in fired
        on_the_day = replace(early, days_since_surgery=42)
        assert any(one.rung == 2 for one in judged(on_the_day, current=sit_to_stand)[0])

    def test_resistance_waits_for_its_day(self):
        early = doing_well(post_operative=True, days_since_surgery=83)
        weighted = Action(2, 2, 10, 0, 1)
        assert weighted not in judged(early)[0]
        assert weighted in judged(replace(early, days_since_surgery=84))[0]

    def test_what_the_therapist_already_gave_stays(self):
        lunge = Action(3, 2, 8)
        early = doing_well(lunge, post_operative=True, days_since_surgery=10)
        assert lunge in judged(early, current=lunge)[0]


class TestTheTherapistsBounds:
    @pytest.mark.parametrize(
        ("bounds", "outside"),
        [
            (Bounds(most_rung=2), lambda one: one.rung > 2),
            (Bounds(least_rung=2), lambda one: one.rung < 2),
            (Bounds(most_sets=2), lambda one: one.sets > 2),
            (Bounds(least_sets=2), lambda one: one.sets < 2),
            (Bounds(most_repetitions=10), lambda one: one.repetitions > 10),
            (Bounds(least_repetitions=8), lambda one: one.repetitions < 8),
            (Bounds(most_hold_s=0), lambda one: one.hold_s > 0),
            (Bounds(most_resistance=0, equipment=("hand_weight",)), lambda one: one.resistance > 0),
        ],
    )
    def test_hold_for_every_proposal(self, bounds, outside):
        everything = judged()[0]
        allowed, fired = judged(bounds=bounds)
        assert any(outside(one) for one in everything)
        assert not any(outside(one) for one in allowed)
        assert "therapist_bounds" in fired

    def test_a_pin_leaves_the_dose_in_force(self):
        assert judged(bounds=Bounds(pinned=True)) == ({SQUAT}, {"pinned"})

    def test_switched_off_leaves_the_dose_in_force(self):
        assert judged(bounds=Bounds(adaptive=False))[0] == {SQUAT}

    def test_equipment_that_is_not_at_home_is_not_proposed(self):
        allowed, fired = judged(bounds=Bounds())
        assert not any(one.resistance for one in allowed)
        assert "equipment" in fired

    def test_equipment_in_use_stays(self):
        weighted = Action(2, 2, 10, 0, 1)
        assert weighted in judged(doing_well(weighted), Bounds(), current=weighted)[0]

    def test_bounds_that_contradict_each_other_leave_the_dose_in_force(self):
        assert judged(bounds=Bounds(least_sets=3, most_sets=1))[0] == {SQUAT}

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -1])
    def test_bounds_that_cannot_be_read_leave_the_dose_in_force(self, value):
        assert judged(bounds=Bounds(most_sets=value)) == ({SQUAT}, {"unreadable_bounds"})

    def test_a_resistance_in_the_therapists_own_words_stays_with_its_variation(self):
        allowed, fired = judged(doing_well(resistance_known=False))
        assert {(one.rung, one.resistance) for one in allowed} == {(2, 0)}
        assert any(is_harder(one) for one in allowed)
        assert "resistance_not_known" in fired


class TestTheRules:
    def test_each_has_words_a_source_and_a_version(self):
        for rule in mask_rules().rules.values():
            assert rule.words.endswith(".")
            assert len(rule.source) > 10
            assert rule.version >= 1

    def test_no_rule_is_listed_that_nothing_asks(self):
        code = Path(mask_module.__file__).read_text("utf-8")
        assert [rule for rule in mask_rules().rules if f'"{rule}"' not in code] == []

    @pytest.mark.parametrize("text", ["5", "five", None, [5]])
    def test_text_among_the_numbers_is_refused_at_the_edge(self, text):
        with pytest.raises(TypeError):
            contexts_array([doing_well(pain_after=text)])
        with pytest.raises(TypeError):
            allowed_actions(KNEE, SQUAT, doing_well(), Bounds(pain_limit=text))

    def test_a_number_beyond_any_float_narrows(self):
        assert not any(is_harder(one) for one in judged(doing_well(effort=10**400))[0])

    def test_hold_for_every_ladder(self):
        for ladder in shipped_ladders().values():
            current = Action(0, 2, 10)
            allowed, _ = judged(current=current, ladder=ladder)
            assert Action(0, 2, 12) in allowed
            assert judged(doing_well(current, ladder, pain_after=6), current=current, ladder=ladder)[0]
