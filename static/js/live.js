/* What the pages do beyond HTML: rows glide to their new place, menus close, waiting tabs do not ask.
   Everything works without it. No eval, no inline script, no inline style (animations are the browser's own). */
"use strict";
(() => {
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  const GLIDE = { duration: 320, easing: "cubic-bezier(0.2, 0.75, 0.2, 1)" };
  let before = null;

  const rowsOf = (root) => root.querySelectorAll("[data-row]");

  function remember(root) {
    before = new Map();
    for (const row of rowsOf(root)) {
      before.set(row.dataset.row, { top: row.getBoundingClientRect().top, points: row.dataset.points });
    }
  }

  /* First, last, invert, play: each row starts where it was and ends where it is. */
  function glide(root) {
    if (!before || stillness.matches) { before = null; return; }
    for (const row of rowsOf(root)) {
      const was = before.get(row.dataset.row);
      if (!was) {
        row.animate([{ opacity: 0 }, { opacity: 1 }], GLIDE);
        continue;
      }
      const by = was.top - row.getBoundingClientRect().top;
      if (Math.abs(by) > 1) {
        row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], GLIDE);
      }
      const points = row.querySelector("[data-points-of]");
      if (points && was.points !== row.dataset.points) {
        points.animate([{ transform: "translateY(30%)", opacity: 0.2 }, { transform: "none", opacity: 1 }], GLIDE);
      }
    }
    before = null;
  }

  const liveOf = (event) => {
    const target = event.detail && event.detail.ctx && event.detail.ctx.target;
    return target && target.closest ? target.closest("[data-live]") : null;
  };

  document.addEventListener("htmx:before:swap", (event) => {
    const live = liveOf(event);
    if (live) remember(live);
  });
  document.addEventListener("htmx:after:swap", () => {
    if (before) for (const live of document.querySelectorAll("[data-live]")) glide(live);
  });

  /* Nothing inherits headers in htmx 4: every request that changes something gets the token here. */
  document.addEventListener("htmx:config:request", (event) => {
    const ctx = event.detail.ctx;
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && !/^(GET|HEAD)$/i.test(ctx.request.method)) ctx.request.headers["X-CSRFToken"] = token.content;
    if (document.hidden && ctx.sourceElement.hasAttribute("data-live")) event.preventDefault();
  });

  /* A login that ended, or a server that is away, must not put its page into the board. */
  document.addEventListener("htmx:before:response", (event) => {
    const ctx = event.detail.ctx;
    if (!ctx.sourceElement.hasAttribute("data-live")) return;
    const raw = ctx.response.raw;
    const stale = raw.redirected || raw.status >= 400;
    if (raw.redirected || raw.status === 401) location.reload();
    if (stale) event.preventDefault();
    setAway(stale);
  });
  document.addEventListener("htmx:error", (event) => {
    const ctx = event.detail.ctx;
    if (ctx && ctx.sourceElement && ctx.sourceElement.hasAttribute("data-live")) setAway(true);
  });
  function setAway(away) {
    for (const sign of document.querySelectorAll("[data-away]")) sign.hidden = !away;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !window.htmx) return;
    for (const live of document.querySelectorAll("[data-live]")) window.htmx.trigger(live, "look");
  });

  /* A menu closes when one presses elsewhere or Escape. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
