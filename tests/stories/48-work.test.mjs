// The collector's call loop by keyboard: the queue and why, no answer in one key, a promise by the next
// row, a call parked when they ring, a snooze with its reason, and a rule whose movers are shown first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("work");
const messages = (page) => page.getByRole("region", { name: "Messages" });
const card = (page) => page.getByRole("region", { name: "Card" });
const name = (page) => card(page).getByRole("heading", { level: 2 }).first();
const opened = (page) => name(page).innerText();

async function work(page) {
  await page.keyboard.press("g");
  await page.keyboard.press("k");
  await page.getByRole("heading", { level: 1, name: "Work" }).waitFor();
  await gridRows(page, "Queue");
  await name(page).waitFor();
}

const toGo = async (page) => Number((await page.getByText(/[\d,]+ to go/).first().innerText()).match(/([\d,]+) to go/)[1].replace(",", ""));

test("a queue worked by keyboard: tries, a promise, a parked call, a snooze", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await work(page);
  await shoot(page, "queue");

  // Why this account: the points add up to what the row says.
  await page.keyboard.press("y");
  const why = page.getByRole("group", { name: "Why this account" });
  const figures = (await why.getByRole("definition").allInnerTexts()).map((t) => Number(t.replace("−", "-")));
  assert.ok(figures.length > 1, JSON.stringify(figures));
  const total = figures.pop();
  assert.equal(figures.reduce((a, b) => a + b, 0), total);
  await why.getByText(`${total} points, number`).waitFor();
  await shoot(page, "why");

  // No answer: one key, one commit, and the next row.
  const before = (await commitsOnDisk(page)).length;
  const first = await opened(page);
  await page.keyboard.press("1");
  // Where the rules speak against a call now, it is asked for once and recorded.
  const asked = page.getByLabel("Why all the same");
  await messages(page).getByText(/No answer.* saved/).or(asked).first().waitFor();
  if (await asked.count()) {
    await asked.fill("agreed with the team lead");
    await page.keyboard.press("Control+Enter");
    await messages(page).getByText(/No answer.* saved/).waitFor();
  }
  await name(page).filter({ hasNotText: first }).waitFor();
  assert.equal((await commitsOnDisk(page)).length, before + 1);

  // They ring while a note is typed: it is parked, shown in the header, and waits.
  const second = await opened(page);
  await page.keyboard.press("n");
  await page.keyboard.type("Asked for the delivery note of");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await name(page).filter({ hasNotText: second }).waitFor();
  await messages(page).getByText(`Parked: ${second}`).waitFor();
  const parked = page.getByRole("banner").getByRole("button", { name: /calls? parked/ });
  await parked.click();
  await shoot(page, "parked");
  await page.getByRole("menuitem", { name: new RegExp(`^Go on with ${second.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`) }).click();
  await name(page).filter({ hasText: second }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: /^Note/ }).first().inputValue(), "Asked for the delivery note of");

  // Taken up and left with nothing typed: parked all the same.
  await page.getByRole("button", { name: "Clear" }).click();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("j");
  await name(page).filter({ hasNotText: second }).waitFor();
  const third = await opened(page);
  await page.keyboard.press("c");
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("j");
  await name(page).filter({ hasNotText: third }).waitFor();
  await messages(page).getByText(`Parked: ${third}`).first().waitFor();

  // Snoozed with a reason: gone from the queue, counted, and undone by z.
  const left = await toGo(page);
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: /^Snooze/ });
  await dialog.getByRole("textbox", { name: "Back on" }).fill("+5");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("their ledger closes");
  await page.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Snooze" }).click();
  await messages(page).getByText(/snoozed until/).first().waitFor();
  await page.waitForFunction((n) => document.body.innerText.includes(`${n} to go`), left - 1);
  await page.keyboard.press("z");
  await messages(page).getByText(/Undone/).first().waitFor();
  await page.waitForFunction((n) => document.body.innerText.includes(`${n} to go`), left);
}));

test("a rule of the work list shows who would move before it is saved", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await goTo(page, "Settings");
  const section = page.getByRole("region", { name: "Work list" });
  await section.getByRole("button", { name: "Start from" }).click();
  await page.getByRole("menuitem", { name: "Oldest first" }).click();
  await section.getByText(/customers? of [\d,]+ would move|Nobody would move/).waitFor();
  await section.scrollIntoViewIfNeeded();
  await shoot(page, "rules");
  const first = (await section.getByRole("table", { name: "The first places" }).getByRole("row").nth(1).getByRole("rowheader").innerText()).trim();
  await section.getByRole("button", { name: "Save the work list" }).click();
  await messages(page).getByText(/Work list saved/).waitFor();
  await goTo(page, "Today");
  const rows = await gridRows(page, "Who to turn to today");
  assert.ok(rows[0][0].startsWith(first), `${rows[0][0]} is not ${first}`);
}));

test("three steps on a telephone, and in the dark", story({ browser: { viewport: { width: 390, height: 844 }, colorScheme: "dark" } }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await goTo(page, "Work");
  await gridRows(page, "Queue");
  await shoot(page, "390-queue");
  await page.getByRole("grid", { name: "Queue" }).getByRole("row").nth(2).click();
  await name(page).waitFor();
  await shoot(page, "390-card");
  await page.getByRole("navigation", { name: "Steps of a call" }).getByRole("button", { name: "Call" }).click();
  await page.getByRole("region", { name: "Log a contact" }).waitFor();
  await shoot(page, "390-call");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
  await page.goBack();
  await name(page).waitFor();
}));
