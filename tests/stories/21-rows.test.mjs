// The import preview's rows: unticked by keyboard and counted, saved with their reason; a hundred
// thousand of them; terms codes asked once per source; local and group amounts kept apart.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, control, fixture, footerSays, goTo, previewed } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("rows");
const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const rows = (page) => page.getByRole("grid", { name: "Rows of the file" });
const leftOut = (page) => page.getByRole("term").filter({ hasText: "Left out" });
const totals = (page) => page.getByRole("region", { name: "Control totals" });

test("a row is unticked by keyboard: counts and totals follow, it is saved with its reason and stays out", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  const grid = rows(page);
  await grid.getByRole("row", { selected: true }).nth(3).waitFor();
  // The first row: 1,000.00 of Acme, by Space.
  await grid.getByRole("row").nth(1).getByRole("gridcell").nth(1).click();
  const first = (await grid.getByRole("row").nth(1).getByRole("gridcell").allInnerTexts()).map((t) => t.trim());
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Import 3 items" }).waitFor();
  await leftOut(page).waitFor();
  assert.equal(await control(page, "Accepted"), "3");
  assert.equal(await control(page, "Left out"), "1");
  await page.getByText("3 of 4 rows come in").waitFor();
  await shoot(page, "unticked");

  // Left out rows are a filter, and a file with the reason.
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save the rows left out as CSV" }).click(),
  ]);
  const saved = await readFile(await download.path(), "utf8");
  assert.match(saved, /duebook line,duebook reason,/);
  assert.match(saved, new RegExp(`${first[1]},left out by you,`));
  assert.equal(saved.trim().split("\n").length, 2, saved);

  await commitImport(page);
  await footerSays(page, "3 open items");
}));

test("a row left out of a whole list is neither taken nor missing", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  const head = "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n";
  const line = (n, amount) => `C-1,North Ltd,N-${n},2026-04-1${n},2026-05-1${n},EUR,${amount},${amount}\n`;
  await beginWithFile(page, csv("day1.csv", head + line(1, 100) + line(2, 200) + line(3, 300)));
  await commitImport(page);
  await page.getByRole("button", { name: "Import another file" }).click();
  await page.getByLabel("Choose files").setInputFiles(csv("day2.csv", head + line(1, 90) + line(2, 200) + line(3, 300)));
  await previewed(page);
  await page.getByRole("textbox", { name: "Figures as of" }).fill("2026-06-02");
  await page.getByLabel("The file shows").selectOption({ label: "Everything open in the source" });
  await page.getByText("0 new, 1 changed, 2 as they were, 0 no longer in the list").waitFor();
  await rows(page).getByRole("row").nth(1).getByRole("gridcell").nth(1).click();
  await page.keyboard.press("Space");
  await page.getByText("0 new, 0 changed, 2 as they were, 0 no longer in the list").waitFor();
}));

test("a hundred thousand rows: the last is reached, unticked and left out; the rest comes in", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  const lines = ["Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount"];
  for (let n = 1; n <= 100_000; n++) {
    lines.push(`C-${n % 900},Customer ${n % 900},INV-${n},2026-04-13,2026-05-13,EUR,10.00,10.00`);
  }
  await beginWithFile(page, csv("many.csv", lines.join("\n")));
  assert.equal(await control(page, "Accepted"), "100,000");
  await rows(page).getByRole("row").nth(1).getByRole("gridcell").nth(1).click();
  await page.keyboard.press("Control+End");
  await rows(page).getByRole("row", { name: /INV-100000/ }).waitFor();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Import 99,999 items" }).waitFor();
  await totals(page).getByText("999,990.00").first().waitFor();
  await commitImport(page);
  await footerSays(page, "99,999 open items", "999,990.00 EUR");
}));

const TERMS =
  "Customer Number,Customer Name,Invoice Number,Invoice Date,Terms,Currency,Amount,Open Amount,Local amount,Local currency\n" +
  "C-1,North Ltd,N-1,2026-01-30,ZT30,EUR,100.00,100.00,118.25,USD\n" +
  "C-1,North Ltd,N-2,2026-01-30,NAA8,EUR,50.00,50.00,59.13,USD\n";

test("terms codes are asked, make the due dates, are kept for the source and changed in Settings", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, csv("terms.csv", TERMS));
  const asked = page.getByRole("region", { name: "Terms codes without a meaning" });
  await asked.waitFor();
  await asked.getByLabel("ZT30 means").fill("30 days EOM");
  await asked.getByText(/can be read in two ways/).waitFor();
  await asked.getByLabel("ZT30 means").fill("net 30");
  await asked.getByLabel("NAA8 means").fill("15 MFI");
  await shoot(page, "terms");
  await asked.getByRole("button", { name: "Use these meanings" }).press("Enter");
  await asked.waitFor({ state: "detached" });
  const grid = rows(page);
  await grid.getByRole("row", { name: /N-1.*2026-03-01/ }).waitFor();
  await grid.getByRole("row", { name: /N-2.*2026-02-15/ }).waitFor();
  // The local amount is there, apart: the total is of the document's currency alone.
  await grid.getByRole("row", { name: /118\.25 USD/ }).waitFor();
  assert.equal(await totals(page).getByRole("row", { name: /USD/ }).count(), 0);
  await commitImport(page);

  // The same code in the next file of the source is known.
  await page.getByRole("button", { name: "Import another file" }).click();
  await page.getByLabel("Choose files").setInputFiles(csv("next.csv", TERMS.replaceAll("N-", "M-")));
  await previewed(page);
  await rows(page).getByRole("row", { name: /M-1.*2026-03-01/ }).waitFor();
  assert.equal(await asked.count(), 0);

  await goTo(page, "Settings");
  const table = page.getByRole("region", { name: "Terms codes" }).last();
  await table.getByRole("row", { name: /ERP ZT30 net 30/ }).waitFor();
  await table.getByRole("button", { name: "Change ZT30" }).click();
  await page.getByLabel("Means", { exact: true }).fill("net 45");
  await page.getByRole("button", { name: "Add or change the code" }).click();
  await table.getByRole("row", { name: /ERP ZT30 net 45/ }).waitFor();

  // All the source says of an item: the local amount apart.
  await goTo(page, "Items");
  await page.getByRole("grid", { name: "Open items" }).getByRole("row", { name: /N-1/ }).getByRole("gridcell").nth(1).click();
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("118.25 USD, in no total of ours").waitFor();
  await dialog.getByText("terms.csv, line 2").waitFor();
  await shoot(page, "details");
}));
