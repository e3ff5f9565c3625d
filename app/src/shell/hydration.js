// Loads the WebAssembly. If it cannot be loaded, or fails before the page is interactive, the page stays as the server
// rendered it: it is reloaded once if the server answers, and says so otherwise.
const root = document.documentElement;
const self = document.querySelector("script[data-build]");
const { script, wasm, build } = self.dataset;

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
import(script)
  .then(async (module) => {
    await module.default({ module_or_path: wasm });
    await module.hydrate();
  })
  .catch(fail);

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
