// What the ERP has to have: a payment recorded here waits in the outbox, is saved as an upload file,
// ticked off under a reference, leaves, and comes back by undo; a note is copied for the ERP.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

const browser = {
  viewport: { width: 1366, height: 768 },
  permissions: ["clipboard-read", "clipboard-write"],
};
const shoot = shooter("outbox");

/** Records a payment on the first account of today's list, and applies it. */
async function recordPayment(page) {
  await gridRows(page, "Who to turn to today");
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/account\//);
  await gridRows(page, "Open items");
  await page.getByRole("button", { name: /^Record a payment/ }).click();
  const dialog = page.getByRole("dialog", { name: "Record a payment" });
  await dialog.getByRole("textbox", { name: "Number" }).fill("WIRE-4711");
  await dialog.getByRole("textbox", { name: /^Amount/ }).fill("12");
  await dialog.getByRole("button", { name: "Record the payment" }).click();
  await page.getByText(/Payment of 12.* saved/).waitFor();
  await page.getByRole("button", { name: /^Apply to / }).first().click();
  await page.getByText("WIRE-4711 of").first().waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes("is not applied"));
}

const messages = (page) => page.getByRole("region", { name: "Messages" });

async function listed(page) {
  const grid = page.getByRole("grid", { name: "Outbox" });
  await grid.or(page.getByText("No line fits")).or(page.getByText("Nothing to tell")).first().waitFor();
  if (!(await grid.count()) || (await grid.getByRole("row").count()) < 2) return [];
  return gridRows(page, "Outbox");
}

test("a payment waits in the outbox, is told under a reference, leaves, and undo brings it back", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await recordPayment(page);
  await goTo(page, "Outbox");
  await page.getByRole("button", { name: "Postings" }).click();
  await page.getByRole("searchbox").fill("WIRE-4711");
  await page.getByText("Payment applied").first().waitFor();
  const rows = await listed(page);
  assert.equal(rows.length, 2, JSON.stringify(rows));
  assert.ok(rows.every((row) => row.join(" ").includes("12")), JSON.stringify(rows));
  await shoot(page, "waiting");

  // The upload file has the columns of the layout, and is plain data.
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save upload file" }).click();
  await page.getByRole("menuitem", { name: "Postings as CSV" }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^outbox-.*\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).replace(/^\uFEFF/, "").trim().split(/\r?\n/);
  assert.match(lines[0], /Kind.*Customer.*Amount.*Receipt/);
  assert.equal(lines.length, 3);
  assert.ok(lines.slice(1).every((line) => line.includes("WIRE-4711")));
  const uploaded = page.getByRole("dialog", { name: "Was it uploaded?" });
  await uploaded.waitFor();
  await shoot(page, "uploaded");
  const before = (await commitsOnDisk(page)).length;
  await uploaded.getByRole("button", { name: "Not uploaded" }).click();
  assert.equal((await listed(page)).length, 2, "nothing is told that was not uploaded");
  assert.equal((await commitsOnDisk(page)).length, before);

  // One tick, one reference.
  const grid = page.getByRole("grid", { name: "Outbox" });
  await grid.getByRole("row").nth(1).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /Reference in the ERP/ }).fill("1400004711");
  await shoot(page, "line");
  await page.keyboard.press("Enter");
  await messages(page).getByText(/told under 1400004711/).waitFor();
  assert.equal((await listed(page)).length, 1, "it left");
  await page.getByRole("button", { name: "Told, not answered" }).click();
  const told = await listed(page);
  assert.equal(told.length, 1);
  assert.ok(told[0].includes("1400004711"), JSON.stringify(told));

  // Undone like any other commit.
  await page.keyboard.press("z");
  await messages(page).getByText(/Undone/).first().waitFor();
  await page.getByRole("button", { name: "Told, not answered" }).click();
  await page.getByText("Payment applied").first().waitFor();
  await shoot(page, "undone");
  assert.equal((await listed(page)).length, 2, "both wait again");
}));

test("a note is copied for the ERP in the room its layout gives, and leaves when ticked", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.getByRole("heading", { level: 1, name: "Outbox" }).waitFor();
  await page.getByRole("button", { name: "Layout" }).click();
  const layout = page.getByRole("dialog");
  await layout.getByLabel("Start from").selectOption("sap");
  assert.match(await layout.getByLabel("Columns for postings").inputValue(), /^Entity = BUKRS/);
  await layout.getByLabel("Characters in a line of a note").fill("40");
  await layout.getByLabel("Lines of a note").fill("3");
  await shoot(page, "layout");
  await layout.getByRole("button", { name: "Save the layout" }).click();
  await messages(page).getByText(/Layout of .* saved/).waitFor();

  await page.getByRole("button", { name: "Notes" }).click();
  const notes = await listed(page);
  assert.ok(notes.length > 3, "the sample's contacts are to be noted");
  await shoot(page, "notes");
  const grid = page.getByRole("grid", { name: "Outbox" });
  await grid.getByRole("row").nth(1).click();
  const dialog = page.getByRole("dialog");
  await shoot(page, "note");
  await dialog.getByRole("button", { name: "Copy as ERP note" }).click();
  await messages(page).getByText(/Copied as ERP note/).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const lines = copied.split("\n");
  assert.ok(lines.length <= 3 && lines.every((line) => line.length <= 40), copied);
  assert.match(copied, /^\d{4}-\d\d-\d\d [A-Z-]+ /);
  const count = async () => Number((await page.getByText(/[\d,]+ to tell/).first().innerText()).match(/([\d,]+) to tell/)[1].replace(",", ""));
  const before = await count();
  await dialog.getByRole("button", { name: "Tick off as told" }).click();
  await messages(page).getByText(/Note: told/).waitFor();
  assert.equal(await count(), before - 1);
}));

test("the outbox in the dark and on a telephone", story({ browser: { ...browser, colorScheme: "dark" } }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await goTo(page, "Outbox");
  assert.ok((await gridRows(page, "Outbox")).length > 5);
  await shoot(page, "dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, "390");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
}));
