// The store on real IndexedDB: its contract, and durability as the browser sees it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, fixture, footerSays, goTo } from "../steps.mjs";

test("the journal's contract holds on real IndexedDB", story({}, async ({ open }) => {
  const page = await open("?contract=1&nosw=1", { started: false });
  const result = page.locator("#contract-result[data-done]");
  await result.waitFor({ timeout: 60_000 });
  const report = JSON.parse(await result.textContent());
  assert.deepEqual(report.checks.filter((check) => !check.ok), []);
  assert.equal(report.failed, 0);
  assert.ok(report.passed >= 38, `${report.passed} checks passed`);
}));

/** Notes every write to the log, and what the header said of saving while it was under way. */
function watchWrites() {
  const writes = [];
  const shown = [];
  window.seen = { writes, shown };
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const transaction = begin.call(this, stores, mode, options);
    if (mode === "readwrite" && [stores].flat().includes("commits")) {
      const write = { asked: options?.durability, given: transaction.durability, complete: false };
      writes.push(write);
      transaction.addEventListener("complete", () => (write.complete = true));
    }
    return transaction;
  };
  let last = "";
  const look = () => {
    const texts = Array.from(document.querySelectorAll('[role="status"]'), (place) => place.innerText.trim());
    const state = texts.find((text) => /^(Saved|Saving|Not saved)/.test(text))?.match(/^\w+/)[0] ?? "";
    const done = /Saved as commit/.test(document.querySelector("main")?.innerText ?? "");
    const now = `${state}${done ? ", done" : ""}`;
    if (now === last) return;
    last = now;
    shown.push({ now, begun: writes.length, complete: writes.filter((write) => write.complete).length });
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

  const { writes, shown } = await page.evaluate(() => window.seen);
  assert.ok(writes.length >= 3, `the book, the import and the call are commits: ${JSON.stringify(writes)}`);
  for (const write of writes) assert.deepEqual(write, { asked: "strict", given: "strict", complete: true });
  assert.ok(shown.some((state) => state.now.startsWith("Saving")), JSON.stringify(shown));
  assert.ok(shown.some((state) => state.now === "Saved, done"), JSON.stringify(shown));
  for (const state of shown.filter((each) => each.now.startsWith("Saved"))) {
    assert.equal(state.complete, state.begun, `"Saved" while a write was under way: ${JSON.stringify(shown)}`);
  }
}));
