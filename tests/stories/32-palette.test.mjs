// The palette's actions by keyboard; the columns of a list chosen, widened and as they were; a long
// export cancelled; a book whose log was damaged says so by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, started, story } from "../support.mjs";
import { beginWithFile, commitImport, fixture, footerSays, goTo, gridRows, inStore, openSample } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const NO_SW = /status of 404/;
const shoot = shooter("palette");
const messages = (page) => page.getByRole("region", { name: "Messages" });

async function act(page, words, name) {
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or command" });
  const field = page.getByRole("combobox", { name: "Search or command" });
  await field.fill(words);
  await palette.getByRole("option", { name }).first().waitFor();
  const selected = () => palette.getByRole("option", { selected: true }).innerText();
  for (let n = 0; n < 40 && !name.test(await selected()); n++) await page.keyboard.press("ArrowDown");
  assert.match(await selected(), name);
  await page.keyboard.press("Enter");
  await field.waitFor({ state: "hidden" });
}

test("actions by keyboard, with the key that does the same", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: /Log a call/ }).waitFor();
  assert.match(await page.getByRole("option", { name: /^Log a call/ }).innerText(), /Log a call\s+c$/i);
  await shoot(page, "empty");
  await page.keyboard.press("Escape");

  await act(page, "dark", /Dark theme/);
  await page.locator("html[data-theme=dark]").waitFor();
  await act(page, "light theme", /Light theme/);
  await page.locator("html[data-theme=light]").waitFor();

  // From a page without an account Work opens, and the call begins there.
  await act(page, "log a call", /Log a call/);
  await page.getByRole("heading", { level: 1, name: "Work" }).waitFor();
  await page.locator("#call-outcome:focus, #call-outcome :focus").first().waitFor();
  await page.keyboard.press("Escape");

  await act(page, "payment record", /Record a payment/);
  await page.getByRole("dialog", { name: /payment/i }).waitFor();
  await page.keyboard.press("Escape");
  await act(page, "import", /Import a file/);
  await page.getByRole("heading", { level: 1, name: "Import" }).waitFor();
  await act(page, "check my", /Check my book/);
  await messages(page).getByText(/The book holds together: [\d,]+ commits replayed/).waitFor({ timeout: 60_000 });
  await act(page, "backup", /Save a backup/);
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
}));

test("columns are chosen and widened by keyboard, kept on this machine, and set back", story({ browser, expected: [NO_SW] }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await goTo(page, "Items");
  await gridRows(page, "Open items");
  const grid = page.getByRole("grid", { name: "Open items" });
  const head = (name) => grid.getByRole("columnheader", { name, exact: true });
  await head("Kind").waitFor();
  await page.getByRole("button", { name: "Columns of Open items" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Columns of Open items" });
  await dialog.getByLabel("Kind", { exact: true }).press("Space");
  await shoot(page, "columns");
  await dialog.getByRole("button", { name: "Done" }).press("Enter");
  await head("Kind").waitFor({ state: "detached" });

  // A header by keyboard: up from the first row, then Shift and an arrow.
  await grid.getByRole("row").nth(1).getByRole("gridcell").nth(1).click();
  await page.keyboard.press("ArrowUp");
  const document = head("Document");
  const width = async () => (await document.boundingBox()).width;
  const before = await width();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForFunction(
    ([text, least]) => {
      const all = Array.from(globalThis.document.querySelectorAll("[role=columnheader]"));
      return all.find((h) => h.textContent.trim() === text)?.getBoundingClientRect().width > least;
    },
    ["Document", before + 16],
  );
  await page.reload();
  await started(page);
  await gridRows(page, "Open items");
  assert.equal(await head("Kind").count(), 0);
  assert.ok((await width()) > before + 16);

  await page.getByRole("button", { name: "Columns of Open items" }).press("Enter");
  await dialog.getByRole("button", { name: "As they were" }).press("Enter");
  await dialog.getByRole("button", { name: "Done" }).press("Enter");
  await head("Kind").waitFor();
}));

test("a long export shows how far it is and can be cancelled", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  const lines = ["Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount"];
  for (let n = 1; n <= 150_000; n++) {
    lines.push(`C-${n % 900},Customer ${n % 900},INV-${n},2026-04-13,2026-05-13,EUR,10.00,10.00`);
  }
  await beginWithFile(page, { name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) });
  await commitImport(page);
  await act(page, "items excel", /Save the open items as Excel/);
  const cancel = messages(page).getByRole("button", { name: "Cancel" });
  await cancel.press("Enter");
  await messages(page).getByText(/was cancelled\. Nothing was written/).waitFor();
  await footerSays(page, "150,000 open items");
  // The next one is written.
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 120_000 }),
    act(page, "activity excel", /Save the contacts made as Excel/),
  ]);
  assert.match(download.suggestedFilename(), /duebook-activity-.*\.xlsx/);
}));

test("a damaged log is found by the check that runs by itself, and said on every page", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await inStore(page, "commits", "readwrite", async (store, done) => {
    const record = await done(store.get(2));
    record.bytes[record.bytes.length - 1] ^= 1;
    await done(store.put(record));
  });
  await page.evaluate(() => {
    // The page goes out of sight: that is when the check runs by itself.
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  });
  await page.getByText("The book does not hold together").waitFor({ timeout: 30_000 });
  await shoot(page, "broken");
  await goTo(page, "Aging");
  await page.getByText("The book does not hold together").waitFor();
  await page.getByRole("link", { name: "Check my book, in Settings" }).click();
  await page.getByRole("button", { name: "Check my book" }).click();
  await page.getByText(/The book was not checked|Rules of the book do not hold/).waitFor();
}));
