// Keeps the shell of the page, so that it opens without a network. Nobody is in it: what it shows lies
// encrypted elsewhere (store.js), and what is sent or asked goes past here.
const told = {{ told|safe }};
const PATIENCE_MS = 2500; // a network that comes and goes is not waited for
const files = new Set(told.files);
const SHELL = `${told.store} ${told.version}`;

self.addEventListener("install", (event) => event.waitUntil(keepShell()));

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === told.page) event.respondWith(openPage(request));
  else if (files.has(url.pathname)) event.respondWith(fromShell(request, url.pathname));
});

async function keepShell() {
  const shell = await caches.open(SHELL);
  // Whoever is signed out meets the door there: that is no page of ours to keep.
  const page = new Request(told.page, { cache: "reload", redirect: "error" });
  await shell.addAll([page, ...told.files.map((file) => new Request(file, { cache: "reload" }))]);
  await self.skipWaiting();
}

async function takeOver() {
  // Another page may keep a shell of its own here.
  const own = (await caches.keys()).filter((name) => name.startsWith(`${told.store} `));
  await Promise.all(own.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The page as the bureau has it now, in the language of now; what is kept, where it does not come.
async function openPage(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(told.page);
  if (!kept) return fetch(request);
  const fresh = await Promise.race([
    fetch(request).catch(() => null),
    new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, null); }),
  ]);
  if (!fresh || fresh.status !== 200 || fresh.redirected) return kept;
  await shell.put(told.page, fresh.clone());
  return fresh;
}

async function fromShell(request, path) {
  const shell = await caches.open(SHELL);
  return (await shell.match(path)) ?? fetch(request);
}
