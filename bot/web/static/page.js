/* What the pages do with a script. Everything works without it; see bot/web/README.md for the rules it keeps.
   One status and one focus move an answer; none while somebody types. */
"use strict";
(() => {
  const find = (what, within = document) => within.querySelector(what);
  const findAll = (what, within = document) => [...within.querySelectorAll(what)];
  const form = find("#ask");
  const policy = window.trustedTypes ? trustedTypes.createPolicy("askwell", { createHTML: (html) => html }) : { createHTML: (html) => html };

  /* Our own server made these parts, escaped, and sent them to this page alone. */
  const partsOf = (html) => {
    const made = document.createElement("template");
    made.innerHTML = policy.createHTML(html);
    return [...made.content.children];
  };

  const say = (words) => {
    const status = find("#chat-status");
    if (!status) return;
    /* The same words again are a new text node: otherwise they are silent. */
    status.textContent = "";
    status.append(document.createTextNode(words));
  };

  /* ---- the conversation ---- */
  if (form) {
    const box = find("#question");
    const send = find("button.main", form);
    const words = form.dataset;
    const list = find("#turns");
    const draftKey = "askwell-draft";
    let waiting = null;
    let typedAt = 0;

    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const lastTurn = () => Number(find("#turns > li:last-child")?.dataset.turn || 0);
    const freshId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    const touch = matchMedia("(pointer: coarse)").matches;

    /* The draft is kept in this tab until the question is accepted. */
    const keep = () => { try { sessionStorage.setItem(draftKey, box.value); } catch { /* storage is switched off */ } };
    const unkeep = () => { try { sessionStorage.removeItem(draftKey); } catch { /* storage is switched off */ } };
    try { if (!box.value) box.value = sessionStorage.getItem(draftKey) || ""; } catch { /* storage is switched off */ }

    /* The counter is there from 80 %, and is announced once on the way. */
    const counter = find("[data-count]");
    const most = Number(box.dataset.most);
    let announced = false;
    const count = () => {
      const left = most - box.value.length;
      counter.hidden = box.value.length < most * 0.8;
      counter.textContent = fill(left < 0 ? words.over : words.left, { number: Math.abs(left) });
      if (counter.hidden) announced = false;
      else if (!announced) { announced = true; counter.setAttribute("role", "status"); setTimeout(() => counter.removeAttribute("role"), 1000); }
    };
    box.addEventListener("input", () => { typedAt = Date.now(); keep(); count(); });
    count();
    if (!touch) {
      find("[data-enter]").hidden = false;
      box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          if (!waiting) form.requestSubmit(send);
          else say(words.kept);
        }
      });
    }

    const mayMoveFocus = () => {
      const at = document.activeElement;
      const typing = at === box && box.value !== "" && Date.now() - typedAt < 60000;
      return !typing && (at === document.body || at === null || form.contains(at) || at.closest?.(".again"));
    };

    const arrive = (html, officer) => {
      const items = partsOf(html);
      find("#chat").hidden = false;
      find("#starters")?.remove();
      const label = find('label[for="question"]');
      label.textContent = label.dataset.more;
      for (const item of items) { item.classList.add("fresh"); list.append(item); dress(item); }
      const card = items.filter((item) => item.matches(".card, .officer, .waiting")).pop();
      if (!card) return;
      const target = find("h3[tabindex]", card) || card;
      const sources = Number(card.dataset.sources || 0);
      const number = card.dataset.turn;
      const news = officer ? words.wrote : fill(sources ? words.ready : words.readyPlain, { number, sources });
      if (mayMoveFocus() && !officer) setTimeout(() => { if (mayMoveFocus()) target.focus(); }, 250);
      say(news);
    };

    const fault = (text, id) => {
      find("#wait-card")?.remove();
      find("#problem")?.remove();
      const made = document.createElement("div");
      made.className = "summary";
      made.id = "problem";
      made.tabIndex = -1;
      made.setAttribute("role", "group");
      made.setAttribute("aria-labelledby", "problem-heading");
      const head = document.createElement("h2");
      head.id = "problem-heading";
      head.textContent = words.problem;
      const link = document.createElement("a");
      link.href = "#question";
      link.textContent = text;
      const person = document.createElement("a");
      person.href = words.personTo;
      person.textContent = words.person;
      const first = document.createElement("p");
      first.append(link);
      const second = document.createElement("p");
      second.append(person);
      made.append(head, first, ...(id === "person" ? [second] : []));
      form.before(made);
      if (!document.title.startsWith(words.problem)) document.title = `${words.problem}: ${document.title}`;
      made.focus();
    };

    const clear = () => { find("#problem")?.remove(); document.title = document.title.replace(`${words.problem}: `, ""); };

    const waitCard = () => {
      const card = document.createElement("p");
      card.className = "waiting";
      card.id = "wait-card";
      card.textContent = words.looking;
      form.before(card);
      return card;
    };

    /* Every form on the page sends its own number, and the token of the session this browser has now. */
    const renew = (answer) => {
      for (const field of findAll('input[name="message_id"]')) field.value = freshId();
      const token = answer.headers.get("X-Askwell-Token");
      if (token) for (const field of findAll('input[name="token"]')) field.value = token;
    };

    const busy = (on) => {
      box.readOnly = on;
      send.setAttribute("aria-disabled", String(on));
    };

    const ask = async (source, submitter, text) => {
      clear();
      busy(true);
      say(words.sent);
      const card = waitCard();
      const body = new URLSearchParams(new FormData(source, submitter));
      body.set("seen", String(lastTurn()));
      const stop = new AbortController();
      waiting = stop;
      const timers = [
        setTimeout(() => { card.textContent = words.still; say(words.still); }, 4000),
        setTimeout(() => { card.textContent = words.long; }, 12000),
        setTimeout(() => stop.abort(), 20000),
      ];
      try {
        const answer = await fetch(source.action, {
          method: "POST", body, signal: stop.signal, redirect: "follow", headers: { "X-Askwell": "turns", Accept: "application/json" },
        });
        if (!answer.ok) {
          const said = await answer.json().catch(() => ({}));
          if (answer.status === 403) return source.submit();
          if (text) box.value = text;
          return fault(said.error || words.offline, "person");
        }
        const html = answer.status === 204 ? "" : await answer.text();
        if (source === form && box.value === text) { box.value = ""; unkeep(); count(); }
        find("#wait-card")?.remove();
        renew(answer);
        busy(false);
        arrive(html, false);
        listen();
      } catch {
        if (source === form) { box.value = text; keep(); }
        fault(words.offline, "person");
      } finally {
        timers.forEach(clearTimeout);
        find("#wait-card")?.remove();
        busy(false);
        waiting = null;
      }
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (waiting) return say(words.kept);
      if (!box.value.trim()) return fault(words.empty);
      ask(form, send, box.value);
    });
    document.addEventListener("submit", (event) => {
      if (!event.target.matches(".again")) return;
      event.preventDefault();
      if (waiting) return say(words.kept);
      const elsewhere = find("input:checked[data-to]", event.target)?.dataset.to;
      if (elsewhere) return location.assign(elsewhere);
      if (event.target.dataset.pick && !find("input[type=radio]:checked", event.target)) return fault(event.target.dataset.pick);
      ask(event.target, event.submitter, event.submitter?.name === "question" ? event.submitter.value : "");
    });

    /* ---- an officer writes: news by server-sent events, and by looking again when they fail ---- */
    let stream = null;
    let looking = null;
    const look = async () => {
      const answer = await fetch(`${new URL("turns", form.action)}?seen=${lastTurn()}&lang=${document.documentElement.lang}`, { headers: { "X-Askwell": "turns" } }).catch(() => null);
      if (answer?.status === 200) arrive(await answer.text(), true);
    };
    const lookOften = () => { looking ??= setInterval(look, 20000); };
    const listen = () => {
      if (stream || !lastTurn() || !window.EventSource) return;
      stream = new EventSource(new URL("events", form.action));
      stream.addEventListener("open", () => { clearInterval(looking); looking = null; });
      stream.addEventListener("reply", look);
      stream.addEventListener("full", () => { stream.close(); lookOften(); });
      stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) stream = null; lookOften(); });
    };
    listen();
    addEventListener("pagehide", () => stream?.close());
    find("[data-refresh]")?.addEventListener("click", (event) => { event.preventDefault(); look(); });
  }

  /* ---- the page of a request: news of a reply, and the link to look again ---- */
  const news = find("[data-news]");
  if (news && window.EventSource) {
    const stream = new EventSource(`${news.dataset.frame}${news.dataset.news}`);
    stream.addEventListener("reply", () => {
      const told = find("[data-news-said]");
      told.textContent = "";
      told.append(document.createTextNode(told.dataset.text));
    });
    addEventListener("pagehide", () => stream.close());
  }

  /* ---- the card: listen, copy, print ---- */
  const voiceFor = (language) => window.speechSynthesis?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(language));
  const synthesis = window.speechSynthesis;

  function dress(card) {
    const acts = find("[data-acts]", card);
    if (!acts) return;
    acts.hidden = false;
    const spoken = find(".spoken", card);
    const listen = find('[data-act="listen"]', acts);
    const showVoice = () => { listen.hidden = !voiceFor(spoken.lang); };
    if (synthesis) { showVoice(); synthesis.addEventListener?.("voiceschanged", showVoice); }
    const name = listen.textContent;
    const stop = () => { synthesis.cancel(); findAll(".speaking", card).forEach((one) => one.classList.remove("speaking")); listen.textContent = name; };
    listen.addEventListener("click", () => {
      if (synthesis.speaking) return stop();
      listen.textContent = listen.dataset.stop;
      const pieces = findAll(".said-part", spoken);
      pieces.forEach((piece, index) => {
        const speech = new SpeechSynthesisUtterance(piece.textContent);
        speech.lang = spoken.lang;
        speech.voice = voiceFor(spoken.lang);
        speech.rate = 0.9;
        speech.onstart = () => piece.classList.add("speaking");
        speech.onend = () => { piece.classList.remove("speaking"); if (index === pieces.length - 1) stop(); };
        synthesis.speak(speech);
      });
    });
    find('[data-act="copy"]', acts).addEventListener("click", async (event) => {
      const copy = card.cloneNode(true);
      findAll("[data-acts], form, .next, .vh", copy).forEach((one) => one.remove());
      copy.querySelectorAll("details").forEach((one) => one.remove());
      const text = [...copy.querySelectorAll("h3, h4, p, li")].map((one) => one.textContent.replace(/\s+/g, " ").trim()).join("\n");
      try { await navigator.clipboard.writeText(text); say(event.target.dataset.done); } catch { /* the browser forbids it: the text can be selected */ }
    });
    find('[data-act="print"]', acts).addEventListener("click", () => print());
  }
  findAll(".card").forEach(dress);
  findAll("[data-print]").forEach((one) => { one.hidden = false; one.addEventListener("click", () => print()); });

  /* ---- an error page: the summary first ---- */
  const summary = find("main > #problem");
  if (summary) summary.focus();

  /* ---- leaving quickly: the screen is empty before anything is sent ---- */
  document.addEventListener("submit", (event) => {
    if (find(".leave-now", event.target)) {
      synthesis?.cancel();
      try { sessionStorage.clear(); } catch { /* storage is switched off */ }
      document.body.style.visibility = "hidden";
    }
  });

  /* ---- in a panel on a council's page: only open, close and unread pass, and only to a site on the list ---- */
  if (document.body.classList.contains("in-panel") && window.parent !== window) {
    const host = document.referrer ? new URL(document.referrer).origin : "";
    const known = [location.origin, ...(document.body.dataset.hosts || "").split(" ")];
    try { if (known.includes(host) && host !== location.origin) sessionStorage.setItem("askwell-host", host); } catch { /* no storage */ }
    let to = host;
    try { to = sessionStorage.getItem("askwell-host") || host; } catch { /* no storage */ }
    const tell = (what) => { if (known.includes(to)) parent.postMessage({ askwell: what }, to); };
    addEventListener("keydown", (event) => { if (event.key === "Escape") tell("close"); });
    addEventListener("message", (event) => {
      if (event.source === parent && event.origin === to && known.includes(to) && event.data?.askwell === "open") find("#question")?.focus();
    });
  }
})();
