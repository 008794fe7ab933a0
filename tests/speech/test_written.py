"""Spoken words as one writes them: a table, and rules that hold for all input."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech import Word, digit_rows, write, written_form
from speech.language.numerals import is_number_word, word_set

NUMBERS = [
    ("order four one seven two oh three", "order 417203"),
    ("where is my order four one seven two zero three", "where is my order 417203"),
    ("Please look up order number 407359.", "Please look up order number 407359."),
    ("Please look up order number four oh seven three five nine.", "Please look up order number 407359."),
    ("Four, one, one, six, four.", "41164"),
    ("Four, eight, o, three, five, seven.", "480357"),
    ("Four. Two. Nine. One. Six. Zero.", "429160"),
    ("It is four one seven two zero three. One moment please.", "It is 417203. One moment please."),
    ("4 1 7 2 0 3", "417203"),
    ("4-1-7-2-0-3", "417203"),
    ("order 417 203", "order 417203"),
    ("order 417-203", "order 417-203"),
    ("order four-one-seven-two-oh-three please", "order 417203 please"),
    ("A four-seven-zero-one, one-six-six-think.", "A 4701166 think."),
    ("forty-one, seventy two, o three", "417203"),
    ("forty-one seventy-two oh three", "417203"),
    ("Forty two, eighteen, sixty five.", "421865"),
    ("double four one seven two zero", "441720"),
    ("Double four, one, nine, three, seven.", "441937"),
    ("four triple two eight one", "422281"),
    ("four treble two eight one", "422281"),
    ("four one double oh three two", "410032"),
    ("double 4 1 7 2 0", "441720"),
    ("four hundred seventeen two hundred three", "417203"),
    ("Order number four hundred seventeen, two hundred three.", "Order number 417203."),
    ("four hundred and seventeen, two hundred and three", "417203"),
    ("four hundred seventeen thousand two hundred and three", "417203"),
    ("order number four five two nine hundred eighteen", "order number 452918"),
    ("the order number is four zero five five one eight", "the order number is 405518"),
    ("Uh, four seven zero one one six I think", "Uh, 470116 I think"),
    ("no it is four three one eight five seven", "no it is 431857"),
    ("four nine one two two eight, no sorry, four nine one two two seven", "491228, no sorry, 491227"),
    ("order four oh nine nine seven seven to go", "order 409977 to go"),
    ("four one seven two zero three and one zero one one five", "417203 and 10115"),
    ("my postcode is one zero one one five", "my postcode is 10115"),
    ("my postcode is one zero double one five", "my postcode is 10115"),
    ("My postcode is five o, six, six, seven.", "My postcode is 50667."),
    ("oh one oh six seven Dresden", "01067 Dresden"),
    ("zip code nine nine zero eight four", "zip code 99084"),
    ("plus four nine three zero one two three four five six seven", "+49301234567"),
    ("my phone number is zero three zero one two three four five", "my phone number is 03012345"),
    ("customer number seven seven one two", "customer number 7712"),
    ("pin one two three", "pin 123"),
    ("invoice number two thousand and twelve", "invoice number 2012"),
    ("order number four hundred and twelve", "order number 412"),
    ("my order number is uh four one seven two oh three", "my order number is uh 417203"),
    ("four one seven two oh three four one seven two oh four", "417203417204"),
    ("it should be 413, 961, no, sorry, 413, 962.", "it should be 413961, no, sorry, 413962."),
    ("nought one two three four", "01234"),
    ("Yes, four one seven two zero three!", "Yes, 417203!"),
    ("(four one seven two zero three)", "(417203)"),
]
SOUNDALIKE = [
    ("for one seven to zero three", "417203"),
    ("Where is my order for three, one, eight, five, six,", "Where is my order 431856"),
    ("Order number four, five to nine hundred eighteen.", "Order number 452918."),
    ("Four to nine, one, six, zero.", "429160"),
    ("forty one ninety two or six", "419206"),
    ("four, eight, or three, five, seven.", "480357"),
    ("four one won seven two zero", "411720"),
]
CODES = [
    ("A. T. one, zero, four, two.", "AT1042"),
    ("A T dash one zero four two", "AT-1042"),
    ("a t hyphen one zero four two", "AT-1042"),
    ("code b as in bravo dash one two", "code B-12"),
    ("alpha tango one zero four two", "AT1042"),
    ("november echo hyphen four two", "NE-42"),
    ("bravo charlie delta", "BCD"),
    ("b as in bravo", "B"),
    ("B as in Bertha", "B"),
    ("m for Mike", "M"),
    ("n like nancy", "N"),
    ("A as in alpha, T as in tango, one zero four two", "AT1042"),
    ("t v one two three four", "TV1234"),
    ("four one seven dash two zero three", "417-203"),
    ("k e t t l e", "kettle"),
    ("my name is K. R. A. M. E. R.", "my name is KRAMER."),
    ("w e double b e r", "webber"),
]
MAIL = [
    ("anna dot weber at example dot com", "anna.weber@example.com"),
    ("My email is ana.smith at example.com", "My email is ana.smith@example.com"),
    ("My email is ana.smith at example dot com.", "My email is ana.smith@example.com."),
    ("My email is Peter Dot Lang at example Dot Org.", "My email is peter.lang@example.org."),
    ("Anna.Weber@Example.com", "Anna.Weber@Example.com"),
    ("anna.weber@example dot com", "anna.weber@example.com"),
    ("a n n a dot weber at example dot com", "anna.weber@example.com"),
    ("a double n a dot weber at example dot com", "anna.weber@example.com"),
    ("A. N. N. A. dot weber at example dot com", "anna.weber@example.com"),
    ("a as in anton n n a dot weber at example dot com", "anna.weber@example.com"),
    ("lukas underscore h at example dot org", "lukas_h@example.org"),
    ("david dash kramer at example point net", "david-kramer@example.net"),
    ("anna dot weber eighty five at example dot co dot uk", "anna.weber85@example.co.uk"),
    ("anna dot weber eight five at example dot com", "anna.weber85@example.com"),
    ("anna plus shop at example dot com", "anna+shop@example.com"),
    ("my email is anna at example dot com", "my email is anna@example.com"),
    ("anna at my dash shop dot de", "anna at my dash shop dot de"),
    ("anna dot weber at big dash shop dot de", "anna.weber@big-shop.de"),
    ("it is anna dot weber at g m x dot de thanks", "it is anna.weber@gmx.de thanks"),
    ("and my mail is rosa dot winter at example dot org and the order is four one seven two zero three",
     "and my mail is rosa.winter@example.org and the order is 417203"),
    ("www dot example dot com", "www.example.com"),
]  # fmt: skip
AMOUNTS = [
    ("twenty euros and fifty cents", "20.50 euros"),
    ("It costs nineteen euros and ninety nine cents.", "It costs 19.99 euros."),
    ("nineteen euros ninety nine", "19.99 euros"),
    ("nineteen ninety nine euros", "19.99 euros"),
    ("it costs nineteen ninety nine", "it costs 19.99"),
    ("nineteen point nine nine euros", "19.99 euros"),
    ("20 euros and 50 cents", "20.50 euros"),
    ("20 euros", "20 euros"),
    ("under fifty euros", "under 50 euros"),
    ("under fifty", "under 50"),
    ("less than eighty", "less than 80"),
    ("up to a hundred euros", "up to 100 euros"),
    ("one hundred and twenty euros", "120 euros"),
    ("two thousand euros", "2000 euros"),
    ("five euros and five cents", "5.05 euros"),
    ("fifty cents", "50 cents"),
    ("one euro", "1 euro"),
    ("not more than thirty dollars", "not more than 30 dollars"),
    ("a kettle for sixty euros please", "a kettle for 60 euros please"),
    ("my limit is one hundred fifty", "my limit is 150"),
    ("twenty euros and five people", "20 euros and five people"),
]
DATES = [
    ("the third of march", "3 March"),
    ("The third of March,", "3 March"),
    ("on the twenty first of december", "on 21 December"),
    ("march third two thousand twenty six", "March 3, 2026"),
    ("march third", "March 3"),
    ("June the fifth", "June 5"),
    ("the third of march two thousand twenty six", "3 March 2026"),
    ("the third of march twenty twenty six", "3 March 2026"),
    ("the first of may", "1 May"),
    ("the 3rd of march", "3 March"),
    ("in nineteen ninety nine", "in 1999"),
    ("since twenty twenty four", "since 2024"),
    ("three thirty p.m.", "3:30 pm."),
    ("at ten a m", "at 10 am"),
    ("at five o'clock", "at 5 o'clock"),
    ("at five o clock", "at 5 o'clock"),
    ("at three thirty", "at 3:30"),
    ("before four fifteen", "before 4:15"),
]
PROSE = [
    "one of my orders", "for two people", "to", "I have called four times", "two to three days",
    "open from nine to five", "four, five, six or seven people", "I ordered two toasters and three kettles.",
    "look at the example", "look at the example dot com", "I looked at amazon dot com", "twenty, thirty, forty people",
    "may I first check", "I may first ask my wife", "oh, four people came", "the first one", "the second one, please.",
    "This is the third time I ask!", "I am at home", "I want two.", "one or two", "I got it for free",
    "you can march first", "a hundred times", "three-year warranty", "the four-pack", "twenty-four seven support",
    "it is too late for me", "I won a kettle and ate two cakes", "double room", "a dot on the lid", "in ten minutes",
    "it stopped after two days", "I have been waiting for four weeks", "for Mike", "call me at six", "no one helps",
    "We live at number four", "second floor, third door", "Ask not what your country can do for you.", "hotel golf",
    "twelve garden street", "I am one in a million", "7 out of 10", "The blue kettle, 1.7 liters", "it's 5 to 12",
    "10115 Berlin", "Am Markt 7, 55116 Mainz", "417203, 10115", "€20", "2026-11-21", "I'll take the A and the B.",
    "anna at home", "dot", "at", "A", "I", "-", "...", "?!", "¿Qué?", "你好 世界", "Grüße aus Köln", "\u200b", "😀 😀",
    "Привет один два", "x" * 300, "fifty percent", "vitamin b twelve", "half past three", "plan b",
]  # fmt: skip
TABLE = [*NUMBERS, *SOUNDALIKE, *CODES, *MAIL, *AMOUNTS, *DATES, *((text, text) for text in PROSE)]
VOCABULARY = word_set(
    "one two three four nine zero oh o to too for won ate or of double ten eleven twenty forty hundred thousand and a "
    "i b n dash dot at com example anna euros cents point may march third first the is it order number my mail under "
    "in pm p m o'clock as bravo november mike capital plus underscore 12 417 4 1 7 20 2026 no sorry , . people"
)


@pytest.mark.parametrize(("heard", "written"), TABLE)
def test_heard_words_are_written(heard: str, written: str) -> None:
    assert written_form(heard) == written
    assert written_form(written) == written


def test_the_table_is_large() -> None:
    assert len({heard for heard, _ in TABLE}) == len(TABLE) >= 150


@given(
    st.lists(st.sampled_from(sorted(VOCABULARY)).flatmap(lambda word: st.sampled_from([word, word + ",", word + "."])))
)
@settings(max_examples=400, deadline=None)
def test_what_is_written_stays(words: list[str]) -> None:
    written = written_form(" ".join(words))
    assert written_form(written) == written


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_keeps_its_words(text: str) -> None:
    written = written_form(text)
    assert written_form(written) == written
    plain = [word for word in re.findall(r"[^\W\d_]{7,}", text) if not is_number_word(word)]
    assert all(word.lower() in written.lower() for word in plain)


def test_words_keep_their_times_and_the_least_confidence() -> None:
    words = [
        Word("Order", 0.0, 0.4, 0.9),
        Word("four,", 0.5, 0.7, 0.8),
        Word("one,", 0.8, 0.9, 0.6),
        Word("seven", 1.0, 1.2, 0.95),
        Word("please.", 1.3, 1.6, 0.7),
    ]
    assert write(words) == (words[0], Word("417", 0.5, 1.2, 0.6), words[4])


def test_a_number_with_one_word_of_unknown_confidence_has_none() -> None:
    words = [Word("four", confidence=0.9), Word("one"), Word("seven", confidence=0.9), Word("two", confidence=0.9)]
    assert write(words) == (Word("4172"),)


@pytest.mark.parametrize(("heard", "written"), SOUNDALIKE)
def test_digits_that_only_sound_so_make_a_number_doubtful(heard: str, written: str) -> None:
    sure = write([Word(word, confidence=0.99) for word in heard.split()])
    unknown = write([Word(word) for word in heard.split()])
    number = next(place for place, word in enumerate(sure) if re.search(r"\d{4}", word.text))
    assert sure[number].confidence == unknown[number].confidence == 0.2


def test_parts_of_a_hyphenated_word_keep_its_time() -> None:
    assert write([Word("one-six-six-four-think.", 1.0, 2.0, 0.5)]) == (
        Word("1664", 1.0, 2.0, 0.5),
        Word("think.", 1.0, 2.0, 0.5),
    )


def test_rows_give_every_reading() -> None:
    assert digit_rows("for one seven to zero three") == [("417203", "17203")]
    assert digit_rows("it is forty one, seventy two, oh three") == [("417203",)]
    assert digit_rows("417203") == digit_rows("two of us") == digit_rows("") == []


@pytest.mark.parametrize(
    "part", ["4 ", "four ", "a ", "at ", "at dot ", "double ", "one hundred ", "november ", ". ", "x"]
)
def test_a_long_transcript_is_written_at_once(part: str) -> None:
    started = time.process_time()
    written_form(part * (8000 // len(part)))
    assert time.process_time() - started < 4
