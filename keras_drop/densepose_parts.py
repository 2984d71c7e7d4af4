"""The 14 body parts of DensePose's annotators, by number."""

PART_NAMES = (
    "torso",
    "right_hand",
    "left_hand",
    "left_foot",
    "right_foot",
    "right_upper_leg",
    "left_upper_leg",
    "right_lower_leg",
    "left_lower_leg",
    "left_upper_arm",
    "right_upper_arm",
    "left_lower_arm",
    "right_lower_arm",
    "head",
)
"""The fourteen parts of DensePose, in the order of their numbers."""
PART_IDS = {name: number for number, name in enumerate(PART_NAMES, start=1)}
"""Number of each part in the labels, from 1; 0 is the background."""
