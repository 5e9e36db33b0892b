// Written by `cargo xtask hook-post-build`: one cache per build, all of it or nothing.
"use strict";

const BUILD = "__BUILD__";
const ASSETS = __ASSETS__; // [{url, sha256, packed}], urls relative to this script's scope

// A packed file is loaded as `url`.xz and kept unpacked; the digest is of the unpacked bytes.
if (ASSETS.some(({ packed }) => packed)) importScripts("xz-decompress.min.js");

const SCOPE = new URL(self.registration.scope).pathname;
// The origin may be shared with other apps (user.github.io): name and scope carry ours.
const FAMILY = `duebook:${SCOPE}:`;
const CACHE = FAMILY + BUILD;
const SHELL = new URL("index.html", self.registration.scope).href;

const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

// The name of a file is no proof of its content: a half-published build, or a stale copy in some
// cache on the way, must not become the app. So the bytes are checked before any is kept.
async function fetchVerified({ url, sha256, packed }) {
  const href = new URL(url, self.registration.scope).href;
  const from = packed ? `${href}.xz` : href;
  const response = await fetch(from, { cache: "reload", credentials: "same-origin" });
  if (!response.ok) throw new Error(`${from}: HTTP ${response.status}`);
  const body = packed ? new self["xz-decompress"].XzReadableStream(response.body) : response.body;
  const bytes = await new Response(body).arrayBuffer();
  const found = hex(await crypto.subtle.digest("SHA-256", bytes));
  if (found !== sha256) throw new Error(`${href}: expected sha256 ${sha256}, got ${found}`);
  const type = packed ? "application/wasm" : response.headers.get("Content-Type");
  const headers = { "Content-Type": type ?? "application/octet-stream" };
  return [href, new Response(bytes, { headers })];
}

async function install() {
  const files = await Promise.all(ASSETS.map(fetchVerified));
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(files.map(([href, response]) => cache.put(href, response)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(FAMILY) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

async function answer(request) {
  const cache = await caches.open(CACHE);
  const key = request.mode === "navigate" ? SHELL : request.url;
  return (await cache.match(key, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// No skipWaiting on its own: the page says "Update ready", and the user chooses the moment.
self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const ours = url.origin === self.location.origin && url.pathname.startsWith(SCOPE);
  if (event.request.method === "GET" && ours) event.respondWith(answer(event.request));
});
