// A month of the sample portfolio closed as a new user would: the opening list is frozen, the weekly pack and the month's are
// issued, a payment turns out to have paid the wrong invoice, the month is restated line by line and issued again with why.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("month");
const cents = (text) => Math.round(Number(text.replaceAll(/[^\d.−-]/g, "").replace("−", "-") || 0) * 100);
const messages = (page) => page.getByRole("region", { name: "Messages" });

/** The last days of the month before a day of the form 2026-11-22. */
function monthBefore(day) {
  const [year, month] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1, 0)).toISOString().slice(0, 10);
  return { first: `${last.slice(0, 8)}01`, last };
}

async function openReports(page) {
  await goTo(page, "Reports");
  await page.getByRole("tab", { name: "Reports and packs" }).click();
}

async function issue(page, pack, period, why) {
  await openReports(page);
  await page.getByRole("button", { name: `Issue ${pack}` }).click();
  const dialog = page.getByRole("dialog", { name: `Issue ${pack}` });
  if (period) {
    await dialog.getByRole("textbox", { name: "From" }).fill(period.first);
    await dialog.getByRole("textbox", { name: "To, and as of" }).fill(period.last);
  }
  if (why) {
    // The same day again without a reason is refused.
    await dialog.getByRole("button", { name: "Issue it" }).click();
    await dialog.getByText("Say why it is issued again.").first().waitFor();
    await dialog.getByRole("textbox", { name: "Why again" }).fill(why);
  }
  const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Issue it" }).click()]);
  const name = download.suggestedFilename();
  await messages(page).getByText(new RegExp(`^${name} issued and in your downloads; \\d+ of \\d+ controls hold`)).first().waitFor();
  await dialog.waitFor({ state: "hidden" });
  return name;
}

/** Opens what became of the newest issue of a pack. */
async function restated(page, pack) {
  await goTo(page, "Reports");
  await page.getByRole("tab", { name: /^Issued/ }).click();
  await gridRows(page, "Issued reports");
  await page.getByRole("grid", { name: "Issued reports" }).getByRole("row").filter({ hasText: pack }).first().click();
  const dialog = page.getByRole("dialog", { name: new RegExp(`^${pack}`) });
  await dialog.getByText(/^BLAKE3/).waitFor();
  return dialog;
}

/** Opens an account with an old invoice and a younger one, both due before the month and in different buckets. */
async function accountWithTwo(page, month) {
  await goTo(page, "Today");
  for (let n = 0; n < 14; n++) {
    await gridRows(page, "Who to turn to today");
    await page.getByRole("grid", { name: "Who to turn to today" }).focus();
    await page.keyboard.press("Control+Home");
    for (let k = 0; k < n; k++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/account\//);
    const rows = await gridRows(page, "Open items");
    const heads = (await page.getByRole("grid", { name: "Open items" }).getByRole("columnheader").allInnerTexts()).map((h) => h.trim());
    const at = (name) => heads.findIndex((h) => h.startsWith(name));
    const items = rows
      .map((row) => ({ number: row[at("Document")]?.split("\n")[0], due: row[at("Due")] ?? "", open: cents(row[at("Open")] ?? "") }))
      .filter((i) => i.open > 20_000 && /\d{4}$/.test(i.due))
      .map((i) => ({ ...i, days: (new Date(month.last) - new Date(`${i.due} UTC`)) / 86_400_000 }));
    const old = items.find((i) => i.days > 121);
    const young = items.find((i) => i.days > 12 && i.days < 120);
    if (old && young) return [old, young];
    await goTo(page, "Today");
  }
  return assert.fail("an account with an old and a younger invoice");
}

test("a month is closed, a misapplied payment found late restates it, and it is issued again", story({ browser }, async ({ open, browser: { context } }) => {
  // A Wednesday in office hours: what month is closed does not hang on the day of the run.
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await openSample(page);
  const today = await page.evaluate(() => new Date().toISOString().slice(0, 10));
  const month = monthBefore(today);

  // The opening list of the month is signed off.
  await goTo(page, "Key figures");
  await gridRows(page, "Key figures");
  await page.getByRole("combobox", { name: "Period" }).selectOption({ label: "Last month" });
  await page.getByText(/ · opening list not frozen · /).waitFor();
  await page.getByRole("button", { name: "Opening list" }).click();
  const freezing = page.getByRole("dialog");
  await freezing.getByRole("checkbox").check();
  await freezing.getByRole("button", { name: "Freeze the opening list" }).click();
  await page.getByText(/ · opening list (frozen|closed)/).waitFor();

  // A payment of the month that nobody had typed in: on the older of two invoices, the wrong one.
  const [wrong, right] = await accountWithTwo(page, month);
  await page.getByRole("grid", { name: "Open items" }).getByRole("row").filter({ hasText: wrong.number }).getByRole("gridcell").first().click();
  await page.getByRole("button", { name: /^Record a payment/ }).click();
  const paying = page.getByRole("dialog", { name: "Record a payment" });
  await paying.getByRole("textbox", { name: "Number" }).fill("MIS-59");
  await paying.getByRole("textbox", { name: /^Amount/ }).fill("100.00");
  const value = `${month.first.slice(0, 8)}20`;
  await paying.getByRole("textbox", { name: "Value date" }).fill(value);
  await paying.getByText(`100.00 on ${wrong.number}`).waitFor();
  await paying.getByRole("button", { name: "Record the payment" }).click();
  await messages(page).getByText(/Payment of 100\.00 .* saved/).waitFor();

  // The pack of the week and the month's go out; each is a line of the log.
  const before = (await commitsOnDisk(page)).length;
  assert.equal(await issue(page, "Weekly pack"), `weekly-pack-${today}.xlsx`);
  assert.equal(await issue(page, "Month-end pack", month), `month-end-pack-${month.last}.xlsx`);
  assert.equal((await commitsOnDisk(page)).length, before + 2);
  let dialog = await restated(page, "Month-end pack");
  await dialog.getByText("Every figure is known today as it was issued.").waitFor();
  await page.keyboard.press("Escape");

  // Weeks later the customer says which invoice it was for: from the day of the money on.
  await goTo(page, "Cash");
  await page.getByRole("tab", { name: "Receipts" }).click();
  const log = page.getByRole("grid", { name: "Cash application log" });
  const mine = log.getByRole("row").filter({ hasText: "MIS-59" });
  await gridRows(page, "Cash application log");
  await log.focus();
  await page.keyboard.press("Control+Home");
  for (let n = 0; n < 200 && !(await mine.count()); n++) await page.keyboard.press("PageDown");
  await mine.dblclick();
  dialog = page.getByRole("dialog", { name: /^Receipt MIS-59/ });
  await dialog.getByRole("checkbox", { name: `100.00 on ${wrong.number}` }).check();
  await dialog.getByLabel(right.number).fill("100.00");
  const day = dialog.getByLabel("From which day");
  const act = dialog.getByRole("button", { name: "Apply otherwise" });
  await day.fill("2099-01-01");
  await dialog.getByText("A date from the day of the money to today.").waitFor();
  assert.equal(await act.getAttribute("aria-disabled"), "true");
  await day.fill(value);
  await dialog.getByText("Difference 0: all of it is applied.").waitFor();
  await shoot(page, "misapplied");
  await act.click();
  await messages(page).getByText(/MIS-59 is applied otherwise/).waitFor();

  // The month is known otherwise now: two buckets, by the same amount; nothing is owed more or less.
  dialog = await restated(page, "Month-end pack");
  await dialog.getByText("known otherwise now").waitFor();
  const rows = (table) => dialog.getByRole("region", { name: table }).getByRole("row").evaluateAll((all) =>
    all.slice(1).map((row) => Array.from(row.cells, (cell) => cell.innerText.trim())),
  );
  const figures = await rows("Issued and known now");
  assert.ok(figures.every((row) => row[0].startsWith("Bucket ")), JSON.stringify(figures));
  assert.deepEqual(figures.map((row) => cents(row[4])).toSorted((a, b) => a - b), [-10_000, 10_000]);
  for (const row of figures) assert.equal(cents(row[3]) - cents(row[2]), cents(row[4]), row[0]);
  const learnt = await rows("What was learnt since");
  const said = learnt.map((row) => [row[4], row[5], cents(row[6])]).toSorted((a, b) => a[2] - b[2]);
  assert.deepEqual(said, [
    [right.number, "Learnt: payment", -10_000],
    [wrong.number, "Taken back: payment", 10_000],
  ]);
  await dialog.getByText(/They change the receivables of that day by 0\.00 /).waitFor();
  await shoot(page, "restated");
  await page.keyboard.press("Escape");

  // It is issued again, with the reason; the new issue is as known, the first stays restated.
  await issue(page, "Month-end pack", month, "MIS-59 had paid another invoice");
  dialog = await restated(page, "Month-end pack");
  await dialog.getByText("Issued again: MIS-59 had paid another invoice").waitFor();
  await dialog.getByText("Every figure is known today as it was issued.").waitFor();
  await page.keyboard.press("Escape");
  const issued = await gridRows(page, "Issued reports");
  assert.equal(issued.filter((row) => row[0] === "Month-end pack").length, 2);

  // Of three reports issued this month one went out again: two of three were right the first time.
  await goTo(page, "Key figures");
  const kpis = page.getByRole("grid", { name: "Key figures" });
  await gridRows(page, "Key figures");
  await kpis.focus();
  await page.keyboard.press("Control+End");
  const first = kpis.getByRole("row", { name: /^Right first time/ }).getByRole("gridcell");
  await first.first().waitFor();
  const [name, share, , , , n, kept, all] = (await first.allInnerTexts()).map((text) => text.trim());
  assert.deepEqual({ name, share, n, kept, all }, { name: "Right first time", share: "66.7 %", n: "3", kept: "2", all: "3" });
}));
