// What a link leads to, equation, theorem, citation or word of the glossary, shown beside it on hover and on focus.
"use strict";

{
  const SHOWN = /#(equation-eq-|term-|id\d+$|thm-|lem-|prop-|cor-|def-|fig-)/;
  const pages = new Map();
  const box = document.createElement("div");
  box.id = "preview";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let wanted = null;

  async function page(address) {
    if (address === location.href.split("#")[0]) return document;
    if (location.protocol === "file:") return null;
    if (!pages.has(address)) {
      pages.set(address, fetch(address).then(async (got) => new DOMParser().parseFromString(await got.text(), "text/html")));
    }
    return pages.get(address);
  }

  function passage(found, id) {
    const target = found?.getElementById(id);
    if (!target) return null;
    if (target.matches("dt")) return target.nextElementSibling;
    return target.closest(".claim") ?? target.closest(".proof, .citation, figure") ?? target;
  }

  async function show(link) {
    wanted = link;
    const [address, id] = link.href.split("#");
    const target = passage(await page(address), id);
    if (wanted !== link || !target) return;
    const copy = target.cloneNode(true);
    copy.querySelectorAll("script, details, .headerlink, .in-ledger, picture.only-dark").forEach((e) => e.remove());
    copy.querySelectorAll("[id]").forEach((e) => e.removeAttribute("id"));
    copy.removeAttribute("id");
    box.replaceChildren(copy);
    box.hidden = false;
    const place = link.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - box.offsetWidth - 8))}px`;
    const below = place.bottom + box.offsetHeight + 8 < innerHeight;
    box.style.top = `${below ? place.bottom + 6 : Math.max(8, place.top - box.offsetHeight - 6)}px`;
    link.setAttribute("aria-describedby", "preview");
  }

  function hide() {
    wanted?.removeAttribute("aria-describedby");
    wanted = null;
    box.hidden = true;
  }

  let timer = 0;
  const linkOf = (event) => {
    const link = event.target.closest?.("article a[href*='#']");
    return link && SHOWN.test(link.href) && !link.matches(".headerlink") ? link : null;
  };
  document.addEventListener("pointerover", (event) => {
    const link = event.pointerType === "mouse" && linkOf(event);
    clearTimeout(timer);
    if (link) timer = setTimeout(() => show(link), 250);
    else if (wanted && !box.contains(event.target)) timer = setTimeout(hide, 200);
  });
  document.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link && link.matches(":focus-visible")) show(link);
    else hide();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("scroll", hide, { passive: true });
}
