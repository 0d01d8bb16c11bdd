// Search: chapters before the reference, equations by number and name, and the passage itself under each result.
"use strict";

Scorer.score = ([page, , , , score]) => {
  if (page.startsWith("chapters/")) return score * 2;
  return /^appendix\/(api|ledger)|genindex/.test(page) ? score / 3 : score;
};

Search.htmlToText = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const found = (anchor && page.querySelector(`article [id="${CSS.escape(anchor.slice(1))}"]`)) || page.querySelector("article");
  found?.querySelectorAll("script, style, .verdict, .headerlink, .means, details").forEach((e) => e.remove());
  return found?.textContent ?? "";
};

{
  const asked = new URLSearchParams(location.search).get("q")?.trim().toLowerCase() ?? "";
  const number = asked.replace(/[()\s]/g, "");
  const found = window.LEDGER.filter(([n, label]) => n === number || label === number || (number.startsWith("eq-") && label.startsWith(number)));
  if (found.length) {
    const list = document.createElement("ul");
    list.id = "found-equations";
    for (const [n, label, status, page, latex] of found.slice(0, 10)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${page}.html#equation-${label}`;
      link.textContent = `Equation (${n}), ${label}`;
      const source = document.createElement("code");
      source.textContent = latex;
      item.append(link, ` ${status} `, source);
      list.append(item);
    }
    document.getElementById("search-results").before(list);
  }
}
