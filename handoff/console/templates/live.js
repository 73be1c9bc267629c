// The numbers of a page, kept fresh. Each answer carries a serial: one that comes late, or twice, changes nothing.
(() => {
  const EVERY = 20000, QUIET = 60000;
  const numbers = [...document.querySelectorAll("[data-live]")];
  const news = document.getElementById("live-news"), status = document.getElementById("live-status");
  let seen = [-1, -1], first = null, toldAt = -QUIET;
  const newer = (one, other) => one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);

  const apply = (fresh) => {
    if (!newer(fresh.serial, seen)) return false;
    seen = fresh.serial;
    for (const number of numbers) {
      const now = fresh.numbers[number.dataset.live];
      if (now !== undefined) number.textContent = String(now);
    }
    if (first === null) first = fresh.opened;
    const more = fresh.opened - first;
    news.hidden = more < 1;
    if (more > 0) {
      const said = more === 1 ? "1 new request" : `${more} new requests`;
      news.firstElementChild.textContent = `${said}: show them`;
      // A screen reader hears of it once a minute at most.
      if (performance.now() - toldAt >= QUIET && status.textContent !== said) {
        toldAt = performance.now();
        status.textContent = said;
      }
    }
    return true;
  };

  const look = async () => {
    try {
      const answer = await fetch("/officers/live.json", { headers: { accept: "application/json" } });
      if (answer.redirected || !answer.ok) return false;
      return apply(await answer.json());
    } catch {
      return false; // The next look may find the service again.
    }
  };

  setInterval(() => document.visibilityState === "visible" && look(), EVERY);
  look();
  window.askwellLive = { apply, look };
})();
