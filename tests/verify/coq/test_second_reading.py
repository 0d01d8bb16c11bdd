"""What the second reading of statements refuses, and a sum that the translation refuses."""

import pytest
from coq_text import parsed
from evaluate import Evaluator

from lossutils.verify.coq.statement import statements
from lossutils.verify.meaning.problem import pose
from lossutils.verify.numbers import use_precision

FALSE = [
    "ex_derive (fun x => Rabs x) 0",
    "ex_derive (fun x => if Rle_dec x 0 then 0 else 1) 0",
    "ex_RInt (fun x => / x) 0 1",
    "locally 0 (fun x => 0 <= x)",
    "locally 0 (fun x => x <= 0)",
    "is_derive (fun x => Rmax x 0) 0 1",
    "is_derive (fun x => Rmax x 0) 0 0",
    "is_derive (fun x => if Rle_dec x 0 then 0 else 1) 0 0",
]
TRUE = [
    "ex_derive (fun x => exp x) 0",
    "ex_RInt (fun x => exp x) 0 1",
    "locally 1 (fun x => 0 <= x)",
    "is_derive (fun x => Rmax x 0) 1 1",
    "is_derive (fun x => if Rle_dec x 0 then 0 else x ^ 2) 0 0",
]


@pytest.mark.parametrize("said", [*FALSE, *TRUE])
def test_what_holds_on_one_side_only_or_nowhere_is_refused(said):
    use_precision(300)
    assert Evaluator({})(parsed(said)) is (said in TRUE)


@pytest.mark.parametrize(
    ("latex", "translated"),
    [
        (r"\sum_{j=0}^{n} 1 = n+1", False),
        (r"\sum_{j=1}^{n} 1 = n", True),
        (r"\sum_{j=2}^{n} 1 = n-1", True),
        (r"\sum_{i=1}^{n}\sum_{j=i}^{n} 1 = \frac{n(n+1)}{2}", True),
        (r"\sum_{i=1}^{n}\sum_{j=i+1}^{n} 1 = \frac{n(n-1)}{2}", True),
    ],
)
def test_a_sum_that_begins_before_one_is_not_translated(latex, translated):
    (said,) = statements(pose(latex, {"n": "positive integer"}, [], [], []))
    assert str(said).startswith("forall" if translated else "a range that begins at 0")
