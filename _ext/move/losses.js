// The losses that the figures to move draw: the formulas of lossutils, which a test compares with these.
"use strict";

const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const clip = (x, bound) => Math.max(-bound, Math.min(bound, x));
const sum = (values) => values.reduce((a, b) => a + b, 0);
const logSumExp = (s) => {
  const top = Math.max(...s);
  return top + Math.log(sum(s.map((x) => Math.exp(x - top))));
};
const softmax = (s) => {
  const all = logSumExp(s);
  return s.map((x) => Math.exp(x - all));
};

window.LOSSES = {
  softplus,
  sigmoid,
  softmax,
  logSumExp,
  sum,
  squared: (e) => e * e,
  absolute: (e) => Math.abs(e),
  huber: (e, delta) => (Math.abs(e) <= delta ? (e * e) / 2 : delta * (Math.abs(e) - delta / 2)),
  huberSlope: (e, delta) => clip(e, delta),
  pinball: (e, q) => Math.max(q * e, (q - 1) * e),
  perceptron: (u) => Math.max(0, -u),
  hinge: (u) => Math.max(0, 1 - u),
  squaredHinge: (u) => Math.max(0, 1 - u) ** 2,
  modifiedHuber: (u) => (u >= -1 ? Math.max(0, 1 - u) ** 2 : -4 * u),
  exponential: (u) => Math.exp(-u),
  logistic: (u) => softplus(-u),
  focal: (u, gamma) => sigmoid(-u) ** gamma * softplus(-u),
  crossEntropy: (y, f) => softplus(f) - y * f,
  crossEntropySlope: (y, f) => sigmoid(f) - y,
  squaredProbability: (y, f) => (sigmoid(f) - y) ** 2,
  squaredProbabilitySlope: (y, f) => 2 * (sigmoid(f) - y) * sigmoid(f) * sigmoid(-f),
  smoothed: (t, s, share) => logSumExp(s) - (1 - share) * s[t] - (share / s.length) * sum(s),
  smoothedSlope: (t, s, share) => softmax(s).map((p, j) => p - share / s.length - (j === t ? 1 - share : 0)),
  // several positives: `mask` says which classes they are
  positivesMean: (mask, s) => logSumExp(s) - sum(s.filter((_, j) => mask[j])) / sum(mask),
  positivesMeanSlope: (mask, s) => softmax(s).map((p, j) => p - mask[j] / sum(mask)),
  positivesSum: (mask, s) => sum(mask) * logSumExp(s) - sum(s.filter((_, j) => mask[j])),
  positivesSumSlope: (mask, s) => softmax(s).map((p, j) => sum(mask) * p - mask[j]),
  positivesAny: (mask, s) => logSumExp(s) - logSumExp(s.filter((_, j) => mask[j])),
  positivesAnySlope: (mask, s) => {
    const within = logSumExp(s.filter((_, j) => mask[j]));
    return softmax(s).map((p, j) => p - (mask[j] ? Math.exp(s[j] - within) : 0));
  },
  binary: (mask, s) => sum(s.map((f, j) => softplus(f) - mask[j] * f)),
  binarySlope: (mask, s) => s.map((f, j) => sigmoid(f) - mask[j]),
};
