// Every workbook out of the sample portfolio, recalculated by LibreOffice: each total equals the sum of the values
// above it, and the figure on the screen.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { story } from "../support.mjs";
import { goTo, gridRows, openSample } from "../steps.mjs";
import { noOffice, parts, recalculated, thousandths } from "../sheets.mjs";

/** Saves a file with the control that `press` presses; answers its path and the rows it is said to have. */
async function saved(page, folder, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  const name = download.suggestedFilename();
  const file = join(folder, name);
  await download.saveAs(file);
  const told = page.getByRole("region", { name: "Messages" }).getByText(`${name}: `);
  const rows = Number(/: ([\d,]+) rows?,/.exec(await told.first().innerText())[1].replaceAll(",", ""));
  return { file, name, rows };
}

/** Reports that are saved one by one from the page Reports. */
const SINGLE = [
  "Variance",
  "Roll rate",
  "Promises",
  "Cash application log",
  "Unapplied cash",
  "Dispute log",
  "Plans and settlements",
  "Agency and legal",
  "Cash forecast",
  "Forecast against actual",
  "Risk register",
  "Authority log",
  "Tax withheld",
];

const fromMenu = (page, item) => async () => {
  await page.getByRole("button", { name: "Save as" }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
};

/** The sum of a column over rows, of one currency where there is one. */
function sumOf({ header, data }, column, currency) {
  const code = header.indexOf("Currency");
  const taken = currency ? data.filter((row) => row[code] === currency) : data;
  return taken.reduce((sum, row) => sum + (thousandths(row[column]) ?? 0n), 0n);
}

/** Compares every total of a sheet with the values above it; answers how many there are. */
function checkTotals(name, sheet) {
  let checked = 0;
  for (const total of sheet.totals) {
    const currency = total[sheet.header.indexOf("Currency")];
    for (const [column, cell] of total.entries()) {
      const figure = thousandths(cell);
      if (figure === null) continue;
      assert.equal(figure, sumOf(sheet, column, currency), `${name}: ${currency} ${sheet.header[column]}`);
      checked++;
    }
  }
  return checked;
}

test("workbooks recalculated: every total is the sum of its values and the screen's", { skip: noOffice }, story({}, async ({ open }) => {
  const folder = await mkdtemp(join(tmpdir(), "duebook-sheets-"));
  try {
    const page = await open("?nosw=1");
    await openSample(page);
    await goTo(page, "Aging");
    const aging = await saved(page, folder, fromMenu(page, "Summary as Excel"));
    const detail = await saved(page, folder, fromMenu(page, "Detail as Excel"));
    await page.getByRole("combobox", { name: "By", exact: true }).selectOption("Currency");
    await page.getByRole("main").getByText(/days past due · \d rows?$/).waitFor();
    const heads = await page.getByRole("grid", { name: "Aging" }).getByRole("columnheader").allInnerTexts();
    const [, , total, , , ...buckets] = heads.map((head) => head.trim());
    assert.equal(total, "Total");
    const shown = new Map((await gridRows(page, "Aging")).map((row) => [row[1], row]));
    await goTo(page, "Items");
    const items = await saved(page, folder, fromMenu(page, "List as Excel"));
    const rows = await saved(page, folder, fromMenu(page, "All rows as Excel"));
    await goTo(page, "Activity");
    const activity = await saved(page, folder, fromMenu(page, "Contacts made, as Excel"));

    await goTo(page, "Reports");
    const singles = [];
    for (const name of SINGLE) {
      const one = await saved(page, folder, async () => {
        await page.getByRole("button", { name: `Save ${name}`, exact: true }).click();
        await page.getByRole("menuitem", { name: "Excel", exact: true }).click();
      });
      singles.push({ ...one, report: name });
    }
    await page.getByRole("button", { name: "Issue Month-end pack" }).click();
    const [issued] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Issue it" }).click()]);
    const pack = { name: issued.suggestedFilename(), file: join(folder, issued.suggestedFilename()) };
    await issued.saveAs(pack.file);

    const files = [aging, detail, items, rows, activity, pack, ...singles];
    const books = await recalculated(files.map(({ file }) => file), folder);
    const sheet = ({ name, rows }, of) => parts(books.get(name).get(of), rows);
    const sheets = {
      Aging: sheet(aging, "Aging"),
      "Aging detail": sheet(detail, "Aging detail"),
      Items: sheet(items, "Items"),
      Rows: sheet(rows, "Rows"),
      Activity: sheet(activity, "Activity"),
    };
    for (const [name, of] of Object.entries(sheets)) assert.ok(of.data.length > 100, `${name}: ${of.data.length} rows`);
    for (const name of ["Aging", "Aging detail", "Items"]) assert.ok(checkTotals(name, sheets[name]) > 10, `${name}: totals`);
    assert.equal(sheets.Rows.totals.length, 0, "plain data has no totals");

    assert.ok(shown.size > 1);
    for (const [currency, row] of shown) {
      const onScreen = thousandths(row[2]);
      for (const [name, column] of [["Aging", "Net"], ["Aging detail", "Open"], ["Items", "Open"], ["Rows", "Open"]]) {
        const of = sheets[name];
        assert.equal(sumOf(of, of.header.indexOf(column), currency), onScreen, `${name}: ${currency}`);
      }
      for (const [at, bucket] of buckets.entries()) {
        const column = sheets.Aging.header.indexOf(bucket);
        if (column < 0) continue;
        const cell = thousandths(row[at + 5]) ?? 0n;
        assert.equal(sumOf(sheets.Aging, column, currency), cell, `${currency} ${bucket}`);
      }
    }
    // Every other report: its totals are the sums of its values, of each currency.
    const found = new Map();
    for (const one of singles) {
      const [name, of] = [...books.get(one.name)].find(([title]) => title !== "README" && title !== "Checks");
      const taken = parts(of, one.rows);
      assert.equal(taken.data.length, one.rows, one.report);
      checkTotals(`${one.report}: ${name}`, taken);
      found.set(one.report, taken);
    }
    // The forecast has everything open in one of its lines: the aging before credits.
    const forecast = found.get("Cash forecast");
    const gross = buckets.filter((name) => /^(Current|\d+–\d+|\d+\+)$/.test(name));
    assert.ok(gross.length > 3, gross.join());
    for (const [currency, row] of shown) {
      const open = sumOf(forecast, forecast.header.indexOf("Open"), currency);
      const aged = gross.reduce((sum, bucket) => {
        const column = sheets.Aging.header.indexOf(bucket);
        return column < 0 ? sum : sum + sumOf(sheets.Aging, column, currency);
      }, 0n);
      assert.equal(open, aged, `the forecast of ${currency} ${row[1]}`);
      const parts = ["Committed", "Statistical", "Upside", "Without a date", "Placed"];
      assert.equal(parts.reduce((sum, part) => sum + sumOf(forecast, forecast.header.indexOf(part), currency), 0n), open);
    }
    // What was expected against what came: each row adds up, and some week is over.
    const judged = found.get("Forecast against actual");
    const [cash, presumed, came, expected, off] = ["Cash received", "Presumed paid", "Came", "Expected", "Expected less came"]
      .map((name) => judged.header.indexOf(name));
    assert.ok(judged.data.length > 0 && [cash, presumed, came, expected, off].every((at) => at >= 0), judged.header.join());
    for (const row of judged.data) {
      const of = (at) => thousandths(row[at]) ?? 0n;
      assert.equal(of(came), of(cash) + of(presumed), row.join());
      assert.equal(of(off), of(expected) - of(came), row.join());
    }
    assert.ok(found.get("Plans and settlements").data.length > 0 && found.get("Agency and legal").data.length > 0);
    // The workbook adds every total up again by itself, and finds the same.
    const checks = books.get(pack.name).get("Checks");
    assert.match(checks[1][0], /^All \d+ checks hold$/);
    const checked = checks.filter((row) => row[5] === "holds");
    assert.ok(checked.length > 60, `${checked.length} checks`);
    assert.ok(!checks.some((row) => row[5] === "FAILED"), "none failed");
    for (const row of checked) assert.equal(thousandths(row[2]), thousandths(row[3]), row.slice(0, 2).join(" "));
    for (const [currency, row] of shown) {
      const closing = checked.find((line) => line[0] === "Variance: Closing" && line[1] === currency);
      assert.equal(thousandths(closing[2]), thousandths(row[2]), `variance closes at the screen's total, ${currency}`);
    }
    for (const { name } of [aging, detail, items, rows, activity]) {
      const readme = books.get(name).get("README");
      assert.ok(readme.some((row) => /^Reconciled: \d+ of \d+ controls hold$/.test(row[0])), `${name} says it is reconciled`);
      const controls = readme.filter((row) => row[2] && row[5] && row[0] !== "What");
      assert.ok(controls.length > 2);
      for (const row of controls) assert.equal(thousandths(row[1]), thousandths(row[3]), `${name}: ${row[0]}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}));
