"""A loss of each family, and what lossutils says where an extra is missing: run in an environment with NumPy only."""

import sys
from math import log

import numpy as np

import lossutils as lu

EXAMPLES = [  # loss, target, prediction, value
    (lu.Huber(), 0.0, 3.0, 2.5),
    (lu.AbsoluteError(), 0.0, 3.0, 3.0),
    (lu.Tukey(c=2.0), 0.0, 3.0, 2 / 3),
    (lu.Barron(alpha=2.0), 0.0, 3.0, 4.5),
    (lu.Logistic(), 1.0, 0.0, log(2)),
    (lu.Poisson(), 2.0, 0.0, 1.0),
    (lu.Hinge(), 1.0, 0.25, 0.75),
    (lu.BinaryCrossEntropy(), 1.0, 0.0, log(2)),
    (lu.SoftmaxCrossEntropy(), 0, [50.0, 0.0, 0.0], 3.857499695927836e-22),
    (lu.SoftmaxSquaredError(), 0, [0.0, 0.0], 0.5),
    (lu.MultiPositiveCrossEntropy(), [1, 1, 0], [0.0, 0.0, 0.0], log(3)),
    (lu.SphericalScore(), 0, [0.0, 0.0], 1 - 0.5**0.5),
    (lu.NegativeSampling(), 0, [0.0, 0.0], 2 * log(2)),
    (lu.PairwiseLogistic(), [1, 0], [0.0, 0.0], log(2)),
    (lu.IntervalScore(coverage=0.5), 3.0, [-1.0, 1.0], 10.0),
    (lu.InfoNCE(), 0, [0.0, 0.0], log(2)),
]

assert lu.__file__.startswith(sys.prefix), lu.__file__
families = {type(loss).__module__ for loss in lu.losses()}
assert families == {type(loss).__module__ for loss, *_ in EXAMPLES}, families
for loss, target, prediction, value in EXAMPLES:
    assert np.isclose(loss(target, prediction), value, rtol=1e-14, atol=0), loss
    assert np.shape(loss.gradient(target, prediction)) == np.shape(prediction), loss

for name in ("torch", "tensorflow", "verify"):
    for ask in (lambda: getattr(lu, name), lambda: __import__("lossutils." + name)):  # noqa: B023
        try:
            ask()
        except ImportError as error:
            assert f"pip install 'lossutils[{name}]'" in str(error), error
        else:
            raise AssertionError(f"lossutils.{name} was imported")
print("fine")
