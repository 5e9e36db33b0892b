// A controller's journal: resolutions, money and what was let go as postings with the client's account numbers; written,
// read again, balanced, and gone after an undo. And SP-04: the receivable alone is not split where parts need tax invoices.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, commitsOnDisk, goTo, gridRows, openAccount, toCases } from "../steps.mjs";
import { records, thousandths } from "../mornings.mjs";
import { noOffice, recalculated } from "../sheets.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("postings");
const ITEMS = {
  name: "open.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Company Code,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,North Ltd,1000,INV-1,2026-10-13,2026-11-12,EUR,1000.00,1000.00\n" +
      "C-2,South Ltd,1000,INV-2,2026-10-20,2026-11-19,EUR,500.00,500.00\n",
  ),
};

const messages = (page) => page.getByRole("region", { name: "Messages" });
const inHand = (page) => page.getByRole("region", { name: "Case in hand" });

/** A book with a dispute of 300.00 on INV-1, and its case in hand. */
async function disputed(page) {
  await beginWithFile(page, ITEMS);
  await commitImport(page);
  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  await page.keyboard.press("d");
  const taking = page.getByRole("dialog", { name: "Take down a dispute" });
  await taking.getByLabel(/^Contested/).fill("300.00");
  await taking.getByRole("button", { name: "Take the dispute down" }).click();
  await messages(page).getByText(/Dispute taken down/).waitFor();
  await taking.waitFor({ state: "hidden" });
  await toCases(page);
}

/** Opens the resolution of the case in hand, of a kind. */
async function resolve(page, kind) {
  await inHand(page).getByRole("button", { name: /^Resolve/ }).click();
  const dialog = page.getByRole("dialog", { name: "Resolve C-1" });
  await dialog.getByLabel("What is to be done").selectOption({ label: kind });
  return dialog;
}

/** Saves the journal as a file in `folder`, from Reports. */
async function saved(page, format, folder) {
  await goTo(page, "Reports");
  await page.getByRole("button", { name: "Save Proposed postings" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: format }).click()]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

const legs = async (path) => records((await readFile(path, "utf8")).replace(/^\uFEFF/, ""), "G/L account").filter((row) => row.Entry);
const sum = (rows, column) => rows.reduce((all, row) => all + thousandths(row[column]), 0);

test("resolutions come out as a balanced journal with the client's accounts, and go with their undo", story({ browser }, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const folder = await mkdtemp(join(tmpdir(), "duebook-postings-"));
  try {
    const page = await open("?nosw=1");
    await disputed(page);

    await goTo(page, "Settings");
    const accounts = page.getByRole("region", { name: "Ledger accounts" });
    await accounts.getByLabel(/^Accounts receivable/).fill("120000");
    await accounts.getByLabel(/^Payment differences/).fill("665000");
    await shoot(page, "accounts");
    await accounts.getByRole("button", { name: "Save the ledger accounts" }).click();
    await messages(page).getByText("Ledger accounts saved").waitFor();

    // Posted within the own limit; and one with its lines that waits for somebody else.
    await toCases(page);
    let dialog = await resolve(page, "Small balance");
    await dialog.getByLabel(/^Amount/).fill("0.50");
    await dialog.getByText("What is owed changes by −0.50 EUR.").waitFor();
    await dialog.getByRole("checkbox", { name: /^Show the account and the aging/ }).check();
    const before = dialog.getByRole("table", { name: "Statement before" });
    const after = dialog.getByRole("table", { name: "Statement after" });
    await before.getByText("1,000.00").first().waitFor();
    await after.getByText("999.50").first().waitFor();
    assert.match(await after.innerText(), /INV-1\s+12 Nov 2026\s+299\.50\s+999\.50/);
    assert.match(await dialog.getByRole("table", { name: "Aging in EUR" }).innerText(), /1,000\.00\s+999\.50/);
    await shoot(page, "statement");
    await dialog.getByLabel(/^Why/).press("Enter");
    await dialog.waitFor({ state: "hidden" });
    await messages(page).getByText(/C-1: Small balance/i).waitFor();
    dialog = await resolve(page, "Partial credit");
    await dialog.getByLabel(/^Amount/).fill("120.00");
    await dialog.getByLabel(/^Rows of the credit note/).fill("Desk; 100.00; VAT 20; 20.00");
    await dialog.getByRole("button", { name: "Save as a request to approve" }).click();
    await messages(page).getByText(/waits for approval/).waitFor();

    let rows = await legs(await saved(page, "CSV", folder));
    const small = rows.filter((row) => row.Request === "R-1");
    assert.deepEqual(
      small.map((row) => [row["G/L account"], row["Account for"], row.Debit, row.Credit, row.Document, row.Account, row.Company, row.Currency]),
      [
        ["665000", "Payment differences", "0.50", "", "INV-1", "C-1", "1000", "EUR"],
        ["120000", "Accounts receivable", "", "0.50", "INV-1", "C-1", "1000", "EUR"],
      ],
    );
    assert.deepEqual([...new Set(small.map((row) => [row.Case, row.State, row["Posting date"]].join()))], ["C-1,To be posted,2026-11-18"]);
    // A role without a number shows itself, and a request that waits says so.
    const waits = rows.filter((row) => row.Request === "R-2");
    assert.deepEqual(
      waits.map((row) => [row.Entry, row["G/L account"], row.Debit, row.Credit, row["Tax code"], row.State]),
      [
        ["R-2", "Revenue", "100.00", "", "", "Waits for approval"],
        ["R-2", "120000", "", "120.00", "", "Waits for approval"],
        ["R-2", "Output tax", "20.00", "", "VAT 20", "Waits for approval"],
      ],
    );
    assert.equal(rows.length, 5);
    assert.equal(sum(rows, "Debit"), sum(rows, "Credit"));

    // The workbook, recalculated: both proofs hold, and debits equal credits in the sheet of checks.
    const workbook = await saved(page, "Excel", folder);
    await messages(page).getByText(/^duebook-postings-.*: 5 rows, in your downloads\.$/).first().waitFor();
    if (!noOffice) {
      const [sheets] = (await recalculated([workbook], folder)).values();
      const said = (sheets.get("README") ?? []).map((row) => row.join("|")).join("\n");
      assert.match(said, /Journal: debits, 1000, EUR\|120\.5\|Credits\|120\.5\|0.00\|holds/);
      assert.match(said, /Journal: customers’ accounts, 1000, EUR\|-0\.5\|Our postings on open items\|-0\.5\|0.00\|holds/);
      assert.match(said, /1 entry waits for approval/);
      assert.doesNotMatch(said, /UNRECONCILED/);
      const checks = (sheets.get("Checks") ?? []).map((row) => row.join("|")).join("\n");
      assert.match(checks, /Journal.*Debit/, checks);
    }

    // From the page of cases too; and what is undone is no posting.
    await toCases(page);
    await page.getByRole("button", { name: "Save as" }).click();
    await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Proposed postings of the month as CSV" }).click()]);
    await page.keyboard.press("z");
    await messages(page).getByText(/^Undone/).first().waitFor();
    await page.keyboard.press("z");
    await messages(page).getByText(/^Undone/).nth(1).waitFor();
    rows = await legs(await saved(page, "CSV", folder));
    assert.deepEqual(rows, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}));

test("SP-04: a split says which it is, and parts that need tax invoices get them", story({ browser }, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await disputed(page);
  let dialog = await resolve(page, "Split the invoice");
  await dialog.getByLabel("Split by").selectOption({ label: "Purchase order" });
  await dialog.getByText("The tax invoice stays as it is; its parts are paid by themselves.").waitFor();
  await dialog.getByLabel("Parts").fill("60 %; PO-A\n40 %; PO-B");
  await dialog.getByText("What is owed changes by 0.00 EUR.").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });

  await openAccount(page, "North Ltd");
  await page.getByRole("heading", { name: "How they pay" }).waitFor();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  const profile = page.getByRole("dialog", { name: "How they pay" });
  await profile.getByLabel("Tax invoices of a split bill").selectOption({ label: "One for each part" });
  await profile.getByLabel("Who said so").fill("Maria");
  await profile.getByRole("button", { name: "Save what changed" }).click();
  await messages(page).getByText(/Tax invoices of a split bill of North Ltd saved/).waitFor();

  await toCases(page);
  const commits = (await commitsOnDisk(page)).length;
  dialog = await resolve(page, "Split the invoice");
  await dialog.getByLabel("What is split").selectOption({ label: "What is owed (AR split)" });
  await dialog.getByLabel("Split by").selectOption({ label: "Purchase order" });
  await dialog.getByLabel("Parts").fill("60 %; PO-A\n40 %; PO-B");
  await dialog.getByText(/^Each part of INV-1 needs a tax invoice of its own: Maria said so, checked on 18 Nov 2026\. Make it a tax split\.$/).waitFor();
  await shoot(page, "ar-split-refused");
  await dialog.getByLabel(/^Why/).press("Enter");
  assert.equal((await commitsOnDisk(page)).length, commits);
  await dialog.getByLabel("What is split").selectOption({ label: "The tax document (tax split)" });
  await dialog.getByText("What is owed changes by 0.00 EUR.").waitFor();
  await dialog.getByLabel(/^Why/).press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await messages(page).getByText(/C-1: Tax split/).waitFor();
}));
