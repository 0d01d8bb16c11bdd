// What every page does by itself: folded code comes when it is opened, and what is wider than the page can be scrolled
// by keyboard.
"use strict";

let folded = null; // the page's folded code, a file that is asked for when the first piece of it is opened
function foldedCode() {
  folded ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${document.documentElement.dataset.content_root}_static/folded/${DOCUMENTATION_OPTIONS.pagename}.js`;
    script.onload = () => done(window.FOLDED);
    script.onerror = failed;
    document.head.append(script);
  });
  return folded;
}

document.addEventListener(
  "toggle",
  async ({ target }) => {
    const number = target.dataset?.folded;
    if (!target.open || number === undefined) return;
    delete target.dataset.folded;
    target.insertAdjacentHTML("beforeend", (await foldedCode())[number]);
  },
  true,
);

const SCROLLED = ".formula, .ledger-formula, .highlight pre, table.table, .pst-scrollable-table-container, figure.book-figure";

// Only what does overflow is a stop of the Tab key.
function markScrolled(elements) {
  const widths = [...elements].map((element) => [element, element.scrollWidth > element.clientWidth + 1]);
  for (const [element, wide] of widths) {
    element.classList.toggle("scrolls", wide);
    if (wide) {
      element.tabIndex = 0;
      if (element.localName !== "table") {
        element.setAttribute("role", "group");
        element.setAttribute("aria-label", "wider than the page");
      }
    } else if (element.tabIndex === 0) {
      element.removeAttribute("tabindex");
      element.removeAttribute("role");
      element.removeAttribute("aria-label");
    }
  }
}

// A formula far below is measured when it comes near: nothing is laid out for it before.
const near = new IntersectionObserver(
  (entries) => markScrolled(entries.filter((e) => e.isIntersecting).map((e) => e.target)),
  { rootMargin: "50%" },
);
document.querySelectorAll(SCROLLED).forEach((element) => near.observe(element));
// What the browser had not laid out until now had no width to be measured by.
document.addEventListener(
  "contentvisibilityautostatechange",
  (event) => event.skipped || requestAnimationFrame(() => markScrolled(event.target.querySelectorAll(SCROLLED))),
  true,
);
function measureAgain() {
  const shown = [...document.querySelectorAll(SCROLLED)].filter((e) => e.checkVisibility({ contentVisibilityAuto: true }));
  markScrolled(shown);
}
addEventListener("resize", measureAgain);
document.fonts.addEventListener("loadingdone", measureAgain); // the formulas' own letters may be wider

// The list of contents follows the reader.
const entries = new Map(
  [...document.querySelectorAll(".bd-toc-nav a[href^='#']")].map((link) => [link.hash.slice(1), link]),
);
const follow = new IntersectionObserver(
  (seen) => {
    const section = seen.filter((e) => e.isIntersecting).at(-1)?.target;
    if (!section) return;
    for (const [id, link] of entries) {
      link.classList.toggle("active", id === section.id);
      link.parentElement.classList.toggle("active", id === section.id);
    }
  },
  { rootMargin: "0px 0px -60%" },
);
entries.forEach((_, id) => document.getElementById(id) && follow.observe(document.getElementById(id)));
