(drawn) => {
  // Puts each piece on the glass, and tells what of it cannot be read from across a room.
  const unit = document.getElementById("stage").getBoundingClientRect().width / 1920;
  const slides = document.getElementById("slides");
  const overlay = document.getElementById("moment");
  const found = [];
  const near = 1.5;
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className.baseVal ?? one.className} "${one.textContent.trim().slice(0, 40)}"`;
  const apart = (a, b) => a.right <= b.left + near || b.right <= a.left + near || a.bottom <= b.top + near || b.bottom <= a.top + near;
  const inside = (a, b) => a.left >= b.left - near && a.right <= b.right + near && a.top >= b.top - near && a.bottom <= b.bottom + near;
  const words = (root) => {
    const all = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (all.nextNode()) if (all.currentNode.data.trim()) texts.push(all.currentNode);
    return texts;
  };
  // What is seen of a text: its glyphs' box, no wider than what an ellipsis leaves of it.
  const box = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    let seen = range.getBoundingClientRect();
    for (let one = text.parentElement; one && one.id !== "stage"; one = one.parentElement) {
      const isClamped = "clamp" in one.dataset;
      if (!isClamped && getComputedStyle(one).textOverflow !== "ellipsis") continue;
      const edge = one.getBoundingClientRect();
      const left = Math.max(seen.left, edge.left);
      const top = isClamped ? Math.max(seen.top, edge.top) : seen.top;
      const bottom = isClamped ? Math.min(seen.bottom, edge.bottom) : seen.bottom;
      seen = new DOMRect(left, top, Math.min(seen.right, edge.right) - left, bottom - top);
    }
    return seen;
  };
  const look = (label, root, edge) => {
    const say = (what) => found.push(`${label}: ${what}`);
    const rows = [...root.querySelectorAll("[data-row], [data-step]")];
    rows.forEach((row, place) => {
      const here = row.getBoundingClientRect();
      if (here.width < 1 || here.height < 1) say(`nothing is left of ${name(row)}`);
      if (!inside(here, edge)) say(`leaves the glass: ${name(row)}`);
      for (const other of rows.slice(place + 1)) {
        if (!apart(here, other.getBoundingClientRect())) say(`overlap: ${name(row)} and ${name(other)}`);
      }
    });
    const texts = words(root).filter((text) => text.parentElement.getClientRects().length);
    root.querySelectorAll("h1").forEach((title) => {
      if (title.scrollWidth > title.clientWidth + near) say(`the title is cut off: ${name(title)}`);
    });
    const boxes = texts.map(box);
    texts.forEach((text, place) => {
      const parent = text.parentElement;
      const here = boxes[place];
      const size = parseFloat(getComputedStyle(parent).fontSize) * (parent.closest("svg") ? parent.getCTM().a : 1) / unit;
      if (size < 21.9) say(`${size.toFixed(1)} is too small: ${name(parent)}`);
      if (!inside(here, edge)) say(`text leaves the glass: ${name(parent)}`);
      const row = text.parentElement.closest("[data-row], [data-step], .tv-tile, .tv-card");
      if (row && !inside(here, row.getBoundingClientRect())) say(`text leaves its place: ${name(parent)}`);
      for (let other = place + 1; other < texts.length; other += 1) {
        if (!apart(here, boxes[other])) say(`text over text: ${name(parent)} and ${name(texts[other].parentElement)}`);
      }
      const clip = parent;
      const style = getComputedStyle(clip);
      if (!parent.closest("[data-clamp]") && style.overflowY === "hidden" && clip.scrollHeight > clip.clientHeight + near + 0.12 * parseFloat(style.fontSize)) say(`cut off below: ${name(clip)}`);
    });
  };
  for (const one of drawn) {
    overlay.hidden = true;
    slides.innerHTML = "";
    const box = one.overlay ? overlay : document.createElement("section");
    if (one.overlay) { box.className = "tv-moment"; box.hidden = false; } else { box.className = "tv-slide is-shown"; slides.appendChild(box); }
    box.innerHTML = one.html;
    look(one.label, box, one.overlay ? document.getElementById("stage").getBoundingClientRect() : slides.getBoundingClientRect());
  }
  overlay.hidden = true;
  overlay.innerHTML = "";
  return found;
}
