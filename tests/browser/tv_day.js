/* Before a screen's script: a clock that goes on only by `pass`, and a server that lives by it. Its stream has a beat
   each ten seconds, a frame each minute, a moment each ten; it is cut off each hour, and in every sixth hour nothing but
   polls gets through. `window.given` is a real frame and a real moment; `window.day` tells what was done. */
(() => {
  const later = window.setTimeout.bind(window);
  const day = { opened: 0, closed: 0, frames: 0, moments: 0, beats: 0, polls: 0, signs: 0 };
  const due = new Map();
  const began = Date.now();
  let now = began;
  let last = 0;

  function add(then, ms, every) { due.set(++last, { at: now + (ms || 0), then, every }); return last; }
  function drop(number) { due.delete(number); }
  Date.now = () => now;
  performance.now = () => now;
  window.setTimeout = (then, ms) => add(then, ms, 0);
  window.setInterval = (then, ms) => add(then, ms, ms);
  window.clearTimeout = window.clearInterval = drop;
  window.requestAnimationFrame = (then) => add(() => then(now), 200, 0);

  async function pass(ms) {
    const end = now + ms;
    for (;;) {
      let first = 0;
      for (const [number, one] of due) if (one.at <= end && (!first || one.at < due.get(first).at)) first = number;
      if (!first) break;
      const one = due.get(first);
      now = one.at;
      if (one.every) one.at += one.every; else due.delete(first);
      one.then();
      for (let turn = 0; turn < 40; turn++) await null;
    }
    now = end;
  }
  // In between the browser draws, ends animations, and sweeps.
  window.hours = async (count) => {
    for (let part = 0; part < count * 6; part++) { await pass(600000); await new Promise((done) => later(done, 25)); }
  };

  function isShut() { return Math.floor((now - began) / 3600000) % 6 === 3; }
  function frame() {
    day.frames += 1;
    const slides = {};
    Object.keys(given.frame.slides).forEach((key, place) => {
      const html = given.frame.slides[key];
      // Every third page stays as it was.
      slides[key] = place % 3 ? html.replace(/data-points="(\d+)"/g, (_, points) => `data-points="${+points + day.frames}"`) : html;
    });
    const ticker = given.frame.ticker.replace(/data-tick="(\d+)"/g, (_, tick) => `data-tick="${+tick + day.frames}"`);
    return Object.assign({}, given.frame, { slides, ticker, dim: day.frames % 700 > 600, digest: String(day.frames) });
  }
  function moment() {
    day.moments += 1;
    return { call: "moment", id: "m" + day.moments, kind: "badge", html: given.moment };
  }

  window.day = day;
  window.EventSource = class {
    constructor() {
      day.opened += 1;
      this.heard = {};
      this.timers = [];
      if (isShut()) { this.timers.push(add(() => this.onerror(), 20, 0)); return; }
      this.timers.push(add(() => this.tell("frame", frame()), 20, 0));
      this.timers.push(add(() => this.beat(), 10000, 10000));
      this.timers.push(add(() => this.tell("frame", frame()), 60000, 60000));
      this.timers.push(add(() => this.tell("call", moment()), 600000, 600000));
      this.timers.push(add(() => this.onerror(), 3590000, 0));
    }
    beat() {
      if (isShut()) { this.onerror(); return; }
      day.beats += 1;
      this.tell("beat", { clock: "12:00" });
    }
    addEventListener(name, then) { this.heard[name] = then; }
    tell(name, told) { this.heard[name]({ data: JSON.stringify(told), lastEventId: "0:" + day.frames }); }
    close() { day.closed += 1; this.timers.forEach(drop); }
  };
  function answer(status, told) { return Promise.resolve({ status, ok: status < 300, json: () => Promise.resolve(told) }); }
  window.fetch = (path) => {
    if (path.startsWith("/tv/sign")) { day.signs += 1; return answer(204); }
    day.polls += 1;
    if (day.polls % 4) return answer(304);
    return answer(200, Object.assign(frame(), { calls: day.polls % 40 ? [] : [moment()], last: "0:" + day.frames }));
  };
})();
