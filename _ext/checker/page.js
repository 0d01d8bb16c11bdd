// The page "Check a formula": what is typed goes to the worker, what it says is shown.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const root = byId("checker");
  if (!root) return;
  const folder = new URL("../_static/checker/", location.href).href;
  const [latex, letters, relations] = ["checker-latex", "checker-letters", "checker-relations"].map(byId);
  const [startButton, checkButton, stopButton, turnButton, copyButton] = ["start", "check", "stop", "turn", "copy"].map((n) =>
    byId(`checker-${n}`),
  );
  const status = byId("checker-status");
  const shown = byId("checker-shown");
  const result = byId("checker-result");
  let worker = null;
  let ready = false;
  let opened = null; // the claim of the book that was opened

  if (location.protocol === "file:") {
    status.textContent =
      "This page was opened from a folder, where a browser does not start the checker. Run `make serve` and open the address that it prints.";
    root.querySelectorAll("button").forEach((button) => (button.disabled = true));
    return;
  }

  function element(name, text, names = "") {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (names) made.className = names;
    return made;
  }

  function typeset(source, where) {
    if (!window.temml) return;
    try {
      temml.render(source, where, { displayMode: true, throwOnError: true });
    } catch (error) {
      where.textContent = error.message;
    }
  }

  function given() {
    const lines = letters.value.split("\n").filter((line) => line.includes("="));
    return Object.fromEntries(
      lines.map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
    );
  }

  const where = () => relations.value.split("\n").map((line) => line.trim()).filter(Boolean);

  // The definitions that the letters name, and those that these name.
  function definitions(letters, found = []) {
    for (const said of Object.values(letters)) {
      const named = said.startsWith("eq-") && window.CLAIMS.find((claim) => claim.label === said);
      if (named && !found.includes(named)) {
        definitions(named.given, found);
        found.push(named);
      }
    }
    return found;
  }

  function start() {
    startButton.disabled = true;
    stopButton.disabled = false;
    status.textContent = "Loading the checker …";
    root.querySelector("progress").hidden = false;
    const script = document.createElement("script");
    script.src = `${folder}temml.min.js`;
    script.onload = () => typeset(latex.value, shown);
    if (!window.temml) document.head.append(script);
    worker = new Worker(`${folder}worker.mjs`, { type: "module" });
    worker.onerror = (event) => failed(event.message || "the checker could not be loaded");
    worker.onmessage = ({ data }) => {
      if (data.progress) {
        root.querySelector("progress").value = data.progress;
        status.textContent = `Loading: ${data.what}`;
      } else if (data.ready) {
        ready = true;
        root.querySelector("progress").hidden = true;
        status.textContent = "Ready. From now on nothing is fetched.";
        checkButton.disabled = false;
        if (latex.value.trim()) check();
      } else if (data.failed) failed(data.failed);
      else show(data.result, data.milliseconds);
    };
  }

  function failed(why) {
    status.textContent = `The checker stopped: ${why}`;
    stop();
  }

  function stop() {
    worker?.terminate();
    worker = null;
    ready = false;
    startButton.disabled = false;
    checkButton.disabled = stopButton.disabled = true;
    root.querySelector("progress").hidden = true;
  }

  function check() {
    if (!ready) return;
    const said = given();
    checkButton.disabled = true;
    status.textContent = "Checking …";
    typeset(latex.value, shown);
    worker.postMessage({
      latex: latex.value,
      given: said,
      where: where(),
      conventions: opened?.conventions ?? [],
      definitions: definitions(said),
    });
  }

  function line(...parts) {
    const made = element("p");
    made.append(...parts);
    return made;
  }

  function show(verdict, milliseconds) {
    checkButton.disabled = false;
    status.textContent = `Checked in ${Math.round(milliseconds)} ms.`;
    result.dataset.status = verdict.status;
    result.replaceChildren(
      line(element("strong", verdict.status, `status status-${verdict.status}`), verdict.line.slice(verdict.status.length)),
    );
    const counter = verdict.counterexample;
    if (counter) {
      const at = Object.entries(counter.values).map(([name, value]) => `${name} = ${value}`);
      result.append(line(`Counterexample at ${at.join(", ")}: left ${counter.left}, right ${counter.right}.`));
      if (verdict.curve) result.append(plot(verdict.curve));
    }
    if (verdict.assumptions?.length) result.append(line(`Assuming ${verdict.assumptions.join("; ")}.`));
    const names = verdict.controls?.made ? verdict.variants : [];
    if (names?.length) {
      const kept = element("details");
      const { made, refuted } = verdict.controls;
      kept.append(element("summary", `${refuted} of ${made} wrong variants refuted: which were tried`));
      const list = element("ul");
      const spared = { "true as well": verdict.controls.true, undecided: verdict.controls.undecided, "not told apart": verdict.controls.survivors };
      for (const name of names) {
        const [fate] = Object.entries(spared).find(([, those]) => those.includes(name)) ?? [""];
        list.append(element("li", fate ? `${name}: ${fate}` : name));
      }
      kept.append(list);
      result.append(kept);
    }
  }

  // Both sides along the letter, and the point at which they differ.
  function plot({ letter, at, places, left, right }) {
    const [width, height, edge] = [560, 240, 34];
    const seen = [...left, ...right].filter((y) => y !== null).sort((a, b) => a - b);
    const [low, high] = [seen[Math.floor(seen.length * 0.03)], seen[Math.ceil(seen.length * 0.97) - 1]];
    const room = (high - low || 1) * 0.15;
    const x = (u) => edge + ((u - places[0]) / (places.at(-1) - places[0])) * (width - 2 * edge);
    const y = (v) => height - edge - ((v - low + room) / (high - low + 2 * room || 1)) * (height - 2 * edge);
    const inside = (v) => v !== null && v > low - room && v < high + room;
    const path = (values) =>
      values.map((v, k) => (inside(v) ? `${inside(values[k - 1] ?? null) ? "L" : "M"}${x(places[k]).toFixed(1)} ${y(v).toFixed(1)}` : "")).join("");
    const middle = Math.round((places.length - 1) / 2);
    const label = `Both sides along ${letter}: at ${letter} = ${at.toPrecision(4)} left ${left[middle]?.toPrecision(4)}, right ${right[middle]?.toPrecision(4)}`;
    const box = element("div", "", "checker-plot");
    box.innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="img"><path d="M${edge} ${height - edge}H${width - edge}M${edge} ${edge}V${height - edge}" class="axis"/>
      <path d="M${x(at)} ${edge}V${height - edge}" class="at"/><path d="${path(left)}" class="left"/><path d="${path(right)}" class="right"/>
      <text x="${width - edge}" y="${height - 10}" text-anchor="end"></text><text x="${edge}" y="${edge - 10}" class="left">left side</text><text x="${edge + 90}" y="${edge - 10}" class="right">right side</text></svg>`;
    box.firstChild.setAttribute("aria-label", label);
    box.querySelector("text").textContent = letter;
    return box;
  }

  // Another sign of the formula each time: what was true falls.
  let turned = -1;
  let untouched = "";
  function turnSign() {
    if (turned < 0 || latex.value !== turnSign.last) {
      untouched = latex.value;
      turned = -1;
    }
    const signs = [...untouched.matchAll(/[+-]/g)];
    if (!signs.length) return;
    turned = (turned + 1) % signs.length;
    const at = signs[turned].index;
    latex.value = turnSign.last = untouched.slice(0, at) + (untouched[at] === "+" ? "-" : "+") + untouched.slice(at + 1);
    typeset(latex.value, shown);
    check();
  }

  function python() {
    const quoted = (text) => `r"${text.replaceAll('"', '\\"')}"`;
    const said = Object.entries(given()).map(([name, means]) => `${name}=${quoted(means)}`);
    const held = where().length ? [`where=[${where().map(quoted).join(", ")}]`] : [];
    return `claim("eq-mine", ${[quoted(latex.value.trim()), ...said, ...held].join(", ")})`;
  }

  function open() {
    const label = location.hash.slice(1);
    opened = window.CLAIMS.find((claim) => claim.label === label) ?? null;
    if (!opened) return;
    latex.value = opened.latex.trim();
    letters.value = Object.entries(opened.given).map(([name, means]) => `${name} = ${means}`).join("\n");
    relations.value = opened.where.join("\n");
    byId("checker-of").textContent = `Equation (${opened.number}) of the book, ${label}: ${opened.status}.`;
    typeset(latex.value, shown);
    check();
  }

  startButton.onclick = start;
  checkButton.onclick = check;
  stopButton.onclick = () => {
    stop();
    status.textContent = "Stopped. Start it again when you like.";
  };
  turnButton.onclick = turnSign;
  copyButton.onclick = async () => {
    await navigator.clipboard.writeText(python());
    status.textContent = "Copied as Python.";
  };
  latex.addEventListener("input", () => typeset(latex.value, shown));
  latex.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) check();
  });
  addEventListener("hashchange", open);
  open();
})();
