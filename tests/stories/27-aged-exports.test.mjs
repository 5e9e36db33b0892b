// Three real exports of one ledger as three mornings: the list as it was, one with forecast clearing dates and rows that
// are gone, and one whose days and months were swapped. Absent is not paid, a float's dust is no change, swapped dates
// are asked about.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { started, story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, importButton, nextFile, previewed } from "../steps.mjs";
import { records } from "../mornings.mjs";

const DATA = join(import.meta.dirname, "../../../shared/data/ar_highradius_open");
const skip = existsSync(DATA) ? false : "skipped: ../shared absent";
const NO_SW = /status of 404/;
const file = (name) => join(DATA, name);
const grouped = (count) => count.toLocaleString("en-GB");
const DAYS = ["2020-05-24", "2020-05-25", "2020-05-26"];

/** What the files say of each other, worked out from their own text: by document, of those that are there once. */
async function expected() {
  const read = async (name) => {
    const rows = records(await readFile(file(name), "utf8"), "doc_id").filter((row) => row.doc_id);
    const count = new Map();
    for (const row of rows) count.set(row.doc_id, (count.get(row.doc_id) ?? 0) + 1);
    return { rows, once: new Map(rows.filter((row) => count.get(row.doc_id) === 1).map((row) => [row.doc_id, row])), all: new Set(count.keys()) };
  };
  const [raw, aged, swapped] = await Promise.all(
    ["open_items_raw_ddmmyyyy.csv", "aged_export_v1.csv", "aged_export_dates_swapped.csv"].map(read),
  );
  // The raw file writes DD-MM-YYYY.
  const iso = (text) => text.split("-").reverse().join("-");
  const both = [...raw.once.keys()].filter((id) => swapped.once.has(id));
  const dust = [...aged.once.keys()].filter((id) => swapped.once.has(id));
  return {
    items: raw.all.size,
    gone: [...raw.all].filter((id) => !aged.all.has(id)).length,
    fresh: [...aged.all].filter((id) => !raw.all.has(id)).length,
    due: both.filter((id) => iso(raw.once.get(id).due_in_date) !== swapped.once.get(id).due_in_date).length,
    dust: dust.filter((id) => swapped.once.get(id).converted_usd !== aged.once.get(id).converted_usd),
  };
}

/** The next export on the import page: everything that is open, of a day, in dollars. */
async function choose(page, name, day) {
  await nextFile(page, file(name));
  await page.getByRole("textbox", { name: "Figures as of" }).fill(day);
  await previewed(page);
  await page.getByLabel("The file shows").selectOption({ label: "Everything open in the source" });
}

/** A kind of change on the page of changes, with its count; 0 where there is none. */
async function changes(page, label) {
  const kinds = page.getByRole("navigation", { name: "Kinds of change" });
  await kinds.waitFor();
  const kind = kinds.getByRole("button", { name: label });
  return (await kind.count()) ? Number((await kind.locator(".num").first().innerText()).replaceAll(",", "")) : 0;
}

test("three exports of one ledger: absent, dust, swapped dates", { skip }, story({ expected: [NO_SW] }, async ({ open, browser: { context } }) => {
  const said = await expected();
  const page = await open("?nosw=1");
  await context.clock.setFixedTime(new Date(`${DAYS[2]}T09:00:00+02:00`));
  await page.reload();
  await started(page);
  await beginWithFile(page, file("open_items_raw_ddmmyyyy.csv"));
  await page.getByRole("textbox", { name: "Figures as of" }).fill(DAYS[0]);
  await page.getByLabel("The file shows").selectOption({ label: "Everything open in the source" });
  await commitImport(page);

  const cents = (text) => Math.round(Number(text.replaceAll(",", "")) * 100);
  const open0 = cents(/([\d,.]+) USD/.exec(await page.getByRole("contentinfo").innerText())[1]);

  // Absent: 221 of them. A document that stands twice with two amounts is refused, and in the file: not
  // absent. Forecast clearing dates settle nothing.
  await choose(page, "aged_export_v1.csv", DAYS[1]);
  const against = new RegExp(`Against the book: .* 0 changed, .* ${said.gone} no longer in the list`);
  await page.getByText(against).waitFor();
  await page.getByText(/has a clearing date, but the list is of what is open: taken as open/).first().waitFor();
  const whole = page.getByRole("button", { name: "Yes, it is the whole list" });
  if (await whole.count()) await whole.click();
  await commitImport(page);
  await page.getByRole("link", { name: "See what changed" }).click();
  assert.equal(await changes(page, /^Gone, cause unknown/), said.gone);
  assert.equal(await changes(page, /^Cleared/), 0, "nothing was paid");
  for (const kind of [/^Less open/, /^Amount changed/, /^Re-aged/]) assert.equal(await changes(page, kind), 0, String(kind));

  // Day and month changed over: asked about, and nothing is written.
  await goTo(page, "Import");
  const before = await page.getByRole("contentinfo").innerText();
  await choose(page, "aged_export_dates_swapped.csv", DAYS[2]);
  const doubts = page.getByRole("region", { name: "Before this is believed" });
  const asked = `${grouped(said.due)} of ${grouped(said.items)} rows have another due date; ${grouped(said.due)} of them are the old date with day and month changed over.`;
  await doubts.getByText(asked).waitFor();
  assert.equal(await importButton(page).getAttribute("aria-disabled"), "true");
  assert.equal(await page.getByRole("contentinfo").innerText(), before);
  await doubts.getByRole("button", { name: "Keep the dates in the book" }).click();
  await doubts.waitFor({ state: "hidden" });
  await commitImport(page);
  await page.getByRole("link", { name: "See what changed" }).click();
  assert.equal(await changes(page, /^Re-aged/), 0, "no due date moved");
  const reopened = await changes(page, /^Reopened/);
  assert.equal(reopened, said.gone, "what was absent is back");
  assert.equal(await changes(page, /^Cleared/), 0);
  // Float dust: another text, the same cents.
  assert.ok(said.dust.length > 100, `${said.dust.length} amounts written otherwise`);
  for (const kind of [/^Less open/, /^More open/, /^Amount changed/]) {
    if ((await changes(page, kind)) === 0) continue;
    await page.getByRole("navigation", { name: "Kinds of change" }).getByRole("button", { name: kind }).click();
    const numbers = (await gridRows(page, (await page.getByRole("grid").getAttribute("aria-label")))).map((row) => row[1]);
    assert.deepEqual(numbers.filter((number) => said.dust.includes(number)), [], String(kind));
  }
  // Nothing is posted as paid: no receipt, and all that was open is.
  await goTo(page, "Cash");
  await page.getByRole("tab", { name: "Receipts" }).click();
  await page.getByText("No receipt is dated in these days.").waitFor();
  const open2 = cents(/([\d,.]+) USD/.exec(await page.getByRole("contentinfo").innerText())[1]);
  assert.equal(open2, open0, "what is open is what the first list showed");
}));
