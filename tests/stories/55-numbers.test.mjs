// A book whose owner posts the ledger himself numbers its documents from the range he gave: the next free one each, none
// twice, none left out, also after an undo; what is outside, used or used up is refused and changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, importAnother, openAccount, toCases } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("numbers");
// Without the service worker the server has no page under a book's address; the app begins all the same.
const NO_SW = /status of 404/;
const ITEMS = {
  name: "open.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,North Ltd,INV-1,2026-10-13,2026-11-12,EUR,1000.00,1000.00\n" +
      "C-1,North Ltd,IN-001,2026-10-14,2026-11-13,EUR,80.00,80.00\n",
  ),
};
const messages = (page) => page.getByRole("region", { name: "Messages" });
const inHand = (page) => page.getByRole("region", { name: "Case in hand" });

async function ranges(page, text) {
  await goTo(page, "Settings");
  const section = page.getByRole("region", { name: "Document numbers" });
  await section.getByLabel(/^Ranges/).fill(text);
  await section.getByRole("button", { name: "Save the document numbers" }).click();
  await messages(page).getByText("Document numbers saved").first().waitFor();
  return section;
}

async function resolve(page, kind) {
  await inHand(page).getByRole("button", { name: /^Resolve/ }).click();
  const dialog = page.getByRole("dialog", { name: "Resolve C-1" });
  await dialog.getByLabel("What is to be done").selectOption({ label: kind });
  return dialog;
}

test("documents are numbered from the owner's ranges, none twice and none left out", story({ browser, expected: [NO_SW] }, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await page.getByRole("button", { name: "Begin an empty book" }).click();
  const beginning = page.getByRole("dialog", { name: "Begin an empty book" });
  await beginning.getByLabel("Name").fill("Own");
  await beginning.getByLabel(/^We post this ledger ourselves/).check();
  await beginning.getByRole("button", { name: "Begin the book" }).click();
  await goTo(page, "Import");
  await importAnother(page, ITEMS);

  // What cannot be a range says so and is not saved.
  await goTo(page, "Settings");
  const section = page.getByRole("region", { name: "Document numbers" });
  await section.getByLabel(/^Ranges/).fill("credit note; ; CN-001; CN-999\nall; ; CN-500; CN-600");
  await section.getByText("Range 2: an earlier one has numbers of it, so that one could be given twice.").waitFor();
  await ranges(page, "credit note; ; CN-001; CN-002\ninvoice; ; IN-001; IN-999");
  // The imported list has IN-001: the next one is after it.
  await section.getByText("invoice: next IN-002, 998 numbers left").waitFor();
  await section.getByText("credit note: next CN-001, 2 numbers left").waitFor();
  await shoot(page, "settings");

  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  await page.keyboard.press("d");
  const taking = page.getByRole("dialog", { name: "Take down a dispute" });
  const choice = taking.getByLabel("Document");
  const label = await choice.getByRole("option", { name: /^INV-1\b/ }).first().innerText();
  await choice.selectOption({ label });
  await taking.getByLabel(/^Contested/).fill("300.00");
  await taking.getByRole("button", { name: "Take the dispute down" }).click();
  await taking.waitFor({ state: "hidden" });
  await toCases(page);

  // Of a kind without a range the number is typed.
  let dialog = await resolve(page, "Chargeback");
  await dialog.getByLabel(/^Amount/).fill("10.00");
  await dialog.getByText("The number is missing.").waitFor();
  await dialog.getByLabel(/^Numbers of the new documents/).fill("DM-7");
  await dialog.getByText("DM-7 (new)").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });

  // The preview proposes the next numbers; one that is outside, leaves one out or is used is refused.
  dialog = await resolve(page, "Credit and rebill");
  const says = dialog.getByRole("region", { name: "What it does" });
  await says.getByText("CN-001 (new)").waitFor();
  await says.getByText("IN-002 (new)").waitFor();
  const before = (await commitsOnDisk(page)).length;
  for (const [typed, why] of [
    ["CN-002", /CN-002 is not the next number of the range: that is CN-001\. Give CN-001, or leave the number out\./],
    ["X-9", /X-9 is not the next number of the range: that is CN-001/],
    ["CN-001, IN-003", /IN-003 is not the next number of the range: that is IN-002/],
  ]) {
    await dialog.getByLabel(/^Numbers of the new documents/).fill(typed);
    await says.getByText(why).waitFor();
    await dialog.getByLabel(/^Why/).press("Enter");
    assert.ok(await dialog.isVisible());
  }
  assert.equal((await commitsOnDisk(page)).length, before);
  await dialog.getByLabel(/^Numbers of the new documents/).fill("");
  await says.getByText("IN-002 (new)").waitFor();
  await shoot(page, "proposed");
  await dialog.getByRole("button", { name: "Post it" }).click();
  await dialog.waitFor({ state: "hidden" });
  await inHand(page).getByText(/^Credit note CN-001: 1,000\.00 EUR/).waitFor();
  await inHand(page).getByText(/^Invoice IN-002: 1,000\.00 EUR/).waitFor();
  await inHand(page).getByText("executed", { exact: true }).waitFor();

  // An undo frees its numbers; the next document has them again.
  await page.keyboard.press("z");
  await messages(page).getByText(/^Undone/).first().waitFor();
  dialog = await resolve(page, "Credit and rebill");
  await says.getByText("CN-001 (new)").waitFor();
  await says.getByText("IN-002 (new)").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });

  // A range that is used up says so, and where a new one is given.
  await ranges(page, "credit note; ; IN-001; IN-001\ninvoice; ; JN-001; JN-999");
  await page.getByRole("region", { name: "Document numbers" }).getByText("credit note: used up at IN-001").waitFor();
  await toCases(page);
  dialog = await resolve(page, "Credit and rebill");
  await says.getByText(/The range of these documents is used up: its last number was IN-001\. Give it a new one under Settings, Document numbers\./).waitFor();
  await shoot(page, "used-up");
}));
