// Numbers beside the lines of an editor, and the way from a problem to its line. Without it the text area is all there is.
"use strict";

for (const area of document.querySelectorAll("textarea[data-lines]")) {
  const frame = document.createElement("div");
  const gutter = document.createElement("div");
  frame.className = "editor-frame";
  gutter.className = "editor-gutter";
  gutter.setAttribute("aria-hidden", "true");
  area.before(frame);
  frame.append(gutter, area);

  let shown = 0;
  const number = () => {
    const lines = area.value.split("\n").length;
    if (lines !== shown) {
      shown = lines;
      gutter.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
    }
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener("input", number);
  area.addEventListener("scroll", number);
  number();
}

const first = document.querySelector("textarea#text");
for (const item of document.querySelectorAll(".editor-problems [data-line]")) {
  const line = Number(item.dataset.line);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "problem-go";
  button.textContent = item.textContent;
  item.replaceChildren(button);
  button.addEventListener("click", () => {
    const lines = first.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    first.focus();
    first.setSelectionRange(start, start + (lines[line - 1] || "").length);
    first.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(first).lineHeight));
    first.closest(".editor-frame").scrollIntoView({ block: "center" });
  });
}
