// The service worker: lets pages open without a network. The server writes `RELEASE` above this line, which has the
// paths of the release's files and pages (`service_worker.rs`).
//
// - The site's files come from the cache. Their names have hashes, so a document gets the files of its own release
//   whichever release the worker is of: two are never mixed, and a new worker does not wait.
// - A page's document comes from the network, or else it is the one that was kept last. So does the data of a page that
//   is opened by script, which is part of the kept document.
// - Everything else is left to the browser: all writes, the API, the WebSockets.
//
// The kept documents are those of one account. They are deleted when somebody signs in or out.

const FILES = "lockstep-files-";
const DOCUMENTS = "lockstep-documents";
const OFFLINE_PAGE = "/offline";
const DATA = "/api/page";
/** Where sessions begin and end. */
const SESSIONS = /^\/(api\/|v1\/auth\/)sign-/;
/** A file whose name has a hash, also one of another release. */
const HASHED = /^\/pkg\/.*\.[\w-]{22}\.\w+$/;
/** The request accepts, and the response has, data of a kept document: of that time, in ms of the device's clock. */
const AS_OF = "lockstep-as-of";
const ACCOUNT = "lockstep-account";
/** How long the network has until a kept document is shown. */
const LIMIT_MILLIS = 3000;
/** How long a document that was late is waited for, to keep it. */
const LATEST_MILLIS = 10_000;
/** The number of documents that are kept. */
const MAX_DOCUMENTS = 50;

const files = new Set([...RELEASE.first, ...RELEASE.rest]);
const pages = RELEASE.pages.map((path) => new RegExp(`^${path.replace(/\{\w+\}/, "[^/]+")}$`));
const isPage = (path) => pages.some((page) => page.test(path));

/** Grows when the documents are deleted: one that was requested before is not kept. */
let generation = 0;
let isFilling = false;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(openFiles().then((cache) => cache.addAll([...RELEASE.first, OFFLINE_PAGE])));
});

addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method !== "GET") {
    if (SESSIONS.test(pathname)) event.waitUntil(forget());
  } else if (request.mode === "navigate") {
    if (isPage(pathname)) event.respondWith(openPage(event, pathname + search));
    else if (RELEASE.plain.includes(pathname)) event.respondWith(openPlain(event));
  } else if (pathname.startsWith(DATA) && request.headers.has(AS_OF)) {
    event.respondWith(openData(event, pathname.slice(DATA.length) + search));
  } else if (files.has(pathname) || HASHED.test(pathname)) {
    event.respondWith(openFile(event, pathname).catch(() => fetch(request)));
  }
});

// A page that is shown, and complete, asks to be kept as it is now.
addEventListener("message", (event) => {
  const { keep } = event.data ?? {};
  if (typeof keep !== "string" || !isPage(new URL(keep, location).pathname)) return;
  event.waitUntil(keepDocument(keep).then(fill).catch(() => {}));
});

// Of a timer whose time is up.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(showWindow());
});

async function showWindow() {
  const [shown] = await clients.matchAll({ type: "window" });
  await (shown ? shown.focus() : clients.openWindow("/"));
}

function openFiles() {
  return caches.open(FILES + RELEASE.version);
}

/** Deletes the files of releases before the last one, whose pages may still be open. */
async function activate() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(FILES) && name !== FILES + RELEASE.version);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
}

/** Caches the files that no page needed yet. */
async function fill() {
  if (isFilling) return;
  isFilling = true;
  const cache = await openFiles();
  // The language may have been changed.
  await cache.add(OFFLINE_PAGE).catch(() => {});
  for (const path of RELEASE.rest) {
    if (!(await cache.match(path))) await cache.add(path).catch(() => {});
  }
}

async function openFile({ request }, path) {
  const cache = await openFiles();
  const known = (await cache.match(path)) ?? (await caches.match(path));
  if (known) return known;
  const response = await fetch(request);
  if (response.ok && files.has(path)) await cache.put(path, response.clone()).catch(() => {});
  return response;
}

async function openPage(event, address) {
  const asked = { at: Date.now(), generation };
  const network = fetch(event.request);
  const storing = network.then((response) => store(address, response.clone(), asked)).catch(() => {});
  // A worker that waits for a dead network would hold up the next release's.
  event.waitUntil(Promise.race([storing, after(LATEST_MILLIS)]));
  const keptDocument = findDocument(address);
  const response = await inTime(network, keptDocument);
  if (response) return response;
  const kept = await keptDocument;
  if (!kept) return offlinePage();
  const html = kept.html.replace("<html", `<html data-as-of="${kept.asOf}"`);
  return new Response(html, { headers: kept.headers });
}

/** A page without data of an account. That one who signs in sees it means that nobody is signed in. */
async function openPlain(event) {
  const network = fetch(event.request);
  event.waitUntil(network.then(({ status }) => status === 200 && forget()).catch(() => {}));
  return (await inTime(network)) ?? offlinePage();
}

async function openData(event, address) {
  const network = fetch(event.request);
  const keptDocument = findDocument(address);
  const response = await inTime(network, keptDocument);
  if (response?.status === 403) await forget();
  if (response) return response;
  const kept = await keptDocument;
  if (!kept) return Response.error();
  const headers = { "content-type": "application/json", "cache-control": "no-store", [AS_OF]: kept.asOf };
  return new Response(jsonOf(kept.html, "page-data"), { headers });
}

/** The network's answer; undefined if there is none, or none in time from the server where a document is kept. */
async function inTime(network, kept) {
  const late = new Promise((resolve) => kept?.then((kept) => kept && resolve(after(LIMIT_MILLIS))));
  const response = await Promise.race([network, late]).catch(() => undefined);
  const isProxys = response?.status === 502 || response?.status === 504;
  return isProxys && (await kept) ? undefined : response;
}

function after(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

async function offlinePage() {
  return (await caches.match(OFFLINE_PAGE).catch(() => undefined)) ?? Response.error();
}

async function keepDocument(address) {
  const asked = { at: Date.now(), generation };
  await store(address, await fetch(address, { headers: { accept: "text/html" }, cache: "no-store" }), asked);
}

/** Keeps a page's document, and nothing but that: no error, no redirect. */
async function store(address, response, asked) {
  // To the sign-in page: the session has ended.
  if (response.redirected || response.type === "opaqueredirect") return forget();
  if (response.status !== 200) return;
  const html = await response.text();
  const account = JSON.parse(jsonOf(html, "layout-data")).snapshot.account.id;
  const last = await keptAccount();
  if (asked.generation !== generation) return;
  if (last && last !== account) {
    const forgotten = forget();
    asked.generation = generation;
    await forgotten;
  }
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length", "vary"]) headers.delete(name);
  headers.set(AS_OF, asked.at);
  headers.set(ACCOUNT, account);
  const cache = await caches.open(DOCUMENTS);
  if (asked.generation !== generation) return;
  await cache.put(address, new Response(html, { headers }));
  // The oldest first.
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, -MAX_DOCUMENTS).map((key) => cache.delete(key)));
}

/** The account whose documents are kept. */
async function keptAccount() {
  const cache = await caches.open(DOCUMENTS);
  const last = (await cache.keys()).pop();
  const response = last && (await cache.match(last));
  return response?.headers.get(ACCOUNT);
}

/** The kept document of an address, if the files of its release are kept as well. */
async function findDocument(address) {
  try {
    const response = await caches.match(address, { cacheName: DOCUMENTS });
    if (!response) return undefined;
    const { headers } = response;
    const html = await response.text();
    const script = /<script type="module" nonce="[^"]*" data-script="([^"]+)"/.exec(html)?.[1];
    const hasFiles = script && (await caches.match(script));
    return hasFiles ? { html, headers, asOf: headers.get(AS_OF) } : undefined;
  } catch {
    return undefined;
  }
}

/** The content of one of a document's JSON elements, in which the server escapes `<`. */
function jsonOf(html, id) {
  return new RegExp(`<script type="application/json" id="${id}">([^<]*)<`).exec(html)?.[1];
}

/** Deletes what is kept of an account. */
async function forget() {
  generation += 1;
  await caches.delete(DOCUMENTS);
}
