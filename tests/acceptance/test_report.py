"""The report of the acceptance cases tells failures, skips and what never ran."""

from tests.acceptance.report import Case


def test_line_is_one_json_object() -> None:
    case = Case(1, "registration", ["passed", "passed"], 12.345)
    assert case.line() == '{"case": 1, "name": "registration", "ok": true, "seconds": 12.3}'


def test_case_is_ok_only_if_every_test_of_it_passed() -> None:
    assert not Case(1, "x").ok
    assert not Case(1, "x", ["passed", "failed"]).ok
    assert not Case(1, "x", ["passed", "skipped"]).ok
    assert Case(1, "x", ["passed"]).ok
