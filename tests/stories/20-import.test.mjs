// A file of open items: preview, import, the same figures everywhere and after reopening, undo; and bad files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { started, story } from "../support.mjs";
import { beginWithFile, commitImport, control, fixture, footerSays, goTo, gridRows, importButton, nextFile, previewed } from "../steps.mjs";

// Without the service worker a deep link is answered by 404.html: the app, with that status.
const NO_SW = /status of 404/;

/** What the book says on every page: footer, aging rows, totals line. */
async function agingSays(page, customers, totals) {
  await goTo(page, "Aging");
  const rows = await gridRows(page, "Aging");
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row[0], row[2]])), customers);
  for (const total of totals) await page.getByRole("main").getByText(total).waitFor();
}

const FILES = [
  {
    name: "a plain CSV with two currencies and a credit memo",
    file: "plain.csv",
    read: "4",
    footer: ["2 customers · 4 open items", "1,200.50 EUR", "1,200.00 USD"],
    customers: { "Acme Ltd": "1,200.50", "Birch & Sons": "1,200.00" },
    totals: [/EUR 1,200\.50/, /USD 1,200\.00/],
  },
  {
    name: "a German export: semicolons, decimal commas, Windows-1252, CRLF, days first",
    file: "german-1252.csv",
    read: "4",
    footer: ["2 customers · 4 open items", "1,650.50 EUR"],
    customers: { "Müller & Söhne GmbH": "1,570.50", "Bäckerei Weiß KG": "80.00" },
    totals: [/EUR 1,650\.50/],
  },
  {
    name: "an SAP list: pipes, customers above their rows, repeated headers, subtotals",
    file: "sap-list.txt",
    footer: ["2 customers · 4 open items", "5,650.00 EUR"],
    customers: { "Alpha Werke GmbH": "1,650.00", "Beta Handel AG": "4,000.00" },
    totals: [/EUR 5,650\.00/],
    async preview(page) {
      const stated = page.getByRole("region", { name: "Control totals" }).getByRole("row", { name: /Yes, with its section/ });
      assert.equal(await stated.count(), 3, "the file's own totals agree with ours");
    },
  },
];

const CUSTOMERS = {
  name: "clients of April.csv",
  mimeType: "text/csv",
  buffer: Buffer.from("Customer Number,Customer Name,Country,Payment Terms\nC-200,Birch & Sons,GB,30 days\nC-300,Cedar plc,IE,14 days\n"),
};

test("a file of customers stands in Activity and in the log of imports under its name", story({ expected: [NO_SW] }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await nextFile(page, CUSTOMERS);
  assert.equal(await control(page, "Accepted"), "2");
  await importButton(page).click();
  await page.getByText("1 added, 1 changed. Saved as commit").waitFor();
  await goTo(page, "Activity");
  const rows = await gridRows(page, "Activity");
  const line = rows.findIndex((row) => row.some((text) => /^Imported customers and contacts of .*: 2 rows, 1 added, 1 changed$/.test(text)));
  assert.ok(line >= 0, rows.map((row) => row.join(" | ")).join("\n"));
  await page.getByRole("grid", { name: "Activity" }).getByRole("row").nth(line + 1).click();
  const commit = page.getByRole("dialog", { name: /^Commit \d+$/ });
  await commit.getByText("clients of April.csv").waitFor();
  await commit.getByText("2, 0 left out").waitFor();
}));

for (const { name, file, read, footer, customers, totals, preview } of FILES) {
  test(`${name}: preview, import, aging, reload, undo`, story({ expected: [NO_SW] }, async ({ open }) => {
    const page = await open("?nosw=1");
    await beginWithFile(page, fixture(file));
    if (read) assert.equal(await control(page, "Rows read"), read);
    assert.equal(await control(page, "Accepted"), "4");
    assert.equal(await control(page, "Refused"), "0");
    await preview?.(page);
    await commitImport(page);
    await footerSays(page, ...footer);
    await agingSays(page, customers, totals);

    await page.reload();
    await started(page);
    await footerSays(page, ...footer);
    await agingSays(page, customers, totals);

    await goTo(page, "Import");
    await page.getByLabel("Choose files").setInputFiles(fixture("one-more.csv"));
    await previewed(page);
    await commitImport(page);
    await footerSays(page, "3 customers · 5 open items");
    await page.getByRole("button", { name: "Undo this import" }).click();
    await footerSays(page, "4 open items", ...footer.slice(1));
  }));
}

test("undo of the only import leaves nothing open", story({ expected: [NO_SW] }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await footerSays(page, "4 open items");
  await page.getByRole("button", { name: "Undo this import" }).click();
  await footerSays(page, "0 open items");
  await goTo(page, "Aging");
  await page.getByRole("main").getByText("Nothing is open").waitFor();
  await page.reload();
  await started(page);
  await footerSays(page, "0 open items");
}));

test("the same file twice: nothing in it is new", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await page.getByRole("button", { name: "Import another file" }).click();
  await page.getByLabel("Choose files").setInputFiles(fixture("plain.csv"));
  await previewed(page);
  await page.getByText("0 new, 0 changed, 4 as they were").waitFor();
  await importButton(page).click();
  await page.getByText(/Nothing in this file is new/).first().waitFor();
  await footerSays(page, "2 customers · 4 open items", "1,200.50 EUR");
}));

test("an ambiguous order of day and month is asked, and the answer is kept to", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("ambiguous.csv"));
  assert.equal(await importButton(page).isDisabled(), true);
  // One question per column; answered one after the other.
  for (const column of ["Invoice Date", "Due Date"]) {
    const question = page.getByText(`Which order have the dates in “${column}”?`);
    if (!(await question.count())) continue; // the first answer may settle both
    await page.getByRole("button", { name: "Day, month, year" }).first().click();
    await question.waitFor({ state: "detached" });
    await previewed(page);
  }
  const first = page.getByRole("grid", { name: "Rows of the file" }).getByRole("row", { name: /A-1/ });
  await first.waitFor();
  assert.match(await first.innerText(), /2026-04-03\s+2026-06-05/);
  await commitImport(page);
  await footerSays(page, "2 customers · 3 open items", "175.00 GBP");
}));

test("two rows of one key are refused side by side; the others come in", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("duplicates.csv"));
  assert.equal(await control(page, "Accepted"), "1");
  assert.equal(await control(page, "Refused"), "3");
  const notes = page.getByRole("region", { name: "Rows to look at" });
  await notes.getByText("Show 3 rows").click();
  await notes.getByRole("row", { name: /^2 .*another row has the same key \(line 3\)/ }).waitFor();
  await notes.getByRole("row", { name: /^3 .*another row has the same key \(line 2\)/ }).waitFor();
  await notes.getByRole("row", { name: /^5 .*n\/a the amount cannot be read/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    notes.getByRole("button", { name: "Save the refused rows as CSV" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /refused.*\.csv/);

  // One of the two is left out: the other is good.
  await notes.getByRole("row", { name: /^2 / }).getByRole("button", { name: "Leave out" }).click();
  await page.getByRole("button", { name: "Import 2 items" }).waitFor();
  await commitImport(page);
  await footerSays(page, "2 open items", "95.00 GBP");
}));

const UNREADABLE = [
  ["a quotation mark never closed", "unclosed-quote.csv", /quotation mark opened in line 3, column 2 is never closed/],
  ["a file of 0 bytes", "empty.csv", /no bytes at all/],
  ["a PDF", "letter.pdf", /This is a PDF, not a table/],
  ["an encrypted workbook", "encrypted.xlsx", /protected by a password/],
  ["a header without rows", "no-rows.csv", /no row of data below a header/],
];

for (const [what, file, sentence] of UNREADABLE) {
  test(`${what} is refused in its own sentence, and nothing is written`, story({}, async ({ open }) => {
    const page = await open("?nosw=1");
    await beginWithFile(page, fixture(file));
    const note = page.getByRole("note");
    assert.match(await note.innerText(), sentence);
    assert.match(await note.innerText(), /Nothing was written/);
    await footerSays(page, "0 customers · 0 open items");
    // The next file goes in as if nothing had been.
    await page.getByRole("button", { name: "Choose another file" }).click();
    await page.getByLabel("Choose files").setInputFiles(fixture("plain.csv"));
    await previewed(page);
    await commitImport(page);
    await footerSays(page, "2 customers · 4 open items");
  }));
}

test("more columns than a list of items has", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  const row = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",");
  await beginWithFile(page, { name: "wide.csv", mimeType: "text/csv", buffer: Buffer.from(`${row}\n${row}\n`) });
  assert.match(await page.getByRole("note").innerText(), /10000 columns|10,000 columns/);
}));
