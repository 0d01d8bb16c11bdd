// The ledger: claims chosen by verdict and by words on the page of a chapter, and found in all of them from its first page.
"use strict";

const plain = (text) => text.toLowerCase().replace(/[\s()]/g, "");

function filterRows(form) {
  const rows = [...document.querySelectorAll(".ledger-row")];
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const words = form.querySelector("input[type=search]");
  const asked = location.search.slice(1);
  if (boxes.some((box) => box.value === asked)) boxes.forEach((box) => (box.checked = box.value === asked));
  const update = () => {
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const wanted = plain(words.value);
    for (const row of rows) {
      const text = plain(row.querySelector(".ledger-number").textContent + row.id + row.dataset.text);
      row.hidden = !shown.has(row.dataset.status) || !text.includes(wanted);
    }
  };
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  update();
}

function find(field) {
  const list = document.getElementById("ledger-found");
  field.addEventListener("input", () => {
    const wanted = plain(field.value);
    const found = wanted ? window.LEDGER.filter((claim) => plain(claim.join(" ")).includes(wanted)).slice(0, 30) : [];
    list.replaceChildren(
      ...found.map(([number, label, status, page, latex]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = `../${page}.html#equation-${label}`;
        link.textContent = `(${number}) ${label}`;
        const source = document.createElement("code");
        source.textContent = latex;
        item.append(link, ` ${status} `, source);
        return item;
      }),
    );
  });
}

const form = document.querySelector(".ledger-filter");
if (form) filterRows(form);
const field = document.getElementById("ledger-find");
if (field) find(field);
