// The client's own workbook: given once, filled each day. Its sheets, formulas and formats stay; its rows are those of
// the book, and LibreOffice reckons the same totals as the screen.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { shooter, started, story } from "../support.mjs";
import { fixture, goTo, gridRows, openSample } from "../steps.mjs";
import { noOffice, recalculated, thousandths } from "../sheets.mjs";

// Without its service worker the site answers a deep address as GitHub Pages does: its page, with status 404.
const NO_SW = /status of 404/;
const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("template");

/** Gives a workbook by its button; answers the dialog, or nothing where it is refused. */
async function give(page, file) {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Give a workbook" }).click(),
  ]);
  await chooser.setFiles(file);
}

/** Saves the file that `press` makes, in a folder of its own: the same book gives the same name twice. */
async function saved(page, parent, press) {
  const folder = await mkdtemp(join(parent, "saved-"));
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return { file, folder, name: download.suggestedFilename() };
}

/** Rows of data and the total of a filled sheet. */
function taken(sheet) {
  const header = sheet.findIndex((row) => row[0] === "Invoice #");
  const total = sheet.findIndex((row) => row[0] === "Total");
  assert.ok(header >= 0 && total > header, JSON.stringify(sheet.slice(0, 6)));
  return { data: sheet.slice(header + 1, total), total: sheet[total], below: sheet.slice(total + 1) };
}

const sum = (rows, column) => rows.reduce((all, row) => all + (thousandths(row[column]) ?? 0n), 0n);

test("a client's workbook is given once and filled from the book", story({ browser, expected: [NO_SW] }, async ({ open }) => {
  const folder = await mkdtemp(join(tmpdir(), "duebook-template-"));
  try {
    const page = await open("?nosw=1");
    await openSample(page);
    await goTo(page, "Settings");
    await shoot(page, "empty");
    await give(page, { name: "list.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("Invoice,Amount\n") });
    await page.getByText("This is no Excel workbook of the .xlsx kind").waitFor();

    await give(page, fixture("client-weekly.xlsx"));
    const dialog = page.getByRole("dialog", { name: "What goes where in client-weekly.xlsx" });
    await dialog.getByText("Rows 5 to 7 are replaced; row 8 (“Total”) and what is below it stays").waitFor();
    assert.equal(await dialog.getByLabel("Due Date holds").inputValue(), "Due date");
    assert.equal(await dialog.getByLabel("Half holds").inputValue(), "", "the client's own formula goes on");
    await dialog.getByLabel("Region holds").selectOption("Country");
    await dialog.getByLabel("In currency").selectOption("USD");
    await dialog.getByLabel("In the order of").selectOption({ label: "Open amount, largest first" });
    await shoot(page, "mapping");
    await dialog.getByRole("button", { name: "Keep the workbook" }).click();
    await dialog.waitFor({ state: "hidden" });
    const kept = page.getByRole("region", { name: "Workbooks kept" });
    await kept.getByRole("rowheader", { name: "client-weekly" }).waitFor();
    await kept.scrollIntoViewIfNeeded();
    await shoot(page, "kept");

    const filled = await saved(page, folder, () => page.getByRole("button", { name: "Fill “client-weekly”" }).click());
    assert.match(filled.name, /^client-weekly \d{4}-\d\d-\d\d\.xlsx$/);

    // Reports and the client's workbook are of the source's figures, as the aging is.
    await goTo(page, "Aging");
    await page.getByRole("combobox", { name: "By", exact: true }).selectOption("Currency");
    await page.getByRole("main").getByText(/days past due · \d rows?$/).waitFor();
    const aged = thousandths((await gridRows(page, "Aging")).find((row) => row[1] === "USD")[2]);

    // The screen's own list, in the workbook too.
    await goTo(page, "Items");
    await page.getByLabel("Currency").selectOption("USD");
    const listed = page.getByText(/listed:/);
    await listed.filter({ hasText: /^[\d,]+ listed: [−\d,.]+ USD$/ }).waitFor();
    const [, count] = /^([\d,]+) listed: /.exec((await listed.innerText()).trim());
    const first = (await gridRows(page, "Open items"))[0];
    await page.getByRole("button", { name: "Save as" }).click();
    const listFile = await saved(page, folder, () =>
      page.getByRole("menuitem", { name: "Fill “client-weekly” with this list" }).click());

    if (!noOffice) {
      const books = await recalculated([filled.file], filled.folder);
      const book = books.get(filled.name);
      const { data, total, below } = taken(book.get("Open items"));
      assert.ok(data.length >= Number(count.replaceAll(",", "")), "also what we posted away and the source still shows");
      assert.equal(thousandths(total[3]), sum(data, 3), "the client's own total");
      assert.equal(thousandths(total[3]), aged, "and the aging's");
      assert.equal(thousandths(book.get("Summary")[0][1]), aged, "another sheet's formula follows");
      const amounts = data.map((row) => thousandths(row[3]));
      assert.ok(amounts.every((a, at) => at === 0 || amounts[at - 1] >= a), "the largest first");
      assert.equal(below.find((row) => row[0])?.[0], "Prepared for the weekly call");
      assert.ok(!JSON.stringify(data).includes("OLD-"), "no row of the client's is left");
      assert.ok(data.every((row) => /^\d\d\/\d\d\/\d{4}$/.test(row[2])), "real dates");
      const again = await recalculated([listFile.file], listFile.folder);
      const list = taken(again.get(listFile.name).get("Open items"));
      assert.equal(list.data.length, Number(count.replaceAll(",", "")));
      assert.equal(thousandths(list.total[3]), sum(list.data, 3));
      assert.ok(first.join(" ").includes(list.data[0][0]), `${first} begins with ${list.data[0][0]}`);
    }

    // Put away, and back by undo.
    await goTo(page, "Settings");
    await page.getByRole("button", { name: "Put away" }).click();
    await page.getByText("“client-weekly” was put away").waitFor();
    await kept.waitFor({ state: "hidden" });
    await page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" }).last().click();
    await kept.getByRole("rowheader", { name: "client-weekly" }).waitFor();

    // It outlives the page: its bytes are beside the log.
    await page.reload();
    await started(page);
    await kept.getByRole("rowheader", { name: "client-weekly" }).waitFor();
    await page.getByRole("button", { name: "Change what goes where" }).click();
    await dialog.waitFor();
    assert.equal(await dialog.getByLabel("Region holds").inputValue(), "Country", "what was said is remembered");
    await dialog.getByRole("button", { name: "Cancel" }).click();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}));
