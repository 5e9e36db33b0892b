// The store on real IndexedDB: its contract, and durability as the browser sees it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, commitsOnDisk, fixture, footerSays, goTo } from "../steps.mjs";

test("the journal's contract holds on real IndexedDB", story({}, async ({ open }) => {
  const page = await open("?contract=1&nosw=1", { started: false });
  const result = page.locator("#contract-result[data-done]");
  await result.waitFor({ timeout: 60_000 });
  const report = JSON.parse(await result.textContent());
  assert.deepEqual(report.checks.filter((check) => !check.ok), []);
  assert.equal(report.failed, 0);
  assert.ok(report.passed >= 38, `${report.passed} checks passed`);
}));

/**
 * Notes every write to the log, in the page and in its workers (which begin as blobs), and what is
 * shown of saving, each with its time on the one clock that both have.
 */
function watchWrites() {
  const watch = (tell) => {
    const clock = () => performance.timeOrigin + performance.now();
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const transaction = begin.call(this, stores, mode, options);
      if (mode === "readwrite" && [stores].flat().includes("commits")) {
        const write = { asked: options?.durability, given: transaction.durability, begun: clock() };
        transaction.addEventListener("complete", () => tell({ ...write, complete: clock() }));
        transaction.addEventListener("abort", () => tell({ ...write, complete: Infinity }));
      }
      return transaction;
    };
  };
  const writes = [];
  const shown = [];
  window.seen = { writes, shown };
  watch((write) => writes.push(write));
  new BroadcastChannel("story-writes").onmessage = (event) => writes.push(event.data);
  const inWorker = `(${watch})((write) => new BroadcastChannel("story-writes").postMessage(write));`;
  window.Blob = new Proxy(Blob, {
    construct(target, [parts, options]) {
      const script = /javascript/.test(options?.type ?? "");
      return new target(script ? [inWorker, ...parts] : parts, options);
    },
  });
  let last = "";
  const look = () => {
    const texts = Array.from(document.querySelectorAll('[role="status"]'), (place) => place.innerText.trim());
    const state = texts.find((text) => /^(Saved|Saving|Not saved)/.test(text))?.match(/^\w+/)[0] ?? "";
    const done = /Saved as commit/.test(document.querySelector("main")?.innerText ?? "");
    const now = `${state}${done ? ", done" : ""}`;
    if (now !== last) shown.push({ now, at: performance.timeOrigin + performance.now() });
    last = now;
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}

test("every commit is written strictly, and nothing is shown as saved before it is complete", story({}, async ({ browser, open }) => {
  await browser.context.addInitScript(watchWrites);
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await footerSays(page, "2 customers · 4 open items");
  await goTo(page, "Customers");
  await page.getByRole("grid").getByText("Acme Ltd").dblclick();
  await page.waitForURL(/\/account\//);
  await page.getByRole("heading", { level: 1, name: "Acme Ltd" }).waitFor();
  await page.keyboard.press("2"); // voicemail left
  await page.keyboard.press("Control+Enter");
  await page.getByRole("region", { name: "Messages" }).getByText(/Voicemail left: Acme Ltd saved/).waitFor();
  const commits = await commitsOnDisk(page);
  assert.deepEqual(commits, [1, 2, 3], "the book, the import and the call are commits");
  await page.waitForFunction(() => window.seen.writes.length >= 3);

  const { writes, shown } = await page.evaluate(() => window.seen);
  assert.equal(writes.length, 3);
  for (const { asked, given } of writes) assert.deepEqual([asked, given], ["strict", "strict"]);
  const story = JSON.stringify({ writes, shown });
  assert.ok(shown.some(({ now }) => now.startsWith("Saving")), story);
  assert.ok(shown.some(({ now }) => now === "Saved, done"), story);
  for (const { at } of shown.filter(({ now }) => now.startsWith("Saved"))) {
    const under = writes.filter(({ begun, complete }) => begun < at && at < complete);
    assert.deepEqual(under, [], `"Saved" while a write was under way: ${story}`);
  }
  const order = [...writes].sort((a, b) => a.begun - b.begun);
  const done = shown.find(({ now }) => now.endsWith("done"));
  assert.ok(order[1].complete <= done.at, `the import is shown as saved after its write: ${story}`);
}));
