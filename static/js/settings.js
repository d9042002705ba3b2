/* Pages of the settings: the way that is open stands in sight, and a button copies what stands in a field.
   Without script one scrolls, and marks it by hand. */
"use strict";
(() => {
  for (const current of document.querySelectorAll(".ways [aria-current]")) {
    current.scrollIntoView({ block: "nearest", inline: "center" });
  }

  for (const field of document.querySelectorAll("input[readonly]")) {
    field.addEventListener("focus", () => field.select());
  }
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const [before, after] = button.querySelectorAll("span");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      before.hidden = true;
      after.hidden = false;
    });
  }
})();
