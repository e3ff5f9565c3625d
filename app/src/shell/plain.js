// For pages without WebAssembly.
{
  const root = document.documentElement;
  const { next } = document.currentScript.dataset;

  // The browser's other tabs end their sessions too (the key is `browser::SIGNED_OUT_KEY`).
  try {
    if (document.querySelector("[data-signed-out]")) localStorage.setItem("lockstep.signed-out", String(Date.now()));
  } catch {
    // No storage, as in some private windows.
  }

  // What was kept for times without a network is one account's (`service_worker.js`).
  if (document.querySelector("[data-signed-out]")) globalThis.caches?.delete("lockstep-documents").catch(() => {});

  for (const form of document.forms) {
    const setSending = (sending) => {
      const button = form.querySelector("[type=submit]");
      button.disabled = sending;
      button.setAttribute("aria-busy", String(sending));
    };
    form.addEventListener("submit", () => setSending(true));
    // Also when the browser shows the page again without loading it.
    addEventListener("pageshow", () => setSending(false));
    // The next page's files are loaded while the user types.
    form.addEventListener(
      "input",
      () => {
        for (const href of next.split(" ")) {
          const link = document.createElement("link");
          link.rel = "prefetch";
          link.as = href.endsWith(".js") ? "script" : "fetch";
          link.crossOrigin = "anonymous";
          link.href = href;
          document.head.append(link);
        }
      },
      { once: true },
    );
  }
  root.dataset.hydrated = "true";
}
