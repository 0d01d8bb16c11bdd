// Puts the figures to move on the page, each when it comes near the screen; before that nothing of them is loaded.
"use strict";

(() => {
  const folder = document.currentScript.src.replace(/[^/]*(\?.*)?$/, "");
  const places = document.querySelectorAll(".move");
  if (!places.length) return;
  let loading = null;

  const script = (name) =>
    new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = folder + name;
      element.onload = done;
      element.onerror = failed;
      document.head.append(element);
    });

  async function library() {
    await Promise.all([script("jsxgraphcore.js"), script("losses.js")]);
    await script("figures.js");
    JXG.Options.text.display = "internal";
    JXG.Options.text.useMathJax = false;
  }

  function slider([name, label, min, max, step, value], values, changed) {
    const row = document.createElement("label");
    const input = document.createElement("input");
    const output = document.createElement("output");
    Object.assign(input, { type: "range", min, max, step, value });
    values[name] = value;
    output.textContent = value;
    input.addEventListener("input", () => {
      values[name] = Number(input.value);
      output.textContent = input.value.replace("-", "−");
      changed();
    });
    row.append(label, input, output);
    return row;
  }

  function choice(options, values, changed, group) {
    const set = document.createElement("fieldset");
    values.choice = options[0][0];
    for (const [value, label] of options) {
      const row = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: group, value, checked: value === values.choice });
      input.addEventListener("change", () => {
        values.choice = value;
        changed();
      });
      row.append(input, ` ${label}`);
      set.append(row);
    }
    const legend = document.createElement("legend");
    legend.textContent = "Which";
    set.prepend(legend);
    return set;
  }

  function stage(place) {
    const figure = window.MOVE[place.dataset.figure];
    const [values, id] = [{}, `move-${place.dataset.figure}`];
    let redo = () => {};
    let board = null;
    const changed = () => {
      redo();
      board.fullUpdate();
    };
    const title = document.createElement("p");
    title.className = "move-title";
    title.textContent = figure.title;
    const plane = document.createElement("div");
    plane.id = id;
    plane.className = "move-plane";
    const panel = document.createElement("div");
    panel.className = "move-settings";
    panel.append(...figure.settings.map((setting) => slider(setting, values, changed)));
    if (figure.choice) panel.append(choice(figure.choice, values, changed, id));
    place.append(title, plane, panel);
    board = JXG.JSXGraph.initBoard(id, {
      boundingbox: figure.box, axis: true, showNavigation: false, showCopyright: false, showLogo: false, keepAspectRatio: false, pan: { enabled: false }, zoom: { enabled: false },
      title: figure.title, description: figure.title, keyboard: { enabled: true, dx: 5, dy: 5 },
      defaultAxes: {
        x: { strokeColor: "var(--pst-color-text-muted)", ticks: { strokeColor: "var(--pst-color-border)", label: { strokeColor: "var(--pst-color-text-muted)" }, minorTicks: 0 } },
        y: { strokeColor: "var(--pst-color-text-muted)", ticks: { strokeColor: "var(--pst-color-border)", label: { strokeColor: "var(--pst-color-text-muted)" }, minorTicks: 0 } },
      },
    });
    redo = figure.draw(board, (name) => values[name]) ?? redo;
    board.fullUpdate();
    place.classList.remove("awaited");
    place.dataset.ready = "yes";
  }

  const near = new IntersectionObserver(
    (seen) =>
      seen
        .filter((e) => e.isIntersecting)
        .forEach(({ target }) => {
          near.unobserve(target);
          loading ??= library();
          loading.then(() => stage(target));
        }),
    { rootMargin: "40%" },
  );
  places.forEach((place) => {
    if (place.dataset.start) {
      const button = place.querySelector("button"); // a picture until the reader asks for more
      button.hidden = false;
      button.onclick = async () => {
        loading ??= library();
        await loading;
        place.replaceChildren();
        stage(place);
        place.querySelector("input").focus();
      };
      return;
    }
    place.classList.add("awaited"); // room is made at once, so that nothing moves later
    near.observe(place);
  });
})();
