"""The walk-through: the patient's short answers become the same writes that the live page makes."""

from dataclasses import asdict, replace
from uuid import UUID

from django.db import transaction

from clinic.errors import Conflict
from patients.models import PainReport
from patients.red_flags import RedFlagHit
from patients.selectors import has_consent
from patients.services import report_pain
from sessions.effort import effort_in_words
from sessions.errors import ExerciseOnHold, NothingToDoToday
from sessions.models import Conversation, ExerciseSet, TherapySession, Turn
from sessions.rehab_bot.types import WalkAct, WalkState
from sessions.rehab_bot.walking import DONE, EFFORT, OVER, PAIN, READY
from sessions.selectors.access import open_session_of
from sessions.selectors.adjustments import adjustment_to_show
from sessions.selectors.assistant.plan import plan_of
from sessions.selectors.assistant.resting import rests_today
from sessions.selectors.assistant.walk import HAS_ANSWERS, last_done, next_set, over, walk_of, walk_state
from sessions.services.adjusting import keep_as_planned
from sessions.services.answers import answer_set
from sessions.services.assistant.pains import hit_in_words, judge, take_pain
from sessions.services.assistant.recounting import recount_set
from sessions.services.lifecycle import end_session, finish_set, start_session

REST_DAY = "Today is a rest day. Your body gets stronger while it rests."
ALL_DONE = "You have done all of today's exercises. Well done."
ENDED = "We stop here for today. What you did is kept."
NOTHING_RUNS = "No session is running now. You can stop at any time."
STOPPED_TODAY = "Your exercises for today are stopped. Rest now."
TOLD_TODAY = "You told me today of too much pain. Rest for today, as I said."
TOO_LATE = "That set is too long ago to ask about."
COUNTED_FOR_YOU = "I cannot change that count: your camera or phone counted it."
TAKE_YOUR_TIME = "Take your time."
GUESS = "That is fine. Tell me about how many, or tap Done."
EXPLAINED = {
    READY: "Tell me how much it hurts right now. Tap 0 for no pain, 10 for the worst.",
    EFFORT: "I ask how hard the last set was. Tap one, or say skip.",
    PAIN: "I ask how much the last set hurt. Tap a number, or say skip.",
}
CAMERA_WORDS = "Open the exercise page to use the camera. We go on from the same set there."
NO_CAMERA_WORDS = "You have not agreed to use the camera yet. You can do that when you start from Today."


class Walk:
    """The port of one turn: whatever is asked of it, the walk-through moves on once a turn."""

    def __init__(self, conversation: Conversation, turn: Turn) -> None:
        self.conversation = conversation
        self.turn = turn
        self.hit: RedFlagHit | None = None

    def __call__(self, act: WalkAct, value: int | None = None) -> WalkState:
        """Do what the patient said and answer where that leads. Raises RuntimeError inside a transaction."""
        if not self._claim():
            return stored_state(self.conversation) or over()
        try:
            state = self._act(act, value)
        except Conflict as error:
            state = self._where(noted=error.words)
        self._keep(state)
        return state

    def _claim(self) -> bool:
        """True for the first act of this turn: a second call, or a second process, changes nothing."""
        with transaction.atomic():
            rows = Conversation.objects.select_for_update(of=("self",)).select_related(
                "patient__clinic", "session", "held_by"
            )
            locked = rows.get(pk=self.conversation.pk)
            self.conversation = locked
            if locked.walk.get("turn", 0) >= self.turn.number:
                return False
            locked.walk = locked.walk | {"turn": self.turn.number}
            locked.save(update_fields=["walk", "updated_at"])
        return True

    def _act(self, act: WalkAct, value: int | None) -> WalkState:
        state = walk_of(self.conversation) or over()
        if act == WalkAct.START or (state.waiting_for == READY and act == WalkAct.SKIP):
            return self._start(state)
        if act == WalkAct.END:
            return self._end()
        if act == WalkAct.PAIN and value is not None:
            return self._pain(state, value)
        if act == WalkAct.KEEP:
            return self._keep_as_planned()
        if act == WalkAct.CAMERA:
            return self._camera(state)
        if act in (WalkAct.REPEAT, WalkAct.EXPLAIN, WalkAct.WAIT, WalkAct.GUESS, WalkAct.LEFT):
            return self._told_again(state, act)
        return self._about_a_set(state, act, value)

    def _told_again(self, state: WalkState, act: WalkAct) -> WalkState:
        """The same question, with what the patient needs to answer it; nothing moves on."""
        noted = {
            WalkAct.WAIT: TAKE_YOUR_TIME,
            WalkAct.GUESS: GUESS,
            WalkAct.LEFT: f"This is set {state.place} of {state.places}." if state.places else "",
            WalkAct.EXPLAIN: EXPLAINED.get(state.waiting_for, ""),
        }.get(act, "")
        is_full = act in (WalkAct.REPEAT, WalkAct.EXPLAIN)
        return (
            replace(self._where(noted=noted), is_first=is_full) if state.places else self._asked_pain(noted)
        )

    def _asked_pain(self, noted: str) -> WalkState:
        return WalkState(waiting_for=READY, noted_words=noted)

    def _about_a_set(self, state: WalkState, act: WalkAct, value: int | None) -> WalkState:
        if act == WalkAct.DONE and state.waiting_for == DONE:
            return self._done(value)
        if act == WalkAct.DONE and value is not None:
            return self._counted_again(value)
        if act == WalkAct.SAME:
            return self._same(state)
        if act == WalkAct.SKIP and state.waiting_for == DONE:
            return self._done(0)
        if act == WalkAct.SKIP and state.waiting_for in (EFFORT, PAIN):
            return self._pass(state)
        if act == WalkAct.EFFORT and value is not None and state.waiting_for == EFFORT:
            return self._effort(value)
        return self._where()

    def _start(self, state: WalkState) -> WalkState:
        """Join the session that runs; else ask how much pain there is, then begin one."""
        running = open_session_of(self.conversation.patient)
        if running is not None:
            self.conversation.session = running
            return self._where()
        reason = self._reason_not_to_start()
        if reason:
            return over(reason)
        return self._begin(None) if state.waiting_for == READY else WalkState(waiting_for=READY)

    def _reason_not_to_start(self) -> str:
        plan = plan_of(self.conversation.patient)
        if plan.on_hold:
            return ExerciseOnHold.words
        if rests_today(self.conversation.patient):
            return TOLD_TODAY
        if not plan.exercises:
            return NothingToDoToday.words
        if plan.is_rest_day:
            return REST_DAY
        return ALL_DONE if plan.is_done else ""

    def _begin(self, pain: int | None) -> WalkState:
        self.conversation.session = start_session(
            self.conversation.patient, mode=TherapySession.Mode.TAP, pain_before=pain
        )
        return self._where()

    def _done(self, count: int | None) -> WalkState:
        """The set that is on: done as often as said, as asked when nothing was said, left out for none."""
        coming = next_set(self._session, self._sets())
        if coming is None:
            return self._where()
        done = (coming.target_repetitions or 1) if count is None else count
        finish_set(coming, count=done, skipped=done == 0)
        return self._where(noted="I left that set out." if done == 0 else f"I noted {done} times.")

    def _counted_again(self, count: int) -> WalkState:
        asked = last_done(self._sets())
        if asked is None:
            return self._where(noted=TOO_LATE)
        is_kept = recount_set(asked, count)
        return self._where(noted=f"I noted {count} times instead." if is_kept else COUNTED_FOR_YOU)

    def _same(self, state: WalkState) -> WalkState:
        """The answer of the set before; asked again where there is none."""
        if state.waiting_for not in (EFFORT, PAIN):
            return self._where()
        done = [one for one in self._sets() if one.state in HAS_ANSWERS]
        told = [value for one in done if (value := getattr(one, state.waiting_for)) is not None]
        if not told:
            return self._where(noted=EXPLAINED[state.waiting_for])
        return self._effort(told[-1]) if state.waiting_for == EFFORT else self._pain(state, told[-1])

    def _effort(self, value: int) -> WalkState:
        asked = last_done(self._sets())
        if asked is None:
            return self._where(noted=TOO_LATE)
        answer_set(asked, effort=value)
        return self._where(noted=f"I noted: {effort_in_words(value)}.")

    def _pain(self, state: WalkState, value: int) -> WalkState:
        if state.waiting_for == READY:
            return self._pain_before(value)
        asked = last_done(self._sets())
        if asked is None or state.waiting_for not in (EFFORT, PAIN):
            return self._pain_between(value)
        is_over = self._session.is_over
        answered = answer_set(asked, pain=value)
        if answered.hit is not None:
            return self._stopped(answered.hit)
        if is_over:
            self._report(value, PainReport.Moment.AFTER)
        return self._where(noted=f"I noted pain {value}.")

    def _pain_before(self, value: int) -> WalkState:
        """Over the limit nothing is begun: the therapist is told, and the patient rests."""
        hit = judge(value, None)
        # Since the question was asked, the patient may have been told to rest on another page.
        reason = self._reason_not_to_start()
        if hit is None and not reason:
            return self._begin(value)
        self._report(value, PainReport.Moment.BEFORE)
        return over(reason) if hit is None else self._stopped(hit)

    def _pain_between(self, value: int) -> WalkState:
        """Pain in the middle of a set: over the limit of its exercise the session ends."""
        coming = next_set(self._session, self._sets()) if self.conversation.session else None
        prescribed = coming.prescribed_exercise if coming is not None else None
        hit = take_pain(self.conversation.patient, value, moment=None, prescribed=prescribed)
        return self._where(noted=f"I heard pain {value}.") if hit is None else self._stopped(hit)

    def _report(self, value: int, moment: str) -> None:
        session = self.conversation.session
        ref: UUID | None = session.ref if session is not None else None
        report_pain(self.conversation.patient, value=value, moment=moment, session_ref=ref)

    def _stopped(self, hit: RedFlagHit) -> WalkState:
        self.hit = hit
        return over(hit_in_words(hit))

    def _pass(self, state: WalkState) -> WalkState:
        """A question that the patient does not want to answer is not asked again."""
        asked = last_done(self._sets())
        if asked is not None:
            passed = [*self.conversation.walk.get("passed", ()), f"{asked.ref}:{state.waiting_for}"]
            self.conversation.walk = self.conversation.walk | {"passed": passed}
        return self._where()

    def _keep_as_planned(self) -> WalkState:
        if self.conversation.session is None:
            return self._where()
        change = adjustment_to_show(self._session)
        if change is None:
            return self._where()
        keep_as_planned(change.exercise_set)
        return self._where(noted="We keep it as planned.")

    def _camera(self, state: WalkState) -> WalkState:
        """The same session goes on at the live page, counted by the camera where the patient agreed to it."""
        if self.conversation.session is None or self._session.is_over:
            return state
        if not has_consent(self.conversation.patient, "camera"):
            return self._where(noted=NO_CAMERA_WORDS)
        with transaction.atomic():
            session = TherapySession.objects.select_for_update().get(pk=self._session.pk)
            session.mode = TherapySession.Mode.CAMERA
            session.save(update_fields=["mode", "updated_at"])
            session.sets.filter(state=ExerciseSet.State.PLANNED).update(
                counted_by=ExerciseSet.CountedBy.CAMERA
            )
        return self._where(noted=CAMERA_WORDS)

    def _end(self) -> WalkState:
        """What runs has ended, wherever it was begun; where nothing runs, that is said."""
        patient = self.conversation.patient
        running = self.conversation.session or open_session_of(patient)
        if running is not None:
            end_session(running, completed=False)
            return over(ENDED)
        return over(STOPPED_TODAY if rests_today(patient) else NOTHING_RUNS)

    @property
    def _session(self) -> TherapySession:
        session = self.conversation.session
        if session is None:
            raise NothingToDoToday
        return session

    def _sets(self) -> list[ExerciseSet]:
        sets = self._session.sets.select_related(
            "session__patient__clinic", "prescribed_exercise", "exercise_version"
        )
        return list(sets.order_by("order"))

    def _where(self, *, noted: str = "") -> WalkState:
        session = self.conversation.session
        if session is None:
            return over(noted)
        session.refresh_from_db()
        state = walk_state(session, passed=self.conversation.walk.get("passed", ()))
        return replace(state, noted_words=noted)

    def _keep(self, state: WalkState) -> None:
        keep_walk(self.conversation, state)


def keep_walk(conversation: Conversation, state: WalkState) -> None:
    """Store where the walk-through stands; one that is over lets go of its session."""
    kept = {key: conversation.walk[key] for key in ("turn", "passed") if key in conversation.walk}
    if state.waiting_for == OVER:
        conversation.session = None
        kept.pop("passed", None)
    conversation.walk = asdict(state) | kept
    conversation.save(update_fields=["walk", "session", "updated_at"])


def stored_state(conversation: Conversation) -> WalkState | None:
    """The walk-through as the patient was last told of it; None when there was none."""
    names = WalkState.__dataclass_fields__
    stored = {name: value for name, value in conversation.walk.items() if name in names}
    return WalkState(**stored) if "waiting_for" in stored else None
