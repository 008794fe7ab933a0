"""The file of rules: what it may say, and how it is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.ranking import PriceBound, RulesError, load_rules
from vocabulary import RelationKind, StateName

SHIPPED = Path(__file__).resolve().parents[3] / "data" / "suggestions.toml"
RULE = '[[rule]]\nname = "x"\nwords = "y"\n'


def test_the_shipped_file_has_a_rule_for_every_state_but_calm() -> None:
    rules = load_rules(SHIPPED)
    assert {state for rule in rules.states for state in rule.states} == set(StateName) - {StateName.CALM}
    assert len(rules.version) == 12 and load_rules(SHIPPED.read_text(encoding="utf-8")) == rules


def test_all_that_a_rule_may_say_is_read() -> None:
    rules = load_rules(
        "[order]\ntaste = 0.1\nclose = 0\none_per_model = false\n[bandit]\npolicy = 'off'\n"
        + RULE
        + 'states = ["unsure"]\nfrustration_from = 40\ncase = true\nfirst = { spare_part_of = 0.5 }\n'
        + 'facts = { guarantee = 1 }\ncheap = 0.2\nonly = ["spare_part_of"]\n'
        + 'leave_out = ["accessory_of"]\nat_most = 1\n'
        + 'no_dearer_than = "best"\ndirect = true\nvariants = true\n'
    )
    (rule,) = rules.states
    assert (rules.order.taste, rules.order.close, rules.order.one_per_model) == (0.1, 0.0, False)
    assert rule.states == {StateName.UNSURE} and rule.first == {RelationKind.SPARE_PART_OF: 0.5}
    assert rule.facts == {"guarantee": 1.0} and rule.no_dearer_than is PriceBound.BEST
    assert (rule.at_most, rule.cheap, rule.direct, rule.variants, rule.case) == (1, 0.2, True, True, True)
    told = rule.to_dict()
    assert set(told) == set(rule.__dataclass_fields__) and told["only"] == ["spare_part_of"]


def test_a_file_saved_by_windows_and_an_empty_one_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xef\xbb\xbf[order]\r\ntaste = 0.5\r\n")
    assert load_rules(path).order.taste == 0.5
    assert load_rules("").states == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x = [", "no TOML"),
        ("other = 1", "other"),
        ("order = 3", "order is 3"),
        ("rule = 3", "[[rule]]"),
        ("rule = [1]", "[[rule]]"),
        ("[order]\ntaste = 2", "taste of [order] is 2"),
        ("[order]\ntaste = nan", "taste"),
        ("[order]\ntaste = inf", "taste"),
        ("[order]\ntaste = true", "taste"),
        (f"[order]\ntaste = {10**400}", "taste"),
        ('[order]\none_per_model = "no"', "true or false"),
        ("[order]\nprice = 1", "A price can be named nowhere"),
        ("[bandit]\npolicy = 'magic'", "policy"),
        ('[[rule]]\nname = "x"', "words of rule 'x'"),
        ('[[rule]]\nwords = "x"', "name of rule 1"),
        (f'[[rule]]\nname = "x"\nwords = "{"y" * 601}"\nstates = ["unsure"]', "1 to 600"),
        (RULE, "applies to nobody"),
        (RULE + 'states = ["angry"]', "angry"),
        (RULE + 'states = "unsure"', "a list"),
        (RULE + 'states = ["unsure"]\nprice_factor = 1.2', "never depends on how somebody feels"),
        (RULE + 'states = ["unsure"]\nat_most = 0', "at_most"),
        (RULE + 'states = ["unsure"]\nat_most = 1.5', "at_most"),
        (RULE + 'states = ["unsure"]\nfirst = { bigger_than = 1 }', "bigger_than"),
        (RULE + 'states = ["unsure"]\nfirst = { spare_part_of = -1 }', "spare_part_of"),
        (RULE + 'states = ["unsure"]\nno_dearer_than = 40', "no_dearer_than"),
        (RULE + 'states = ["unsure"]\nonly = ["accessory_of"]\nleave_out = ["accessory_of"]', "Take it out"),
        (RULE + 'states = ["frustrated"]\nleave_out = ["spare_part_of"]', "keep help from"),
        (RULE + 'frustration_from = 60\nonly = ["accessory_of"]', "keep help from"),
        (RULE + 'states = ["unsure"]\n' + RULE + 'states = ["calm"]', "2 times"),
        (RULE + "frustration_from = 101", "0 to 100"),
        ("# " + "x" * 260_000, "larger"),
        ((RULE + "frustration_from = 1\n") * 101, "at most 100"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(RulesError) as refused:
        load_rules(text)
    assert named in str(refused.value) and refused.value.code == "rules_invalid"


def test_files_that_are_none_are_refused_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    for path, words in (
        (tmp_path / "none", "ATTUNE_SUGGESTIONS_FILE"),
        (tmp_path, "cannot be read"),
        (tmp_path / "bytes", "UTF-8"),
    ):
        with pytest.raises(RulesError, match=words):
            load_rules(path)


@given(st.text(max_size=300))
def test_any_text_is_rules_or_is_refused(text: str) -> None:
    try:
        load_rules(text)
    except RulesError as err:
        assert str(err)
