"""A patient about to stream a set: who, which set, and what the server holds of it."""

from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from clinic.tenancy.scope import clinic_scope
from sessions import selectors
from sessions.models import ExerciseSet, Recording
from tests.factories.patients import Ward
from tests.sessions.stream_client import StreamClient, sign_in


@dataclass
class Scene:
    ward: Ward
    session: Any
    exercise_set: Any
    cookie: bytes

    def client(self, **options: Any) -> StreamClient:
        return StreamClient("north", self.exercise_set.ref, options.pop("cookie", self.cookie), **options)

    async def read(self, function: Any, *args: Any) -> Any:
        def scoped() -> Any:
            with clinic_scope(self.session.clinic_id):
                return function(*args)

        return await sync_to_async(scoped)()

    async def stored(self) -> bytes:
        def read() -> bytes:
            recording = Recording.objects.get(exercise_set=self.exercise_set)
            return b"".join(raw for raw, _ in selectors.stored_frames(recording.pk))

        return await self.read(read)

    async def set_now(self) -> ExerciseSet:
        return await self.read(lambda: ExerciseSet.objects.get(pk=self.exercise_set.pk))


async def cookie_of(member: Any) -> bytes:
    return await sync_to_async(sign_in)(member.user)
