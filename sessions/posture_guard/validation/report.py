"""The validation as a whole: counting and form on UI-PRMD, counting on clips of real people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clinic.statistics import Interval, balanced_accuracy, bootstrap_over_people, wilson
from sessions.posture_guard.types import ENGINE_VERSION
from sessions.posture_guard.validation.clips import ClipCount, count_clips, off_by_one
from sessions.posture_guard.validation.errors import BadData
from sessions.posture_guard.validation.form import Scored, accuracy, left_out, score_person
from sessions.posture_guard.validation.storing import NOT_SHOWN
from sessions.posture_guard.validation.studies import STUDIES, Camera, Study, count_joined, of_people
from sessions.posture_guard.validation.uiprmd import Episode, read_kinect

SEPARATES_FROM = 0.75


@dataclass(frozen=True, slots=True)
class Count:
    """One recording of joined repetitions."""

    person: int
    counted: int
    true: int


@dataclass(slots=True)
class StudyResult:
    """All that was found for one exercise, or for all pooled."""

    counts: list[Count] = field(default_factory=list)
    incorrect_counts: list[Count] = field(default_factory=list)
    scored: dict[int, list[Scored]] = field(default_factory=dict)
    answers_left_out: dict[int, list[tuple[bool, bool | None]]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        repetitions = [one for scored in self.scored.values() for one in scored]
        return {
            "people": len({count.person for count in self.counts}),
            "repetitions": len(repetitions),
            "recordings": len(self.counts),
            "exact": _share_of(self.counts, exact=True).to_dict(),
            "off_by_one": _share_of(self.counts, exact=False).to_dict(),
            "exact_incorrect": _share_of(self.incorrect_counts, exact=True).to_dict(),
            "off_by_one_incorrect": _share_of(self.incorrect_counts, exact=False).to_dict(),
            "balanced_accuracy": bootstrap_over_people(self.scored, accuracy).to_dict(),
            "balanced_accuracy_left_out": bootstrap_over_people(
                self.answers_left_out, balanced_accuracy
            ).to_dict(),
            "coverage": wilson(
                sum(r.says_faulty is not None for r in repetitions), len(repetitions)
            ).to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The whole validation."""

    exercises: Mapping[str, StudyResult]
    views: Mapping[str, str]
    pooled: StudyResult
    clips: Sequence[ClipCount]
    missing: Sequence[str] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON with the keys exercises, pooled and clips."""
        return {
            "engine": ENGINE_VERSION,
            "exercises": {
                code: {"view": self.views[code]} | result.to_dict() | label(result)
                for code, result in self.exercises.items()
            },
            "pooled": self.pooled.to_dict(),
            "clips": [clip.to_dict() for clip in self.clips],
            "missing": list(self.missing),
        }


def validate(folder: Path) -> Report:
    """Score all people and clips under `folder`; what is not there is named in `missing`.

    Raises BadData when both parts are missing or one is broken.
    """
    if not folder.is_dir():
        raise BadData(folder, "is not a folder")
    people, clips = folder / "uiprmd" / "kinect_joints.npz", folder / "landmarks" / "index.json"
    missing = tuple(str(path.relative_to(folder)) for path in (people, clips) if not path.is_file())
    if len(missing) == 2:
        raise BadData(folder, f"holds neither {missing[0]} nor {missing[1]}")
    exercises = study_people(folder) if people.is_file() else {}
    counts = count_clips(folder) if clips.is_file() else []
    return Report(exercises, {s.code: s.view for s in STUDIES}, pool(exercises.values()), counts, missing)


def study_people(folder: Path) -> dict[str, StudyResult]:
    """Each studied exercise on the people of `folder`. Raises BadData, also when no movement fits."""
    episodes, rate_hz = read_kinect(folder)
    exercises = {study.code: study_result(study, episodes, rate_hz=rate_hz) for study in STUDIES}
    if not any(result.counts for result in exercises.values()):
        raise BadData(folder, f"holds none of the movements {', '.join(str(s.movement) for s in STUDIES)}")
    return exercises


def study_result(study: Study, episodes: Sequence[Episode], *, rate_hz: float) -> StudyResult:
    """Count and judge each person's repetitions of one movement."""
    result, rules = StudyResult(), study.rules
    for person, theirs in of_people(episodes, study):
        camera = Camera.set_up(study, theirs[0].joints, rate_hz=rate_hz)
        for correct, counts in ((True, result.counts), (False, result.incorrect_counts)):
            chosen = [episode for episode in theirs if episode.correct is correct]
            if chosen:
                counted = len(count_joined(rules, camera, chosen).repetitions)
                counts.append(Count(person, counted, len(chosen)))
        scored = score_person(rules, study, theirs, rate_hz=rate_hz)
        if scored:
            result.scored[person] = scored
    result.answers_left_out = left_out(result.scored)
    return result


def pool(results: Any) -> StudyResult:
    """All exercises together, person by person."""
    pooled = StudyResult()
    for result in results:
        pooled.counts += result.counts
        pooled.incorrect_counts += result.incorrect_counts
        for person, scored in result.scored.items():
            pooled.scored.setdefault(person, []).extend(scored)
        for person, answers in result.answers_left_out.items():
            pooled.answers_left_out.setdefault(person, []).extend(answers)
    return pooled


def label(result: StudyResult) -> dict[str, Any]:
    """Was it shown to separate good from poor form? With the person left out; needs two people."""
    answers = [answer for theirs in result.answers_left_out.values() for answer in theirs]
    value = balanced_accuracy(answers)
    shown = value >= SEPARATES_FROM
    return {"shown_to_separate": shown, "label": "" if shown else NOT_SHOWN}


def _share_of(counts: Sequence[Count], *, exact: bool) -> Interval:
    hits = sum(c.counted == c.true if exact else off_by_one(c.counted, (c.true,)) for c in counts)
    return wilson(hits, len(counts))
