// The customer's own ledger beside ours: read, matched line by line, explained to zero, written as a file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile } from "node:fs/promises";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, openAccount } from "../steps.mjs";

const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

const items = csv(
  "open.csv",
  "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
    "C-1,North Ltd,INV-20260001,2026-09-02,2026-10-02,EUR,500.00,500.00\n" +
    "C-1,North Ltd,INV-20260002,2026-09-20,2026-10-20,EUR,120.00,120.00\n" +
    "C-1,North Ltd,INV-20260003,2026-10-05,2026-11-05,EUR,80.00,80.00\n" +
    "C-1,North Ltd,INV-20260004,2026-11-16,2026-12-16,EUR,60.00,60.00\n" +
    "C-2,South BV,INV-20260009,2026-09-04,2026-10-04,EUR,75.00,75.00\n",
);

/** Their accounts payable: creditors stand below zero, numbers are written their way, one bill is short, a payment is under way. */
const theirs = csv(
  "vendor-4711.csv",
  "Supplier Invoice No;Voucher;Invoice Date;Due Date;Currency;Open Amount\n" +
    "INV 20260001;V-1;2026-09-02;2026-10-02;EUR;-500.00\n" +
    "20260002;V-2;2026-09-22;2026-10-20;EUR;-120.00\n" +
    "INV-20260003;V-3;2026-10-05;2026-11-05;EUR;-65.00\n" +
    ";PAY 88;2026-11-16;;EUR;300.00\n" +
    "Total;;;;EUR;-385.00\n",
);

test("a customer's ledger is held against ours, each difference has a reason or an owner", story({}, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, items);
  await commitImport(page);
  await openAccount(page, "North Ltd");
  await page.getByRole("button", { name: "Write" }).click();
  await page.getByRole("menuitem", { name: "Compare with their ledger" }).click();
  await page.getByRole("heading", { level: 1, name: "Reconcile" }).waitFor();
  await page.getByRole("tab", { name: "Customer’s side" }).waitFor();
  await page.getByLabel("Choose their ledger").setInputFiles(theirs);

  // 760 here, 385 there: 15 short, 60 too young, 300 on its way; the sign is told by itself.
  const face = page.getByRole("region", { name: "Both balances" });
  await face.getByText("UNRECONCILED", { exact: true }).waitFor();
  await face.getByText(/15\.00 EUR in 1 difference to zero/).waitFor();
  const table = face.getByRole("table");
  const line = (name) => table.getByRole("row", { name: new RegExp(`^${name}`) }).innerText();
  assert.match(await line("Our balance"), /760\.00/);
  assert.match(await line("less: agreed"), /1\s+0\.00/);
  assert.match(await line("less: date or number differs"), /1\s+0\.00/);
  assert.match(await line("less: amount differs"), /1\s+.15\.00/);
  assert.match(await line("less: only ours"), /1\s+.60\.00/);
  assert.match(await line("less: only theirs"), /1\s+.300\.00/);
  assert.match(await line("Their balance"), /Adds up\s+385\.00/);
  assert.match(await line("As they state it"), /Their lines make it\s+385\.00/);
  const rows = (await gridRows(page, "Lines of both sides")).map((r) => r.join(" | "));
  assert.equal(rows.length, 4);
  const row = (text) => rows.find((r) => r.includes(text)) ?? assert.fail(`no ${text} in ${rows.join("\n")}`);
  assert.match(row("PAY 88"), /Only theirs .*payment on its way.*Explained/);
  assert.match(row("INV-20260004"), /Only ours .*not booked there yet.*Explained/);
  assert.match(row("20260002"), /Date or number differs .*running number; dates 2 days apart/);
  assert.match(row("INV-20260003"), /Amount differs .*80\.00 EUR.*65\.00 EUR.*15\.00 EUR.*Open/);

  // The short bill has an owner, then what it was.
  const grid = page.getByRole("grid", { name: "Lines of both sides" });
  await grid.getByText("INV-20260003").first().dblclick();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/North Ltd \(C-1\), their ledger: INV-20260003 of 2026-10-05, amount differs, 15\.00 EUR/).waitFor();
  await dialog.getByLabel("Owner").fill("Meera");
  await dialog.getByRole("button", { name: "Save" }).click();
  await grid.getByText("In hand").waitFor();
  await grid.getByText("INV-20260003").first().dblclick();
  await dialog.getByLabel("What it was").fill("Freight they dispute, case opened");
  await dialog.getByRole("button", { name: "Close it as explained" }).click();
  await face.getByText("Reconciled", { exact: true }).waitFor();
  await face.getByText(/Difference 0\.00 EUR unexplained; 375\.00 EUR is explained/).waitFor();

  // What they write in a letter is another figure: it says so.
  await page.getByLabel("Their balance, where they state one").pressSequentially("400.00");
  await face.getByText("UNRECONCILED", { exact: true }).waitFor();
  await face.getByText("UNRECONCILED by 15.00").waitFor();
  await page.getByLabel("Their balance, where they state one").fill("");
  await face.getByText("Reconciled", { exact: true }).waitFor();

  // The file says the same.
  const loading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the comparison" }).click();
  await page.getByRole("menuitem", { name: "Lines as CSV" }).click();
  const text = await readFile(await (await loading).path(), "utf8");
  assert.match(text, /Amount differs.*INV-20260003.*80\.00.*65\.00.*15\.00.*Explained.*Meera.*Freight they dispute/);
  assert.match(text, /Only theirs.*PAY 88.*-300\.00/);

  // An account of everything is told by its debits and credits: the bill of the other side is one of ours too.
  const account = csv(
    "account.csv",
    "Date,Type,Reference,Debit,Credit\n" +
      "2026-09-02,Invoice,INV-20260001,,500.00\n" +
      "2026-09-20,Invoice,INV-20260002,,120.00\n" +
      "2026-10-05,Invoice,INV-20260003,,80.00\n" +
      "2026-11-16,Invoice,INV-20260004,,60.00\n",
  );
  await page.getByLabel("Choose another file").setInputFiles(account);
  await page.getByLabel("Their file is").getByText("An account, as it looks").waitFor({ state: "attached" });
  await face.getByText("Difference 0.00 EUR").waitFor();
  assert.match(await line("less: agreed"), /4\s+0\.00/);
  await goTo(page, "Reconcile");
}));
