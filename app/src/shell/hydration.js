// Loads the WebAssembly. If it cannot be loaded, or fails before the page is interactive, the page stays as the server
// rendered it: it is reloaded once if the server answers, and says so otherwise.
const root = document.documentElement;
const self = document.querySelector("script[data-build]");
const { script, wasm, files, build } = self.dataset;

const once = (key, value) => {
  try {
    if (sessionStorage.getItem(key) === value) return false;
    sessionStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
};
const currentBuild = async () => {
  const answer = await fetch("/hash.txt", { cache: "no-cache" });
  return answer.ok ? (await answer.text()).trim().split(/\s+/).join(" ") : build;
};

let failed = false;
const fail = async (error) => {
  if (failed) return;
  failed = true;
  console.warn("The page's scripts failed:", error);
  const reachable = await currentBuild().then(() => true, () => false);
  if (reachable && !root.dataset.hydrated && once("lockstep.failed", build)) location.reload();
  else root.dataset.failed = "true";
};
// A panic ends the WebAssembly, also later.
const onError = (event) => {
  const error = event.error ?? event.reason;
  if (error instanceof WebAssembly.RuntimeError) fail(error);
};
addEventListener("error", onError);
addEventListener("unhandledrejection", onError);

// The page is readable without its scripts, so it is painted first: until then the styles and the typeface have the
// network, and nothing else the processor. A hidden page is not painted.
const painted = new Promise((resolve) => {
  if (document.hidden) return resolve();
  new PerformanceObserver(resolve).observe({ type: "paint", buffered: true });
  setTimeout(resolve, 2000);
});
const load = async () => {
  await painted;
  // All at once, although each file asks for the next.
  for (const href of files.split(" ")) {
    const isModule = href.endsWith(".js");
    const link = Object.assign(document.createElement("link"), { rel: isModule ? "modulepreload" : "preload", href });
    if (!isModule) Object.assign(link, { as: "fetch", type: "application/wasm", crossOrigin: "anonymous" });
    document.head.append(link);
  }
  const module = await import(script);
  await module.default({ module_or_path: wasm });
  await module.hydrate();
  dispatchEvent(new Event("lockstep-shown"));
};
load().catch(fail);

// A page that is older than the server's build reloads once, when nothing is lost by it.
let newer;
const typed = () =>
  [...document.querySelectorAll("input, textarea, select")].some((field) =>
    field.matches("select") ? field.selectedIndex > 0 : field.value !== field.defaultValue,
  );
const isQuiet = () =>
  !root.dataset.pending && !typed() && (document.hidden || !document.activeElement?.matches("input, textarea, select"));
const settle = () => {
  if (newer && isQuiet() && once("lockstep.build", newer)) location.reload();
};
const check = async () => {
  const found = await currentBuild().catch(() => build);
  newer = found === build ? undefined : found;
  settle();
};
if (build) {
  for (const event of ["visibilitychange", "online"]) addEventListener(event, check);
  addEventListener("focusout", () => setTimeout(settle, 1000));
  setInterval(check, 10 * 60 * 1000);
}
