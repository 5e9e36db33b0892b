// Reconciliation one click after opening the sample; a payment of two customers laid out in parts, with what its exchange comes to;
// a customer's ledger that stays at hand, and the sheet of its workbook.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, openSample } from "../steps.mjs";

const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

test("the sample has a statement, breaks, one in hand, and a locked month", story({}, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await openSample(page);
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await page.getByRole("heading", { level: 1, name: "Reconcile" }).waitFor();
  await page.getByText("UNRECONCILED", { exact: true }).waitFor();
  const breaks = (await gridRows(page, "Breaks")).map((row) => row.join(" | "));
  assert.equal(breaks.filter((row) => /In bank, not in book .*Open/.test(row)).length, 4, breaks.join("\n"));
  assert.equal(breaks.filter((row) => /In book, not in bank .*In hand/.test(row)).length, 1, breaks.join("\n"));
  await page.getByRole("tab", { name: /^Locks/ }).click();
  await page.getByText("Closed with finance").waitFor();
  await goTo(page, "Cash");
  await page.getByRole("button", { name: /^Accept \d+ ready payment/ }).waitFor();
}));

const items = csv(
  "open.csv",
  "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
    "C-1,North Ltd,INV-20260001,2026-09-02,2026-10-02,EUR,200.00,200.00\n" +
    "C-2,South BV,INV-20260009,2026-09-04,2026-10-04,EUR,100.00,100.00\n" +
    "C-2,South BV,INV-20260010,2026-09-06,2026-10-06,USD,240.00,240.00\n",
);

const statements = [
  csv("euro.csv", "Booking date;Value date;Amount;Currency;Payer;Reference;Balance\n2026-11-10;2026-11-10;300.00;EUR;Group Treasury;transfer;1300.00\n"),
  csv("dollar.csv", "Booking date;Value date;Amount;Currency;Payer;Reference;Balance\n2026-11-10;2026-11-10;240.00;USD;South BV;INV-20260010;240.00\n"),
];

test("a payment of two customers is laid out in parts; exchange without a rate says so", story({}, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, items);
  await commitImport(page);
  await goTo(page, "Cash");
  for (const statement of statements) {
    await page.getByLabel(/^(Choose|Add) a statement$/).setInputFiles(statement);
    const preview = page.getByRole("region", { name: new RegExp(statement.name) });
    await preview.getByLabel("Account").fill(statement.name === "euro.csv" ? "Main" : "Dollars");
    await preview.getByRole("button", { name: /^Take in 1 line/ }).click();
    await preview.waitFor({ state: "detached" });
  }
  await page.getByRole("combobox", { name: "Statement" }).selectOption({ index: 1 });
  const lines = page.getByRole("grid", { name: "Lines of the statement" });
  await lines.getByText(/300\.00/).first().click();
  await page.getByRole("button", { name: "Lay out by hand" }).click();
  const dialog = page.getByRole("dialog");
  // One letter finds, and what finds nothing says so.
  const search = dialog.getByLabel("Another customer");
  await search.fill("zz");
  await dialog.getByText("No customer has this in name or number.").waitFor();
  await search.fill("n");
  await dialog.getByRole("button", { name: "North Ltd", exact: true }).click();
  await dialog.getByLabel("INV-20260001").fill("200.00");
  // The book is kept in dollars, and no rate of the euro was given.
  await dialog.getByText(/Exchange difference not known: no rate of EUR on 2 Sep 2026/).waitFor();
  await dialog.getByText("A part of it is another customer’s").click();
  await dialog.getByRole("button", { name: "Part it off, the rest is another’s" }).click();
  await dialog.getByText(/200\.00 EUR is North Ltd’s/).waitFor();
  await search.fill("s");
  await dialog.getByRole("button", { name: "South BV", exact: true }).click();
  await dialog.getByLabel("INV-20260009").fill("100.00");
  await dialog.getByText("Difference 0: all of it is laid out.").waitFor();
  await dialog.getByRole("button", { name: "Apply", exact: true }).click();
  await page.getByRole("region", { name: "Messages" }).getByText("300.00 EUR of North Ltd and South BV laid out").waitFor();
  await page.getByRole("tab", { name: "Receipts" }).click();
  await page.getByLabel("Dated").selectOption({ label: "All" });
  const log = (await gridRows(page, "Cash application log")).map((row) => row.join(" | "));
  assert.equal(log.filter((row) => /(North Ltd.*200\.00|South BV.*100\.00)/.test(row)).length, 2, log.join("\n"));
}));

const theirs = csv(
  "vendor.csv",
  "Supplier Invoice No;Invoice Date;Due Date;Currency;Open Amount\n" + "INV-20260001;2026-09-02;2026-10-02;EUR;180.00\n",
);

test("their ledger stays at hand while the book is open, and of a workbook the sheet is chosen", story({}, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, items);
  await commitImport(page);
  const side = async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await page.getByRole("heading", { level: 1, name: "Reconcile" }).waitFor();
    await page.getByRole("tab", { name: "Customer’s side" }).click();
  };
  await side();
  // Nothing was given to compare with: there is no verdict.
  await page.getByRole("tab", { name: /^Breaks/ }).click();
  await page.getByRole("region", { name: "State" }).getByText("Nothing to compare with yet", { exact: true }).waitFor();
  await page.getByRole("tab", { name: "Customer’s side" }).click();
  await page.getByLabel("Customer by name or number").fill("n");
  await page.getByRole("button", { name: "North Ltd", exact: true }).click();
  await page.getByLabel("Choose their ledger").setInputFiles(theirs);
  const face = page.getByRole("region", { name: "Both balances" });
  await face.getByText(/20\.00 EUR in 1 difference to zero/).waitFor();
  // Left for another tab, and for another page.
  await page.getByRole("tab", { name: "Roll-forward" }).click();
  await page.getByRole("tab", { name: "Customer’s side" }).click();
  await face.getByText(/20\.00 EUR in 1 difference to zero/).waitFor();
  await goTo(page, "Cash");
  await side();
  await face.getByText(/20\.00 EUR in 1 difference to zero/).waitFor();
  // The comparison's own workbook has several sheets.
  const loading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the comparison" }).click();
  await page.getByRole("menuitem", { name: "Excel workbook" }).click();
  const book = await (await loading).path();
  const { readFile } = await import("node:fs/promises");
  const buffer = await readFile(book);
  const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  await page.getByLabel("Choose another file").setInputFiles({ name: "back.xlsx", mimeType, buffer });
  await page.getByLabel("Sheet", { exact: true }).selectOption({ label: "Lines" });
  await page.getByText(/What the \d+ columns mean/).waitFor();
}));
