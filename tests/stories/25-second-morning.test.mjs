// The second morning: a new whole list on top of a payment recorded here. What it lacks is absent and not
// paid, our money counts once, and a list that looks filtered is asked about before it is believed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, control, footerSays, goTo, gridRows, importButton, nextFile } from "../steps.mjs";

const HEAD = "Company,Customer Number,Customer Name,Invoice Number,Document Type,Invoice Date,Due Date,Currency,Amount,Open Amount,PO Number";
const ROWS = [
  "1000,C-1,North Ltd,A1,Invoice,2026-04-13,2026-05-13,EUR,100.00,100.00,PO-1",
  "1000,C-1,North Ltd,A2,Invoice,2026-04-13,2026-05-13,EUR,50.00,50.00,PO-2",
  "1000,C-2,South Ltd,B1,Invoice,2026-04-20,2026-05-20,EUR,30.00,30.00,PO-3",
  "1000,C-2,South Ltd,B2,Invoice,2026-04-20,2026-05-20,EUR,20.00,20.00,PO-4",
  "1000,C-3,West Ltd,W1,Invoice,2026-04-20,2026-05-20,EUR,10.00,10.00,PO-5",
];
const file = (name, rows) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(`${[HEAD, ...rows].join("\n")}\n`),
});

/** On the import page: a list of a day that shows everything open. */
async function wholeList(page, name, day, rows) {
  await nextFile(page, file(name, rows));
  await page.getByRole("textbox", { name: "Figures as of" }).fill(day);
  await page.getByLabel("The file shows").selectOption({ label: "Everything open in the source" });
}

test("absent is not paid, our money counts once, and a filtered list is asked about", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, file("open-1.csv", ROWS));
  await page.getByRole("textbox", { name: "Figures as of" }).fill("2026-05-25");
  await commitImport(page);
  await footerSays(page, "5 open items", "210.00 EUR");

  // A payment recorded here, applied to A2.
  await goTo(page, "Customers");
  await page.getByRole("grid", { name: "Customers" }).getByText("North Ltd").click();
  await page.getByRole("row", { name: /A2/ }).locator("[data-check]").click();
  await page.getByRole("button", { name: "Record a payment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Number" }).fill("CHQ-7");
  await dialog.getByRole("textbox", { name: /^Amount/ }).fill("50");
  await dialog.getByRole("textbox", { name: "Value date" }).fill("2026-05-25");
  await dialog.getByRole("button", { name: "Record the payment" }).click();
  await dialog.waitFor({ state: "hidden" });
  await footerSays(page, "160.00 EUR");

  // Only North's rows: a filter was left on. Nothing is written until it is said what it is.
  await goTo(page, "Import");
  await wholeList(page, "filtered.csv", "2026-05-26", ROWS.slice(0, 2));
  const doubts = page.getByRole("region", { name: "Before this is believed" });
  await doubts.getByText(/3 of 5 open items are missing/).waitFor();
  assert.ok(await importButton(page).isDisabled() || (await importButton(page).getAttribute("aria-disabled")) === "true");
  await doubts.getByRole("button", { name: "No, take only these rows" }).click();
  await doubts.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Leave this file" }).click();

  // The real list: A2 is gone by our payment, B2 without a cause, W1 falls, B1 is due later, one is new.
  const next = [
    ROWS[0],
    ROWS[2].replace("2026-05-20", "2026-06-20"),
    ROWS[4].replace("10.00,10.00", "10.00,4.00"),
    "1000,C-1,North Ltd,A3,Invoice,2026-05-25,2026-06-25,EUR,70.00,70.00,PO-6",
  ];
  await wholeList(page, "open-2.csv", "2026-05-26", next);
  await page.getByText(/1 new, 2 changed, 1 as they were, 2 no longer in the list. 1 of your postings answered/).waitFor();
  await commitImport(page);
  // 100 + 30 + 4 + 70: the 50 of A2 went once.
  await footerSays(page, "204.00 EUR");

  await page.getByRole("link", { name: "See what changed" }).click();
  await page.getByRole("heading", { level: 1, name: "Changes" }).waitFor();
  const kinds = page.getByRole("navigation", { name: "Kinds of change" });
  await kinds.getByRole("button", { name: /Gone, cause unknown/ }).click();
  let rows = await gridRows(page, "Gone, cause unknown");
  assert.deepEqual(rows.map((r) => r[1]), ["B2"], "A2 is not among them: our payment explains it");
  await kinds.getByRole("button", { name: /Less open/ }).click();
  rows = await gridRows(page, "Less open");
  assert.deepEqual([rows[0][1], rows[0][2], rows[0][3]], ["W1", "10.00 EUR", "4.00 EUR"]);
  await kinds.getByRole("button", { name: /Re-aged at source/ }).click();
  assert.equal((await gridRows(page, "Re-aged at source"))[0][4], "+31 days");
  await kinds.getByRole("button", { name: /Our postings answered/ }).click();
  assert.equal((await gridRows(page, "Our postings answered"))[0][3], "As we did");

  // An older list is refused with both days.
  await goTo(page, "Import");
  await wholeList(page, "old.csv", "2026-05-20", ROWS);
  await importButton(page).click();
  await page.getByText(/This file is of 20 May 2026, but 26 May 2026 is in the book already/).waitFor();
  await footerSays(page, "204.00 EUR");
  assert.equal(await control(page, "Accepted"), "5");
}));
