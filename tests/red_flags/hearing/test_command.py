"""The command that scores a suite."""

import json

from patients.red_flags.hearing.__main__ import main


def test_it_scores_a_suite_and_prints_no_message(capsys, tmp_path):
    suite = tmp_path / "suite.jsonl"
    line = {"id": "a", "messages": ["I have crushing chest pain."], "pair": None}
    suite.write_text(json.dumps({**line, "expect": {"severity": "emergency", "flags": ["cardiac"]}}) + "\n")
    assert main([str(suite)]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["sensitivity"]["hits"] == 1
    assert "crushing" not in printed


def test_what_cannot_be_read_is_said(capsys, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a"}\n')
    assert main([str(broken)]) == 2
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert main([]) == 2
    said = capsys.readouterr().err
    assert "line 1" in said and "Name one suite file" in said
