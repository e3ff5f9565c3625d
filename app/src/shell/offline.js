// Has the service worker keep the shown page, so that it opens without a network; and offers to install the app.
{
  const root = document.documentElement;

  // Not at once: what changes is often followed by more, and the page's own requests come first.
  const WAIT_MILLIS = 2000;
  const INTERVAL_MILLIS = 10_000;
  const TAKEOVER_MILLIS = 40_000;
  // A message that reaches the old worker just as a newer one takes over starts it again. Chromium then leaves the newer
  // one waiting until the old one has had nothing to do for half a minute, and a navigation meanwhile may be lost with it:
  // the tab loads without end.
  const takenOver = ({ installing, waiting }) => {
    const newer = installing ?? waiting;
    return new Promise((resolve) => {
      const check = () => !["installing", "installed", "activating"].includes(newer?.state) && resolve();
      newer?.addEventListener("statechange", check);
      setTimeout(resolve, TAKEOVER_MILLIS);
      check();
    });
  };
  let ready;
  let timer;
  let isDue = false;
  let keptAt = -Infinity;
  const keep = async () => {
    clearTimeout(timer);
    timer = undefined;
    isDue = false;
    keptAt = performance.now();
    ready ??= navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then(() => navigator.serviceWorker.ready);
    const registration = await ready;
    await takenOver(registration);
    registration.active.postMessage({ keep: location.pathname + location.search });
  };
  // Where there is no worker, pages need a network.
  const keepNow = () => keep().catch(() => (ready = undefined));
  const keepSoon = () => {
    isDue = true;
    if (document.hidden) return;
    timer ??= setTimeout(keepNow, Math.max(WAIT_MILLIS, keptAt + INTERVAL_MILLIS - performance.now()));
  };
  if (isSecureContext && navigator.serviceWorker) {
    // The page is complete, or shows something else (`browser::shown_changed`).
    addEventListener("lockstep-shown", keepSoon);
    // A page that is hidden may not be seen again.
    addEventListener("visibilitychange", () => {
      if (isDue) (document.hidden ? keepNow : keepSoon)();
    });
  }

  // The settings have a button for it, which is visible only then.
  let offer;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    root.dataset.installable = "true";
  });
  const withdraw = () => delete root.dataset.installable;
  addEventListener("appinstalled", withdraw);
  addEventListener("click", ({ target }) => {
    if (!target.closest?.("[data-install]") || !offer) return;
    offer.prompt();
    offer = undefined;
    withdraw();
  });
}
