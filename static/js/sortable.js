// Slides are dragged by their grip, with a mouse or a finger. The form sends them in the order in which they stand;
// without script there are buttons, which a keyboard uses too.
"use strict";
(() => {
  // Where a browser can, a slide is moved without its picture being loaded anew.
  const place = (list, one, before) => (list.moveBefore ? list.moveBefore(one, before) : list.insertBefore(one, before));
  for (const list of document.querySelectorAll("[data-sortable]")) {
    let held = null;
    const begin = (event) => {
      const grip = event.target.closest("[data-grip]");
      if (!grip || event.button > 0) return;
      held = grip.closest("[data-sort]");
      held.classList.add("is-held");
      list.setPointerCapture(event.pointerId);
      event.preventDefault();
    };
    // What lies beyond the window's edge comes nearer.
    const EDGE = 110;
    const move = (event) => {
      if (!held) return;
      if (event.clientY < EDGE) window.scrollBy(0, -14);
      if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 14);
      const others = [...list.querySelectorAll("[data-sort]")].filter((one) => one !== held);
      const after = others.find((one) => {
        const box = one.getBoundingClientRect();
        return event.clientY < box.top + box.height / 2;
      });
      if ((after || null) !== held.nextElementSibling) place(list, held, after || null);
    };
    const end = () => {
      if (!held) return;
      held.classList.remove("is-held");
      held = null;
      const all = [...list.querySelectorAll("[data-sort]")];
      all.forEach((one, number) => {
        one.querySelector("[data-up]").disabled = number === 0;
        one.querySelector("[data-down]").disabled = number === all.length - 1;
      });
      list.dispatchEvent(new Event("moved", { bubbles: true }));
    };
    list.addEventListener("pointerdown", begin);
    list.addEventListener("pointermove", move);
    list.addEventListener("pointerup", end);
    list.addEventListener("pointercancel", end);
  }
})();
