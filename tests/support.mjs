// What every story needs: the built site under its base path as GitHub Pages serves it, a browser with a
// fresh profile, and two rules that fail any story: nothing on the error console, no foreign request.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, normalize, resolve, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const HERE = import.meta.dirname;

/** The folder the stories run on: `cargo xtask test` names it. */
export const DIST = resolve(process.env.DUEBOOK_DIST ?? join(HERE, "../dist"));

/** The path it was built for: /duebook/ for the stories, / for the peers' bench. */
export const BASE = baseOf(join(DIST, "index.html")) ?? "/duebook/";

function baseOf(page) {
  return existsSync(page) ? /<base href="([^"]+)"/.exec(readFileSync(page, "utf8"))?.[1] : undefined;
}

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/**
 * Serves `dist` under its base path: 404.html with status 404 for an unknown path, gzip, ten minutes of
 * cache, no isolation headers, as GitHub Pages does.
 * `requests` lists what was asked for; `dist` can be replaced between requests (an update story);
 * `override(path)` may return {status?, body, type?} to answer differently.
 */
export async function serve({ dist = DIST, port = 0 } = {}) {
  const site = { dist: resolve(dist), requests: [], override: null };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    site.requests.push(path);
    const replaced = site.override?.(path);
    const { status, file, body, type } = replaced
      ? { status: replaced.status ?? 200, file: null, body: Buffer.from(replaced.body), type: replaced.type }
      : await locate(site.dist, path);
    const headers = {
      "Content-Type": type ?? TYPES[extname(file ?? path)] ?? "application/octet-stream",
      "Cache-Control": "max-age=600",
    };
    if (/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) {
      headers["Content-Encoding"] = "gzip";
      response.writeHead(status, headers).end(gzipSync(body, { level: 1 }));
    } else {
      response.writeHead(status, headers).end(body);
    }
  });
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  site.origin = `http://localhost:${server.address().port}`;
  site.url = site.origin + BASE;
  site.close = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  return site;
}

async function locate(dist, path) {
  if (path.startsWith(BASE)) {
    let file = normalize(join(dist, path.slice(BASE.length)));
    if (file === dist || file.startsWith(dist + sep)) {
      const found = await stat(file).catch(() => null);
      if (found?.isDirectory()) file = join(file, "index.html");
      const body = await readFile(file).catch(() => null);
      if (body) return { status: 200, file, body };
    }
  }
  const file = join(dist, "404.html");
  return { status: 404, file, body: await readFile(file) };
}

export function executable() {
  const named = process.env.DUEBOOK_CHROMIUM;
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = named ?? usual.find(existsSync);
  assert.ok(found, "no Chromium: run `cargo xtask setup`, or name one in DUEBOOK_CHROMIUM");
  return found;
}

// Without the background flags Chromium talks to its maker's hosts at every start.
export const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A browser with a new, empty profile, or with `profile` (a folder that the caller keeps: a story of
 * closing and opening again, or of killing). Options of a Playwright context may be added.
 * `open(url, {strict})` opens a page and watches it; `close()` ends all and, when strict, asserts.
 */
export async function launch({ profile, args = [], ...context } = {}) {
  const folder = profile ?? (await mkdtemp(join(tmpdir(), "duebook-story-")));
  const browser = await chromium.launchPersistentContext(folder, {
    executablePath: executable(),
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0, // Chromium as root has no sandbox
    args: [...FLAGS, ...args],
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    acceptDownloads: true,
    ...context,
  });
  const problems = [];
  let strict = true;
  watch(browser, problems);
  return {
    context: browser,
    profile: folder,
    /** Console errors, uncaught exceptions and foreign requests so far. */
    problems,
    async open(url, options = {}) {
      strict = options.strict ?? strict;
      const page = await browser.newPage();
      await page.goto(url);
      if (options.started ?? true) await started(page);
      return { page, problems };
    },
    async close({ expected = [] } = {}) {
      await browser.close();
      if (!profile) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      if (!strict) return;
      const left = problems.filter((line) => !expected.some((pattern) => pattern.test(line)));
      assert.deepEqual(left, [], "the error console and the network must stay clean");
    },
  };
}

function watch(browser, problems) {
  const own = (url) => /^(blob:|data:|about:|http:\/\/localhost:|http:\/\/127\.0\.0\.1:)/.test(url);
  browser.on("request", (request) => {
    if (!own(request.url())) problems.push(`foreign request: ${request.url()}`);
  });
  browser.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  browser.on("weberror", (event) => problems.push(`uncaught: ${event.error().stack ?? event.error()}`));
}

/** A picture of the page in the folder of DUEBOOK_SHOTS as `prefix-name.png`; none without it. */
export const shooter = (prefix) => async (page, name) => {
  const folder = process.env.DUEBOOK_SHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${prefix}-${name}.png`) });
};

/** Waits until the app has mounted, or fails with what the crash panel says. */
export async function started(page) {
  const state = await page.waitForFunction(() => {
    const crash = document.getElementById("boot-crash");
    if (crash && !crash.hidden) return crash.innerText + document.getElementById("boot-crash-detail").textContent;
    return document.getElementById("boot-splash")?.hidden ? "started" : null;
  });
  assert.equal(await state.jsonValue(), "started");
}

/** Waits until the service worker has everything and controls the page. */
export async function offlineReady(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) => {
      navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
    });
  });
}

/** A story: serves the site, opens a browser, runs `body({site, browser, open})`, cleans up, asserts. */
export function story(options, body) {
  return async () => {
    const site = await serve(options.site);
    const browser = await launch(options.browser).catch(async (error) => {
      await site.close();
      throw error;
    });
    let failed = true;
    try {
      const open = async (path = "", more) => (await browser.open(site.url + path, more)).page;
      await body({ site, browser, open });
      failed = false;
    } finally {
      // A failure of the body is the one to report, with the console beside it.
      if (failed && browser.problems.length) console.error(browser.problems.join("\n"));
      // A site left open would keep the whole run from ending.
      const closed = browser.close({ expected: failed ? [/./] : options.expected });
      await closed.finally(() => site.close());
    }
  };
}
