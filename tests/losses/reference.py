"""What each loss is, in ball arithmetic of 1600 bits and in the textbook's form: the measure of all accuracy here."""

import flint
import numpy as np

import lossutils as lu

BITS = 1600  # enough for log(1 + exp(-1000)) and its like


def arb(x):
    """A float, exactly."""
    x = float(x)
    if x in (float("inf"), float("-inf")):
        return flint.arb.pos_inf() if x > 0 else flint.arb.neg_inf()
    return flint.arb(flint.fmpq(*x.as_integer_ratio()))


def softmax(s):
    shares = [x.exp() for x in s]
    total = sum(shares)
    return [e / total for e in shares]


def weighted(q, s):
    """-sum q log p, a weight of zero counting zero; its gradient; and the sum of the gradient's terms' magnitudes."""
    p, mass = softmax(s), sum(q)
    value = sum((-w * x.log() for w, x in zip(q, p, strict=True) if w != 0), flint.arb(0))
    gradient = [mass * x - w for w, x in zip(q, p, strict=True)]
    return value, gradient, [(mass - w) * x + w * (1 - x) for w, x in zip(q, p, strict=True)]


def softmax_cross_entropy(loss, y, s):
    k = len(s)
    q = [arb(v) for v in y] if np.ndim(y) else [flint.arb(int(j == y)) for j in range(k)]
    a = arb(loss.label_smoothing)
    return weighted([(1 - a) * w + a / k for w in q], s)


def kullback_leibler(loss, y, s):
    q = [arb(v) for v in y]
    value, gradient, scale = weighted(q, s)
    entropy = -sum((w * w.log() for w in q if w != 0), flint.arb(0))
    return value - entropy, gradient, scale, value + entropy


def multi_positive(loss, y, s):
    m = int(np.sum(y)) if loss.average else 1
    value, gradient, scale = weighted([flint.arb(int(v)) for v in y], s)
    return value / m, [g / m for g in gradient], [c / m for c in scale]


def any_positive(loss, y, s):
    p = softmax(s)
    inside = sum(x for x, w in zip(p, y, strict=True) if w)
    outside = sum((x for x, w in zip(p, y, strict=True) if not w), flint.arb(0))
    gradient = [-x * outside / inside if w else x for x, w in zip(p, y, strict=True)]
    return -inside.log() if not outside.is_zero() else flint.arb(0), gradient


def binary_cross_entropy(loss, y, f):
    w, y = arb(loss.positive_weight), arb(y)
    p = 1 / (1 + (-f).exp())
    return -w * y * p.log() - (1 - y) * (1 - p).log(), (1 - y) * p - w * y * (1 - p), (1 - y) * p + w * y * (1 - p)


def logistic(loss, z, f):
    z = arb(z)
    return (1 + (-z * f).exp()).log(), -z / (1 + (z * f).exp())


EXACT = {
    lu.SoftmaxCrossEntropy: softmax_cross_entropy,
    lu.KullbackLeibler: kullback_leibler,
    lu.MultiPositiveCrossEntropy: multi_positive,
    lu.AnyPositiveCrossEntropy: any_positive,
    lu.BinaryCrossEntropy: binary_cross_entropy,
    lu.Logistic: logistic,
}


def exact(loss, y, f):
    """Value, gradient, and the scales that errors near a root are judged against (the results' own, if not given)."""
    flint.ctx.prec = BITS
    f = [arb(x) for x in f] if np.ndim(f) else arb(f)
    value, gradient, *scales = EXACT[type(loss)](loss, y, f)
    gradient = gradient if isinstance(gradient, list) else [gradient]
    scale = scales[0] if scales else gradient
    scale = scale if isinstance(scale, list) else [scale]
    return value, gradient, (scales[1] if len(scales) > 1 else value), scale


def ulps(found, true, scale, dtype):
    """The error of `found` in units in the last place of `scale`, a subnormal's counting as the smallest normal's."""
    if np.isnan(found):
        return np.inf
    info = np.finfo(dtype)
    if abs(true) > arb(info.max) and np.isinf(found):
        return 0.0
    error = abs(arb(found) - true)
    size = abs(scale).mid()
    spacing = arb(info.smallest_subnormal)
    if size > arb(info.tiny):
        mantissa, exponent = size.man_exp()
        spacing = flint.arb(2) ** (int(exponent) + int(abs(mantissa)).bit_length() - 1 - info.nmant)
    return float((error / spacing).mid())
