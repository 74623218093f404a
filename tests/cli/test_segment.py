"""`kimidesk --headless segment`."""

import json


def test_lines_come_back_with_their_segments(kimidesk, tmp_path):
    text = "So I have this problem.\n\n首先计算。3 + 4 = 7.\n\n**Final Answer**\n\n\\boxed{7}"
    rows = [{"id": "a", "text": text, "more": 1}, {"id": 2, "text": ""}]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")

    done = kimidesk("--headless", "segment", "--in", "in.jsonl", "--out", "out.jsonl")

    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert (first["id"], second) == ("a", {"id": 2, "segments": []})
    last = first["segments"][-1]
    assert (last["kind"], last["end"]) == ("answer", len(text))
    assert text[last["start"] :].startswith("**Final")
    assert 0 < last["confidence"] <= 1
    apart = kimidesk("segment", "--in", "in.jsonl", "--out", "-", "--sentences", "--unfinished")
    assert len(json.loads(apart.stdout.splitlines()[0])["segments"]) == 5


def test_how_a_thought_turns_back_is_told_where_its_words_tell(kimidesk, tmp_path):
    text = "Wait, no, I made a mistake.\n\n换个思路，先看x。"
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "text": text}) + "\n")

    done = kimidesk("segment", "--in", "in.jsonl", "--out", "-", "--sentences", "--unfinished")

    error, switch = json.loads(done.stdout)["segments"]
    assert (error["kind"], error["subtype"]) == ("backtrack", "error")
    assert (switch["kind"], switch["subtype"]) == ("backtrack", "switch")


def test_a_line_that_is_none_is_named_and_those_before_it_are_kept(kimidesk, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": "a", "text": "So."}\n{"id": "b"}\n')

    done = kimidesk("segment", "--in", "in.jsonl", "--out", "out.jsonl")

    assert done.returncode == 2
    assert "in.jsonl:2: Object missing required field `text`" in done.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1
    missing = kimidesk("segment", "--in", "none.jsonl", "--out", "-")
    assert missing.returncode == 2
    assert "none.jsonl" in missing.stderr
