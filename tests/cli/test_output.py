"""What commands print for people and for machines."""

import json

import pytest

from cli.output import print_report

REPORT = {"held out": {"wer": 0.03456, "clips": 20}, "turns": [{"speaker": "A", "start_s": 0.25}], "note": None}


def test_report_for_people_has_a_line_for_each_figure(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(REPORT, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "held out",
        "  wer: 0.0346",
        "  clips: 20",
        "turns: speaker A, start_s 0.2500",
        "note: None",
    ]


def test_report_for_machines_is_one_object_with_whole_figures(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(REPORT, as_json=True)
    assert json.loads(capsys.readouterr().out) == REPORT
