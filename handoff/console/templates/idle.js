// A warning before the half hour is over, and a way to stay. What was typed stays on the page, also past the end of it.
(() => {
  const WARN = 120, AGAIN = 15;
  const box = document.getElementById("idle"), said = document.getElementById("idle-said");
  const form = document.getElementById("idle-form"), link = document.getElementById("idle-link");
  const until = document.getElementById("until");
  let left = Number(box.dataset.left), at = Date.now(), timer;
  const seconds = () => left - (Date.now() - at) / 1000;
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(check, Math.max(1, wait) * 1000); };

  const show = (words, stay, out) => {
    box.hidden = false; form.hidden = !stay; link.hidden = !out;
    if (said.textContent !== words) said.textContent = words;
  };
  const ask = async (how) => {
    try {
      const answer = await fetch(how ? "/officers/stay" : "/officers/session.json",
        { method: how ? "POST" : "GET", body: how, headers: { accept: "application/json" } });
      return answer.redirected || !answer.ok ? { left: 0 } : await answer.json();
    } catch {
      return null; // The next look may find the service again.
    }
  };

  const know = (fresh) => {
    left = fresh.left; at = Date.now();
    if (left <= 0) {
      show("You were signed out. What you typed is still on this page. Sign in again in another tab, then send it from here.", false, true);
      return later(AGAIN);
    }
    if (fresh.who !== box.dataset.who) return show("Somebody else is signed in now. Copy what you typed and open this page again.", false, false);
    until.textContent = fresh.until;
    for (const one of document.querySelectorAll("input[name=form_token]")) one.value = fresh.token;
    if (left > WARN) { box.hidden = true; said.textContent = ""; return later(left - WARN); }
    show(`You will be signed out at ${fresh.until}. ${fresh.more ? "Press the button to stay." : "Send what you are writing, or copy it."}`, fresh.more, false);
    return later(Math.min(AGAIN, left));
  };
  const check = async () => {
    const fresh = await ask();
    if (fresh) return know(fresh);
    return later(AGAIN);
  };

  form.addEventListener("submit", async (press) => {
    press.preventDefault();
    const fresh = await ask(new URLSearchParams(new FormData(form)));
    if (fresh) know(fresh);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && seconds() < WARN && check());
  later(left - WARN);
  window.askwellIdle = { check };
})();
