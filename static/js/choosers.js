/* The choice of events says on its button what is chosen, and closes when one goes elsewhere. Without script it stays as sent. */
"use strict";
(() => {
  const all = () => document.querySelectorAll("[data-chooser]");
  const tell = (chooser) => {
    const shown = chooser.querySelector("[data-chosen]");
    const words = [...chooser.querySelectorAll("input:checked")].map(
      (box) => box.closest("label").querySelector("[data-words]").textContent,
    );
    const other = chooser.querySelector("input:not([type=checkbox])").value.trim();
    if (other) words.push(other);
    shown.textContent = words.join(", ") || shown.dataset.none;
  };
  document.addEventListener("input", (event) => {
    const chooser = event.target.closest("[data-chooser]");
    if (chooser) tell(chooser);
  });
  document.addEventListener("click", (event) => {
    for (const one of all()) if (!one.contains(event.target)) one.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("[data-chooser][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();
