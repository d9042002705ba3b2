/* What runs on a wall for months: takes frames by server-sent events, or by asking where these do not get through, and
   shows their slides one after the other. Small and plain: for browsers from Chromium 79 on, ES2017, nothing of ours
   or others' beside it. What is on the glass stays there whatever happens to the network. */
"use strict";
(function () {
  var body = document.body;
  var stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  /* Two of its beats. */
  var LATE_MS = 20000;
  var SIGN_EVERY_MS = 30000;
  var DRIFT_EVERY_MS = 60000;
  var POLL_MS = 5000;
  var ASK_MS = 20000;
  var TRIES = 3;

  function byId(id) { return document.getElementById(id); }
  function jitter(ms) { return ms / 2 + Math.random() * ms; }

  /* A line that was cut says nothing for a quarter of an hour: what is not answered in time is given up. */
  function ask(path, options) {
    var late = new AbortController();
    setTimeout(function () { late.abort(); }, ASK_MS);
    return fetch(path, Object.assign({ credentials: "same-origin", cache: "no-store", signal: late.signal }, options || {}));
  }

  /* Loads the page anew, but only once the server is there: an error page would never find its way back. */
  function startOver() {
    ask("/tv/state").then(function (answer) {
      if (answer.ok) location.reload(); else setTimeout(startOver, jitter(4000));
    }, function () { setTimeout(startOver, jitter(4000)); });
  }

  /* The code: asks whether it was typed, and takes another one when its time is up. */
  function runDoor() {
    var away = document.querySelector("[data-away]");
    var left = Number(body.dataset.seconds) * 1000;
    var began = Date.now();
    (function look() {
      if (Date.now() - began > left) { startOver(); return; }
      ask("/tv/state").then(function (answer) { return answer.json(); }).then(function (told) {
        if (away) away.hidden = true;
        if (told.state === "waiting") setTimeout(look, jitter(1600)); else startOver();
      }).catch(function () {
        if (away) away.hidden = false;
        setTimeout(look, jitter(4000));
      });
    })();
  }

  /* The screen. */
  var slides = byId("slides");
  var parts = new Map();
  var order = [];
  var at = -1;
  var turn = 0;
  var shownKey = "";
  /* Pages to be shown once, in between. */
  var guests = [];
  var isGuest = false;
  var streamedAt = 0;
  var heardAt = Date.now();
  var isAsking = false;
  var source = null;
  var failures = 0;
  /* What the last event was called: which frame is on the glass, and how far moments and orders were heard. With it
     the server goes on where it was, by the stream as by asking. (A stream opened anew can send no Last-Event-ID.) */
  var lastId = "";

  function made(html) {
    var section = document.createElement("section");
    section.className = "tv-slide";
    put(html, section);
    return section;
  }

  function put(html, box) {
    var parsed = new DOMParser().parseFromString(html, "text/html").body;
    while (parsed.firstChild) box.appendChild(document.adoptNode(parsed.firstChild));
  }

  function empty(box) { while (box.firstChild) box.removeChild(box.firstChild); }

  function lengthsOf(row) { return Array.from(row.querySelectorAll("[data-length]")); }

  function rowsOf(root) {
    var found = new Map();
    root.querySelectorAll("[data-row]").forEach(function (row) {
      var box = row.getBoundingClientRect();
      found.set(row.dataset.row, {
        top: box.top, left: box.left, points: row.dataset.points,
        lengths: lengthsOf(row).map(function (bar) { return bar.dataset.length; })
      });
    });
    return found;
  }

  var HOW = { duration: 400, easing: "cubic-bezier(0.2, 0.75, 0.2, 1)" };

  function grow(bar, from) {
    if (from !== bar.dataset.length) bar.animate([{ width: from + "%" }, { width: bar.dataset.length + "%" }], HOW);
  }

  /* A slide that comes: its rows rise, one after the other, within less than half a second. */
  function rise(root) {
    root.querySelectorAll("[data-row]").forEach(function (row, place) {
      row.animate([{ opacity: 0, transform: "translateY(18%)" }, { opacity: 1, transform: "none" }],
        { duration: 320, delay: Math.min(place * 24, 160), easing: HOW.easing, fill: "backwards" });
    });
  }

  /* First, last, invert, play: each row begins where it was and ends where it is. */
  function glide(before, root) {
    if (stillness.matches) return;
    root.querySelectorAll("[data-row]").forEach(function (row) {
      var was = before.get(row.dataset.row);
      if (!was) { row.animate([{ opacity: 0 }, { opacity: 1 }], HOW); return; }
      var now = row.getBoundingClientRect();
      var x = was.left - now.left;
      var y = was.top - now.top;
      if (Math.abs(x) > 1 || Math.abs(y) > 1) {
        row.animate([{ transform: "translate(" + x + "px," + y + "px)" }, { transform: "none" }], HOW);
      }
      lengthsOf(row).forEach(function (bar, place) { if (place < was.lengths.length) grow(bar, was.lengths[place]); });
      var points = row.querySelector("[data-points-of]");
      if (points && was.points !== row.dataset.points) {
        points.animate([{ transform: "translateY(35%)", opacity: 0.2 }, { transform: "none", opacity: 1 }], HOW);
      }
    });
  }

  /* The line below: what does not fit whole is taken off its end; what is new pushes the rest along. */
  function ticker(html) {
    var list = byId("ticker");
    if (list.dataset.told === html) return;
    var before = new Map();
    Array.from(list.children).forEach(function (one) { before.set(one.dataset.tick, one.getBoundingClientRect().left); });
    list.dataset.told = html;
    empty(list);
    list.hidden = !html;
    byId("brand").hidden = Boolean(html);
    put(html, list);
    fitTicker();
    if (stillness.matches || !before.size) return;
    Array.from(list.children).forEach(function (one) {
      var was = before.get(one.dataset.tick);
      var from = was === undefined ? -0.5 * one.offsetWidth : was - one.getBoundingClientRect().left;
      if (Math.abs(from) > 1) one.animate([{ transform: "translateX(" + from + "px)", opacity: was === undefined ? 0 : 1 }, { transform: "none", opacity: 1 }], HOW);
    });
  }

  function fitTicker() {
    var list = byId("ticker");
    var end = list.getBoundingClientRect().left + list.parentElement.clientWidth;
    while (list.children.length > 1 && list.lastElementChild.getBoundingClientRect().right > end) list.lastElementChild.remove();
  }

  /* The slide of a key on the glass; what was there goes. */
  function show(key, html, isSame) {
    if (!html) return;
    var old = slides.querySelector(".tv-slide.is-shown");
    var before = isSame && old ? rowsOf(old) : null;
    var section = made(html);
    section.classList.add("is-shown");
    slides.appendChild(section);
    slides.querySelectorAll(".tv-slide").forEach(function (one) { if (one !== section) one.remove(); });
    shownKey = key;
    if (before) glide(before, section);
    else if (!stillness.matches) { section.animate([{ opacity: 0 }, { opacity: 1 }], HOW); rise(section); }
    dots();
  }

  function dots() {
    var list = byId("dots");
    while (list.children.length > order.length) list.lastChild.remove();
    while (list.children.length < order.length) list.appendChild(document.createElement("li"));
    for (var i = 0; i < order.length; i++) list.children[i].className = order[i].key === shownKey ? "is-shown" : "";
  }

  function next() {
    if (!order.length) return;
    var one = guests.shift();
    isGuest = Boolean(one);
    if (!one) one = order[at = (at + 1) % order.length];
    if (isGuest || one.key !== shownKey) show(one.key, one.html || parts.get(one.key));
    clearTimeout(turn);
    turn = setTimeout(next, one.seconds * 1000);
  }

  /* A new release. Not all at once, and not without end while two releases answer in turns. */
  var isRenewing = false;
  function renew() {
    if (!isRenewing) setTimeout(startOver, jitter(4000));
    isRenewing = true;
  }

  function take(frame) {
    if (frame.assets !== body.dataset.assets) { renew(); return; }
    var changed = new Set(Object.keys(frame.slides));
    changed.forEach(function (key) { parts.set(key, frame.slides[key]); });
    order = frame.order.map(function (one) { return { key: one[0], seconds: one[1] }; });
    var kept = new Set(order.map(function (one) { return one.key; }));
    Array.from(parts.keys()).forEach(function (key) { if (!kept.has(key)) parts.delete(key); });
    document.documentElement.dataset.theme = frame.theme;
    byId("stage").classList.toggle("is-dim", frame.dim);
    listen(frame.sound);
    ticker(frame.ticker);
    if (isGuest) { dots(); return; }
    var place = placeOf(shownKey);
    if (place < 0) { at = Math.max(0, Math.min(at, order.length)) - 1; next(); return; }
    at = place;
    if (changed.has(shownKey)) show(shownKey, parts.get(shownKey), true); else dots();
  }

  function placeOf(key) { return order.findIndex(function (one) { return one.key === key; }); }

  /* What interrupts. A message or a reveal takes the place of whatever is on, at once; moments wait for it, a few of
     them and not for long. Badges that come together share the glass. */
  var waiting = [];
  var celebrated = [];
  /* The number of the message or the reveal that is on. */
  var standing = 0;
  var seen = new Set();
  var steady = null;
  var soon = null;
  var TOGETHER_MS = 150;
  var MOMENT_MS = 7000;
  var STEP_MS = 5000;
  var INTRO_MS = 4000;
  var LAST_MS = 3000;
  var STAY_MS = 20000;
  var FRESH_MS = 120000;
  var MOST_WAITING = 6;

  function called(call) {
    if (seen.has(call.id)) return;
    seen.add(call.id);
    if (seen.size > 400) seen.delete(seen.values().next().value);
    if (call.call === "reload") startOver();
    else if (call.call === "slide") jump(call);
    else if (call.call === "moment") {
      call.came = Date.now();
      waiting = waiting.concat(call).slice(-MOST_WAITING);
      clearTimeout(soon);
      soon = setTimeout(play, TOGETHER_MS);
    } else if (Number(call.id.slice(1)) >= standing) obey(call);
  }

  /* A stop ends a message or a reveal, and no moment; a moment that has to give way waits once more. */
  function obey(call) {
    if (call.call === "stop") { if (standing) quiet(); return; }
    waiting = celebrated.concat(waiting).slice(-MOST_WAITING);
    var box = overlay(call.call);
    standing = Number(call.id.slice(1));
    put(call.html, box);
    stay(call.call === "reveal" ? reveal(box, call.gone) : call.left);
  }

  /* A slide that is on now is gone on from; another one comes in between. */
  function jump(call) {
    var place = placeOf(call.key);
    guests = call.pages.map(function (one) { return { key: one[0], seconds: one[1], html: one[2] }; });
    if (place >= 0) at = place - 1;
    if (place >= 0 || guests.length) next();
  }

  function play() {
    if (standing || celebrated.length) return;
    waiting = waiting.filter(function (one) { return Date.now() - one.came < FRESH_MS; });
    if (waiting.length) moment(waiting.shift());
  }

  function overlay(kind) {
    var box = byId("moment");
    clear(box);
    box.className = "tv-moment is-" + kind;
    box.hidden = false;
    if (!stillness.matches) box.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 300, easing: "ease-out" });
    return box;
  }

  function clear(box) {
    empty(box);
    celebrated = [];
    standing = 0;
  }

  function stay(ms) {
    clearTimeout(steady);
    if (ms > 0) steady = setTimeout(quiet, ms); else quiet();
  }

  function moment(call) {
    var together = [call];
    while (together.length < 3 && waiting.length && waiting[0].kind === call.kind) together.push(waiting.shift());
    var box = overlay(call.kind);
    celebrated = together;
    var row = document.createElement("div");
    row.className = "tv-calls tv-calls-" + together.length;
    box.appendChild(row);
    together.forEach(function (one) { put(one.html, row); });
    confetti(2600);
    chime(call.kind);
    stay(MOMENT_MS);
  }

  function quiet() {
    clearTimeout(steady);
    clear(byId("moment"));
    byId("moment").hidden = true;
    play();
  }

  /* From the last place up; a screen that comes late goes on where the others are. How long it is still to stay. */
  function reveal(box, gone) {
    var end = 0;
    var steps = Array.from(box.querySelectorAll("[data-step]")).reverse();
    steps.forEach(function (step) { step.classList.add("is-secret"); });
    steps.forEach(function (step, place) {
      var isLast = place === steps.length - 1;
      var due = INTRO_MS + place * STEP_MS + (place && isLast ? LAST_MS : 0) - gone;
      end = due + STAY_MS;
      setTimeout(function () {
        if (!box.contains(step)) return;
        step.classList.remove("is-secret");
        if (due <= 0) return;
        if (!stillness.matches) step.animate([{ transform: "scale(0.92)", opacity: 0 }, { transform: "none", opacity: 1 }], { duration: 600, easing: "cubic-bezier(0.2, 0.75, 0.2, 1)" });
        if (isLast) { confetti(9000); chime("lead"); } else chime("badge");
      }, due);
    });
    return end;
  }

  /* Pieces of paper, for so many milliseconds; none for who wants no motion. */
  function confetti(ms) {
    if (stillness.matches) return;
    var canvas = byId("confetti");
    var pen = canvas.getContext("2d");
    var styles = getComputedStyle(document.documentElement);
    var inks = ["--gold-fill", "--met-fill", "--violet-fill", "--press"].map(function (name) { return styles.getPropertyValue(name).trim(); });
    var width = canvas.width = canvas.clientWidth;
    var height = canvas.height = canvas.clientHeight;
    var size = Math.max(6, width / 160);
    var pieces = [];
    for (var i = 0; i < 140; i++) {
      pieces.push({ x: Math.random() * width, y: -Math.random() * height, fall: height / 3200 * (0.7 + Math.random()), sway: Math.random() * 6.28, ink: inks[i % inks.length] });
    }
    var began = performance.now();
    var last = began;
    (function draw(now) {
      var gone = now - last;
      last = now;
      pen.clearRect(0, 0, width, height);
      if (now - began > ms + 1500) return;
      pieces.forEach(function (piece) {
        piece.y += piece.fall * gone;
        piece.sway += gone / 300;
        if (piece.y > height && now - began < ms) piece.y = -size;
        pen.fillStyle = piece.ink;
        pen.fillRect(piece.x + Math.sin(piece.sway) * size * 2, piece.y, size, size * (0.4 + 0.6 * Math.abs(Math.cos(piece.sway))));
      });
      requestAnimationFrame(draw);
    })(began);
  }

  /* Sound is made here, and only where the manager switched it on and the browser lets it out: it wants to have been
     pressed once, or a flag at its start. */
  var sound = null;
  var wantsSound = false;

  function isMuted() { return !wantsSound || !sound || sound.state !== "running"; }

  function listen(wanted) {
    wantsSound = wanted;
    var Context = window.AudioContext || window.webkitAudioContext;
    if (wanted && !sound && Context) {
      sound = new Context();
      sound.onstatechange = tellMuted;
    }
    tellMuted();
  }

  function tellMuted() { byId("muted").hidden = !(wantsSound && isMuted()); }

  function chime(kind) {
    if (isMuted()) return;
    var notes = kind === "badge" ? [659.3, 880] : [523.3, 659.3, 784, 1046.5];
    notes.forEach(function (pitch, place) {
      var begin = sound.currentTime + place * 0.16;
      var tone = sound.createOscillator();
      var loud = sound.createGain();
      tone.type = "triangle";
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, begin);
      loud.gain.exponentialRampToValueAtTime(0.25, begin + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, begin + 0.9);
      tone.connect(loud);
      loud.connect(sound.destination);
      tone.start(begin);
      tone.stop(begin + 1);
    });
  }

  function wake() {
    if (sound && sound.state === "suspended") sound.resume().then(tellMuted, function () {});
  }

  /* Heard from the server, or not. */
  function heard(clock) {
    heardAt = Date.now();
    if (clock) byId("clock").textContent = clock;
    tellAway(false);
  }

  /* By the clock of the house, which is the server's: a television's own may be wrong, and in another zone. */
  function lost() {
    var sign = byId("away");
    var time = byId("clock").textContent || new Date().toLocaleTimeString(body.dataset.locale, { hour: "2-digit", minute: "2-digit" });
    if (sign.hidden) sign.textContent = sign.dataset.words.replace("{time}", time);
    tellAway(true);
  }

  /* What was done "just now", and what time it is, nobody knows then. */
  function tellAway(isAway) {
    byId("away").hidden = !isAway;
    byId("stage").classList.toggle("is-away", isAway);
  }

  function follow() {
    streamedAt = Date.now();
    source = new EventSource("/tv/stream" + whereItIs());
    on("frame", function (frame) { heard(frame.clock); take(frame); });
    on("beat", function (beat) { heard(beat.clock); });
    on("call", function (call) { heard(""); called(call); });
    on("gone", startOver);
    source.addEventListener("full", function () { failures = TRIES; again(); });
    source.onerror = again;
  }

  function whereItIs() { return lastId ? "?last=" + encodeURIComponent(lastId) : ""; }

  function on(name, then) {
    source.addEventListener(name, function (event) {
      streamedAt = Date.now();
      failures = 0;
      isAsking = false;
      then(JSON.parse(event.data));
      if (name === "frame" || name === "call") lastId = event.lastEventId;
    });
  }

  function again() {
    if (source) source.close();
    source = null;
    if (isAsking) return;
    failures += 1;
    if (failures > TRIES) { isAsking = true; poll(); return; }
    if (failures > 1) lost();
    setTimeout(follow, jitter(1000 * Math.pow(2, failures)));
  }

  /* Where no stream gets through, every few seconds; now and then the stream is tried again beside it. */
  function poll() {
    if (!isAsking) return;
    var headers = lastId ? { "If-None-Match": "\"" + lastId + "\"" } : {};
    ask("/tv/frame" + whereItIs(), { headers: headers }).then(function (answer) {
      if (answer.status === 401) { startOver(); return null; }
      if (answer.status !== 200 && answer.status !== 304) throw new Error(String(answer.status));
      return answer.status === 200 ? answer.json() : null;
    }).then(function (frame) {
      heard(frame ? frame.clock : "");
      if (frame) {
        take(frame);
        frame.calls.forEach(called);
        lastId = frame.last;
      }
      failures += 1;
      if (window.EventSource && !source && failures % 10 === 0) follow();
    }).catch(lost).then(function () { setTimeout(poll, jitter(POLL_MS)); });
  }

  function watch() {
    if (Date.now() - heardAt > LATE_MS) lost();
    if (source && Date.now() - streamedAt > LATE_MS) again();
  }

  function sign() {
    var told = { slide: shownKey, width: pixels(window.innerWidth), height: pixels(window.innerHeight), muted: isMuted() };
    ask("/tv/sign", {
      method: "POST", headers: { "Content-Type": "application/json", "X-Screen": "1" }, body: JSON.stringify(told)
    }).then(function (answer) { if (answer.status === 401) startOver(); }, function () {});
  }
  function pixels(length) { return Math.round(length * (window.devicePixelRatio || 1)); }

  function drift() {
    var place = Math.floor(Math.random() * 5);
    var stage = byId("stage");
    stage.className = stage.className.replace(/\s*drift-\d/g, "");
    if (place) stage.classList.add("drift-" + place);
  }

  if (body.dataset.page === "code") runDoor();
  if (body.dataset.page === "screen") {
    if (window.EventSource) follow(); else { isAsking = true; poll(); }
    setInterval(watch, 5000);
    setTimeout(sign, 1500);
    setInterval(sign, SIGN_EVERY_MS);
    setInterval(drift, DRIFT_EVERY_MS);
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
  }
})();
