// The book in JupyterLab: claims and figures as the page shows them, their code folded; references that lead to what a
// cell shows, or to another notebook; no unsaved mark before anything was changed. A container for JupyterLab's loader,
// written as it stands. `names.js` beside it says what everything is called.
"use strict";

(() => {
  const CLAIM = "application/vnd.lossutils.claim+json";
  const FIGURE = "application/vnd.lossutils.figure+json";
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  let shared = null; // JupyterLab's own modules
  let NAMES = { claims: {}, others: {}, sources: {}, titles: {} };

  const module = async (name) => (await Object.values(shared[name])[0].get())();
  const element = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });
  const dataOf = (cell, type) => {
    const outputs = cell.model.outputs;
    for (let k = 0; k < (outputs?.length ?? 0); k++) if (outputs.get(k).data[type]) return outputs.get(k).data[type];
    return null;
  };

  // A claim: equation, number, verdict.
  function drawClaim(claim, node, typesetter) {
    const known = NAMES.claims[claim.label];
    const fits = known && known.latex === claim.latex.trim() && (known.status === claim.status || known.status === "proved");
    const said = fits ? known : { shown: known?.shown ?? claim.label, status: claim.status, line: claim.line.replace(claim.status, "") };
    const equation = element("div", "lossutils-equation");
    equation.append(element("div", "lossutils-formula", `$$${claim.latex.trim()}$$`), element("span", "lossutils-number", said.shown));
    const verdict = element("div", "lossutils-verdict");
    const held = claim.kind === "definition" || (claim.held ?? true) === (claim.asserted ?? true);
    const rest = said.line ? ` · ${said.line.replace(/\$([^$]*)\$/g, "\\($1\\)")}` : "";
    verdict.append(element("strong", `lossutils-status lossutils-${said.status}`, said.status), rest);
    if (!held) verdict.prepend(element("strong", "lossutils-refuted", "This does not stand as the text has it. "));
    node.className += " lossutils-claim";
    node.dataset.label = claim.label;
    node.replaceChildren(equation, verdict);
    typesetter?.typeset(node);
  }

  // A figure: an image, which is safe to show before the notebook is trusted.
  function drawFigure(about, data, node) {
    const svg = [data["image/svg+xml"]].flat().join("");
    const image = element("img", "lossutils-drawing");
    image.alt = about.alt;
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    node.className += " lossutils-figure";
    node.replaceChildren(image);
  }

  const renderers = (Widget) => [
    [CLAIM, (data, node, options) => drawClaim(data[CLAIM], node, options.latexTypesetter)],
    [FIGURE, (data, node) => drawFigure(data[FIGURE], data, node)],
  ].map(([type, draw]) => ({
    safe: true,
    mimeTypes: [type],
    defaultRank: 10,
    createRenderer: (options) =>
      Object.assign(new Widget(), {
        renderModel(model) {
          draw(model.data, this.node, options);
          return Promise.resolve();
        },
      }),
  }));

  // Code that only states a claim or draws a figure is folded, and all of it where it would give a solution away.
  function fold(notebook) {
    let exercises = false;
    for (const cell of notebook.widgets) {
      if (cell.model.type === "markdown") {
        const headings = cell.model.sharedModel.getSource().match(/^## .*/gm);
        if (headings) exercises = headings.at(-1).startsWith("## Exercises");
      } else if (cell.model.type === "code") {
        const shows = dataOf(cell, CLAIM) || dataOf(cell, FIGURE);
        const tags = cell.model.getMetadata("tags") ?? [];
        if (shows) cell.node.dataset.book = "shown";
        if (shows || exercises || tags.includes("fold")) cell.inputHidden = true;
        if (exercises) cell.outputHidden = true;
        const tab = tags.find((tag) => tag.startsWith("tab:"));
        if (tab) cell.node.dataset.framework = tab.slice(4);
      }
    }
  }

  // References that were not found in the notebook's text, and links to pages of the book.
  function mend(node, go) {
    for (const lost of node.querySelectorAll(".myst span.text-yellow-600")) {
      const label = lost.textContent.trim();
      const source = NAMES.sources[label];
      const named = NAMES.claims[label] ?? NAMES.others[label];
      if (source) {
        const [who, year] = source;
        const within = lost.parentElement.matches(".cite-group.parenthetical");
        lost.replaceChildren(within ? `${who}, ${year}` : `${who} (${year})`);
        lost.title = label;
        lost.className = "lossutils-source";
      } else if (named) {
        const link = element("a", "", named.shown);
        link.href = "#";
        link.dataset.label = label;
        link.onclick = (event) => {
          event.preventDefault();
          go(named.page, label);
        };
        lost.replaceChildren(link);
        lost.title = label;
        lost.className = "lossutils-reference";
      }
    }
    for (const link of node.querySelectorAll(".myst a[href*='/chapters/'], .myst a[href*='/appendix/']")) {
      const page = link.href.match(/\/files\/((?:chapters|appendix)\/[a-z_/]+)(?:\.html|\.md|\.ipynb)?(?:[?#]|$)/)?.[1];
      if (!page || link.dataset.page) continue;
      link.dataset.page = page;
      if (!link.textContent.trim()) link.textContent = NAMES.titles[page] ?? page;
      link.addEventListener("click", (event) => { event.preventDefault(); event.stopImmediatePropagation(); go(page); }, true);
    }
  }

  function find(notebook, label) {
    return notebook.widgets.findIndex((cell) => {
      const data = cell.model.type === "code" && (dataOf(cell, CLAIM) ?? dataOf(cell, FIGURE));
      return data ? data.label === label : cell.model.sharedModel.getSource().includes(`:label: ${label}\n`);
    });
  }

  async function watch(panel, app) {
    const { content: notebook, context, sessionContext } = panel;
    const here = context.path.replace(/\.ipynb$/, "");
    const go = async (page, label) => {
      let target = notebook;
      if (!here.endsWith(page)) {
        const path = NAMES.claims[label] || NAMES.others[label] ? `${page}.ipynb` : NAMES.titles[page + ".md"] ? `${page}.md` : `${page}.ipynb`;
        target = (await app.commands.execute("docmanager:open", { path }))?.content;
      }
      const at = label && target?.widgets ? find(target, label) : -1;
      if (at >= 0) {
        target.activeCellIndex = at;
        await target.scrollToItem(at, "center");
      }
    };
    await context.ready;
    fold(notebook);
    // The kernel writes its name into the notebook when it starts: that is no change of the reader's.
    const settle = () => { if (!edited) context.model.dirty = false; };
    let edited = false;
    notebook.model.cells.changed.connect(() => (edited = true));
    notebook.node.addEventListener("keydown", () => (edited = true), true);
    context.model.stateChanged.connect((_, change) => { if (change.name === "dirty" && change.newValue) setTimeout(settle); });
    sessionContext.statusChanged.connect((_, status) => { if (status === "busy") edited ||= started; });
    let started = false;
    sessionContext.ready.then(() => setTimeout(() => (started = true), 3000));
    settle();
    let waiting = 0;
    new MutationObserver(() => {
      waiting ||= setTimeout(() => {
        waiting = 0;
        mend(notebook.node, go);
      }, 50);
    }).observe(notebook.node, { childList: true, subtree: true });
    mend(notebook.node, go);
  }

  const STYLE = `
.lossutils-equation { display: grid; grid-template-columns: 5rem minmax(0, 1fr) 5rem; align-items: center; }
.lossutils-formula { grid-column: 2; overflow-x: auto; overflow-y: hidden; }
.lossutils-formula mjx-container { font-size: 122% !important; margin: 0.4em 0 !important; }
.jp-Cell[data-book] .jp-InputPlaceholder, .jp-Cell[data-book] .jp-InputArea.jp-mod-hidden { opacity: 0.55; }
.jp-Cell[data-book] .jp-Placeholder-content { background: none; border: none; min-height: 0; font-size: 0.85em; }
.lossutils-number { grid-column: 3; text-align: right; }
.lossutils-verdict { text-align: center; font-size: 0.85em; color: var(--jp-ui-font-color2); padding: 0 1rem 0.4rem; }
.lossutils-status { font-variant: small-caps; font-size: 1.1em; }
.lossutils-proved, .lossutils-derived { color: #1d6f42; } .lossutils-enclosed, .lossutils-computed { color: #14688a; }
.lossutils-consistent { color: #7a5a00; } .lossutils-refuted { color: #b3261e; }
[data-jp-theme-light="false"] :is(.lossutils-proved, .lossutils-derived) { color: #7fd1a1; }
[data-jp-theme-light="false"] :is(.lossutils-enclosed, .lossutils-computed) { color: #7cc7e8; }
[data-jp-theme-light="false"] .lossutils-consistent { color: #e3bf62; }
[data-jp-theme-light="false"] .lossutils-refuted { color: #ff9a8f; }
.lossutils-drawing { max-width: 46rem; width: 100%; background: white; border-radius: 4px; }
.lossutils-figure { text-align: center; }
.lossutils-reference a { color: var(--jp-content-link-color); text-decoration: none; }
.jp-Cell[data-framework]::before { content: attr(data-framework); display: block; margin-left: var(--jp-cell-prompt-width); padding: 0.3em 0.6em 0; font-weight: 600; font-size: 0.85em; color: var(--jp-ui-font-color2); }
`;

  const plugin = {
    id: "lossutils-book:plugin",
    autoStart: true,
    requires: [], // filled when the modules are there
    activate: (app, tracker, rendermime) => {
      document.head.append(element("style", "", STYLE));
      renderers(plugin.Widget).forEach((factory) => rendermime.addFactory(factory, factory.defaultRank));
      tracker.widgetAdded.connect((_, panel) => watch(panel, app));
      tracker.forEach((panel) => watch(panel, app));
    },
  };

  const names = new Promise((done) => {
    const script = document.createElement("script");
    script.src = `${folder}names.js`;
    script.onload = () => done((NAMES = window.LOSSUTILS_NAMES));
    script.onerror = () => done();
    document.head.append(script);
  });

  (globalThis._JUPYTERLAB ??= {})["lossutils-book"] = {
    init: (scope) => (shared = scope),
    get: async () => {
      const [notebooks, mimes, lumino] = await Promise.all(["@jupyterlab/notebook", "@jupyterlab/rendermime", "@lumino/widgets"].map(module));
      await names;
      plugin.requires = [notebooks.INotebookTracker, mimes.IRenderMimeRegistry];
      plugin.Widget = lumino.Widget;
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
