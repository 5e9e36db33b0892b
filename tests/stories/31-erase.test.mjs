// A note is erased by keyboard: what goes and what stays is said first, "erased" stands in its place
// with who and why, the book still proves itself, and a backup holds nothing of it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shooter, started, story } from "../support.mjs";
import { beginWithFile, commitImport, fixture, goTo, gridRows } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const NO_SW = /status of 404/;
const shoot = shooter("erase");
const SECRET = "Maria Zwetschgenbaum is in hospital until Friday";

async function backup(page) {
  await goTo(page, "Settings");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save a backup" }).click(),
  ]);
  return readFile(await download.path());
}

async function account(page) {
  await goTo(page, "Customers");
  await gridRows(page, "Customers");
  await page.getByRole("grid", { name: "Customers" }).getByRole("row", { name: /Acme Ltd/ }).click();
  await page.getByRole("heading", { name: "What happened" }).waitFor();
}

/** A book with the secret noted on an account; answers where it stands. */
async function noted(page) {
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await account(page);
  await page.keyboard.press("n");
  await page.locator("#call-note:focus").waitFor();
  await page.keyboard.type(SECRET);
  await page.keyboard.press("Control+Enter");
  const note = page.getByRole("listitem").filter({ hasText: SECRET }).first();
  await note.waitFor();
  return note;
}

test("a note is erased and nothing else", story({ browser, expected: [NO_SW] }, async ({ browser: own, open }) => {
  // Without the picker a backup is a download.
  await own.context.addInitScript(() => delete window.showSaveFilePicker);
  const page = await open("?nosw=1");
  const note = await noted(page);
  assert.ok((await backup(page)).includes(SECRET), "the note is in a backup before");

  await account(page);
  await note.getByRole("button", { name: /^Erase the note of/ }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("What stays").waitFor();
  await dialog.getByText(SECRET).waitFor();
  await shoot(page, "asked");
  // Without a reason it is not done.
  await dialog.getByRole("button", { name: "Erase it for good" }).press("Enter");
  await dialog.getByText("Say why").first().waitFor();
  await dialog.getByLabel("Reason").fill("asked by her");
  await dialog.getByRole("button", { name: "Erase it for good" }).press("Enter");
  await dialog.waitFor({ state: "hidden" });
  const gone = page.getByRole("listitem").filter({ hasText: /\[erased on .*: asked by her\]/ }).first();
  await gone.waitFor();
  assert.equal(await page.getByText(SECRET).count(), 0);
  assert.equal(await gone.getByRole("button", { name: /^Erase/ }).count(), 0);
  await shoot(page, "gone");

  await page.reload();
  await started(page);
  await gone.waitFor();
  assert.ok(!(await backup(page)).includes(SECRET), "a backup holds nothing of it");
  await page.getByRole("button", { name: "Check my book" }).click();
  await page.getByText("The book holds together").waitFor();
  await goTo(page, "Activity");
  await page.getByText("Erased 1 text: asked by her").first().waitFor();
}));

test("what was written with a commit is erased from Activity", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await noted(page);
  await goTo(page, "Activity");
  await gridRows(page, "Activity");
  await page.getByRole("grid", { name: "Activity" }).getByRole("row").nth(1).click();
  await page.getByRole("dialog").getByRole("button", { name: "Erase its texts" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: /^Erase what was written/ });
  await dialog.getByText(SECRET).waitFor();
  await dialog.getByLabel("Reason").fill("written on the wrong account");
  await dialog.getByRole("button", { name: "Erase it for good" }).press("Enter");
  await page.getByText("Erased 1 text: written on the wrong account").first().waitFor();
}));
