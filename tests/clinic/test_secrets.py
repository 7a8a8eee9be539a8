"""A sealed secret opens for its own row, under every key that is still there, and for nothing else."""

from typing import Any

import pytest

from clinic.secrets import NoSealingKey, SealBroken, is_sealed_with_first_key, seal, unseal

OLD = "old-old-old-old-old-old-old-old-old-old-old-old-old-0123456789"
NEW = "new-new-new-new-new-new-new-new-new-new-new-new-new-9876543210"
ROW = "3:ModelProvider:one"


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    sealed = seal("sk-a-very-secret-key-ä", belongs_to=ROW)
    assert unseal(sealed, belongs_to=ROW) == "sk-a-very-secret-key-ä"
    assert "secret" not in sealed
    assert sealed != seal("sk-a-very-secret-key-ä", belongs_to=ROW)


def test_it_does_not_open_for_another_row() -> None:
    sealed = seal("a key", belongs_to=ROW)
    with pytest.raises(SealBroken):
        unseal(sealed, belongs_to="4:ModelProvider:one")


def test_a_new_key_comes_first_and_the_old_one_still_opens(settings: Any) -> None:
    settings.PLUMBLINE_SEALING_KEYS = [OLD]
    before = seal("a key", belongs_to=ROW)
    settings.PLUMBLINE_SEALING_KEYS = [NEW, OLD]
    assert unseal(before, belongs_to=ROW) == "a key"
    assert not is_sealed_with_first_key(before)
    after = seal("a key", belongs_to=ROW)
    assert is_sealed_with_first_key(after)
    settings.PLUMBLINE_SEALING_KEYS = [NEW]
    assert unseal(after, belongs_to=ROW) == "a key"
    with pytest.raises(SealBroken):
        unseal(before, belongs_to=ROW)


@pytest.mark.parametrize("damage", ["", "v1", "v1::", "garbage", "v2:00000000:AAAA", "v1:{id}:", "v1:{id}:é"])
def test_damage_says_so_in_words_without_the_secret(damage: str) -> None:
    key_id = seal("a key", belongs_to=ROW).split(":")[1]
    with pytest.raises(SealBroken) as caught:
        unseal(damage.format(id=key_id), belongs_to=ROW)
    assert caught.value.words.startswith("The stored secret cannot be read")


def test_one_changed_character_does_not_open() -> None:
    sealed = seal("a key", belongs_to=ROW)
    place = len(sealed) // 2
    changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
    with pytest.raises(SealBroken):
        unseal(changed, belongs_to=ROW)


def test_without_a_key_nothing_is_sealed(settings: Any) -> None:
    sealed = seal("a key", belongs_to=ROW)
    settings.PLUMBLINE_SEALING_KEYS = [""]
    with pytest.raises(NoSealingKey):
        seal("a key", belongs_to=ROW)
    with pytest.raises(NoSealingKey):
        unseal(sealed, belongs_to=ROW)
