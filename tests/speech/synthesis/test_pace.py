"""Slow is really slower, in each voice that is here."""

import pytest

from speech import VOICES, VoiceError, VoiceSetup, open_voice


@pytest.mark.parametrize("name", VOICES)
async def test_a_slower_pace_takes_longer_and_a_wrong_one_is_refused(name: str) -> None:
    try:
        voice = open_voice(VoiceSetup(name))
    except VoiceError as err:
        pytest.skip(str(err))
    assert voice is not None
    usual = (await voice.speak("Your order is on its way to you.")).seconds
    slow = (await voice.speak("Your order is on its way to you.", rate=0.7)).seconds
    assert 1.2 < slow / usual < 1.6, "1 / 0.7 is 1.43; pauses stretch by less"
    for wrong in (0.0, 0.49, 2.01, float("nan"), -1.0):
        with pytest.raises(VoiceError, match=r"0\.5 to 2"):
            await voice.speak("Hello.", rate=wrong)
