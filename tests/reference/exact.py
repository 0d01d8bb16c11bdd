"""What each loss is, in ball arithmetic of 2400 bits and in the textbook's form: the measure of all accuracy here."""

from dataclasses import dataclass

import flint
import numpy as np

import lossutils as lu

BITS = 2400  # enough for cosh(5e-324) and for log(1 + exp(-1000))
INF = float("inf")
VARIANTS = [  # to be measured besides `lu.losses()`
    lu.Huber(delta=0.1),
    lu.Pinball(quantile=0.9),
    lu.EpsilonInsensitive(epsilon=2.5),
    lu.Expectile(level=0.9),
    lu.Barron(alpha=-INF),
    lu.Barron(alpha=0.1, scale=0.3),
    lu.StudentT(freedom=2.5, scale=0.3),
    lu.Tukey(c=0.7),
    lu.Tweedie(power=1.1),
    lu.BinaryCrossEntropy(positive_weight=3.0),
    lu.BinaryCrossEntropy(positive_weight=1000.0),
    lu.Focal(gamma=0.5),
    lu.SoftmaxCrossEntropy(label_smoothing=0.1),
    lu.MultiPositiveCrossEntropy(average=False),
    lu.InfoNCE(temperature=0.07),
    lu.IntervalScore(coverage=0.3),
]


def arb(x):
    """A float, exactly."""
    x = float(x)
    if x in (INF, -INF):
        return flint.arb.pos_inf() if x > 0 else flint.arb.neg_inf()
    return flint.arb(flint.fmpq(*x.as_integer_ratio()))


ZERO, ONE = arb(0), arb(1)


def sign(x):
    return x.sgn()


# Of a number. Each gives value and gradient, and some the sum of the magnitudes of the gradient's terms.


def squared_error(loss, y, f):
    return (y - f) * (y - f), 2 * (f - y)


def absolute_error(loss, y, f):
    return abs(y - f), sign(f - y)


def huber(loss, y, f):
    e, d = abs(y - f), arb(loss.delta)
    return (e * e / 2, f - y) if e <= d else (d * (e - d / 2), d * sign(f - y))


def log_cosh(loss, y, f):
    return (y - f).cosh().log(), (f - y).tanh()


def pinball(loss, y, f):
    q = arb(loss.quantile)
    return (q * (y - f), -q if f < y else ZERO) if f <= y else ((1 - q) * (f - y), 1 - q)


def epsilon_insensitive(loss, y, f):
    excess = abs(y - f) - arb(loss.epsilon)
    return (excess, sign(f - y)) if excess > 0 else (ZERO, ZERO)


def expectile(loss, y, f):
    w = arb(loss.level) if f <= y else 1 - arb(loss.level)
    return w * (y - f) * (y - f), 2 * w * (f - y)


def student_t(loss, y, f):
    n, c = arb(loss.freedom), arb(loss.scale)
    square = (y - f) * (y - f)
    return (n + 1) / 2 * (1 + square / (n * c * c)).log(), (n + 1) * (f - y) / (n * c * c + square)


def tukey(loss, y, f):
    c = arb(loss.c)
    inside = 1 - (y - f) * (y - f) / (c * c)
    if not inside > 0:
        return c * c / 6, ZERO
    return c * c / 6 * (1 - inside**3), (f - y) * inside**2


def welsch(loss, y, f):
    c = arb(loss.c)
    decay = (-(y - f) * (y - f) / (c * c)).exp()
    return c * c / 2 * (1 - decay), (f - y) * decay


def barron(loss, y, f):
    a, c = arb(loss.alpha), arb(loss.scale)
    square, pull = (y - f) * (y - f) / (c * c), (f - y) / (c * c)
    if loss.alpha == 2:
        return square / 2, pull
    if loss.alpha == 0:
        return (1 + square / 2).log(), pull / (1 + square / 2)
    if loss.alpha == -INF:
        return 1 - (-square / 2).exp(), pull * (-square / 2).exp()
    grown = (1 + square / (2 - a)).log()
    return (2 - a) / a * ((a / 2 * grown).exp() - 1), pull * ((a / 2 - 1) * grown).exp()


def poisson(loss, y, f):
    return f.exp() - y * f, f.exp() - y


def gamma(loss, y, f):
    return f + y * (-f).exp(), 1 - y * (-f).exp()


def tweedie(loss, y, f):
    a, b = 2 - arb(loss.power), arb(loss.power) - 1
    up, down = (a * f).exp(), y * (-b * f).exp()
    return up / a + down / b, up - down


def zero_one(loss, z, f):
    return ZERO if z * f > 0 else ONE, ZERO


def perceptron(loss, z, f):
    return (-z * f, -z) if z * f < 0 else (ZERO, ZERO)


def hinge(loss, z, f):
    return (1 - z * f, -z) if z * f < 1 else (ZERO, ZERO)


def squared_hinge(loss, z, f):
    return ((1 - z * f) * (1 - z * f), -2 * z * (1 - z * f)) if z * f < 1 else (ZERO, ZERO)


def modified_huber(loss, z, f):
    return (-4 * z * f, -4 * z) if z * f < -1 else squared_hinge(loss, z, f)


def exponential(loss, z, f):
    return (-z * f).exp(), -z * (-z * f).exp()


def logistic(loss, z, f):
    return (1 + (-z * f).exp()).log(), -z / (1 + (z * f).exp())


def sigmoids(f):
    return 1 / (1 + (-f).exp()), 1 / (1 + f.exp())


def binary_cross_entropy(loss, y, f):
    w, (p, n) = arb(loss.positive_weight), sigmoids(f)
    return -w * y * p.log() - (1 - y) * n.log(), (1 - y) * p - w * y * n, (1 - y) * p + w * y * n


def focal(loss, y, f):
    g, (p, n) = arb(loss.gamma), sigmoids(f)
    up = (1 - y) * p**g * (p - g * n * n.log())
    down = y * n**g * (n - g * p * p.log())
    return -y * n**g * p.log() - (1 - y) * p**g * n.log(), up - down, up + down


def sigmoid_squared_error(loss, y, f):
    p, n = sigmoids(f)
    return (p - y) * (p - y), 2 * (p - y) * p * n


# Of a row. The gradient is a list, and so are the sums of its terms' magnitudes.


def softmax(s):
    shares = [x.exp() for x in s]
    total = sum(shares)
    return [e / total for e in shares]


def one_hot(y, k):
    return list(y) if isinstance(y, list) else [arb(int(j == y)) for j in range(k)]


def weighted(q, s):
    """-sum q log p, a weight of zero counting zero; its gradient; and the sum of the gradient's terms' magnitudes."""
    p, mass = softmax(s), sum(q)
    value = sum((-w * x.log() for w, x in zip(q, p, strict=True) if w != 0), ZERO)
    gradient = [mass * x - w for w, x in zip(q, p, strict=True)]
    return value, gradient, [(mass - w) * x + w * (1 - x) for w, x in zip(q, p, strict=True)]


def softmax_cross_entropy(loss, y, s):
    a = arb(loss.label_smoothing)
    return weighted([(1 - a) * w + a / len(s) for w in one_hot(y, len(s))], s)


def softmax_squared_error(loss, y, s):
    p, q = softmax(s), one_hot(y, len(s))
    d = [x - w for x, w in zip(p, q, strict=True)]
    mean, size = sum(x * e for x, e in zip(p, d, strict=True)), sum(x * abs(e) for x, e in zip(p, d, strict=True))
    gradient = [2 * x * (e - mean) for x, e in zip(p, d, strict=True)]
    scale = [2 * x * (abs(e) * (1 - x) + size - x * abs(e)) for x, e in zip(p, d, strict=True)]
    return sum(e * e for e in d), gradient, scale


def kullback_leibler(loss, q, s):
    value, gradient, _ = weighted(q, s)
    entropy = -sum((w * w.log() for w in q if w != 0), ZERO)
    return value - entropy, gradient, [abs(g) if abs(g) > arb(2.0**-150) else arb(2.0**-150) for g in gradient]


def crammer_singer(loss, t, s):
    rivals = [x for j, x in enumerate(s) if j != t]
    best = max(rivals)
    if not 1 + best - s[t] > 0:
        return ZERO, [ZERO] * len(s)
    first = next(j for j, x in enumerate(s) if j != t and x == best)
    return 1 + best - s[t], [arb(int(j == first) - int(j == t)) for j in range(len(s))]


def multi_positive(loss, y, s):
    m = sum(y) if loss.average else 1
    value, gradient, scale = weighted(y, s)
    return value / m, [g / m for g in gradient], [c / m for c in scale]


def any_positive(loss, y, s):
    p = softmax(s)
    inside = sum(x for x, w in zip(p, y, strict=True) if w != 0)
    outside = sum((x for x, w in zip(p, y, strict=True) if w == 0), ZERO)
    gradient = [-x * outside / inside if w != 0 else x for x, w in zip(p, y, strict=True)]
    return -inside.log() if not outside.is_zero() else ZERO, gradient


def sampled_softmax(loss, c, s):
    return weighted(one_hot(0, len(s)), [x - n if n.is_finite() else arb(-INF) for x, n in zip(s, c, strict=True)])


def info_nce(loss, t, s):
    tau = arb(loss.temperature)
    value, gradient, scale = weighted(one_hot(t, len(s)), [x / tau for x in s])
    return value, [g / tau for g in gradient], [c / tau for c in scale]


def spherical(loss, t, s):
    p = softmax(s)
    length = sum(x * x for x in p).sqrt()
    slopes = [p[t] / length * (x * x / (length * length) - int(j == t)) for j, x in enumerate(p)]
    return 1 - p[t] / length, slopes


def one_by_one(right, s):
    """Each score's sigmoid to be 1 at the right place and 0 elsewhere."""
    value = sum((1 + (-x if j == right else x).exp()).log() for j, x in enumerate(s))
    return value, [-sigmoids(x)[1] if j == right else sigmoids(x)[0] for j, x in enumerate(s)]


def negative_sampling(loss, t, s):
    return one_by_one(t, s)


def noise_contrastive(loss, c, s):
    return one_by_one(0, [x - n if n.is_finite() else arb(-INF) for x, n in zip(s, c, strict=True)])


def pairwise_logistic(loss, y, s):
    up, down = ([j for j, w in enumerate(y) if (w != 0) == wanted] for wanted in (True, False))
    pairs, value, gradient = len(up) * len(down), ZERO, [ZERO] * len(s)
    for i in up:
        for k in down:
            lost = sigmoids(s[i] - s[k])[1]
            value += (1 + (s[k] - s[i]).exp()).log() / pairs
            gradient[i] -= lost / pairs
            gradient[k] += lost / pairs
    return value, gradient


# Of a pair of numbers.


def gaussian_likelihood(loss, y, s):
    mean, scale = s
    square, decay = (y - mean) * (y - mean), (-2 * scale).exp()
    return scale + square * decay / 2, [(mean - y) * decay, 1 - square * decay]


def normal_crps(loss, y, s):
    mean, deviation = s[0], s[1].exp()
    z, pi = (y - mean) / deviation, flint.arb.pi()
    inside = (z / arb(2).sqrt()).erf()
    slope = deviation * ((2 / pi).sqrt() * (-z * z / 2).exp() - 1 / pi.sqrt())
    return (y - mean) * inside + slope, [-inside, slope]


def interval_score(loss, y, s):
    (a, b), steep = s, 2 / (1 - arb(loss.coverage))
    value = b - a + (steep * (a - y) if y < a else ZERO) + (steep * (y - b) if y > b else ZERO)
    lower = ZERO if y == a else steep - 1 if y < a else -ONE
    return value, [lower, ZERO if y == b else 1 - steep if y > b else ONE]


EXACT = {
    lu.SquaredError: squared_error,
    lu.AbsoluteError: absolute_error,
    lu.Huber: huber,
    lu.LogCosh: log_cosh,
    lu.Pinball: pinball,
    lu.EpsilonInsensitive: epsilon_insensitive,
    lu.Expectile: expectile,
    lu.Barron: barron,
    lu.StudentT: student_t,
    lu.Tukey: tukey,
    lu.Welsch: welsch,
    lu.Poisson: poisson,
    lu.Gamma: gamma,
    lu.Tweedie: tweedie,
    lu.ZeroOne: zero_one,
    lu.Perceptron: perceptron,
    lu.Hinge: hinge,
    lu.SquaredHinge: squared_hinge,
    lu.ModifiedHuber: modified_huber,
    lu.Exponential: exponential,
    lu.Logistic: logistic,
    lu.BinaryCrossEntropy: binary_cross_entropy,
    lu.Focal: focal,
    lu.SigmoidSquaredError: sigmoid_squared_error,
    lu.SoftmaxCrossEntropy: softmax_cross_entropy,
    lu.SoftmaxSquaredError: softmax_squared_error,
    lu.SphericalScore: spherical,
    lu.KullbackLeibler: kullback_leibler,
    lu.CrammerSinger: crammer_singer,
    lu.MultiPositiveCrossEntropy: multi_positive,
    lu.AnyPositiveCrossEntropy: any_positive,
    lu.SampledSoftmax: sampled_softmax,
    lu.InfoNCE: info_nce,
    lu.NegativeSampling: negative_sampling,
    lu.NoiseContrastive: noise_contrastive,
    lu.PairwiseLogistic: pairwise_logistic,
    lu.GaussianLikelihood: gaussian_likelihood,
    lu.NormalCRPS: normal_crps,
    lu.IntervalScore: interval_score,
}


# Where no small gradient need be right, and why: there it is judged in ulps of the size of its terms, too.
TERMS = {type(loss): loss.description.cancels for loss in lu.losses() if loss.description.cancels}


def exact(loss, y, f, bits=BITS):
    """Value, gradient, and the sizes of the gradient's terms: its own, where every small gradient has to be right."""
    flint.ctx.prec = bits
    rows = np.ndim(f) > 0
    f = [arb(x) for x in f] if rows else arb(f)
    y = [arb(x) for x in y] if np.ndim(y) else int(y) if rows and not loss.columns else arb(y)
    value, gradient, *size = EXACT[type(loss)](loss, y, f)
    gradient = gradient if isinstance(gradient, list) else [gradient]
    size = size[0] if size and type(loss) in TERMS else gradient
    return value, gradient, size if isinstance(size, list) else [size]


@dataclass(frozen=True)
class Format:
    """A binary floating-point format: bits after the leading one, and its least and greatest exponents."""

    fraction: int
    lowest: int
    highest: int

    @property
    def greatest(self):
        """The largest finite number."""
        return (2 - arb(2.0**-self.fraction)) * flint.arb(2) ** self.highest

    @property
    def tiny(self):
        """The smallest normal number."""
        return flint.arb(2) ** self.lowest

    def spacing(self, size):
        """A unit in the last place of a number; of a subnormal one, the smallest number there is."""
        exponent = self.lowest
        if size > self.tiny:
            mantissa, power = size.man_exp()
            exponent = int(power) + int(abs(mantissa)).bit_length() - 1
        return flint.arb(2) ** (exponent - self.fraction)


FORMATS = {
    "float16": Format(10, -14, 15),
    "bfloat16": Format(7, -126, 127),
    "float32": Format(23, -126, 127),
    "float64": Format(52, -1022, 1023),
}


def ulps(found, true, scale, dtype):
    """The error of `found` in units in the last place of `scale`; infinite where infinity or NaN is wrong."""
    if np.isnan(found):
        return np.inf
    form = FORMATS[dtype]
    if np.isinf(found):
        half = flint.arb(2) ** (form.highest - form.fraction - 1)
        return 0.0 if abs(true) > form.greatest - half and (true > 0) == (found > 0) else np.inf
    return float((abs(arb(found) - true) / form.spacing(abs(scale).mid())).mid())
