from sessions.cues import SAME_CUE_AGAIN_S, SHOW_S, Cue, CueBoard

LEAN = Cue("trunk_lean", "Lift your chest.", "mild")
KNEES = Cue("knee_valgus", "Keep your knees over your toes.", "significant")


def test_the_most_severe_cue_is_shown_alone():
    assert CueBoard().offer([LEAN, KNEES], at_s=0.0) == KNEES


def test_a_cue_stays_for_a_moment_and_goes():
    board = CueBoard()
    board.offer([LEAN], at_s=0.0)
    assert board.offer([], at_s=SHOW_S - 0.1) == LEAN
    assert board.offer([], at_s=SHOW_S) is None


def test_only_a_more_severe_cue_interrupts():
    board = CueBoard()
    board.offer([LEAN], at_s=0.0)
    assert board.offer([KNEES], at_s=0.5) == KNEES
    assert board.offer([LEAN], at_s=1.0) == KNEES


def test_the_same_cue_is_not_said_again_at_once():
    board = CueBoard()
    board.offer([LEAN], at_s=0.0)
    assert board.offer([LEAN], at_s=SHOW_S + 1) is None
    assert board.offer([LEAN], at_s=SAME_CUE_AGAIN_S) == LEAN
