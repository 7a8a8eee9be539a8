"""Only what a cited passage or the plan says is let through; each refusal says why."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patients.red_flags import screen_pain
from patients.red_flags.hearing import hear
from prescriptions.library import codes, load
from sessions.rehab_bot.citing import Cited, sentences_of
from sessions.rehab_bot.passages import build_passages
from sessions.rehab_bot.prompt import RULES, STOCK
from sessions.rehab_bot.types import Dropped, Passage, Plan, Sentence, TurnInput
from sessions.rehab_bot.verify import Evidence, count_dropped, judge_own, verify
from tests.rehab_bot.turns import CALM, make_article, make_exercise, make_plan, make_turn

CLAM = "exercise:clamshell"
SQUAT = "exercise:squat"


def said(
    text: str,
    *refs: str,
    turn: TurnInput | None = None,
    plan: Plan | None = None,
    exercise: str = "clamshell",
) -> str:
    """ "" when the sentence may be shown, else the reason why not."""
    turn = turn or make_turn("how do I do the clamshell", plan)
    passages = build_passages(turn.plan, turn.articles)
    judged = verify(Cited(text, refs), turn, passages, exercise_code=exercise)
    return judged.reason if isinstance(judged, Dropped) else ""


class TestWhatThePassagesSay:
    @pytest.mark.parametrize(
        ("text", "ref"),
        [
            ("Lie on your side.", f"{CLAM}:start"),
            ("Lie on your side with your knees bent and your feet together.", f"{CLAM}:start"),
            ("Lift your top knee.", f"{CLAM}:how"),
            ("For the clamshell, lift your top knee and keep your hips still.", f"{CLAM}:how"),
            ("Raise your top knee, then lower it slowly.", f"{CLAM}:how"),
            ("Don't roll back.", f"{CLAM}:tip"),
            ("Stop if you feel pinching in front of your hip.", f"{CLAM}:safety"),
            ("It trains the side of your hip.", f"{CLAM}:about"),
            ("Do 2 sets of 10.", f"{CLAM}:dose"),
            ("Do two sets of ten on your left side.", f"{CLAM}:dose"),
            ("Hold each one for 5 seconds.", f"{CLAM}:dose"),
            ("Rest 30 seconds between sets.", f"{CLAM}:dose"),
            ("Do the Clamshell 3 days a week.", f"{CLAM}:dose"),
            ("Stop if the pain goes over 5 of 10.", f"{CLAM}:dose"),
        ],
    )
    def test_is_let_through(self, text: str, ref: str) -> None:
        assert said(text, ref) == ""

    @pytest.mark.parametrize("code", codes())
    def test_every_shipped_sentence_is_let_through_as_it_stands(self, code: str) -> None:
        plan = make_plan(code)
        passages = build_passages(plan, ())
        own = [each for each in passages if each.exercise_code == code]
        turn = make_turn(f"tell me about the {load(code)['name']}", plan)
        refused = {
            text: said(text, each.ref, turn=turn, exercise=code)
            for each in own
            for text in sentences_of(each.text)
            if said(text, each.ref, turn=turn, exercise=code)
        }
        assert refused == {}


class TestWhatIsPutTogether:
    """Each word and number is in the passage; together they ask for something else."""

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("Do 2 sets of 10 on each side.", "side"),
            ("Do 2 sets of 10 on both legs.", "side"),
            ("Do 2 sets of 10 and then 2 sets of 10.", "number"),
            ("Do 2 sets of 10 sets.", "number"),
            ("Do two sets of ten in 30 seconds.", "number"),
            ("Stop if the pain goes over 5 of 10 for 3 days.", "number"),
            ("Call me if it hurts.", "about_itself"),
        ],
    )
    def test_is_dropped(self, text: str, reason: str) -> None:
        assert said(text, f"{CLAM}:dose", f"{CLAM}:start") == reason

    def test_both_sides_of_a_plan_may_be_told(self) -> None:
        sides = make_exercise("clamshell", side="both", dose_words="2 sets of 10, each side")
        plan = make_plan(exercises=(sides,))
        assert said("Do 2 sets of 10 on each side.", f"{CLAM}:dose", plan=plan) == ""


class TestWhatTheyDoNotSay:
    @pytest.mark.parametrize(
        ("text", "ref", "reason"),
        [
            ("Lift your bottom knee.", f"{CLAM}:how", "unsupported"),
            ("Lower your knee quickly.", f"{CLAM}:how", "unsupported"),
            ("Lift your foot high.", f"{CLAM}:how", "unsupported"),
            ("Twist your back.", f"{CLAM}:how", "unsupported"),
            ("Lift your top knee with all your might.", f"{CLAM}:how", "unsupported"),
            ("Roll back.", f"{CLAM}:tip", "negation"),
            ("Do not keep your feet together.", f"{CLAM}:how", "negation"),
            ("Do not stop if you feel pinching in front of your hip.", f"{CLAM}:safety", "reassurance"),
            ("A small move is fine.", f"{CLAM}:tip", "limit"),
            ("Use a small move.", f"{CLAM}:tip", "unsupported"),
            ("Yes.", f"{CLAM}:how", "unsupported"),
            ("You can do the clamshell.", f"{CLAM}:how", "unsupported"),
            ("Lift your top knee.", "", "no_source"),
            ("Lift your top knee.", "exercise:secret:how", "unknown_source"),
            ("Push your hips back.", f"{SQUAT}:how", "other_exercise"),
            ("For the squat, lift your top knee.", f"{CLAM}:how", "other_exercise"),
            ("Do the plank.", f"{CLAM}:how", "other_exercise"),
        ],
    )
    def test_is_refused(self, text: str, ref: str, reason: str) -> None:
        assert said(text, *([ref] if ref else [])) == reason

    def test_one_unknown_source_among_good_ones_is_enough(self) -> None:
        assert said("Lift your top knee.", f"{CLAM}:how", "made:up") == "unknown_source"

    @pytest.mark.parametrize(
        "text",
        [
            "Hold for a moment, if you feel pinching in front of your hip.",
            "Hold for a moment if you feel pinching in front of your hip.",
            "If you feel pinching in front of your hip, hold for a moment.",
            "Lift your top knee, and when you feel pinching in front of your hip, lower it slowly.",
            "Lift your top knee while you feel pinching in front of your hip.",
            "Lift your top knee with pinching in front of your hip.",
            "Even if you feel pinching in front of your hip, keep your feet together.",
        ],
    )
    def test_a_condition_stays_with_what_it_is_said_of(self, text: str) -> None:
        assert said(text, f"{CLAM}:how", f"{CLAM}:safety") in ("unsupported", "limit")
        turned = "If you feel pinching in front of your hip, stop."
        assert said(turned, f"{CLAM}:how", f"{CLAM}:safety") == ""

    def test_a_limit_may_not_be_left_out(self) -> None:
        plan = make_plan("squat")
        assert said("Go down as far as feels good.", f"{SQUAT}:how", plan=plan, exercise="squat") == ""
        assert said("Go down as far as you can.", f"{SQUAT}:how", plan=plan, exercise="squat") == "limit"

    def test_words_of_two_sentences_make_no_new_one(self) -> None:
        """ "Do not lift as high as you can" and "Lift your hips until …" make no new one."""
        plan = make_plan("bridge")
        refs = ("exercise:bridge:tip", "exercise:bridge:how")
        assert (
            said("Lift your hips as high as you can.", *refs, plan=plan, exercise="bridge") == "unsupported"
        )
        assert said("Lift as high as you can.", *refs, plan=plan, exercise="bridge") == "negation"


class TestDoses:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("Do 3 sets of 10.", "dose_over_plan"),
            ("Do 2 sets of 12.", "dose_over_plan"),
            ("Do 2x15.", "dose_over_plan"),
            ("Do twenty repetitions.", "dose_over_plan"),
            ("Do a dozen reps.", "dose_over_plan"),
            ("Hold each one for 30 seconds.", "dose_over_plan"),
            ("Hold each one for fifty seconds.", "dose_over_plan"),
            ("Do it every day.", "dose_over_plan"),
            ("Do the clamshell 5 days a week.", "dose_over_plan"),
            ("Do the clamshell twice a day.", "number"),
            ("Do 1 set of 8.", "number"),
            ("Do 2 sets of 8.", "number"),
            ("Rest 10 seconds between sets.", "number"),
            ("Hold each one for 2 seconds.", "number"),
            ("Use 5 kg.", "number"),
            ("Stop if the pain goes over 7 of 10.", "number"),
            ("Stop if the pain goes over 3 of 10.", "number"),
            ("Do 30.", "number"),
            ("Do 10.", "number"),
            ("Do 10+ sets.", "number"),
            ("Do ten (10) full-on sets.", "number"),
            ("Do 2 or 3 sets.", "dose_over_plan"),
            ("Do 2, 3 sets.", "dose_over_plan"),
            ("Do ~10 repetitions.", "number"),
            ("Do the 2 sets twice.", "number"),
            ("Do it for 20 minutes.", "number"),
            ("Do 2 sets of 10 on your right side.", "side"),
        ],
    )
    def test_a_dose_is_the_plans_or_none(self, text: str, reason: str) -> None:
        assert said(text, f"{CLAM}:dose") == reason

    def test_an_article_cannot_raise_a_dose(self) -> None:
        article = make_article("Do 5 sets of 40 of the clamshell. Use ice for 10 minutes.")
        turn = make_turn("how many clamshells", articles=(article,))
        assert said("Do 5 sets of 40 of the clamshell.", "article:1", turn=turn) == "dose_over_plan"
        assert said("Use ice for 10 minutes.", "article:1", turn=turn) == ""

    def test_a_dose_of_another_exercise_is_not_this_ones(self) -> None:
        plan = make_plan(
            exercises=(make_exercise("clamshell"), make_exercise("squat", sets=4, dose_words="4 sets of 10"))
        )
        assert said("Do 4 sets of 10.", f"{CLAM}:dose", plan=plan) == "dose_over_plan"

    @settings(deadline=None)
    @given(sets=st.integers(1, 10), repetitions=st.integers(1, 60), hold=st.integers(1, 120))
    def test_no_dose_over_the_plan_ever_passes(self, sets: int, repetitions: int, hold: int) -> None:
        plan = make_plan("clamshell")
        text = f"Do {sets} sets of {repetitions}, and hold {hold} seconds."
        is_plan = (sets, repetitions, hold) == (2, 10, 5)
        assert (said(text, f"{CLAM}:dose", plan=plan) == "") == is_plan


class TestForbiddenWords:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("Take ibuprofen.", "medicine"),
            ("Rivaroxaban is fine.", "medicine"),
            ("You have tendinitis.", "illness"),
            ("This sounds like a small tear.", "diagnosis"),
            ("Osteoarthritis of the hip.", "illness"),
            ("Your hip is inflamed.", "diagnosis"),
            ("Keep going.", "reassurance"),
            ("You can carry on with pain.", "reassurance"),
            ("Do not worry.", "reassurance"),
            ("You need not call anybody, it will pass.", "reassurance"),
            ("There is no need to stop.", "reassurance"),
            ("<b>Lift</b> your top knee.", "html"),
            ("Lift your top knee &lt;now&gt;.", "html"),
            ("Lift your `top` knee.", "html"),
            ("See https://evil.example/x.", "link"),
            ("See evil.com for more.", "link"),
            ("Write to a@b.co.", "link"),
            ("Подними колено.", "language"),
            ("Кeep your feet together.", "language"),
            ("As an AI, I lift your top knee.", "about_itself"),
            ("My instructions say to lift your top knee.", "about_itself"),
            ("[NAME], lift your top knee.", "personal"),
            ("Other patients lift the top knee.", "personal"),
            ("word " * 41, "too_long"),
            ("12 10", "empty"),
        ],
    )
    def test_are_refused_whatever_is_cited(self, text: str, reason: str) -> None:
        assert said(text, f"{CLAM}:how") == reason

    def test_the_prompt_is_not_told(self) -> None:
        lines = [line for line in RULES.splitlines() if len(line.split()) > 8]
        assert len(lines) > 6
        assert {said(line[:200], f"{CLAM}:how") for line in lines} <= {
            "prompt_leak", "about_itself", "html", "too_long", "medicine", "illness", "reassurance",
        }  # fmt: skip

    def test_our_own_addresses_stay(self) -> None:
        article = make_article("Lift your top knee, see /movement/clamshell/ here.")
        turn = make_turn("how", articles=(article,))
        assert said("Lift your top knee, see /movement/clamshell/ here.", "article:1", turn=turn) == ""

    @pytest.mark.parametrize("text", STOCK)
    def test_the_stock_sentences_need_no_source(self, text: str) -> None:
        assert said(text.upper()) == ""


class TestAGraveMoment:
    TIP = "A small move is fine if your hips stay still."

    def test_a_quoted_tip_may_calm_in_calm_moments_only(self) -> None:
        calm = make_turn("may I move less in the clamshell")
        hit = screen_pain(8, moment="after", usual=None)
        assert said(self.TIP, f"{CLAM}:tip", turn=calm) == ""
        for grave in (
            replace(calm, pain_hit=hit),
            replace(calm, is_held=True),
            replace(calm, heard=hear(("my calf is swollen, hot and red",))),
            replace(calm, plan=replace(calm.plan, on_hold=True)),
        ):
            assert said(self.TIP, f"{CLAM}:tip", turn=grave) == "reassurance"

    def test_the_spine_hears_the_answer_too(self) -> None:
        turn = make_turn("how")
        article = make_article("Lift your top knee. Some people see a red leg.")
        evidence_text = "My calf is swollen, hot and red and I am short of breath."
        turn = replace(turn, articles=(article,))
        evidence = Evidence(turn, build_passages(turn.plan, turn.articles), "clamshell")
        judged = judge_own(Sentence(evidence_text, ()), evidence)
        assert (judged, evidence.heard_in_answer != []) == (Dropped("red_flag"), True)


class TestOurOwnSentences:
    def own(self, text: str, *refs: str, turn: TurnInput | None = None) -> str:
        turn = turn or make_turn("how many clamshells")
        passages = build_passages(turn.plan, turn.articles)
        judged = judge_own(Sentence(text, refs), Evidence(turn, passages, "clamshell"))
        return judged.reason if isinstance(judged, Dropped) else ""

    def test_their_joining_words_are_free_their_facts_are_not(self) -> None:
        assert self.own("Here is what your plan asks for: 2 sets of 10.", f"{CLAM}:dose") == ""
        assert self.own("Here is what your plan asks for: 3 sets of 10.", f"{CLAM}:dose") == "dose_over_plan"
        assert self.own("Here is what your plan asks for: 1 set of 7.", f"{CLAM}:dose") == "number"
        assert self.own("Use your right side.", f"{CLAM}:dose") == "side"
        assert self.own("Try the plank.", f"{CLAM}:dose") == "other_exercise"
        assert self.own("That is written here.", "made:up") == "unknown_source"

    def test_they_may_name_what_the_patient_named(self) -> None:
        turn = make_turn("may I do the plank on my right side?")
        assert self.own("The plank is not in your plan.", turn=turn) == ""

    def test_they_do_not_urge_anybody_on_over_the_limit(self) -> None:
        calm = make_turn("my knee is at 2", heard=CALM)
        grave = replace(calm, pain_hit=screen_pain(8, moment="after", usual=None))
        assert self.own("You may go on.", "rule:pain", turn=calm) == ""
        assert self.own("You may go on.", "rule:pain", turn=grave) == "reassurance"
        assert self.own("Do not go on.", "rule:pain", turn=grave) == ""


def test_dropped_sentences_are_counted_by_reason() -> None:
    dropped = [Dropped("number"), Dropped("side"), Dropped("number", 2)]
    assert count_dropped(dropped) == (Dropped("number", 3), Dropped("side", 1))


FREE = {"do", "your", "sets", "of", "2", "10", "not", "never"}
TRIED = "lift lower your top knee not do never stop if pinching hip roll back up down 2 3 10 sets"
WORDS = TRIED.split()


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.sampled_from([f"{CLAM}:how", f"{CLAM}:tip"])
)
def test_what_passes_is_made_of_the_passages_words(words: list[str], ref: str) -> None:
    turn = make_turn("how do I do the clamshell")
    passages = build_passages(turn.plan, ())
    text = " ".join(words).capitalize() + "."
    if isinstance(verify(Cited(text, (ref,)), turn, passages), Sentence):
        told = next(each for each in passages if each.ref == ref).text.lower()
        assert all(word in told for word in words if word not in FREE)
        assert ("not" in words or "never" in words) <= ("not" in told)
        # Of the plan's numbers 2 and 10 count sets and repetitions; 3 counts days.
        assert "3" not in words


@settings(deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_anything_can_be_judged(text: str, refs: list[str]) -> None:
    turn = make_turn("how")
    passages: tuple[Passage, ...] = build_passages(turn.plan, ())
    assert isinstance(verify(Cited(text, tuple(refs)), turn, passages), Sentence | Dropped)
