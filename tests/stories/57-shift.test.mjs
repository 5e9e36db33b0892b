// A night shift on the sample portfolio, from 18:30 to 03:30 in Kolkata over a month-end, handed over in
// one file to a second profile that goes on; then both copies are joined. Figures are checked on the way.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { launch, shooter, started, story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

const shoot = shooter("shift");
const browser = { viewport: { width: 1366, height: 768 }, timezoneId: "Asia/Kolkata" };
// 30 November, 18:30 in Kolkata; two in the morning is of December there, and of November in the shift.
const EVENING = new Date("2026-11-30T13:00:00Z");
const NIGHT = new Date("2026-11-30T20:30:00Z");
const END = new Date("2026-11-30T22:00:00Z");
const NEXT = new Date("2026-12-01T13:00:00Z");

const messages = (page) => page.getByRole("region", { name: "Messages" });

/** Downloads, not pickers: a picker cannot be driven. */
async function plain(context) {
  await context.addInitScript(() => {
    delete window.showSaveFilePicker;
    delete window.showDirectoryPicker;
  });
}

async function work(page, name) {
  await page.keyboard.press("Shift+W");
  const dialog = page.getByRole("dialog", { name: "Who works here?" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Keep the name" }).press("Enter");
  await messages(page).getByText(`${name} works here now`).waitFor();
}

async function shiftPage(page) {
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.getByRole("heading", { level: 1, name: "Shift" }).waitFor();
}

/** Logs a call on the `n`th account of today's list, by keyboard. */
async function call(page, n, key, note) {
  await goTo(page, "Today");
  await gridRows(page, "Who to turn to today");
  // Who may be called now by the rules: elsewhere a reason would be asked for.
  const open = page.getByRole("button", { name: /^Opens now/ });
  if ((await open.getAttribute("aria-pressed")) !== "true") await open.click();
  await gridRows(page, "Who to turn to today");
  await page.getByRole("grid").focus();
  for (let i = 0; i <= n; i += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/account\//);
  await page.getByRole("group", { name: "Outcome" }).waitFor();
  const before = (await commitsOnDisk(page)).length;
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press(key);
  if (note) await page.getByRole("textbox", { name: "Note" }).fill(note);
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(
    async ([id, from]) => {
      const open = indexedDB.open(`duebook.book.${id}`);
      const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
      const count = database.transaction("commits").objectStore("commits").count();
      const n = await new Promise((done) => (count.onsuccess = () => done(count.result)));
      database.close();
      return n > from;
    },
    [page.url().split("/book/")[1].split("/")[0], before],
  );
}

/** Waits until a figure of the running shift is what is expected. */
async function figureIs(page, term, value, why) {
  const read = () => {
    const terms = Array.from(document.querySelectorAll(".stats dt"));
    const found = terms.find((t) => t.innerText.trim() === "TERM");
    return found?.nextElementSibling?.innerText.trim();
  };
  const source = read.toString().replace("TERM", term);
  await page
    .waitForFunction(`(${source})() === ${JSON.stringify(value)}`, null, { timeout: 10_000 })
    .catch(async () => assert.equal(await page.evaluate(`(${source})()`), value, why));
}

/** A figure of the end-of-day report. */
async function reported(page, row) {
  const rows = page.getByRole("row", { name: new RegExp(`^${row}`) });
  const cell = rows.getByRole("cell").first();
  await cell.waitFor();
  return (await cell.innerText()).trim();
}

/** How many lines each group of a paper has. */
const groups = (paper) => paper.locator("h3").allInnerTexts();

async function endShift(page, note) {
  await page.getByRole("textbox", { name: /What else the next one has to know/ }).fill(note);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "End shift and write the file" }).press("Enter");
  const file = await download;
  await page.getByText("The hand-over file is in your downloads").waitFor();
  return file;
}

test("a night over a month-end is handed to a second profile, and both copies are joined", story({ browser }, async ({ site, browser: first, open }) => {
  const folder = await mkdtemp(join(tmpdir(), "duebook-shift-"));
  await plain(first.context);
  await first.context.clock.setFixedTime(EVENING);
  const page = await open("?nosw=1");
  await openSample(page);
  await work(page, "Asha");

  // The day before left a hand-over: it is read first.
  await shiftPage(page);
  const left = page.getByRole("region", { name: /^Hand-over of / });
  await left.waitFor();
  await shoot(page, "start");
  await page.getByRole("button", { name: "Hand-over read, start shift" }).press("Enter");
  await messages(page).getByText("Asha works, work date 30 Nov 2026").waitFor();
  await figureIs(page, "Contacts", "0");

  // Two calls before midnight, one after: all of one evening.
  await call(page, 0, "1");
  await call(page, 3, "n", "They approve on Thursdays");
  await first.context.clock.setFixedTime(NIGHT);
  await call(page, 0, "1");
  await shiftPage(page);
  await figureIs(page, "Contacts", "2", "a note is no contact");
  await shoot(page, "running");
  const preview = await groups(page.getByRole("region", { name: /^What would be handed over now/ }));
  assert.ok(preview.length > 2, preview.join());

  await first.context.clock.setFixedTime(END);
  const handed = await endShift(page, "Portal of the hospital group is down");
  assert.match(handed.suggestedFilename(), /hand-over-Asha.*\.duebook$/);
  const file = join(folder, "asha.duebook");
  await copyFile(await handed.path(), file);
  const mine = page.getByRole("region", { name: /^Hand-over of Asha, work date 30 Nov 2026/ });
  const frozen = await groups(mine);
  await page.getByText("0 since file").waitFor();
  await shoot(page, "ended");

  // By shift the call after midnight is of the evening; by ledger date it is of the next day.
  await page.getByRole("tab", { name: "End of day" }).click();
  assert.equal(await reported(page, "Contacts"), "2");
  assert.equal(await reported(page, "Notes"), "1");
  await shoot(page, "day");
  await page.getByRole("combobox", { name: "Of" }).selectOption({ label: "Today by ledger date" });
  await page.getByRole("combobox", { name: "By" }).selectOption({ label: "Asha" });
  await page.getByText(/Ledger date/).first().waitFor();

  // A second profile opens the file: the same paper; it goes on.
  const second = await launch(browser);
  try {
    await plain(second.context);
    await second.context.clock.setFixedTime(NEXT);
    const { page: other } = await second.open(`${site.url}?nosw=1`);
    await started(other);
    const chooser = other.waitForEvent("filechooser");
    await other.getByRole("button", { name: "Restore a backup" }).click();
    await (await chooser).setFiles(file);
    await other.getByRole("heading", { level: 1, name: "Today" }).waitFor({ timeout: 60_000 });
    await work(other, "Bela");
    await shiftPage(other);
    const theirs = other.getByRole("region", { name: /^Hand-over of Asha, work date 30 Nov 2026/ });
    await theirs.waitFor();
    assert.deepEqual(await groups(theirs), frozen, "the paper is the same in the other profile");
    await theirs.getByText("Portal of the hospital group is down").waitFor();
    await shoot(other, "read");
    await other.getByRole("button", { name: "Hand-over read, start shift" }).press("Enter");
    await messages(other).getByText(/^Bela works, work date 1 Dec 2026/).waitFor();
    await call(other, 0, "1");
    await call(other, 0, "1");
    await shiftPage(other);
    const back = await endShift(other, "Two tried, nobody there");
    const answer = join(folder, "bela.duebook");
    await copyFile(await back.path(), answer);

    // Meanwhile the first has gone on: the copies parted, and are joined.
    await first.context.clock.setFixedTime(NEXT);
    await call(page, 4, "1");
    const before = (await commitsOnDisk(page)).length;
    await shiftPage(page);
    await page.getByRole("tab", { name: "Take in" }).click();
    await page.getByLabel("Drop a hand-over file").setInputFiles(answer);
    await page.getByText(/The copies parted after commit/).waitFor({ timeout: 60_000 });
    await shoot(page, "join");
    // Start, two calls, end.
    await page.getByRole("button", { name: "Take in 4 commits" }).press("Enter");
    await page.getByText("4 commits of Bela came in").waitFor();
    assert.equal((await commitsOnDisk(page)).length, before + 5, "their four, and the record of it");
    await page.getByRole("tab", { name: "Shift", exact: true }).click();
    await page.getByRole("region", { name: /^Hand-over of Bela, work date 1 Dec 2026/ }).waitFor();
    await page.getByRole("tab", { name: "End of day" }).click();
    await page.getByRole("combobox", { name: "Of" }).selectOption({ label: "Bela, work date 1 Dec 2026" });
    await page.getByRole("heading", { level: 2, name: "Bela, work date 1 Dec 2026" }).waitFor();
    assert.equal(await reported(page, "Contacts"), "2", "Bela's own two");
    await shoot(page, "joined");

    // Twice is once.
    await page.getByRole("tab", { name: "Take in" }).click();
    await page.getByLabel("Drop a hand-over file").setInputFiles(answer);
    await page.getByText(/The copies parted|has nothing new/).first().waitFor({ timeout: 60_000 });
    await page.getByRole("tabpanel").getByText(/4 are here already/).waitFor();
  } finally {
    await second.close();
    await rm(folder, { recursive: true, force: true });
  }
}));
