// Formulas in, MathML out, one line of JSON each. Temml typesets; what it does not do is to break a long formula
// where a narrow screen asks for it: here the top level is cut into rows before its relations, and those before
// their sums, and the style sheet lets the rows wrap.
const readline = require("node:readline");
const temml = require("temml");

const RELATIONS = new Set("=<>≤≥≠≈≡∼∝→⇒⇔⟹⟺⟸∈".split(""));
const SUMS = new Set("+−±∓".split(""));
const OPENING = new Set("([{⟨⌊⌈".split(""));
const CLOSING = new Set(")]}⟩⌋⌉".split(""));
const LONG = 12; // parts of a formula in the text that may have to wrap on a phone

const sign = (node) => (node.type === "mo" && node.children.length === 1 ? node.children[0].text : "");
const infix = (node) => node.attributes.form !== "prefix" && node.attributes.form !== "postfix";
const isGap = (node) => node.type === "mspace" && parseFloat(node.attributes.width) >= 1;
const letters = (node) => (node.children || []).map((child) => child.text || "").join("");

// Fragments opened: their children stand where they stood.
function flat(nodes) {
  return nodes.flatMap((node) => (node.type === undefined && node.children ? flat(node.children) : [node]));
}

// Bare rows around everything opened too, so that the top level is seen.
function topLevel(node) {
  let nodes = flat(node.children);
  while (nodes.length === 1 && nodes[0].type === "mrow" && !nodes[0].classes.length) nodes = flat(nodes[0].children);
  return nodes;
}

const make = (like, type, children, names = []) => new like.constructor(type, children, names);

// The thin space before log, where what stands before it has an index: Temml sees it only after a bare letter.
function opensFunction(node) {
  const [name, apply] = node.type === "mrow" ? node.children : [];
  return name && apply && name.type === "mi" && letters(name).length > 1 && letters(apply) === "\u2061";
}
const isIndexed = (node) => ["msub", "msup", "msubsup"].includes(node.type);

// A bracket that closes with an exponent stands in the exponent's node.
function closesWithPower(node) {
  const base = isIndexed(node) ? flat([node.children[0]]).flatMap((n) => (n.type === "mrow" ? n.children : [n])) : [];
  return base.some((n) => CLOSING.has(sign(n))) && !base.some((n) => OPENING.has(sign(n)));
}

function thinSpace(like) {
  const space = make(like, "mspace", []);
  space.setAttribute("width", "0.1667em");
  return space;
}

// 0,1 are two numbers, not one with a decimal comma.
function twoNumbers(node) {
  const [comma, ...texts] = [make(node, "mo", []), ...letters(node).split(",")];
  comma.setAttribute("separator", "true");
  comma.children = [Object.assign(Object.create(node.children[0]), { text: "," })];
  const numbers = texts.map((text) => make(node, "mn", [Object.assign(Object.create(node.children[0]), { text })]));
  return [numbers[0], comma, ...numbers.slice(1)];
}

// A prime has its height by itself: in an exponent it would be small, and raised twice.
function primed(node) {
  const exponent = node.type === "msup" ? flat([node.children[1]]) : [];
  const signs = exponent.flatMap((n) => (n.type === "mrow" ? n.children : [n]));
  const onlyPrimes = signs.length && signs.every((n) => n.type === "mo" && n.classes.includes("tml-prime"));
  return onlyPrimes ? make(node, "mrow", [node.children[0], ...signs]) : node;
}

function polish(node) {
  if (!node.children || !node.children.length || node.children[0].text !== undefined) return;
  if (["mrow", "math", "mtd", "mstyle", undefined].includes(node.type)) {
    node.children = flat(node.children).map(primed).flatMap((child, at, all) => {
      if (child.type === "mn" && /^\d+,\d+$/.test(letters(child))) return twoNumbers(child);
      return at && opensFunction(child) && isIndexed(all[at - 1]) ? [thinSpace(child), child] : [child];
    });
  }
  if (isIndexed(node) || node.type === "munder" || node.type === "munderover" || node.type === "mover") {
    node.children.slice(1).forEach(tight);
  }
  node.children.forEach(polish);
}

// In an index TeX sets signs without space.
function tight(node) {
  if (sign(node) && infix(node) && !node.attributes.fence && sign(node) !== "\u2061" && sign(node) !== ",") {
    node.setAttribute("lspace", "0");
    node.setAttribute("rspace", "0");
  }
  if (node.children && node.type !== "mo") node.children.forEach(tight);
}

// Into parts, each beginning where `starts` says so; within brackets only if `deep`.
function cut(nodes, starts, deep) {
  const parts = [[]];
  let brackets = 0;
  nodes.forEach((node, at) => {
    if (at > 0 && parts.at(-1).length && (deep || brackets <= 0) && starts(node, nodes[at - 1])) parts.push([]);
    parts.at(-1).push(node);
    brackets += OPENING.has(sign(node)) - (CLOSING.has(sign(node)) || closesWithPower(node));
  });
  return parts;
}

// A row of nodes; what opens it, a sign, keeps the space that it has between two terms.
function row(nodes) {
  const made = make(nodes[0], "mrow", nodes);
  if (sign(nodes[0]) && infix(nodes[0])) nodes[0].setAttribute("form", "infix");
  return made;
}

const opensRelation = (node) => RELATIONS.has(sign(node)) && infix(node);
const opensTerm = (node, before) => SUMS.has(sign(node)) && infix(node) && !RELATIONS.has(sign(before));
const LEVELS = [
  [(node, before) => isGap(before), true],
  [opensRelation, false],
  [opensTerm, false],
  [(node, before) => opensRelation(node) || opensTerm(node, before), true],
];

// Cut at gaps, these at relations, these at signs, and these within brackets: an outer row wraps before an inner one.
function broken(nodes, level = 0) {
  if (level === LEVELS.length) return row(nodes);
  const parts = cut(nodes, ...LEVELS[level]).map((part) => broken(part, level + 1));
  if (parts.length === 1) return parts[0];
  return make(nodes[0], "mrow", parts, ["wraps"]);
}

const empty = (node) => !node.text && (node.children || []).every(empty);

// What a line goes on with, if it only goes on with the sum or chain of the line above: it was broken for a screen
// narrower than this one may be.
function continuation(line) {
  const cells = line.children.filter((cell) => !empty(cell));
  if (cells.length !== 1) return [];
  let nodes = topLevel(cells[0]);
  while (nodes.length && nodes[0].type === "mspace") nodes = nodes.slice(1);
  const first = nodes.length ? sign(nodes[0]) : "";
  const goesOn = SUMS.has(first) || (RELATIONS.has(first) && cells[0] === line.children[0]);
  if (!goesOn) return [];
  nodes[0].setAttribute("form", "infix");
  return nodes;
}

// A sign at the start of a cell that goes on with the one before it.
function betweenTerms(node, before) {
  if (node && before.length && (SUMS.has(sign(node)) || RELATIONS.has(sign(node)))) node.setAttribute("form", "infix");
}

// Aligned lines: those that go on are put where they belong, and every line may break where the screen asks for it.
// The cells of a matrix or of cases stay whole.
function breakLines(math, table) {
  const lines = [];
  for (const line of table.children) {
    const more = lines.length ? continuation(line) : [];
    if (more.length) {
      const last = lines.at(-1).filter((nodes) => nodes.length).at(-1);
      last.push(...more);
    } else {
      lines.push(line.children.map((cell) => (empty(cell) ? [] : topLevel(cell))));
      lines.at(-1).slice(1).forEach((nodes, k) => betweenTerms(nodes[0], lines.at(-1)[k]));
    }
  }
  if (lines.length === 1) {
    math.children = [broken(lines[0].flat())];
    return;
  }
  table.children.length = lines.length;
  lines.forEach((cells, n) => {
    const line = table.children[n];
    cells.forEach((nodes, k) => {
      const cell = (line.children[k] ??= make(line, "mtd", []));
      cell.children = nodes.length ? [broken(nodes)] : [];
    });
  });
}

function typeset(latex, display) {
  const math = temml.__renderToMathMLTree(latex, {
    displayMode: display,
    throwOnError: true,
    strict: false,
    wrap: "none",
  });
  polish(math);
  const nodes = topLevel(math);
  math.style = {};
  math.classes = [];
  if (display) {
    math.attributes.display = "block";
    if (nodes.length === 1 && nodes[0].type === "mtable") breakLines(math, nodes[0]);
    else math.children = [broken(nodes)];
  } else if (nodes.length > LONG) {
    math.children = [broken(nodes)];
  }
  return math.toMarkup();
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { latex, display } = JSON.parse(line);
  let answer;
  try {
    answer = { mathml: typeset(latex, display) };
  } catch (error) {
    answer = { error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
