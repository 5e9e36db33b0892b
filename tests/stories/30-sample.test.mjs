// One click to a portfolio that is alive: today's list, an account, a call with a promise by keyboard, undo.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

test("the sample portfolio: today, an account, a promise logged by keyboard alone, undone", story({}, async ({ open, browser }) => {
  // A Wednesday in European office hours: who is first on the list does not hang on the day of the run.
  await browser.context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await openSample(page);
  const rows = await gridRows(page, "Who to turn to today");
  assert.ok(rows.length > 10, "today's list is full");
  assert.match(await page.getByRole("contentinfo").innerText(), /\d+ customers · [\d,]+ open items/);
  await goTo(page, "Aging");
  assert.ok((await gridRows(page, "Aging")).length > 10);
  await goTo(page, "Today");

  // From here on the keyboard alone.
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/account\//);
  const form = page.getByRole("region", { name: "Log a contact" });
  await form.waitFor();
  const promises = page.getByRole("region", { name: "People and promises" });
  const before = (await commitsOnDisk(page)).length;
  const account = page.url();
  // A fast hand: the field has the focus before the next key.
  await page.keyboard.press("p");
  await page.keyboard.type("123");
  await page.keyboard.press("Tab");
  await page.keyboard.type("31.12.2026");
  await page.keyboard.press("Control+Enter");
  const message = page.getByRole("region", { name: "Messages" });
  // It is before office hours where the first of the list sits: the rule of contact asks why.
  await page.getByLabel("Why all the same").waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "call-why");
  await page.keyboard.type("agreed with the team lead");
  await page.keyboard.press("Control+Enter");
  await message.getByText(/Promise of 123.* saved/).waitFor();
  assert.equal((await commitsOnDisk(page)).length, before + 1);

  // Saving goes on to the next of the list; the toast takes the promise back from anywhere.
  assert.notEqual(page.url(), account);
  await message.getByRole("button", { name: "Undo" }).click();
  await message.getByText(/undone|taken back/i).first().waitFor();
  assert.equal((await commitsOnDisk(page)).length, before + 2, "undo is a commit of its own");
  await promises.waitFor();
}));
