/* Keeps what is typed on a page of the desk: at most two seconds after it was typed, and when the
   page is left. It publishes nothing and saves nothing: it is offered when the page opens again.
   Whoever is logged out is told so before the page is sent, for it would end at the login. */
"use strict";

(() => {
  const line = document.getElementById("desk-kept");
  const form = line && line.closest("form");
  if (!form) return;

  const EVERY = 2000;
  // What browsers carry at most in a request that outlives its page.
  const OUTLIVES = 60000;
  const session = form.elements.unsaved_session;
  session.value ||= newKey();

  let before = null;
  let underWay = null;
  let isLeaving = false;
  let isLoggedOut = false;
  let last = "";

  function newKey() {
    const numbers = crypto.getRandomValues(new Uint32Array(4));
    return Array.from(numbers, (number) => number.toString(16).padStart(8, "0")).join("");
  }

  function isKept(name, value) {
    if (typeof value !== "string" || name === "csrfmiddlewaretoken" || name === session.name) return false;
    const control = form.elements.namedItem(name);
    return !name.includes("__prefix__") && !(control && control.type === "password");
  }

  function typed() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (isKept(name, value)) (fields[name] ||= []).push(value.replace(/\r\n/g, "\n"));
    }
    return JSON.stringify(fields);
  }

  function say(words, isTrouble) {
    // What stands there already is not read out again, and its link stays where it is.
    if (words === last) return;
    last = words;
    line.textContent = words;
    line.classList.toggle("desk-trouble", isTrouble);
    line.setAttribute("role", isTrouble ? "alert" : "none");
  }

  function sayLoggedOut() {
    say(line.dataset.loggedOut, true);
    if (line.querySelector("a")) return;
    const way = document.createElement("a");
    way.href = line.dataset.login;
    way.target = "_blank";
    way.textContent = line.dataset.loginWords;
    line.append(" ", way);
  }

  // The desk leads on only to the login.
  async function ask(given) {
    const answer = await fetch(line.dataset.address, { redirect: "manual", ...given });
    isLoggedOut = answer.type === "opaqueredirect";
    return answer;
  }

  // A login makes the marks of all open pages old: each page fetches a new one.
  async function renew() {
    const answer = await ask({ headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { token } = await answer.json();
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  }

  function send(fields, outlives) {
    const csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
    const text = new URLSearchParams({ csrfmiddlewaretoken, session: session.value, fields }).toString();
    return ask({
      method: "POST",
      body: text,
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
      keepalive: outlives && text.length < OUTLIVES,
    });
  }

  async function keep(fields, outlives) {
    try {
      let answer = await send(fields, outlives);
      if (answer.status === 403 && !outlives) {
        await renew();
        if (!isLoggedOut) answer = await send(fields, outlives);
      }
      if (isLoggedOut) {
        // It is tried again with the next look, until one is logged in.
        if (before === fields) before = null;
        sayLoggedOut();
        return;
      }
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) say(said.kept, false);
      else {
        if (before === fields && answer.status < 500 && answer.status !== 413) before = null;
        say(said.refused && answer.status === 413 ? said.refused : line.dataset.failed, true);
      }
      if (answer.status >= 500) throw new Error(answer.statusText);
    } catch {
      // It is tried again with the next look: nothing counts as kept.
      if (before === fields) before = null;
      if (!isLeaving) say(line.dataset.failed, true);
    }
  }

  function look(outlives = false) {
    if (isLeaving || (underWay && !outlives)) return underWay;
    const fields = typed();
    if (fields === before) return underWay;
    before = fields;
    const run = keep(fields, outlives).finally(() => {
      if (underWay === run) underWay = null;
    });
    underWay = run;
    return run;
  }

  // The last words are kept before the page is sent: if it does not arrive, they are not lost. And
  // nothing is kept after it: what is saved would come back as unsaved. Where all is kept it is asked
  // all the same whether one is still logged in.
  form.addEventListener("submit", (event) => {
    if (isLeaving) return;
    event.preventDefault();
    const running = look() || renew().catch(() => {});
    const button = event.submitter;
    const enough = new Promise((resolve) => setTimeout(resolve, 1500));
    Promise.race([running.then(() => underWay), enough]).then(() => {
      if (isLoggedOut) {
        sayLoggedOut();
        line.scrollIntoView({ block: "center" });
        return;
      }
      isLeaving = true;
      form.requestSubmit(button);
    });
  });

  // Whoever types on after a save that did not arrive is still here.
  form.addEventListener("input", () => {
    isLeaving = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") look(true);
  });
  window.addEventListener("pagehide", () => look(true));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });
  window.addEventListener("load", () => {
    // A page that came back unsaved keeps its text at once; any other waits for the first change.
    before = "atOnce" in line.dataset ? null : typed();
    setInterval(look, EVERY);
    look();
  });
})();
