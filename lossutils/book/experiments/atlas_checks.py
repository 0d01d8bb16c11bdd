"""Whether the atlas is right: its formulas by the checker, its formulas against the code, its facts on grids."""

from __future__ import annotations

import re
from math import inf, isclose

import numpy as np

import lossutils as lu

from ...frameworks.domains import BINARY, NONNEGATIVE, POSITIVE, SIGNS, UNIT
from ...losses.base import Loss
from ...verify.ledger import Session
from ..agreement import agreement
from ..facts import letters
from .atlas_entries import DISTRIBUTION, ENTRIES, PROPER, SUBSET

SOFTMAX = r"\frac{e^{s_j}}{\sum_{k=1}^K e^{s_k}}"
NUMBER = {"y": "real", "f": "real"}


def session() -> Session:
    """The symbols that the atlas's formulas use."""
    made = Session()
    row, two = {"s": "real^K"}, {"p": "eq-p", "q": DISTRIBUTION}
    made.define("eq-p", f"p_j = {SOFTMAX}", row, [])
    made.define("eq-cold", r"p_j = \frac{e^{s_j/\tau}}{\sum_{k=1}^K e^{s_k/\tau}}", {**row, "tau": "positive"}, [])
    corrected = r"r_j = \frac{e^{s_j - c_j}}{\sum_{k=1}^K e^{s_k - c_k}}"
    made.define("eq-corrected", corrected, {**row, "c": "real^K"}, [])
    made.define("eq-doubled", r"r_j = \frac{p_j^2}{\sum_{k=1}^K p_k^2}", {"p": "eq-p"}, [])
    within = r"r_j = \frac{p_j [j \in P]}{\sum_{k \in P} p_k}"
    made.define("eq-within", within, {"p": "eq-p", "P": SUBSET}, [])
    made.define("eq-a", "a_j = 2p_j - q_j", two, [])
    made.define("eq-b", r"b = \sum_{k=1}^K p_k(p_k - q_k)", two, [])
    made.define("eq-c", r"c = \sum_{k=1}^K p_k(2p_k - q_k)", two, [])
    made.define("eq-v", r"v = \sigma(f)\,\sigma(-f)", {"f": "real"}, [])
    (pairs,) = lu.PairwiseLogistic.description.curvature_defined
    made.define("eq-pairs", pairs, {"s": "real^K", "P": PROPER}, [])
    (scaled,) = lu.NormalCRPS.description.curvature_defined
    made.define("eq-scaled", scaled, {"y": "real", "mu": "real", "lambda": "real"}, [])
    (focal,) = lu.Focal.description.curvature_defined
    made.define("eq-focal", focal, {"f": "real", "gamma": "positive"}, [])
    return made


def given(loss: Loss) -> dict[str, object]:
    """What is said of each letter."""
    said = ENTRIES[type(loss)].given
    if loss.row_axes:
        return dict(said)
    first = {"z": {-1, 1}, "f": "real"} if loss.domain == SIGNS else NUMBER
    return {**first, **said}


def printed(loss: Loss) -> tuple[str, str, str]:
    """Loss, gradient and curvature as the atlas prints them, ready to be read: the indices i and j kept apart."""
    value, slope, curvature = loss.description.loss, loss.description.gradient, loss.description.curvature
    if loss.row_axes and not loss.columns:
        value, slope = (re.sub(r"\\sum_k\b", r"\\sum_{k=1}^K", x) for x in (value, slope))
        slope = slope.replace(r"\sum_{i \in P} p_i", r"\sum_{k \in P} p_k").replace("_j", "_i").replace("[j ", "[i ")
    return value, slope, curvature


def derivatives(loss: Loss, made: Session) -> list[str]:
    """The checker's verdicts on: the gradient is the loss's derivative; the curvature is the gradient's."""
    where = [said for said in (loss.description.smooth_at, ENTRIES[type(loss)].where) if said]
    said = []
    for of, by, result in _steps(loss):
        if of == result == "0":
            said.append("derived")
            continue
        claim = rf"\frac{{\partial}}{{\partial {by}}}\Bigl({of}\Bigr) = {result}"
        said.append(made.check(claim, given(loss), where, []).status)
    return said


def _steps(loss: Loss) -> list[tuple[str, str, str]]:
    """What is differentiated, by which letter, and what comes out."""
    value, slope, curvature = printed(loss)
    if pair := loss.description.letters:
        first, both, second = loss.description.curvatures
        one, other = loss.description.gradients
        steps = [(value, pair[0], one), (value, pair[1], other)]
        return [*steps, (one, pair[0], first), (one, pair[1], both), (other, pair[1], second)]
    first, second = ("s_i", "s_j") if loss.row_axes else ("f", "f")
    return [(value, first, slope), (slope, second, curvature)]


def agrees(loss: Loss, made: Session) -> str:
    """How far the three frameworks' values are from the printed formula."""
    value, assumed = printed(loss)[0], given(loss)
    for name, (letter, *_) in letters(loss).items():
        value = _with_number(value, letter, vars(loss)[name])
    said, used = made.resolved(assumed)
    return agreement(f"{value} = {value}", (loss, "value"), said, used, [])


def _with_number(formula: str, letter: str, number: float) -> str:
    """The formula with an exact number in place of a letter."""
    top, bottom = number.as_integer_ratio()
    exactly = rf"\frac{{{top}}}{{{bottom}}}" if bottom > 1 else str(top)
    alone = rf"(?<![\\a-zA-Z]){re.escape(letter)}(?![a-zA-Z])"
    formula = re.sub(r"\^" + alone, lambda _: f"^{{{exactly}}}", formula)
    return re.sub(alone, lambda _: f"({exactly})", formula)


# Facts, on grids and random rows.

STEP = 1e-5


def points(loss: Loss) -> tuple[np.ndarray, np.ndarray]:
    """Targets, and predictions away from corners, far ones among them."""
    rng = np.random.default_rng(0)
    if not loss.row_axes:
        y = some_targets(loss, rng, 12)
        f = np.linspace(-8, 8, 403) + 0.001234
        return np.repeat(y, len(f)), np.tile(f, len(y))
    if loss.columns:
        s = rng.normal(0, 2, (2000, 2))
        return some_targets(loss, rng, len(s)), s
    s = np.concatenate([rng.normal(0, 2, (300, 4)), _two_classes(np.linspace(-40, 40, 401) + 0.001234)])
    return some_targets(loss, rng, len(s)), s


def _two_classes(x: np.ndarray) -> np.ndarray:
    """Rows in which two classes matter, their logits x apart."""
    return np.column_stack([x, 0 * x, 0 * x - 40, 0 * x - 40])


def some_targets(loss: Loss, rng: np.random.Generator, n: int) -> np.ndarray:
    """Valid targets of a loss."""
    if loss.columns:
        return rng.normal(0, 2, n)
    if getattr(loss, "takes_labels", False):
        return rng.integers(0, 2, n)
    if loss.row_axes and loss.domain == BINARY:
        mask = rng.random((n, 4)) < 0.4
        mask[np.arange(n), rng.integers(0, 2, n)] = True
        mask[:, 3] &= ~mask[:, :3].all(-1)  # one that is none
        mask[n // 2 :] = np.arange(4) == 0  # one positive only
        return mask.astype(float)
    if loss.row_axes:
        q = rng.dirichlet(np.full(4, 0.3), n)
        q[n // 2 :] = np.eye(4)[0]
        return q if loss.domain == UNIT else rng.normal(0, 1, (n, 4))
    kinds = {SIGNS: rng.choice([-1.0, 1.0], n, p=[0.3, 0.7]), UNIT: np.append(rng.random(n - 2), [0.0, 1.0])}
    kinds |= {NONNEGATIVE: rng.poisson(2.0, n).astype(float), POSITIVE: rng.gamma(2.0, 1.0, n)}
    return kinds.get(loss.domain, rng.normal(0, 2, n))


def slopes_right(loss: Loss) -> tuple[bool, bool]:
    """Whether the gradient agrees with differences of the loss, the second derivative with those of the gradient."""
    y, f = points(loss)
    v = np.random.default_rng(1).normal(size=f.shape)
    ahead, behind = f + STEP * v, f - STEP * v
    along = loss.gradient(y, f) * v
    first = (loss(y, ahead) - loss(y, behind)) / (2 * STEP)
    second = (loss.gradient(y, ahead) - loss.gradient(y, behind)) / (2 * STEP)
    along = along.sum(-1) if loss.row_axes else along
    return _near(first, along), _near(second, loss.hessian_product(y, f, v))


def _near(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(abs(a - b) <= 1e-6 * (1 + abs(b))))


def convexity_right(loss: Loss) -> bool:
    """Whether the loss lies below its chords exactly if it is said to be convex."""
    y, a = points(loss)
    b = np.random.default_rng(2).permutation(a)
    chord = (loss(y, a) + loss(y, b)) / 2
    below = bool(np.all(loss(y, (a + b) / 2) <= chord + 1e-12 * (1 + chord)))
    return below == loss.convex


def lipschitz_right(loss: Loss) -> bool:
    """Whether no gradient exceeds the constant and some gradient comes near it; without one, whether some is large."""
    y, f = points(loss)
    if loss.lipschitz == inf and loss.columns:
        return bool(np.max(abs(loss.gradient(y, 10 * f))) > 100)
    if loss.lipschitz == inf and loss.row_axes:  # the more entries, the steeper
        wide = np.full((1, 20_000), 5.0)
        target = np.zeros(1, int) if loss.takes_labels else 0 * wide
        return bool(np.linalg.norm(loss.gradient(target, wide)) > 100)
    if loss.lipschitz == inf:
        f = np.concatenate([f, [-1e-9, 1e-9], [-300.0, 300.0]])
        y = np.concatenate([y, y[:1], y[:1], y[:1], y[:1]])
        change = loss(y, f + 1e-9) - loss(y, f - 1e-9)
        return bool(np.max(abs(change)) / 2e-9 > 100)
    slope = loss.gradient(y, f)
    size = np.sqrt((slope**2).sum(-1)) if loss.row_axes else abs(slope)
    if loss.row_axes and loss.domain == BINARY:  # which may be steepest with two classes alone
        size = np.append(size, np.linalg.norm(loss.gradient([1.0, 0.0], [-40.0, 40.0])))
    formula = ENTRIES[type(loss)].lipschitz
    same = formula is None or isclose(formula(*vars(loss).values()), loss.lipschitz)
    return bool(same and 0.99 * loss.lipschitz <= size.max() <= loss.lipschitz * (1 + 1e-12))


def minimiser_right(loss: Loss) -> bool | None:
    """Whether no other constant prediction tried has a smaller mean loss; None where no closed form is known."""
    rng = np.random.default_rng(3)
    y = some_targets(loss, rng, 40)
    best = loss.minimiser(y)
    if best is None:
        return None
    best = np.asarray(best, float)
    if loss.row_axes:
        best = np.where(np.isinf(best), -60.0, best)

    def mean(c: np.ndarray) -> float:
        return float(loss(y, np.broadcast_to(c, (len(y), *c.shape)).copy()).mean())

    others = [best + rng.normal(0, size, best.shape) for size in (0.01, 0.1, 1, 5) for _ in range(50)]
    return all(mean(best) <= mean(c) + 1e-9 for c in others)
