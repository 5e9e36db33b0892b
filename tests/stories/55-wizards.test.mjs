// Every resolution walked with what cannot be: above what is open, wrong dates, a closed period, sums that differ, above
// the limit, the wrong kind. Each says why and what to do instead, and nothing at all is changed.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, commitsOnDisk, euros, footerSays, goTo, gridRows, importAnother, importAs, openAccount, toCases } from "../steps.mjs";
import { records } from "../mornings.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("wizards");
const ITEMS = {
  name: "open.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,North Ltd,INV-1,2026-04-13,2026-05-13,EUR,1000.00,1000.00\n" +
      "C-1,North Ltd,INV-2,2026-04-20,2026-05-20,EUR,500.00,500.00\n",
  ),
};

/** What is typed over a form that is right, and what it says then. */
const WRONG = [
  ["Partial credit", { Amount: "1,000.01" }, /INV-1 has 1,000\.00 EUR open; 1,000\.01 EUR is more\. Lower the amount/],
  ["Partial credit", { Amount: "0" }, /The amount must be above zero/],
  ["Partial credit", { Amount: "ten" }, /The amount cannot be read/],
  ["Partial credit", { Amount: "30.00", "Rows of the credit note": "Desk; 20.00" }, /They sum to 20\.00 EUR, and have to sum to 30\.00 EUR/],
  ["Partial credit", { Amount: "30.00", "Posted on": "2026-04-30" }, /The period through 30 Apr 2026 is closed\. Post on a later day/],
  ["Partial credit", { Amount: "30.00", "Posted on": "2099-01-01" }, /1 Jan 2099 is too late: the latest is/],
  ["Partial credit", { Amount: "30.00", "Posted on": "someday" }, /Posted on: a date, such as 21 nov/],
  ["Partial credit", { Amount: "30.00", "Came about on": "2026-05-01", tax: true }, /no longer changes tax: the last day was 15 May 2026\. Make it a commercial credit/],
  ["Partial credit", { Amount: "30.00", Why: " " }, /The reason is missing/],
  ["Partial credit", { Amount: "300.00" }, /Above the limit: .*this is 30 % of the document/],
  ["Write-off", { Amount: "1,000.01" }, /INV-1 has 1,000\.00 EUR open/],
  ["Write-off", { Amount: "20.00", tax: true }, /A tax credit note is not for a bad debt/],
  ["Late charge waived", { Amount: "5.00" }, /This is no late charge/],
  ["Recovery of a write-off", { Amount: "5.00" }, /no such write-off or discount on the document/],
  ["Unearned discount billed back", { Amount: "5.00" }, /no such write-off or discount on the document/],
  ["Set-off of a deposit or credit", { Amount: "5.00" }, /Choose the credit or deposit/],
  ["Refund", { Amount: "5.00" }, /Choose the credit or deposit/],
  ["Contra with what we owe", { Amount: "1,000.01" }, /INV-1 has 1,000\.00 EUR open/],
  ["Chargeback", { Amount: "1,000.01" }, /INV-1 has 1,000\.00 EUR open/],
  ["Small balance", { Amount: "1,000.01" }, /INV-1 has 1,000\.00 EUR open/],
  ["Credit and rebill", { "As billed": "Service; 900.00" }, /They sum to 900\.00 EUR, and have to sum to 1,000\.00 EUR/],
  ["Credit and rebill", { "As it should be": "Service; many" }, /As it should be\. Row 1: “many” is no amount/],
  ["Credit and rebill", { "As it should be": "Service; 1,200.00", "Posted on": "2026-04-01" }, /The period through 30 Apr 2026 is closed/],
  ["Credit and rebill", { "As it should be": "Service; 600.00" }, /Above the limit: .*this is 40 % of the document/],
  ["Credit and rebill", { "As it should be": "Service; 1,200.00", "Came about on": "2026-05-01", tax: true }, /no longer changes tax: the last day was 15 May 2026/],
  ["Split the invoice", { Parts: "600.00\n400.00", "What is split": "The tax document (tax split)", "Came about on": "2026-05-01", tax: true }, /no longer changes tax: the last day was 15 May 2026/],
  ["Split the invoice", { Parts: "600.00\n400.00", "Posted on": "2026-04-30" }, /The period through 30 Apr 2026 is closed/],
  ["Split the invoice", { Parts: "600.00\n400.00", "Part that is contested": "3" }, /There is no part 3\. Give the number of one of the parts/],
  ["Change the purchase order", { "Purchase order": "PO-77", "Posted on": "2026-04-30" }, /The period through 30 Apr 2026 is closed/],
  ["Change the purchase order", { "Purchase order": "PO-77", "Rejected by the portal on": "someday" }, /Rejected by the portal on: a date, such as 21 nov/],
  ["Split the invoice", { Parts: "600.00; PO-A\n300.00; PO-B" }, /They sum to 900\.00 EUR, and have to sum to 1,000\.00 EUR/],
  ["Split the invoice", { "Split by": "Percent", Parts: "60 %\n30 %" }, /The shares do not sum to 100 %/],
  ["Split the invoice", { Parts: "60 %\n400.00" }, /Either shares or amounts, not both/],
  ["Split the invoice", { Parts: "1,000.00" }, /A split has two parts at least/],
  ["Split the invoice", { Parts: "1,000.00\n0.00" }, /The amount must be above zero/],
  ["Split the invoice", { Parts: "1,200.00\n-200.00" }, /The amount must be above zero/],
  ["Change the purchase order", { "Purchase order": "" }, /Give the purchase order/i],
  ["Change the purchase order", { "Purchase order": "PO-77" }, /a part of the tax document here: credit and rebill instead/],
];

/** Each adjustment with what none of them may be: above what is open or there to take back, in a closed period, above the limit. */
const NO_AMOUNT = /INV-1 has 1,000\.00 EUR open|no such write-off or discount|This is no late charge|Choose the credit or deposit/;
const ADJUSTMENTS = ["Partial credit", "Goodwill credit", "Service credit", "Small balance", "Bank charge", "Late charge waived", "Write-off", "Recovery of a write-off", "Set-off of a deposit or credit", "Contra with what we owe", "Refund", "Unearned discount billed back", "Chargeback"];
const NEEDS_CREDIT = ["Set-off of a deposit or credit", "Refund"];
const GIVES = ["Goodwill credit", "Service credit", "Write-off", "Contra with what we owe", "Small balance", "Bank charge"];
for (const kind of ADJUSTMENTS) {
  WRONG.push([kind, { Amount: "1,000.02" }, NO_AMOUNT]);
  if (!NEEDS_CREDIT.includes(kind)) WRONG.push([kind, { Amount: "5.00", "Posted on": "2026-04-30" }, /The period through 30 Apr 2026 is closed/]);
  if (GIVES.includes(kind)) WRONG.push([kind, { Amount: "300.00" }, /Above the limit/]);
}
for (const kind of ["Goodwill credit", "Service credit"]) {
  WRONG.push([kind, { Amount: "5.00", "Came about on": "2026-05-01", tax: true }, /no longer changes tax: the last day was 15 May 2026/]);
  WRONG.push([kind, { Amount: "5.00", "Rows of the credit note": "Desk; 4.00" }, /They sum to 4\.00 EUR, and have to sum to 5\.00 EUR/]);
}

/** What of the book may not move: commits, what is open, what is contested. */
async function stands(page) {
  const commits = (await commitsOnDisk(page)).length;
  const footer = await page.getByRole("contentinfo").innerText();
  const row = (await gridRows(page, "Cases"))[0].join(" | ");
  return { commits, footer, row };
}

test("what cannot be resolved so is refused with its reason, and nothing is changed", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, ITEMS);
  await commitImport(page);

  // April is closed, credit notes follow UK VAT, and the purchase order is a part of the tax document.
  await goTo(page, "Settings");
  const rules = page.getByRole("region", { name: "Disputes and queries" });
  await rules.getByLabel(/^Nothing is posted through/).fill("2026-04-30");
  await rules.getByLabel("Credit notes that change tax").selectOption({ label: "UK VAT: within 14 days" });
  await rules.getByLabel(/^The purchase order is a part/).check();
  await rules.getByRole("button", { name: "Save the dispute rules" }).click();
  await page.getByText("Dispute rules saved").first().waitFor();

  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  await page.keyboard.press("d");
  const taking = page.getByRole("dialog", { name: "Take down a dispute" });
  await taking.getByLabel(/^Contested/).fill("300.00");
  await taking.getByRole("button", { name: "Take the dispute down" }).click();
  await page.getByText(/Dispute taken down/).first().waitFor();
  await taking.waitFor({ state: "hidden" });
  await toCases(page);
  // The call in which it was said is parked with the account, in a commit of its own.
  await page.getByRole("button", { name: /1 call parked/ }).waitFor();
  const before = await stands(page);

  const dialog = page.getByRole("dialog", { name: "Resolve C-1" });
  for (const [kind, typed, why] of WRONG) {
    await page.getByRole("region", { name: "Case in hand" }).getByRole("button", { name: /^Resolve/ }).click();
    await dialog.getByLabel("What is to be done").selectOption({ label: kind });
    for (const [label, text] of Object.entries(typed)) {
      if (["Split by", "What is split"].includes(label)) await dialog.getByLabel(label).selectOption({ label: text });
      else if (label === "tax") await dialog.getByLabel("A credit note that changes tax").check();
      else await dialog.getByLabel(new RegExp(`^${label}`)).fill(text);
    }
    const says = dialog.getByRole("region", { name: "What it does" });
    const over = String(why).includes("Above the limit");
    await says.filter({ hasText: why }).waitFor({ timeout: 5_000 }).catch(async () => {
      assert.fail(`${kind} ${JSON.stringify(typed)} says "${await says.innerText()}", not ${why}`);
    });
    // Neither Enter nor the button does anything but say so again.
    const act = dialog.locator(".btn-primary");
    if (!over) {
      assert.equal(await act.getAttribute("aria-disabled"), "true", `${kind} ${JSON.stringify(typed)}`);
      assert.match(await act.getAttribute("title"), why);
      await dialog.getByLabel(/^Why/).press("Enter");
      await act.click({ force: true });
      assert.ok(await dialog.isVisible());
    } else {
      // Above the limit the form still shows what it would come to, and asks instead of posting.
      assert.equal((await act.innerText()).trim(), "Save as a request to approve");
      await says.getByRole("heading", { name: "Once it is approved" }).waitFor();
      const falls = kind === "Credit and rebill" ? "400.00" : "300.00";
      await says.getByText(`What is owed changes by −${falls} EUR.`).waitFor();
      await shoot(page, "over");
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.deepEqual(await stands(page), before, `${kind} ${JSON.stringify(typed)}`);
  }
  await shoot(page, "after");
}));

const DATA = join(import.meta.dirname, "../../../shared/data/ar_billing_disputes");
const skip = existsSync(DATA) ? false : "skipped: ../shared absent";

/** What is contested by the open disputes of the list, each by what its invoice has open: worked out from the files. */
async function contestedByFiles() {
  const rows = async (name) => records(await readFile(join(DATA, `${name}.csv`), "utf8"), "Invoice_ID");
  const cents = (text) => Math.round(Number(text) * 100);
  const open = new Map();
  for (const row of await rows("invoices")) open.set(row.Invoice_ID, cents(row.Invoice_Amount_USD));
  for (const row of await rows("payments")) open.set(row.Invoice_ID, (open.get(row.Invoice_ID) ?? 0) - cents(row.Payment_Amount_USD));
  const disputes = (await rows("disputes")).filter((row) => row.Dispute_Status === "Open");
  return { count: disputes.length, invoices: disputes.map((row) => [row.Invoice_ID, open.get(row.Invoice_ID)]) };
}

test("the disputes of a billing team come in as cases and are worked to closure", { skip }, story({ browser }, async ({ open }) => {
  const said = JSON.parse(await readFile(join(DATA, "expected.json"), "utf8"));
  const byFiles = await contestedByFiles();
  assert.equal(byFiles.count, said.open_disputes);
  const page = await open("?nosw=1");
  const file = (name) => join(DATA, `${name}.csv`);
  await beginWithFile(page, file("customers"));
  await commitImport(page);
  await importAs(page, "Invoices, paid or not", file("invoices"));
  await importAnother(page, file("payments"));
  await page.getByRole("button", { name: "Import another file" }).click();
  await page.getByLabel("Choose files").setInputFiles(file("disputes"));
  const says = page.getByRole("region", { name: "What the list says" });
  await says.getByText(`${said.rows.disputes} cases: ${said.open_disputes} open, ${said.rows.disputes - said.open_disputes} closed. Known already: 0.`).waitFor();
  await page.getByRole("button", { name: `Import ${said.rows.disputes} cases` }).click();
  await page.getByRole("region", { name: "Messages" }).getByText(`${said.rows.disputes} cases taken in`).waitFor();
  const outstanding = 23_513_235;
  await footerSays(page, `${euros(outstanding)} USD`);

  await toCases(page);
  let rows = await gridRows(page, "Cases");
  assert.equal(rows.length, said.open_disputes);
  const cents = (text) => Math.round(Number(text.replace(/[^\d.]/g, "") || 0) * 100);
  const contested = rows.reduce((sum, row) => sum + cents(row[6]), 0);
  const expected = byFiles.invoices.reduce((sum, [, amount]) => sum + amount, 0);
  assert.equal(contested, expected, "each contests what its invoice has open");

  // One by one, by keyboard: found owed, or right by a small credit, then closed.
  let credited = 0;
  for (let left = rows.length; left > 0; left--) {
    rows = await gridRows(page, "Cases");
    assert.equal(rows.length, left);
    const [number, amount] = [rows[0][0], cents(rows[0][6])];
    await page.locator("main").focus();
    // The first that contests something is right by a little of it.
    const partly = credited === 0 && amount > 50;
    if (partly) {
      await page.keyboard.press("r");
      const resolving = page.getByRole("dialog", { name: `Resolve ${number}` });
      await resolving.getByLabel("What is to be done").selectOption({ label: "Small balance" });
      await resolving.getByLabel(/^Amount/).fill("0.50");
      await resolving.getByText("What is owed changes by −0.50 USD.").waitFor();
      await resolving.getByLabel(/^Why/).press("Enter");
      await resolving.waitFor({ state: "hidden" });
      credited += 50;
      await page.locator("main").focus();
    }
    await page.keyboard.press("x");
    const closing = page.getByRole("dialog", { name: `Close ${number}` });
    await closing.getByLabel("How it ended").selectOption({ label: partly ? "right in part" : "owed as billed" });
    await closing.getByRole("button", { name: "Close the case" }).click();
    await closing.waitFor({ state: "hidden" });
    if (left > 1) await page.waitForFunction((n) => document.querySelectorAll('[role="grid"][aria-label="Cases"] [role="gridcell"][aria-colindex="1"]').length === n, left - 1);
  }
  await page.getByText("No case stands so").waitFor();
  assert.equal(credited, 50, "one of them was right by a small credit");
  await footerSays(page, `${euros(outstanding - credited)} USD`);

  // Their days are the author's: 82 of them closed by the list, mean of 28.51 days; ours closed on top.
  await page.getByRole("tab", { name: "Figures" }).click();
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page.getByText(String(said.rows.disputes), { exact: true }).first().waitFor();
  const row = page.getByRole("tabpanel").getByText(new RegExp(`of ${said.rows.disputes} \\(`)).first();
  await row.waitFor();
  await shoot(page, "billing-closed");
}));
