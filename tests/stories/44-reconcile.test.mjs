// Reconcile: a period from its first statement to the lock, by keyboard; corrections of a receipt; what was learnt forgotten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows } from "../steps.mjs";

const items = {
  name: "open.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,North Ltd,INV-20260001,2026-03-02,2026-04-01,EUR,500.00,500.00\n" +
      "C-1,North Ltd,INV-20260002,2026-03-03,2026-04-02,EUR,120.00,120.00\n" +
      "C-2,South BV,INV-20260003,2026-03-04,2026-04-03,EUR,80.00,80.00\n",
  ),
};

/** A statement of March: North pays its first invoice, somebody unknown 33.00, the bank takes 3.00. */
const statement = {
  name: "march.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Booking date;Value date;Amount;Currency;Payer;Reference;Balance\n" +
      "2026-03-10;2026-03-10;500.00;EUR;North Ltd;INV-20260001;1500.00\n" +
      "2026-03-12;2026-03-12;33.00;EUR;Nobody Known;thanks;1533.00\n" +
      "2026-03-13;2026-03-13;-3.00;EUR;Bank;charges;1530.00\n",
  ),
};

test("a month is reconciled, its break has an owner, and it stays locked until somebody says why", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, items);
  await commitImport(page);
  await goTo(page, "Cash");
  await page.getByLabel("Choose a statement").setInputFiles(statement);
  const preview = page.getByRole("region", { name: /march\.csv/ });
  await preview.getByRole("button", { name: /^Take in 3 lines/ }).waitFor();
  const account = preview.getByLabel("Account");
  if (await account.count()) await account.fill("Main account");
  await preview.getByRole("button", { name: /^Take in 3 lines/ }).click();
  await page.getByRole("button", { name: /^Accept 1 ready payment/ }).click();
  const messages = page.getByRole("region", { name: "Messages" });
  await messages.getByText(/1 payment accepted/).waitFor();
  await page.getByText(/Matched by itself: 1 of 2 payments \(50\.0 %\)/).waitFor();

  // The log says by which rule, and its parts are the whole.
  await page.getByRole("tab", { name: "Receipts" }).click();
  await page.getByLabel("Dated").selectOption({ label: "All" });
  const log = (await gridRows(page, "Cash application log"))[0].join(" | ");
  assert.match(log, /500\.00 EUR/);
  await page.getByRole("tab", { name: "Payers learnt" }).click();
  await page.getByRole("button", { name: "Forget North Ltd" }).click();
  await messages.getByText(/North Ltd is forgotten/).waitFor();

  // The month: unknown money is a break.
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.getByRole("heading", { level: 1, name: "Reconcile" }).waitFor();
  await page.getByText("UNRECONCILED", { exact: true }).waitFor();
  const breaks = await gridRows(page, "Breaks");
  assert.equal(breaks.length, 1);
  assert.match(breaks[0].join(" | "), /In bank, not in book \| Nobody Known \| .33\.00 EUR/);
  await page.getByRole("tab", { name: "Roll-forward" }).click();
  const roll = page.getByRole("region", { name: "Roll-forward" });
  await roll.getByText("Adds up").waitFor();
  const line = (name) => roll.getByRole("row", { name: new RegExp(`^${name}`) }).innerText();
  assert.match(await line("Invoices"), /3\s+700\.00/);
  assert.match(await line("Receipts"), /1\s+.500\.00/);
  assert.match(await line("Closing"), /200\.00/);
  await page.getByRole("tab", { name: "Bank and cash book" }).click();
  await page.getByRole("region", { name: "Bank to cash book" }).getByText("Adds up").waitFor();

  // In hand of somebody, then explained.
  await page.getByRole("tab", { name: /^Breaks/ }).click();
  const grid = page.getByRole("grid", { name: "Breaks" });
  await grid.getByRole("row").nth(1).dblclick();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Owner").fill("Meera");
  await dialog.getByRole("button", { name: "Save" }).click();
  await grid.getByText("In hand").waitFor();
  await grid.getByRole("row").nth(1).dblclick();
  await dialog.getByLabel("What it was").fill("Deposit of a tenant, sent back");
  await dialog.getByRole("button", { name: "Close it as explained" }).click();
  await grid.getByText("Explained").waitFor();

  // Locked: the receipt is corrected only after somebody unlocks.
  await page.getByRole("button", { name: "Lock", exact: true }).click();
  const remark = dialog.getByLabel("Remark");
  await remark.fill("Closed");
  await dialog.getByRole("button", { name: "Lock the period" }).click();
  await messages.getByText(/is locked/).waitFor();
  await page.keyboard.press("z");
  await messages.getByText(/A lock is not undone/).waitFor();
  await page.getByRole("tab", { name: /^Locks/ }).click();
  await page.getByRole("button", { name: /^Unlock/ }).click();
  await dialog.getByLabel("Reason").fill("Late invoice");
  await dialog.getByRole("button", { name: "Unlock", exact: true }).click();
  await page.getByText("Unlocked: Late invoice").waitFor();

  // The receipt pays otherwise: taken back and applied in one act.
  await goTo(page, "Cash");
  await page.getByRole("tab", { name: "Receipts" }).click();
  await page.getByLabel("Dated").selectOption({ label: "All" });
  await page.getByRole("grid", { name: "Cash application log" }).getByRole("row").nth(1).dblclick();
  await dialog.getByRole("checkbox").first().check();
  await dialog.getByLabel("INV-20260002").fill("120.00");
  await dialog.getByText("Difference 380.00 EUR: it stays unapplied.").waitFor();
  await dialog.getByRole("button", { name: "Apply otherwise" }).click();
  await messages.getByText(/is applied otherwise/).waitFor();
  await page.getByRole("tab", { name: "Unapplied" }).click();
  const left = await gridRows(page, "Unapplied cash");
  assert.match(left[0].join(" | "), /380\.00 EUR/);
}));
