"""A reply cut into sentences, and how each of them is read."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech import VoiceError, sentences
from speech.synthesis.reading import readable
from speech.synthesis.sentences import LONGEST_REPLY_CHARS
from speech.synthesis.voice import LONGEST_CHARS, speakable

READ = [
    ("Order 417203 is ready", "Order 4 1 7 2 0 3 is ready."),
    ("order 4172, size 42", "order 4 1 7 2, size 42."),
    ("It costs €19.99", "It costs 19 euros 99."),
    ("It costs 19,99 €", "It costs 19 euros 99."),
    ("from 1,299.00 euros", "from 1299 euros."),
    ("from 1.299,00 EUR", "from 1299 euros."),
    ("only €0.99 or €1", "only 99 cents or 1 euro."),
    ("$5 and £2.50", "5 dollars and 2 pounds 50."),
    ("on 2026-11-21", "on 21 November 2026."),
    ("on 21.11.2026 or 1/2/2027", "on 21 November 2026 or 1 February 2027."),
    ("on 2026-99-99", "on 2 0 2 6 9 9 9 9."),
    ("at 14:30, 14:05 and 14:00", "at 14 30, 14 oh 5 and 14 o-clock."),
    ("4.5 of 5 stars", "4 point 5 of 5 stars."),
    ("version 1.2.3", "version 1 point 2 point 3."),
    ("12,500 people", "12500 people."),
    ("1.5 kg, 20 % off, 1 l", "1 point 5 kilograms, 20 percent off, 1 litre."),
    ("8-20 o'clock", "8 to 20 o'clock."),
    ("4172-03-99", "4 1 7 2 0 3 9 9."),
    ("call +49 30 1234567", "call plus 4 9 3 0 1 2 3 4 5 6 7."),
    ("code AT-417203, USB-3, COVID-19", "code A T 4 1 7 2 0 3, U S B 3, COVID 19."),
    ("#417203", "number 4 1 7 2 0 3."),
    ("write to anna.w7@shop-care.com!", "write to anna dot w 7 at shop dash care dot com!"),
    ("see https://www.shop.example/a/b?c=1#d.", "see the page shop dot example."),
    ("see [our help](https://shop.example/help).", "see our help."),
    ("e.g. the red one, approx. 3", "for example the red one, about 3."),
    ("**Bold** _word_ `code` ~~gone~~ # not a title", "Bold word code gone not a title."),
    ("- a point", "a point."),
    ("2. a point", "2, a point."),
    ("Great 🎉👍🏽 news ❤️!", "Great news!"),
    ("Müller’s café – naïve", "Muller's cafe, naive."),
    ("salt & pepper, 2x", "salt and pepper, 2 times."),
    ("٤١٧٢٠٣ and ４１７２０３", "4 1 7 2 0 3 and 4 1 7 2 0 3."),
    ("[[aa]] <voice name='x'>hi</voice> \x1b[2J -f /etc/passwd", "aa voice name x hi voice 2 J f etc passwd."),
    ("what?!... really", "what? really."),
]


@pytest.mark.parametrize(("written", "said"), READ, ids=[written for written, _ in READ])
def test_sentence_is_read_as_a_person_would(written: str, said: str) -> None:
    assert readable(written) == said


@pytest.mark.parametrize(
    "nothing", ["", " \n\t ", "🙂🙂", "...", "-- ** --", "Привет, мир", "你好", "\x00\x07", "<>[]{}"]
)
def test_nothing_readable_is_nothing(nothing: str) -> None:
    assert sentences(nothing) == []


CUT = [
    ("Hello. How are you? Fine!", ["Hello.", "How are you?", "Fine!"]),
    ("It is e.g. the kettle. Yes.", ["It is e.g. the kettle.", "Yes."]),
    ("Ask Dr. Weber or Mr. Lee. Now.", ["Ask Dr. Weber or Mr. Lee.", "Now."]),
    ("It is No. 5. No. It is not.", ["It is No. 5.", "No.", "It is not."]),
    ("Order 417203. It was sent.", ["Order 417203.", "It was sent."]),
    ("€19.99 or 4.5 stars. See shop.example. Bye", ["€19.99 or 4.5 stars.", "See shop.example.", "Bye"]),
    ("On 21. November it comes. Good.", ["On 21. November it comes.", "Good."]),
    ("- One\n- Two\n\n1. Three\n2. Four", ["- One", "- Two", "1. Three", "2. Four"]),
    ("From 9 a.m. to 5 p.m. daily.", ["From 9 a.m. to 5 p.m. daily."]),
    ('He said "yes." Then "no!" again.', ['He said "yes."', 'Then "no!"', "again."]),
    ("Wait … what? Yes", ["Wait … what?", "Yes"]),
]


@pytest.mark.parametrize(("reply", "cut"), CUT, ids=[reply for reply, _ in CUT])
def test_reply_is_cut_where_sentences_end(reply: str, cut: list[str]) -> None:
    assert [reply[one.start : one.end] for one in sentences(reply)] == cut


def test_long_sentence_is_cut_at_a_comma_and_never_inside_a_number() -> None:
    reply = "word " * 30 + "and then, " + "word " * 14 + "1 299 417 203 pieces " * 20
    first, *others = [reply[one.start : one.end] for one in sentences(reply)]
    assert first.endswith("and then,")
    assert len(others) >= 2
    assert sum(part.count("1 299 417 203") for part in others) == 20


def test_reply_beyond_the_limit_is_refused_at_once() -> None:
    with pytest.raises(VoiceError, match="1,000,000 characters"):
        sentences("a" * 1_000_000)


NUMBERS = st.one_of(
    st.integers(0, 10**8).map(str),
    st.decimals(0, 99999, places=2).map(lambda amount: f"€{amount:,}"),
    st.decimals(0, 9999, places=2).map(lambda amount: f"{amount} euros"),
    st.dates().map(lambda day: day.isoformat()),
    st.times().map(lambda time: f"{time.hour}:{time.minute:02}"),
    st.just("anna.weber@shop.example.com"),
    st.just("https://shop.example/a.b/c?d=1.5"),
)
WORDS = st.sampled_from(["the", "order", "Kettle", "is", "yes.", "No!", "why?", "and,", "Dr.", "e.g.", "🙂", "\n"])


@given(st.lists(st.one_of(WORDS, NUMBERS), min_size=1, max_size=120))
def test_no_number_price_date_or_address_is_cut(tokens: list[str]) -> None:
    reply = " ".join(tokens)
    places = [(one.start, one.end) for one in sentences(reply)]
    for number in re.finditer(r"\S*\d\S*|\S+@\S+", reply):
        assert any(start <= number.start() and number.end() <= end for start, end in places), number[0]


@given(st.text(max_size=1500))
def test_whatever_is_written_a_voice_can_take_it(reply: str) -> None:
    end = 0
    for one in sentences(reply):
        assert end <= one.start < one.end <= len(reply)
        assert speakable(one.spoken) == one.spoken and len(one.spoken) <= LONGEST_CHARS
        end = one.end


@given(st.text(alphabet="0123456789., -+/:€$#%x&@m kgA'\n", max_size=600))
def test_signs_and_digits_in_any_order_stay_within_a_voice_s_limit(reply: str) -> None:
    for one in sentences(reply):
        assert speakable(one.spoken) == one.spoken


@given(st.integers(10_000, 10**12))
def test_order_number_keeps_its_digits_in_order(number: int) -> None:
    assert readable(f"Order {number}") == f"Order {' '.join(str(number))}."


def test_hostile_text_takes_no_time() -> None:
    for piece in ("1.", "a@", "€1,", "((", "A-1", "[a](", "http://", "1-", "1,000", ". ", "+1 "):
        began = time.process_time()
        sentences((piece * LONGEST_REPLY_CHARS)[:LONGEST_REPLY_CHARS])
        assert time.process_time() - began < 3.0, piece
