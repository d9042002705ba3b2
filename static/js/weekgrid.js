/* The week of a calendar is drawn on its lines: with mouse, finger or keyboard. What is drawn is written into the field
   beside the line, which is all that is sent; without script one writes there. */
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const DAY = 1440;
  const FINE = 15;
  const COARSE = 30;
  const EDGE_PIXELS = 16;
  const WINDOW = /(\d{1,2})(?:[:.h](\d{2})?)?\s*(?:[-–—]|to|às|até|a)\s*(\d{1,2})(?:[:.h](\d{2})?)?/gi;

  const shown = (minute) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const read = (text) =>
    [...text.matchAll(WINDOW)]
      .map(([, h1, m1, h2, m2]) => [h1 * 60 + Number(m1 || 0), h2 * 60 + Number(m2 || 0)])
      .filter(([start, end]) => start < end && end <= DAY);
  const joined = (windows) => {
    const found = [];
    for (const [start, end] of windows.filter((one) => one[0] < one[1]).sort((a, b) => a[0] - b[0])) {
      const last = found[found.length - 1];
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else found.push([start, end]);
    }
    return found;
  };
  const made = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  const line = (row, words) => {
    const field = row.querySelector("input");
    const track = row.querySelector("svg");
    const layer = made("g", {});
    let windows = read(field.value);
    let drag = null;

    for (const still of track.querySelectorAll(".open")) still.remove();
    track.classList.add("is-drawn-on");
    track.setAttribute("role", "group");
    track.append(layer);

    const perPixel = () => DAY / (track.getBoundingClientRect().width || DAY);
    const step = () => (60 / perPixel() >= 16 ? FINE : COARSE);
    const minuteAt = (event) => (event.clientX - track.getBoundingClientRect().left) * perPixel();
    const snapped = (minute) => Math.min(DAY, Math.max(0, Math.round(minute / step()) * step()));

    const edge = (number, side) => {
      const minute = windows[number][side];
      const width = EDGE_PIXELS * perPixel();
      const x = Math.min(DAY - width, Math.max(0, minute - width / 2));
      return made("rect", {
        class: "edge", x, width, height: 10, tabindex: 0, role: "slider",
        "data-number": number, "data-side": side,
        // The second window of a day by its number: two of one name could not be told apart by ear.
        "aria-label": `${row.dataset.day}${number ? ` ${number + 1}` : ""}, ${side ? words.until : words.from}`,
        "aria-valuemin": side ? windows[number][0] : 0, "aria-valuemax": side ? DAY : windows[number][1],
        "aria-valuenow": minute, "aria-valuetext": shown(minute),
      });
    };
    const draw = () => {
      const held = document.activeElement && layer.contains(document.activeElement) && document.activeElement.dataset;
      layer.replaceChildren(
        ...windows.flatMap(([start, end], number) => [
          made("rect", { class: "open", x: start, width: Math.max(0, end - start), height: 10, "data-number": number }),
          edge(number, 0),
          edge(number, 1),
        ]),
      );
      track.setAttribute("aria-label", `${row.dataset.day}: ${field.value || words.closed}`);
      if (held) focus(Number(held.number), Number(held.side));
    };
    const focus = (number, side) => {
      const found = layer.querySelector(`[data-number="${number}"][data-side="${side}"]`);
      if (found) found.focus({ preventScroll: true });
    };
    const write = () => {
      field.value = windows.map(([start, end]) => `${shown(start)}–${shown(end)}`).join(", ");
      draw();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    /* Where a window may lie: between its neighbours. */
    const room = (number) => [
      number ? windows[number - 1][1] : 0,
      number + 1 < windows.length ? windows[number + 1][0] : DAY,
    ];
    const moved = (number, by) => {
      const [least, most] = room(number);
      const [start, end] = windows[number];
      const way = Math.max(least - start, Math.min(most - end, by));
      windows[number] = [start + way, end + way];
    };
    const pulled = (number, side, to) => {
      const [least, most] = room(number);
      windows[number][side] = Math.max(least, Math.min(most, to));
    };
    const cut = (number) => {
      windows.splice(number, 1);
      write();
    };
    const add = (minute, length) => {
      const start = Math.max(0, Math.min(DAY - length, minute));
      windows = joined([...windows, [start, start + length]]);
      write();
      focus(windows.findIndex((one) => one[0] <= start && start < one[1]), 1);
    };

    track.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const { number, side } = event.target.dataset;
      drag = { before: windows.map((one) => [...one]), from: minuteAt(event), hasMoved: false, number: Number(number) };
      drag.kind = side !== undefined ? "edge" : number !== undefined ? "move" : "new";
      drag.side = Number(side);
      track.setPointerCapture(event.pointerId);
      if (drag.kind !== "new") focus(drag.number, drag.side || 0);
      event.preventDefault();
    });
    track.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const minute = minuteAt(event);
      if (!drag.hasMoved && Math.abs(minute - drag.from) < step() / 2) return;
      drag.hasMoved = true;
      windows = drag.before.map((one) => [...one]);
      if (drag.kind === "move") moved(drag.number, Math.round((minute - drag.from) / step()) * step());
      else if (drag.kind === "edge") pulled(drag.number, drag.side, snapped(minute));
      else windows.push([snapped(Math.min(minute, drag.from)), snapped(Math.max(minute, drag.from))]);
      write();
    });
    const finish = (event) => {
      if (!drag) return;
      const done = drag;
      drag = null;
      if (event.type === "pointercancel") windows = done.before;
      else if (!done.hasMoved && done.kind === "new") return add(Math.floor(done.from / 60) * 60, 60);
      else if (!done.hasMoved) return undefined;
      windows = joined(windows);
      return write();
    };
    track.addEventListener("pointerup", finish);
    track.addEventListener("pointercancel", finish);

    track.addEventListener("keydown", (event) => {
      if (event.target.dataset.side === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      const number = Number(event.target.dataset.number);
      const side = Number(event.target.dataset.side);
      const by = { ArrowLeft: -FINE, ArrowDown: -FINE, ArrowRight: FINE, ArrowUp: FINE, PageDown: -60, PageUp: 60 }[event.key];
      if (event.key === "Delete" || event.key === "Backspace") {
        cut(number);
        if (windows.length) focus(Math.max(0, number - 1), 1);
        else field.focus();
      } else if (by && event.shiftKey) {
        moved(number, by);
        write();
      } else if (by) {
        const least = side ? windows[number][0] + FINE : 0;
        const most = side ? DAY : windows[number][1] - FINE;
        pulled(number, side, Math.max(least, Math.min(most, windows[number][side] + by)));
        write();
      } else return;
      event.preventDefault();
    });

    const button = document.createElement("button");
    button.type = "button";
    button.className = "week-add";
    button.textContent = "+";
    button.setAttribute("aria-label", `${words.add}: ${row.dataset.day}`);
    button.title = words.add;
    button.addEventListener("click", () => {
      const last = windows[windows.length - 1];
      if (!last) add(9 * 60, 8 * 60);
      else if (last[1] <= DAY - 60) add(Math.min(last[1] + 60, DAY - 60), 60);
      else field.focus();
    });
    const frame = document.createElement("div");
    frame.className = "week-field";
    field.before(frame);
    frame.append(field, button);

    field.addEventListener("input", (event) => {
      if (!event.isTrusted) return;
      windows = read(field.value);
      draw();
    });
    window.addEventListener("resize", draw);
    draw();
    return { field, take: (text) => { field.value = text; windows = read(text); write(); } };
  };

  const week = document.querySelector("[data-week]");
  if (week) {
    for (const hint of document.querySelectorAll("[data-drawn]")) hint.hidden = false;
    const lines = [...week.querySelectorAll("[data-day]")].map((row) => line(row, week.dataset));
    for (const button of document.querySelectorAll('button[value^="copy."]')) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        const days = Number(button.value.slice("copy.".length));
        for (const one of lines.slice(1, days)) one.take(lines[0].field.value);
      });
    }
  }

  /* The weekday beside a date, as it is typed. */
  document.addEventListener("input", (event) => {
    const told = event.target.closest("[data-weekdays] li")?.querySelector("[data-weekday]");
    if (!told) return;
    const day = new Date(`${event.target.value}T00:00:00Z`);
    const name = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", timeZone: "UTC" });
    told.textContent = Number.isNaN(day.getTime()) ? "" : name.format(day).replace(/^./, (first) => first.toUpperCase());
  });
})();
