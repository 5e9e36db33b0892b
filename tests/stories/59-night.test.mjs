// The whole night by keyboard: 25 contacts of every outcome over a month-end on the callable accounts of
// the sample, three promises that money keeps, part-keeps and does not keep, and what the hand-over and
// the end-of-day report say of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { commitImport, commitsOnDisk, goTo, gridRows, openSample, previewed } from "../steps.mjs";

// A deep link loaded again is answered by 404.html, which is the app.
const NO_SW = /status of 404/;
const shoot = shooter("night");
const browser = { viewport: { width: 1366, height: 768 }, timezoneId: "Asia/Kolkata" };
const minutes = (n) => new Date(Date.parse("2026-11-30T13:00:00Z") + n * 60_000);
const messages = (page) => page.getByRole("region", { name: "Messages" });
const card = (page) => page.getByRole("region", { name: "Card" });
const name = (page) => card(page).getByRole("heading", { level: 2 }).first();
const composer = (page) => page.getByRole("region", { name: "Log a contact" });

/** What is done with each account in turn: the key of the outcome, and what has to be typed for it. */
const NIGHT = [
  ["1"], ["2"], ["3"], ["4"],
  ["p", "whole"], ["p", "part"], ["p", "none"],
  ["i"], ["w"], ["b"], ["h"], ["r"], ["q"], ["d"],
  ["1"], ["2"], ["3"], ["4"],
  ["w"], ["b"], ["h"], ["r"], ["i"], ["1"], ["2"],
];

async function open(page, title, keys) {
  await page.evaluate(() => document.activeElement?.blur());
  for (const key of keys) await page.keyboard.press(key);
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** One contact by keyboard; answers whose it was, and the amount promised. */
async function contact(page, key, kind) {
  const who = await name(page).innerText();
  const before = (await commitsOnDisk(page)).length;
  await page.keyboard.press(key);
  const form = composer(page);
  let amount;
  if (key === "p") {
    const field = form.getByRole("textbox", { name: /^Amount/ });
    await field.waitFor();
    amount = { whole: "50.00", part: "60.00", none: "70.00" }[kind];
    await page.keyboard.type(amount);
    await page.keyboard.press("Tab");
    await form.getByRole("textbox", { name: /^By/ }).fill("+1");
    await page.keyboard.press("Control+Enter");
  } else if (key === "q" || key === "d") {
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await page.keyboard.press("Control+Enter");
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("Control+Enter");
  } else if (!/\d/.test(key)) {
    await form.getByRole("textbox", { name: "Note" }).fill("Spoke with accounts payable");
    await form.getByRole("textbox", { name: /^Next step/ }).fill("+2");
    await page.keyboard.press("Control+Enter");
  }
  await name(page).filter({ hasNotText: who }).waitFor({ timeout: 10_000 });
  assert.ok((await commitsOnDisk(page)).length > before, `${key} ${who}`);
  await page.evaluate(() => document.activeElement?.blur());
  return { who, amount };
}

test("twenty-five contacts of a night, three promises judged by money, and the papers of it", story({ browser, expected: [NO_SW] }, async ({ browser: first, open: start }) => {
  await first.context.addInitScript(() => {
    delete window.showSaveFilePicker;
    delete window.showDirectoryPicker;
  });
  await first.context.clock.setFixedTime(minutes(0));
  const page = await start("?nosw=1");
  await openSample(page);
  await open(page, "Shift", ["g", "f"]);
  await page.getByRole("button", { name: "Hand-over read, start shift" }).press("Enter");
  await messages(page).getByText(/works, work date 30 Nov 2026/).waitFor();

  await open(page, "Work", ["g", "k"]);
  await page.getByRole("button", { name: /^Callable now/ }).click();
  await gridRows(page, "Queue");
  await page.evaluate(() => document.activeElement?.blur());
  const done = [];
  for (const [n, [key, kind]] of NIGHT.entries()) {
    await first.context.clock.setFixedTime(minutes(5 + n * 10));
    done.push({ key, kind, ...(await contact(page, key, kind)) });
  }
  assert.equal(new Set(done.map((d) => d.who)).size, NIGHT.length, "nobody twice");

  // The running shift has counted each, and the report has each outcome.
  await open(page, "Shift", ["g", "f"]);
  await page.locator(".stats div", { hasText: "Contacts" }).getByText(String(NIGHT.length), { exact: true }).waitFor();
  await shoot(page, "shift");
  await page.getByRole("tab", { name: "End of day" }).click();
  await shoot(page, "day");
  const reported = async (row) => (await page.getByRole("row", { name: new RegExp(`^${row}`) }).getByRole("cell").first().innerText()).trim();
  assert.equal(await reported("Contacts"), String(NIGHT.length));

  // Handed over with what it came to.
  await page.getByRole("tab", { name: "Shift", exact: true }).click();
  await page.getByRole("textbox", { name: /What else the next one has to know/ }).fill("Three promised for tomorrow");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "End shift and write the file" }).press("Enter");
  assert.match((await download).suggestedFilename(), /\.duebook$/);
  const paper = page.getByRole("region", { name: /^Hand-over of Me, work date 30 Nov 2026/ });
  await paper.getByText("Three promised for tomorrow").waitFor();
  for (const { who, amount } of done.filter((d) => d.kind)) {
    await paper.getByRole("row").or(paper.getByRole("listitem")).filter({ hasText: who }).filter({ hasText: amount }).first().waitFor();
  }

  // Money comes the next day: all of one promise, half of another.
  const account = async (who) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(who);
    await page.getByRole("listbox").getByRole("option", { name: new RegExp(who) }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: who }).waitFor();
  };
  const told = (amount) => page.getByRole("listitem").filter({ hasText: `Promised ${amount} ` }).first().innerText();
  await first.context.clock.setFixedTime(new Date("2026-12-01T12:00:00Z"));
  await page.reload();
  await page.getByRole("contentinfo").filter({ hasText: "320 customers" }).waitFor();
  for (const [kind, amount] of [["whole", "50.00"], ["part", "30.00"]]) {
    await account(done.find((d) => d.kind === kind).who);
    await page.keyboard.press("a");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: /^Number/ }).fill(`CHQ-${kind}`);
    await dialog.getByRole("textbox", { name: /^Amount/ }).fill(amount);
    await page.keyboard.press("Control+Enter");
    await dialog.waitFor({ state: "hidden" });
    const held = page.getByText(new RegExp(`payment CHQ-${kind} of .* is not applied`));
    await held.locator("xpath=..").getByRole("button", { name: /^Apply to/ }).press("Enter");
    await held.waitFor({ state: "hidden" });
  }
  await shoot(page, "applied");

  // A week on: what was paid is kept; what was not waits for the source's word, a day breaks nothing (PT-09).
  await first.context.clock.setFixedTime(new Date("2026-12-09T12:00:00Z"));
  await page.reload();
  await page.getByRole("contentinfo").filter({ hasText: "320 customers" }).waitFor();
  const judged = async (when, states) => {
    for (const [kind, state] of Object.entries(states)) {
      const { who, amount } = done.find((d) => d.kind === kind);
      await account(who);
      await shoot(page, `judged-${when}-${kind}`);
      const line = await told(amount);
      assert.ok(line.includes(state), line);
    }
  };
  await judged("unheard", { whole: "kept", part: "waiting for the ERP file", none: "waiting for the ERP file" });

  // The ERP's file of the day before brings its word: it knows of no more money, so one is kept in part and one broken.
  await goTo(page, "Import");
  const news = ["Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount", "NEW-1,Night Owl Ltd,INV-NEWS-1,2026-12-07,2027-01-06,USD,10.00,10.00"];
  await page.getByLabel("Choose files").setInputFiles({ name: "erp-2026-12-08.csv", mimeType: "text/csv", buffer: Buffer.from(news.join("\n")) });
  await previewed(page);
  await page.getByRole("textbox", { name: "Figures as of" }).fill("2026-12-08");
  assert.equal(await page.getByRole("textbox", { name: "Source" }).inputValue(), "Sample ERP");
  await commitImport(page);
  await judged("heard", { whole: "kept", part: "kept in part", none: "broken" });
}));
