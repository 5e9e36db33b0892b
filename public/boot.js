// Runs before the app and outlives it: the splash, the crash panel with its rescue export, and the
// service worker. Plain JavaScript, because it must work when the WebAssembly does not.
//
// Talks to the app by DOM events on `window`:
//   duebook:panic            app -> here  detail {message}: show the crash panel
//   duebook:update-ready     here -> app  a new version is installed and waits
//                            (also document.documentElement.dataset.update = "ready", for a late listener)
//   duebook:activate-update  app -> here  the user agreed: activate it, all tabs reload
//   duebook:before-reload    here -> app  cancelable: another tab activated it; preventDefault() keeps
//                            this tab as it is (unsaved form), dataset.update stays "reload"
"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const build = document.querySelector('meta[name="duebook-build"]')?.content ?? "unknown";
  const started = { app: false };
  const early = [];

  // ---- the program and its parts -----------------------------------------------------------
  // The published build packs them with xz, a quarter smaller than gzip makes them. They are unpacked
  // as they arrive, and compiled as they are unpacked. The service worker keeps them unpacked: from
  // then on they come from there.

  const program = document.currentScript.dataset.program;

  const script = (src) =>
    new Promise((resolve, reject) => {
      const element = document.createElement("script");
      Object.assign(element, { src, onload: resolve, onerror: () => reject(new Error(`could not load ${src}`)) });
      document.head.append(element);
    });

  const UNPACKER = "xz-decompress.min.js";
  const isKept = () => Boolean(navigator.serviceWorker?.controller);

  // Runs in a worker too, from its text: it names nothing that stands around it.
  async function unpacked(url, unpacker) {
    const [packed] = await Promise.all([fetch(`${url}.xz`), unpacker]);
    if (!packed.ok) throw new Error(`${packed.url}: HTTP ${packed.status}`);
    const { XzReadableStream } = globalThis["xz-decompress"];
    return new Response(new XzReadableStream(packed.body), { headers: { "Content-Type": "application/wasm" } });
  }

  // The page's module script waits for it. The plain file is there too, should the packed one not come.
  if (program) {
    const first = isKept() ? fetch(program) : unpacked(program, script(UNPACKER));
    globalThis.duebookProgram = first.catch(() => fetch(program));
  }

  // A part that comes later is unpacked beside the page, which is in use by then: a third of a second
  // of its thread would be felt.
  function beside(url) {
    const from = JSON.stringify(new URL(UNPACKER, document.baseURI).href);
    const code = `importScripts(${from});
      ${unpacked}
      onmessage = async ({ data }) => {
        try { postMessage(await WebAssembly.compileStreaming(unpacked(data))); }
        catch (error) { postMessage(String(error)); }
      };`;
    const blob = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const worker = new Worker(blob);
    const made = new Promise((take, fail) => {
      worker.onmessage = ({ data }) => (data instanceof WebAssembly.Module ? take(data) : fail(new Error(data)));
      worker.onerror = (event) => fail(new Error(event.message));
      worker.postMessage(url);
    });
    return made.finally(() => {
      worker.terminate();
      URL.revokeObjectURL(blob);
    });
  }

  // What the script of a part asks for: its module, loaded and compiled once. What failed is tried
  // again when it is asked for again, and then past the browser's cache: it may hold the failure.
  const parts = new Map();
  const failed = new Set();
  globalThis.duebookPart = (url) => {
    const plain = () => WebAssembly.compileStreaming(fetch(url, failed.has(url) ? { cache: "reload" } : {}));
    const load = () => (isKept() || failed.has(url) ? plain() : beside(url).catch(plain));
    if (!parts.has(url)) {
      const part = load();
      parts.set(url, part);
      part.catch(() => {
        failed.add(url);
        parts.delete(url);
      });
    }
    return parts.get(url);
  };

  // A worker gets its parts from the page, through a port: an address there, the module back, or
  // nothing where it cannot be had.
  globalThis.duebookParts = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = async ({ data }) => port1.postMessage(await globalThis.duebookPart(data).catch(() => null));
    return port2;
  };

  // ---- crash panel -------------------------------------------------------------------------

  function crash(cause, detail) {
    if (!byId("boot-crash")) {
      early.push([cause, detail]);
      return;
    }
    const panel = byId("boot-crash");
    byId("boot-splash")?.setAttribute("hidden", "");
    byId("boot-crash-detail").textContent += `build ${build}\n${detail}\n\n`;
    if (!panel.hidden) return; // the first cause is the one to show
    byId("boot-crash-cause").textContent = cause;
    panel.hidden = false;
    byId("boot-reload").focus();
  }

  const describe = (error) => (error && (error.stack || error.message)) || String(error);
  const isWasmTrap = (error) =>
    typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;

  // After a trap the instance is unusable; any other error before the start means the app cannot
  // come up. An error in a running app is the app's own to report.
  function onError(error) {
    if (isWasmTrap(error)) crash("The program met a state it does not know.", describe(error));
    else if (!started.app) crash("Duebook could not start in this browser.", describe(error));
  }

  addEventListener("error", (event) => {
    const failed = event.target;
    if (failed instanceof HTMLElement && (failed.src || failed.href)) {
      const needed = failed.tagName === "SCRIPT" || /modulepreload|stylesheet/.test(failed.rel ?? "");
      if (needed && !started.app) {
        crash("A part of Duebook could not be loaded.", `could not load ${failed.src || failed.href}`);
      }
      return;
    }
    if (event.error) onError(event.error);
  }, true);
  addEventListener("unhandledrejection", (event) => onError(event.reason));
  addEventListener("duebook:panic", (event) =>
    crash("The program met a state it does not know.", event.detail?.message ?? "panic"));
  addEventListener("TrunkApplicationStarted", () => {
    started.app = true;
    byId("boot-splash")?.setAttribute("hidden", "");
  });
  addEventListener("DOMContentLoaded", () => {
    byId("boot-reload").addEventListener("click", () => location.reload());
    byId("boot-export").addEventListener("click", exportLog);
    for (const args of early.splice(0)) crash(...args);
    if (typeof WebAssembly !== "object") {
      crash("This browser has no WebAssembly, which Duebook needs.", navigator.userAgent);
    }
  });

  // ---- rescue export -----------------------------------------------------------------------
  // One JSON object a line: {database, version}, then {store}, then {key, value} for every record.
  // Bytes are {"$bytes": base64}, dates {"$date": ISO}.

  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) {
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    }
    return btoa(text);
  };

  function plain(value) {
    if (value instanceof ArrayBuffer) return { $bytes: toBase64(new Uint8Array(value)) };
    if (ArrayBuffer.isView(value)) {
      return { $bytes: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
    }
    if (value instanceof Date) return { $date: value.toISOString() };
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
    }
    return typeof value === "bigint" ? { $bigint: String(value) } : value;
  }

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("the database is in use by another tab"));
    });

  const BATCH = 16; // an import's record can be megabytes

  async function dumpStore(db, name, write) {
    write({ store: name });
    let range;
    // A batch per transaction, so that a long log is never in memory twice.
    for (;;) {
      const store = db.transaction(name).objectStore(name);
      const [keys, values] = await Promise.all([
        done(store.getAllKeys(range, BATCH)),
        done(store.getAll(range, BATCH)),
      ]);
      keys.forEach((key, at) => write({ key: plain(key), value: plain(values[at]) }));
      if (keys.length < BATCH) return;
      range = IDBKeyRange.lowerBound(keys[keys.length - 1], true);
    }
  }

  async function exportLog() {
    const note = byId("boot-crash-note");
    note.textContent = "Reading the log";
    try {
      const parts = [];
      let records = 0;
      const write = (line) => {
        records += "key" in line ? 1 : 0;
        parts.push(new Blob([JSON.stringify(line), "\n"]));
      };
      for (const { name, version } of await indexedDB.databases()) {
        if (!name.startsWith("duebook")) continue;
        const db = await done(indexedDB.open(name));
        write({ database: name, version });
        for (const store of db.objectStoreNames) await dumpStore(db, store, write);
        db.close();
      }
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(parts, { type: "application/x-ndjson" }));
      link.download = `duebook-log-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.ndjson`;
      link.click();
      note.textContent = records
        ? `${records} records handed to the browser's downloads. Check that the file is there.`
        : "There is no saved book on this device yet.";
    } catch (error) {
      note.textContent = `The log could not be read: ${describe(error)}`;
    }
  }

  // ---- service worker ----------------------------------------------------------------------

  const wanted = new URLSearchParams(location.search).get("nosw") !== "1";
  if (!("serviceWorker" in navigator) || !wanted || !isSecureContext) return;

  let registration = null;
  const hadController = Boolean(navigator.serviceWorker.controller);

  function announce() {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    root.dataset.update = "ready";
    dispatchEvent(new CustomEvent("duebook:update-ready"));
  }

  addEventListener("duebook:activate-update", () => registration?.waiting?.postMessage({ type: "activate" }));

  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!hadController) return; // the first install took over a page that is already current
    root.dataset.update = "reload";
    if (dispatchEvent(new CustomEvent("duebook:before-reload", { cancelable: true }))) location.reload();
  });

  addEventListener("load", async () => {
    try {
      registration = await navigator.serviceWorker.register(new URL("sw.js", document.baseURI), {
        scope: new URL("./", document.baseURI).pathname,
        updateViaCache: "none",
      });
    } catch (error) {
      console.info("Duebook works, but not offline yet:", describe(error));
      return;
    }
    announce();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", announce);
    });
    const check = () => navigator.onLine && registration.update().catch(() => {}); // offline: next time
    addEventListener("focus", check);
    setInterval(check, 3_600_000);
  });
})();
