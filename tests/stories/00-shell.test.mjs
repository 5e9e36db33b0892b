// The page before any book: it loads under its base path, keeps to itself, works offline, updates.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BASE, DIST, offlineReady, started, story } from "../support.mjs";
import { beginWithFile, commitImport, fixture, goTo } from "../steps.mjs";

test("the app opens under its base path, and only its own files are asked for", story({}, async ({ site, open }) => {
  const page = await open();
  assert.equal(await page.evaluate(() => document.baseURI), site.url);
  assert.ok(site.requests.every((path) => path.startsWith(BASE)), site.requests.join(" "));
  // The worker finds the script and the program of this build here.
  assert.ok(await page.locator('link[rel="modulepreload"]').count());
}));

test("a deep link is answered by 404.html, which is the app", story(
  { expected: [/status of 404/] },
  async ({ site, browser }) => {
    const page = await browser.context.newPage();
    const response = await page.goto(`${site.url}no/such/page?nosw=1`);
    assert.equal(response.status(), 404);
    await started(page);
    assert.equal(await page.evaluate(() => document.baseURI), site.url);
  },
));

test("the content policy lets nothing out and nothing foreign in", story(
  { expected: [/Content Security Policy/, /foreign request/] },
  async ({ open }) => {
    const page = await open("?nosw=1");
    const results = await page.evaluate(async () => {
      const broken = [];
      document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
      const egress = await fetch("https://example.invalid/").then(() => "sent", () => "refused");
      const image = new Image();
      const loaded = new Promise((done) => {
        image.onload = () => done("loaded");
        image.onerror = () => done("refused");
      });
      image.src = "https://example.invalid/pixel.png";
      const script = document.createElement("script");
      script.textContent = "window.injected = true";
      document.body.append(script);
      setTimeout("window.evaluated = true"); // eval() itself is let through inside page.evaluate
      const pixel = await loaded;
      await new Promise((done) => setTimeout(done)); // violation events are queued as tasks
      return { egress, pixel, evaluated: Boolean(window.evaluated), injected: Boolean(window.injected), broken };
    });
    assert.equal(results.egress, "refused");
    assert.equal(results.pixel, "refused");
    assert.equal(results.evaluated, false);
    assert.equal(results.injected, false);
    for (const directive of ["connect-src", "img-src", "script-src-elem"]) {
      assert.ok(results.broken.includes(directive), `${directive} in ${results.broken}`);
    }
  },
));

test("the worker's way of loading: from a blob, bound by the page's policy", story(
  { expected: [/Content Security Policy/, /foreign request/] },
  async ({ open }) => {
    const page = await open("?nosw=1");
    const seen = await page.evaluate(async () => {
      const code = `
        const out = {};
        out.egress = await fetch("https://example.invalid/").then(() => "sent", () => "refused");
        out.own = await fetch(${JSON.stringify(document.baseURI + "icon.svg")}).then((r) => r.ok, () => false);
        postMessage(out);`;
      const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const worker = new Worker(url, { type: "module" });
      const answer = await new Promise((done, failed) => {
        worker.onmessage = (event) => done(event.data);
        worker.onerror = failed;
      });
      worker.terminate();
      return answer;
    });
    assert.deepEqual(seen, { egress: "refused", own: true });
  },
));

test("after the first load everything works with the network cut", story({}, async ({ site, browser, open }) => {
  const page = await open();
  await offlineReady(page);
  await site.close();
  await browser.context.setOffline(true);
  await page.reload();
  await started(page);
  // A link into the app, never visited before, opens too.
  const second = await browser.context.newPage();
  const response = await second.goto(`${site.url}customers/C-100?tab=items`);
  assert.equal(response.status(), 200);
  await started(second);
}));

test("the offline copy holds exactly the files of one build", story({}, async ({ open }) => {
  const page = await open();
  await offlineReady(page);
  const { names, files } = await page.evaluate(async () => {
    const names = await caches.keys();
    const cache = await caches.open(names[0]);
    const files = [];
    for (const request of await cache.keys()) {
      const bytes = await (await cache.match(request)).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      files.push([
        request.url.slice(document.baseURI.length),
        Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
      ]);
    }
    return { names, files };
  });
  const build = await page.getAttribute('meta[name="duebook-build"]', "content");
  assert.deepEqual(names, [`duebook:${BASE}:${build}`]);
  for (const [name, digest] of files) {
    const bytes = await readFile(join(DIST, name));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), digest, name);
  }
}));

/** A copy of the site that is another build: one file differs, and sw.js knows it. */
async function nextBuild({ honest }) {
  const dist = await mkdtemp(join(tmpdir(), "duebook-next-"));
  await cp(DIST, dist, { recursive: true });
  const worker = await readFile(join(dist, "sw.js"), "utf8");
  const icon = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const before = createHash("sha256").update(await readFile(join(dist, "icon.svg"))).digest("hex");
  const after = createHash("sha256").update(icon).digest("hex");
  if (honest) await writeFile(join(dist, "icon.svg"), icon);
  const renamed = worker.replace(/BUILD = "[^"]+"/, 'BUILD = "next"').replace(before, after);
  await writeFile(join(dist, "sw.js"), renamed);
  return dist;
}

test("a new build waits for the user, then all tabs reload into it", story({}, async ({ site, browser, open }) => {
  const page = await open();
  await offlineReady(page);
  const other = await open();
  site.dist = await nextBuild({ honest: true });
  try {
    await page.reload(); // this load is under the service worker, as every later one
    await started(page);
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await page.waitForFunction(() => document.documentElement.dataset.update === "ready");
    assert.equal(await page.evaluate(async () => (await (await fetch("icon.svg")).text()).length > 100), true);

    await Promise.all([
      page.waitForEvent("load"),
      other.waitForEvent("load"),
      page.evaluate(() => dispatchEvent(new CustomEvent("duebook:activate-update"))),
    ]);
    await started(page);
    assert.deepEqual(await page.evaluate(() => caches.keys()), [`duebook:${BASE}:next`]);
    assert.equal(await page.evaluate(async () => (await (await fetch("icon.svg")).text()).length > 100), false);
  } finally {
    await rm(site.dist, { recursive: true });
  }
}));

test("a half-published build is not installed: the old one stays whole", story({}, async ({ site, open }) => {
  const page = await open();
  await offlineReady(page);
  const before = await page.evaluate(() => caches.keys());
  site.dist = await nextBuild({ honest: false });
  try {
    const outcome = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const settled = new Promise((done) => {
        registration.addEventListener("updatefound", () => {
          const worker = registration.installing;
          worker.addEventListener("statechange", () => done(worker.state));
        });
      });
      await registration.update().catch(() => {});
      return settled;
    });
    assert.equal(outcome, "redundant");
    assert.deepEqual(await page.evaluate(() => caches.keys()), before);
    await page.reload();
    await started(page);
  } finally {
    await rm(site.dist, { recursive: true });
  }
}));

test("a panic shows the crash panel, and the log can be saved from it", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  await page.evaluate(async () => {
    await new Promise((done, failed) => {
      const request = indexedDB.open("duebook-story", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("log");
      request.onerror = () => failed(request.error);
      request.onsuccess = () => {
        const transaction = request.result.transaction("log", "readwrite");
        transaction.objectStore("log").put(new Uint8Array([1, 2, 3]), 1);
        transaction.oncomplete = () => done(request.result.close());
      };
    });
    dispatchEvent(new CustomEvent("duebook:panic", { detail: { message: "broken at line 1" } }));
  });
  const panel = page.getByRole("alertdialog", { name: "Duebook stopped" });
  assert.match(await panel.innerText(), /Your saved work is safe/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel.getByRole("button", { name: "Export log" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines, [
    { database: "duebook-story", version: 1 },
    { store: "log" },
    { key: 1, value: { $bytes: "AQID" } },
  ]);
}));

test("without its packed form, the program itself is loaded", story({ expected: [/503/] }, async ({ site, open }) => {
  site.override = (path) => (path.endsWith(".wasm.xz") ? { status: 503, body: "gone" } : null);
  await open("?nosw=1");
  assert.ok(site.requests.some((path) => path.endsWith(".wasm")), "the plain program was not asked for");
}));

// In the published build the other pages are a part of their own (docs/adr/0012).
const LATER = readdirSync(DIST).some((name) => name.endsWith("_later.wasm"));
const isLater = (path) => /_later\.wasm(\.xz)?$/.test(path);

test("the part with the other pages is loaded once, for the page and its worker", { skip: !LATER && "this build is whole" }, story({}, async ({ site, open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await goTo(page, "Aging");
  await page.getByRole("grid", { name: "Aging" }).getByText("Acme Ltd").waitFor();
  assert.deepEqual(site.requests.filter(isLater).map((path) => path.slice(-8)), [".wasm.xz"]);
}));

test("a page whose part does not come says so, and opens when it is asked for again", { skip: !LATER && "this build is whole" }, story({ expected: [/503/, /could not load|HTTP status|Failed to/] }, async ({ site, open }) => {
  site.override = (path) => (isLater(path) ? { status: 503, body: "gone" } : null);
  const page = await open("?nosw=1");
  await page.getByRole("button", { name: "Begin an empty book" }).click();
  const beginning = page.getByRole("dialog", { name: "Begin an empty book" });
  await beginning.getByLabel("Name").fill("Parted");
  await beginning.getByRole("button", { name: "Begin the book" }).click();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: /^Customers/ }).click();
  await page.getByText("Your book is as it was.").waitFor();
  site.override = null;
  await page.getByRole("button", { name: "Load it again" }).click();
  await page.getByText("No customers yet").waitFor();
}));

test("a program that cannot be loaded is said so", story({ expected: [/./] }, async ({ site, browser }) => {
  site.override = (path) => (/\.wasm(\.xz)?$/.test(path) ? { status: 503, body: "gone" } : null);
  const page = await browser.context.newPage();
  await page.goto(`${site.url}?nosw=1`);
  await page.getByRole("alertdialog", { name: "Duebook stopped" }).waitFor();
}));
