// The figures that answer to a hand. Each says what can be set, what is seen of the plane, and how it is drawn; JSXGraph
// draws, moves points by mouse, finger and arrow keys. `get` reads a setting, `draw` returns what a change has to redo.
"use strict";

(() => {
  const L = window.LOSSES;
  const [BLUE, ORANGE, GREEN, PURPLE, RED, GREY] = ["#3a7fc2", "#d9772e", "#2f9469", "#9264b8", "#cf4a55", "#858585"];
  const NARROW = 560;
  const INK = "var(--pst-color-text-base)";
  const curve = (board, f, colour, from, to) =>
    board.create("functiongraph", [f, from, to], { strokeColor: colour, strokeWidth: 2.2, highlight: false });
  // Words of a figure: on it, or, where it is too narrow for them, in lines below.
  function note(board, x, y, text, colour = INK) {
    if (board.canvasWidth > NARROW) {
      return board.create("text", [x, y, text], { strokeColor: colour, fontSize: 14, fixed: true, highlight: false, parse: false });
    }
    const line = document.createElement("p");
    line.className = "move-note";
    line.style.setProperty("--note", colour === INK ? "none" : colour);
    const write = () => (line.textContent = typeof text === "function" ? text() : text);
    write();
    board.containerObj.parentElement.querySelector(".move-settings").before(line);
    board.on("update", write);
    return line;
  }
  const shown = (x, digits = 3) => (Math.abs(x) >= 1e5 || (x !== 0 && Math.abs(x) < 1e-3) ? x.toExponential(2) : x.toFixed(digits));

  // Bars with arrows from their tips: a height for each class, and the push that descent gives it.
  function bars(board, heights, pushes, colours) {
    heights().forEach((_, j) => {
      const top = () => heights()[j];
      const corners = [[j + 0.7, 0], [j + 0.7, top], [j + 1.3, top], [j + 1.3, 0]];
      board.create("polygon", corners, {
        fillColor: () => colours(j), fillOpacity: 0.75, borders: { visible: false }, vertices: { visible: false }, highlight: false, fixed: true,
      });
      board.create("arrow", [[j + 1, top], [j + 1, () => top() - pushes()[j]]], { strokeColor: RED, strokeWidth: 2.5, fixed: true, highlight: false });
    });
  }

  // Weighted least squares, again and again: every robust fit is one.
  function line(points, weight) {
    let [a, b] = [0, 0];
    let weights = points.map(() => 1);
    for (let round = 0; round < 60; round++) {
      const [w, x, y] = [L.sum(weights), L.sum(points.map((p, k) => weights[k] * p[0])), L.sum(points.map((p, k) => weights[k] * p[1]))];
      const xx = L.sum(points.map((p, k) => weights[k] * p[0] * p[0]));
      const xy = L.sum(points.map((p, k) => weights[k] * p[0] * p[1]));
      const scale = w * xx - x * x;
      if (!scale) break;
      b = (w * xy - x * y) / scale;
      a = (y - b * x) / w;
      weights = points.map((p) => weight(p[1] - a - b * p[0]));
    }
    return [a, b];
  }

  const FITS = [
    ["squared", BLUE, () => () => 1],
    ["absolute", ORANGE, () => (e) => 1 / Math.max(Math.abs(e), 1e-6)],
    ["Huber", GREEN, (delta) => (e) => Math.min(1, delta / Math.max(Math.abs(e), 1e-12))],
    ["Tukey", PURPLE, (delta) => (e) => (Math.abs(e) < 4 * delta ? (1 - (e / (4 * delta)) ** 2) ** 2 : 0)],
  ];

  window.MOVE = {
    sign: {
      title: "Both equations at one score",
      settings: [["f", "score f", -4, 4, 0.1, 1.7]],
      choice: [["0", "label 0"], ["1", "label 1"]],
      box: [-4.3, 4.9, 4.3, -4.9],
      draw(board, get) {
        const y = () => Number(get("choice"));
        const left = (f) => -L.crossEntropy(y(), f);
        const right = (f) => L.logistic((2 * y() - 1) * f);
        const dot = (f, colour) => board.create("point", [() => get("f"), () => f(get("f"))], { name: "", size: 4, fixed: true, fillColor: colour, strokeColor: colour });
        curve(board, left, BLUE);
        curve(board, right, RED);
        dot(left, BLUE);
        dot(right, RED);
        note(board, -4.1, 4.5, () => `right side without the sign: ${shown(right(get("f")))}`, RED);
        note(board, -4.1, -3.8, () => `left side: ${shown(left(get("f")))}`, BLUE);
        note(board, -4.1, -4.4, () => `right side of the true one: ${shown(-right(get("f")))}`, BLUE);
      },
    },
    outliers: {
      title: "Drag the points: four fits of a line",
      settings: [["delta", "threshold δ", 0.1, 3, 0.1, 0.5]],
      box: [-0.5, 9, 10.5, -4],
      draw(board, get) {
        const start = [[0.5, 0.8], [1.5, 1.1], [2.5, 1.9], [3.5, 2.2], [4.5, 3.1], [5.5, 3.2], [6.5, 4.1], [7.5, 4.4], [8.5, 5.2], [9.5, -2.5]];
        const points = start.map((p, k) =>
          board.create("point", p, { name: "", size: 4, fillColor: INK, strokeColor: INK, tabindex: 0, label: { visible: false }, aria: { enabled: true, label: `point ${k + 1}` } }),
        );
        points.forEach((p) => p.rendNode.setAttribute("role", "application")); // the arrow keys are the point's own
        let fits = [];
        const redo = () => {
          const places = points.map((p) => [p.X(), p.Y()]);
          fits = FITS.map(([, , weight]) => line(places, weight(get("delta"))));
        };
        redo();
        FITS.forEach(([name, colour], k) => {
          curve(board, (x) => fits[k][0] + fits[k][1] * x, colour);
          note(board, 0, 8.3 - 0.9 * k, () => `${name}: slope ${shown(fits[k][1], 2)}`, colour);
        });
        points.forEach((p) => p.on("drag", () => { redo(); board.update(); }));
        return redo;
      },
    },
    quantile: {
      title: "The level q tilts the loss; its minimiser is the quantile",
      settings: [["q", "level q", 0.05, 0.95, 0.05, 0.8]],
      box: [-4.5, 4, 4.5, -0.8],
      draw(board, get) {
        const sample = [-3.2, -2.1, -1.4, -0.9, -0.5, -0.1, 0.3, 0.8, 1.6, 3.1];
        const risk = (c) => L.sum(sample.map((y) => L.pinball(y - c, get("q")))) / sample.length;
        const best = () => sample[Math.min(sample.length - 1, Math.ceil(sample.length * get("q") - 1e-9) - 1)];
        curve(board, (e) => L.pinball(e, get("q")), BLUE);
        curve(board, risk, ORANGE);
        sample.forEach((y) => board.create("point", [y, 0], { name: "", size: 2.5, fixed: true, fillColor: INK, strokeColor: INK, highlight: false }));
        board.create("point", [best, () => risk(best())], { name: "", size: 4, fixed: true, fillColor: ORANGE, strokeColor: ORANGE });
        note(board, -4.2, 3.6, "loss of a residual e", BLUE);
        note(board, -4.2, 3.2, () => `mean loss of a guess for the ten targets: least at ${best()}`, ORANGE);
      },
    },
    margins: {
      title: "Margin losses and their slopes at one margin",
      settings: [["u", "margin u = z f", -3, 3, 0.1, -0.5]],
      box: [-3.3, 6.3, 3.3, -0.7],
      draw(board, get) {
        const losses = [["perceptron", GREY, L.perceptron], ["hinge", BLUE, L.hinge], ["squared hinge", ORANGE, L.squaredHinge], ["modified Huber", PURPLE, L.modifiedHuber], ["exponential", RED, L.exponential], ["logistic, base 2", GREEN, (u) => L.logistic(u) / Math.LN2]];
        losses.forEach(([name, colour, f], k) => {
          curve(board, f, colour);
          board.create("point", [() => get("u"), () => f(get("u"))], { name: "", size: 3, fixed: true, fillColor: colour, strokeColor: colour });
          note(board, 0.9, 6 - 0.42 * k, () => `${name}: ${shown(f(get("u")), 2)}`, colour);
        });
        board.create("line", [[() => get("u"), 0], [() => get("u"), 1]], { strokeColor: GREY, dash: 2, strokeWidth: 1, fixed: true, highlight: false });
      },
    },
    threshold: {
      title: "Costs move the threshold",
      settings: [["miss", "cost of a miss", 1, 20, 1, 5], ["alarm", "cost of a false alarm", 1, 20, 1, 1]],
      box: [-0.06, 10.5, 1.1, -1.2],
      draw(board, get) {
        const best = () => get("alarm") / (get("alarm") + get("miss"));
        curve(board, (p) => get("alarm") * (1 - p), BLUE, 0, 1);
        curve(board, (p) => get("miss") * p, ORANGE, 0, 1);
        board.create("line", [[best, 0], [best, 1]], { strokeColor: RED, dash: 2, fixed: true, highlight: false });
        note(board, 0.3, 10, "expected cost of saying yes", BLUE);
        note(board, 0.3, 9.3, "expected cost of saying no", ORANGE);
        note(board, 0.3, 8.6, () => `say yes where p > ${shown(best(), 3)}, score f > ${shown(Math.log(get("alarm") / get("miss")), 2)}`, RED);
      },
    },
    focal: {
      title: "γ silences what is already right",
      settings: [["gamma", "γ", 0, 5, 0.25, 2]],
      box: [-4.3, 4.6, 4.3, -0.6],
      draw(board, get) {
        curve(board, L.logistic, GREY);
        curve(board, (u) => L.focal(u, get("gamma")), BLUE);
        note(board, 0.2, 4.2, "cross-entropy", GREY);
        note(board, 0.2, 3.8, () => `focal loss, γ = ${get("gamma")}`, BLUE);
        note(board, 0.2, 3.4, () => `kept at margin 2: ${shown((100 * L.focal(2, get("gamma"))) / L.logistic(2), 1)} %, at −2: ${shown((100 * L.focal(-2, get("gamma"))) / L.logistic(-2), 1)} %`);
      },
    },
    logits: {
      title: "Probabilities, and where the gradient pushes the logits",
      settings: [["s1", "logit 1 (the label)", -4, 4, 0.1, 0.5], ["s2", "logit 2", -4, 4, 0.1, 1.5], ["s3", "logit 3", -4, 4, 0.1, -0.5], ["tau", "temperature", 0.1, 4, 0.1, 1]],
      box: [0.2, 1.9, 3.9, -0.35],
      draw(board, get) {
        const scaled = () => ["s1", "s2", "s3"].map((name) => get(name) / get("tau"));
        bars(board, () => L.softmax(scaled()), () => L.smoothedSlope(0, scaled(), 0), (j) => (j ? BLUE : GREEN));
        note(board, 0.4, 1.78, () => `loss ${shown(L.smoothed(0, scaled(), 0))}`);
        note(board, 0.4, 1.64, () => `probabilities ${L.softmax(scaled()).map((p) => shown(p)).join(", ")}`);
        note(board, 0.4, 1.5, "arrows: minus the gradient, label minus probability", RED);
      },
    },
    smoothing: {
      title: "A smoothed label has a finite best gap",
      settings: [["share", "smoothing α", 0, 0.5, 0.01, 0.1], ["classes", "classes K", 2, 100, 1, 10]],
      box: [-1, 6.4, 15, -0.6],
      draw(board, get) {
        const loss = (gap) => {
          const [share, K] = [get("share"), get("classes")];
          return Math.log(Math.exp(gap) + K - 1) - (1 - share + share / K) * gap;
        };
        const best = () => (get("share") > 0 ? Math.log(get("classes") - 1) + Math.log((1 - get("share") + get("share") / get("classes")) / (((get("classes") - 1) * get("share")) / get("classes"))) : Infinity);
        curve(board, loss, BLUE);
        board.create("point", [() => Math.min(best(), 1e3), () => loss(Math.min(best(), 1e3))], { name: "", size: 4, fixed: true, fillColor: RED, strokeColor: RED });
        note(board, 4, 6, () => (best() < Infinity ? `least at a gap of ${shown(best(), 2)}, and it is ${shown(loss(best()))} there` : "without smoothing the gap grows for ever"), RED);
        note(board, 4, 5.5, "loss of one logit above all others by this gap", BLUE);
      },
    },
    positives: {
      title: "Six classes, the first two positive: four answers and their pushes",
      settings: [["s1", "logit of positive 1", -4, 4, 0.1, 2], ["s2", "logit of positive 2", -4, 4, 0.1, 0], ["rest", "logits of the others", -4, 4, 0.1, 0]],
      choice: [["mean", "mean over the positives"], ["sum", "the notes' sum"], ["any", "any positive will do"], ["binary", "binary losses"]],
      box: [0.2, 2.1, 6.9, -0.9],
      draw(board, get) {
        const mask = [1, 1, 0, 0, 0, 0];
        const s = () => [get("s1"), get("s2"), ...Array(4).fill(get("rest"))];
        const ways = { mean: [L.positivesMean, L.positivesMeanSlope], sum: [L.positivesSum, L.positivesSumSlope], any: [L.positivesAny, L.positivesAnySlope], binary: [L.binary, L.binarySlope] };
        const way = () => ways[get("choice")];
        const heights = () => (get("choice") === "binary" ? s().map(L.sigmoid) : L.softmax(s()));
        bars(board, heights, () => way()[1](mask, s()), (j) => (mask[j] ? GREEN : BLUE));
        note(board, 0.5, 1.95, () => `loss ${shown(way()[0](mask, s()))}`);
        note(board, 0.5, 1.75, () => `gradient ${way()[1](mask, s()).slice(0, 3).map((g) => shown(g, 2)).join(", ")}, …`, RED);
      },
    },
    race: {
      title: "The race from a wrong start: steps of descent on one score",
      settings: [["start", "start f₀ (the label is 1)", -10, 2, 0.5, -5], ["rate", "log₁₀ of the learning rate", -1, 1, 0.1, 0]],
      box: [-12, 9.5, 320, -11.5],
      draw(board, get) {
        const run = (slope) => {
          const path = [get("start")];
          for (let k = 0; k < 300; k++) path.push(path[k] - 10 ** get("rate") * slope(1, path[k]));
          return path;
        };
        let paths = [];
        const redo = () => (paths = [run(L.crossEntropySlope), run(L.squaredProbabilitySlope)]);
        redo();
        [["cross-entropy", BLUE], ["squared error", ORANGE]].forEach(([name, colour], k) => {
          curve(board, (n) => paths[k][Math.round(n)], colour, 0, 300);
          const crossed = () => paths[k].findIndex((f) => f >= 0);
          note(board, 90, -6.5 - 1.6 * k, () => `${name}: ${crossed() >= 0 ? `past 0 after ${crossed()} steps` : "not past 0 in 300 steps"}`, colour);
        });
        return redo;
      },
    },
    tail: {
      title: "The lost tail: the loss of a right answer, computed two ways",
      settings: [["gap", "gap of the right logit", 0, 60, 1, 18]],
      choice: [["32", "float32"], ["64", "float64"]],
      box: [-4, 4, 64, -30],
      draw(board, get) {
        const round = (x) => (get("choice") === "32" ? Math.fround(x) : x);
        const naive = (g) => -round(Math.log(round(1 / round(1 + round(2 * round(Math.exp(-g)))))));
        const exact = (g) => Math.log1p(2 * Math.exp(-g));
        const height = (x) => (x > 0 ? Math.log10(x) : -29);
        curve(board, (g) => height(exact(g)), BLUE, 0, 62);
        curve(board, (g) => height(naive(g)), ORANGE, 0, 62);
        board.create("line", [[() => get("gap"), 0], [() => get("gap"), 1]], { strokeColor: GREY, dash: 2, fixed: true, highlight: false });
        note(board, 14, 2.5, () => `log(1 + 2 exp(−gap)) by log1p: ${shown(exact(get("gap")))}`, BLUE);
        note(board, 14, 0.2, () => `−log of the rounded probability: ${shown(naive(get("gap")))}`, ORANGE);
        note(board, -3, -28, "height: log₁₀ of the loss; nothing is left where the line meets the floor");
      },
    },
  };
})();
