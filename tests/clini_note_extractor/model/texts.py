"""Texts that a reader of notes must survive."""

from hypothesis import strategies as st

PROSE = (
    "The patient reports left knee pain of 6/10 after total knee arthroplasty. Knee flexion is 0 to 105 "
    "degrees and quadriceps strength is 4+/5. He denies diabetes. Treatment consisted of gait training and a "
    "home exercise program. LEFS was 42/80."
)
PIECES = [
    "left knee", "R", "pain 5/10", "4+/5", "0 to 120 degrees", "LEFS 42/80", "history of", "osteoarthritis",
    "gait training", "total hip arthroplasty", "(", ")", ",", ".", ".,", ":", "\n", "\r\n", "\t", "   ",
    "__________", "😀", "\u200f", "\u202e", "\u00a0", "é", "e\u0301", "膝", "\u2028", "L4-L5", "°", "’", "-",
    "–", "120deg", "\ufeff", "\u200b", "x" * 150, "9" * 150, "½", "PAST MEDICAL HISTORY:", "\x00", "\ufffd",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
)
