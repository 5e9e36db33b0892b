// Cash that needs a second look: an advice settles what two sums could be, money of another customer is moved, the log's
// workbook is the screen; the control account out of a trial balance; a customer's own limit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile } from "node:fs/promises";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, openAccount } from "../steps.mjs";
import { sheetRows } from "../xlsx.mjs";

const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

const items = csv(
  "open.csv",
  "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
    "C-1,North Ltd,INV-20260001,2026-09-02,2026-10-02,EUR,200.00,200.00\n" +
    "C-1,North Ltd,INV-20260002,2026-09-20,2026-10-20,EUR,150.00,150.00\n" +
    "C-1,North Ltd,INV-20260003,2026-10-05,2026-11-05,EUR,100.00,100.00\n" +
    "C-1,North Ltd,INV-20260004,2026-10-16,2026-11-16,EUR,150.00,150.00\n" +
    "C-2,South BV,INV-20260009,2026-09-04,2026-10-04,EUR,75.00,75.00\n" +
    "C-2,South BV,INV-20260010,2026-09-06,2026-10-06,EUR,240.00,240.00\n",
);

/** 300.00 of North: 200 + 100 or 150 + 150, nothing says which. */
const statement = csv(
  "november.csv",
  "Booking date;Value date;Amount;Currency;Payer;Reference;Balance\n" +
    "2026-11-10;2026-11-10;300.00;EUR;North Ltd;transfer;1300.00\n" +
    "2026-11-12;2026-11-12;40.00;EUR;North Ltd;INV-20260003;1340.00\n",
);

const advice =
  "Payer: North Ltd\nPayment date 2026-11-10\n\nInvoice        Amount\nINV-20260002   150.00\nINV-20260004   150.00\nTotal EUR 300.00\n";

test("an advice changes what a payment is taken for, money goes to whom it belongs, and the log's file is the screen", story({}, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, items);
  await commitImport(page);
  await goTo(page, "Cash");
  await page.getByLabel("Choose a statement").setInputFiles(statement);
  const preview = page.getByRole("region", { name: /november\.csv/ });
  const takeIn = preview.getByRole("button", { name: /^Take in 2 lines/ });
  await takeIn.waitFor();
  const account = preview.getByLabel("Account");
  if (await account.count()) await account.fill("Main account");
  await takeIn.click();
  const messages = page.getByRole("region", { name: "Messages" });

  // Two sums make 300.00: it is not posted by itself. The advice says which.
  const lines = page.getByRole("grid", { name: "Lines of the statement" });
  await lines.getByText(/300\.00/).first().click();
  const inHand = page.getByRole("region", { name: "Line in hand" });
  await inHand.getByRole("heading", { name: "Why it is not posted by itself" }).waitFor();
  await page.getByRole("button", { name: "Paste an advice" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Text of the mail or PDF").fill(advice);
  await dialog.getByText(/300\.00.* for 2 documents/).waitFor();
  await dialog.getByRole("button", { name: "Use it" }).click();
  await messages.getByText(/1 advice is held against the payments/).waitFor();
  await inHand.getByRole("heading", { name: "Why it is not posted by itself" }).waitFor({ state: "detached" });
  await inHand.getByText("INV-20260004").first().waitFor();
  assert.equal(await inHand.getByText("INV-20260001").count(), 0);
  await page.getByRole("button", { name: /^Accept \d+ ready payment/ }).click();
  await messages.getByText(/payments? accepted/).waitFor();
  await lines.getByText("Done").first().waitFor();

  // It was South's money after all: one act, both accounts tell it.
  await page.getByRole("tab", { name: "Receipts" }).click();
  await page.getByLabel("Dated").selectOption({ label: "All" });
  const log = page.getByRole("grid", { name: "Cash application log" });
  await log.getByText("300.00 EUR").first().dblclick();
  await dialog.getByLabel("What is to be done").selectOption({ label: "Belongs to another customer" });
  await dialog.getByText(/2 items are reopened, at their own due dates/).waitFor();
  await dialog.getByLabel("Customer by name or number").fill("South");
  await dialog.getByRole("button", { name: "South BV", exact: true }).click();
  await dialog.getByLabel("INV-20260010").fill("240.00");
  await dialog.getByText("Difference 60.00 EUR: it waits there, unapplied.").waitFor();
  await dialog.getByRole("button", { name: "Move it to South BV" }).click();
  await messages.getByText(/300\.00 EUR, is moved to South BV/).waitFor();
  const rows = await gridRows(page, "Cash application log");
  const moved = rows.find((r) => r.join(" ").includes("300.00 EUR")).join(" | ");
  assert.match(moved, /South BV.*300\.00 EUR.*INV-20260010.*240\.00.*60\.00.*Corrected/);

  // The workbook of the log is the screen, line by line.
  const loading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as" }).click();
  await page.getByRole("menuitem", { name: /Excel/ }).click();
  const sheet = sheetRows(await readFile(await (await loading).path()), "Cash application");
  const head = sheet.findIndex((r) => r.includes("Receipt") && r.includes("Unapplied"));
  const at = (name) => sheet[head].indexOf(name);
  const cents = (text) => Math.round(Number(String(text).replace(/[^\d.-]/g, "") || 0) * 100);
  const told = sheet.slice(head + 1, head + 1 + rows.length).map((r) => ({
    customer: r[at("Customer")],
    amounts: ["Amount", "Applied", "Unapplied"].map((name) => cents(r[at(name)])),
  }));
  const heads = (await log.getByRole("columnheader").allInnerTexts()).map((h) => h.trim());
  const shown = (row, name) => row[heads.findIndex((h) => h.startsWith(name))];
  assert.equal(told.length, rows.length);
  rows.forEach((row, n) => {
    assert.ok(shown(row, "Customer").includes(told[n].customer), `${told[n].customer} in ${row}`);
    assert.deepEqual(["Amount", "Applied", "Unapplied"].map((name) => cents(shown(row, name))), told[n].amounts);
  });

  for (const [name, other] of [["North Ltd", "South BV"], ["South BV", "North Ltd"]]) {
    await openAccount(page, name);
    await page.getByText(/was posted to North Ltd and is South BV’s money: moved/).first().waitFor();
    assert.notEqual(name, other);
  }

  // One undo, and it is North's again.
  await page.keyboard.press("z");
  await messages.getByText(/Undone/).first().waitFor();
  await page.getByText(/is South BV’s money: moved/).waitFor({ state: "detached" });
}));

test("the control account comes out of a trial balance, and a customer has a limit of its own", story({}, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, items);
  await commitImport(page);
  await goTo(page, "Reconcile");
  await page.getByRole("button", { name: "Control balance" }).click();
  const dialog = page.getByRole("dialog");
  const trial = csv(
    "trial.csv",
    "Company Code,GL Account,Account Name,Currency,Closing Balance\n" +
      "1000,140000,Trade receivables,EUR,900.00\n1000,140500,Doubtful receivables,EUR,15.00\n" +
      "1000,140900,Receivables from staff,EUR,33.00\n1000,160000,Trade payables,EUR,-420.00\n1000,140000,Trade receivables USD,USD,7.00\n",
  );
  await dialog.getByLabel("Take it from a trial balance").setInputFiles(trial);
  await dialog.getByText(/3 of 4 accounts in EUR taken/).waitFor();
  const balance = dialog.getByRole("textbox", { name: "Balance" });
  assert.match(await balance.inputValue(), /948\.00/);
  await dialog.getByLabel(/Receivables from staff: 33\.00 EUR/).uncheck();
  await dialog.getByText(/2 of 4 accounts in EUR taken/).waitFor();
  assert.match(await balance.inputValue(), /915\.00/);
  assert.equal(await dialog.getByLabel("From", { exact: true }).inputValue(), "GL 140000, 140500, trial.csv");
  await dialog.getByRole("button", { name: "Save the balance" }).click();
  const messages = page.getByRole("region", { name: "Messages" });
  await messages.getByText(/Control balance of .*915\.00 EUR/).waitFor();
  await page.getByRole("tab", { name: "Roll-forward" }).click();
  await page.getByRole("region", { name: "Roll-forward" }).getByText("Ties out").waitFor();

  await goTo(page, "Settings");
  const section = page.getByRole("region", { name: "Payments" });
  await section.getByLabel("Customer by name or number").fill("South");
  await section.getByRole("button", { name: "South BV", exact: true }).click();
  await section.getByLabel("This customer at most").fill("2.00");
  await section.getByLabel("And at most, per cent of the item").fill("0.5");
  await section.getByRole("button", { name: "Save this customer’s limit" }).click();
  await messages.getByText(/South BV: at most 2\.00 EUR and 0\.5 %/).waitFor();
  await section.getByRole("row", { name: /South BV/ }).getByText("2.00 EUR and 0.5 %").waitFor();
  await section.getByText("Nothing was let go with a payment.").waitFor();
  await section.getByRole("button", { name: "Remove the limit of South BV" }).click();
  await messages.getByText(/South BV has no limit of its own/).waitFor();
  await section.getByRole("row", { name: /South BV/ }).waitFor({ state: "detached" });
}));
