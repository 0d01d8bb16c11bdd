"""The same verdict on every run: no clock, no hash seed, no order of what was asked before."""

import json
import os
import subprocess
import sys
from pathlib import Path

from lossutils.verify import check

STATEMENTS = [
    (r"-y\log\sigma(f)-(1-y)\log(1-\sigma(f)) = \log(1+e^{-zf})", {"y": "{0,1}", "z": "2y-1", "f": "real"}),
    (r"\log\sum_{j=1}^K e^{s_j} \le \max_j s_j+\log K", {}),
    (r"\log\sum_{j=1}^K e^{s_j} \le \max_j s_j+\log(K-1)", {"K": "integer >= 2"}),
    (r"-\log\sum_{i\in P}p_i \ge 0", {"p": "positive probability vector of length K", "P": "subset of 1..K"}),
    (r"\arg\min_c\bigl(|a-c|+|b-c|\bigr) = \frac{a+b}2", {"a": "real", "b": "real", "where": "a < b"}),
    (r"\max_s s(1-s)^2 = \frac4{27}", {"s": "[0, 1]"}),
    (r"\int_0^1 \sqrt{1+x^2}\,dx \approx 1.1477936", {}),
    (
        r"\frac{|f-a|}{f+a}+\frac{|b-f|}{b+f} \ge \frac{b-a}{b+a}",
        {"a": "positive", "b": "positive", "f": "positive", "where": "a < b"},
    ),
    (r"\sum_{k=1}^n x_k\Bigl(\sum_{k=1}^n y_k\Bigr)^2 \ge -1", {"x": "positive^n", "y": "real^n"}),
]

SCRIPT = """
import json, sys
from lossutils.verify import check
print(json.dumps([check(latex, **given).as_dict() for latex, given in json.load(sys.stdin)], sort_keys=True))
"""


def elsewhere(statements, seed):
    """The verdicts of a fresh process."""
    environment = os.environ | {"PYTHONHASHSEED": str(seed)}
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(statements),
        env=environment,
        cwd=root,
        text=True,
        capture_output=True,
        check=True,
    )
    assert ran.stderr == ""
    return json.loads(ran.stdout)


def test_two_processes_and_two_orders_agree():
    first = elsewhere(STATEMENTS, 1)
    second = elsewhere(STATEMENTS[::-1], 2)[::-1]
    assert first == second
    statuses = {verdict["status"] for verdict in first}
    assert {"derived", "refuted", "computed"} <= statuses


def test_what_was_asked_before_does_not_matter():
    latex, given = STATEMENTS[2]
    first = check(latex, **given)
    check(r"\min_x(x^2-x) = -\frac14")
    check(r"\frac{x}{", x="real")
    assert check(latex, **given) == first
