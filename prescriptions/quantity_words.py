"""Camera views and measured quantities as a clinician calls them, on curves and in the library."""

QUANTITY_WORDS = {
    "knee_flexion": "Knee bend",
    "knee_extension": "Knee stretch, 0 is straight",
    "knee_flexion_by_height": "Knee bend, judged by hip height",
    "knee_extension_by_height": "Knee stretch, judged by hip height",
    "knee_opening": "Opening of the knees",
    "hip_flexion": "Hip bend",
    "hip_extension": "Hip stretch, 0 is straight",
    "straight_leg_hip_flexion": "Leg lift",
    "leg_raise_standing": "Leg lift",
    "leg_raise_sideways": "Leg lift to the side",
    "heel_raise": "Heel lift",
    "shoulder_abduction": "Arm raise to the side",
    "shoulder_flexion": "Arm raise to the front",
    "hip_abduction": "Leg raise to the side",
}
VIEW_TITLES = {
    "side": "From the side",
    "front": "From the front",
    "front_diagonal": "Half turned",
    "feet_end": "From the feet",
}


def quantity_words(quantity: str) -> str:
    """ "Knee bend" for "knee_flexion"; a quantity without words of its own is spelled out."""
    return QUANTITY_WORDS.get(quantity, quantity.replace("_", " ").capitalize())
