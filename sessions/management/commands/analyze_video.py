"""`manage.py analyze_video FILE --exercise squat`: count and judge one set in a film, without storing
anything.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prescriptions import library
from prescriptions.movement.rules import ExerciseRules
from sessions.posture_guard import SetResult
from sessions.video.analyse import VideoAnalysis, analyse_video
from sessions.video.errors import PoseModelUnavailable, VideoProblem, WeightsMissing
from sessions.video.weights import SHA256


class Command(BaseCommand):
    help = "Count and judge one set of an exercise in a video file. Nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="MP4, MOV, WebM or AVI")
        parser.add_argument("--exercise", required=True, choices=library.codes())
        parser.add_argument("--view", help="where the camera stood; the exercise's usual view if left out")
        parser.add_argument("--side", choices=("left", "right", "both"), help="the side that worked")
        parser.add_argument("--model", choices=sorted(SHA256), default="full")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        spec = library.load(options["exercise"])
        view = options["view"] or _usual_view(spec)
        if view not in spec["views"]:
            raise CommandError(f"--view: {spec['name']} can be judged from: {', '.join(spec['views'])}.")
        side = options["side"] or ("both" if "both" in spec["sides"] else spec["sides"][0])
        if side not in spec["sides"]:
            raise CommandError(f"--side: {spec['name']} is done with: {', '.join(spec['sides'])}.")
        analysis = self._analyse(options, ExerciseRules.from_dict(spec), view=view, side=side)
        if options["json"]:
            self.stdout.write(json.dumps(analysis.to_dict()))
        else:
            self._tell(analysis)

    def _analyse(
        self, options: dict[str, Any], rules: ExerciseRules, *, view: str, side: str
    ) -> VideoAnalysis:
        try:
            return analyse_video(
                options["file"],
                rules,
                view=view,
                side=side,
                size=options["model"],
                on_progress=self._report,
            )
        except (VideoProblem, WeightsMissing, PoseModelUnavailable) as problem:
            raise CommandError(str(problem)) from problem

    def _report(self, share: float) -> None:
        ending = "\n" if share >= 1 else "\r"
        self.stderr.write(f"{share:4.0%} read", ending=ending)
        self.stderr.flush()

    def _tell(self, analysis: VideoAnalysis) -> None:
        result, found = analysis.result, analysis.landmarks
        self.stdout.write(
            f"{len(found.t_ms)} pictures, a person in {found.found_share:.0%}; "
            f"counted angle seen in {result.coverage:.0%}."
        )
        if not result.view_check.fits:
            self.stdout.write(result.view_check.words)
        for line in _lines(result):
            self.stdout.write(line)
        self.stdout.write(f"{len(result.repetitions)} repetitions.")


def _usual_view(spec: dict[str, Any]) -> str:
    views: dict[str, Any] = spec["views"]
    return next((name for name, view in views.items() if view.get("default")), next(iter(views)))


def _lines(result: SetResult) -> list[str]:
    return [
        f"{one.index:3d}  {one.start_s:6.1f}–{one.end_s:.1f} s  {one.side:5s}  "
        f"{one.peak_deg:4.0f}°  {one.classification.replace('_', ' '):12s} {one.words}"
        for one in result.repetitions
    ]
