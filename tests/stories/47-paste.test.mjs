// Paste anything, fields edited like cells, and a team's tracker as history.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, commitImport, commitsOnDisk, fixture, goTo, gridRows } from "../steps.mjs";

/** Ctrl V with this on the clipboard, somewhere on the page. */
const paste = (page, text) =>
  page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

const begin = async (open) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  return page;
};

const messages = (page) => page.getByRole("region", { name: "Messages" });

test("pasted rows are found, what is not is said, and one act covers all", story({}, async ({ open }) => {
  const page = await begin(open);
  await goTo(page, "Items");
  await paste(page, "Invoice\tStatus\tRemark\ninv 0001\tApproved\tin the run\nINV-3\tOn hold\tno GRN\nNO-9\tPaid\t\n");
  const dialog = page.getByRole("dialog", { name: "Paste items" });
  await dialog.getByText("2 open items of 2 customers").waitFor();
  await dialog.getByText("Not in the book (1)").waitFor();
  await dialog.getByText("NO-9").first().waitFor();
  await dialog.getByText(/Acme Ltd \(1\)/).waitFor();
  await dialog.getByLabel("With all of them").selectOption({ label: "Set our fields from the columns" });
  const before = (await commitsOnDisk(page)).length;
  await dialog.getByRole("button", { name: "Save on 2 items" }).click();
  await messages(page).getByText("Fields set on 2 items").waitFor();
  assert.equal((await commitsOnDisk(page)).length, before + 1, "one commit");
  await page.getByRole("button", { name: "Our fields" }).click();
  const cells = async () => (await gridRows(page, "Open items")).flat();
  assert.ok((await cells()).includes("no GRN"));
  await messages(page).getByRole("button", { name: "Undo" }).first().click();
  await messages(page).getByText(/Undone/).waitFor();
  assert.ok(!(await cells()).includes("no GRN"));
}));

test("a note, a promise and a selection for a pasted column", story({}, async ({ open }) => {
  const page = await begin(open);
  await goTo(page, "Items");
  await page.getByRole("button", { name: "Paste" }).click();
  const dialog = page.getByRole("dialog", { name: "Paste items" });
  const fill = () => dialog.getByLabel("Numbers, or rows from Excel or a mail").fill("INV-1\nINV-2");
  await fill();
  await dialog.getByLabel("With all of them").selectOption({ label: "Take a promise" });
  await dialog.getByLabel("Promised for").fill("+7");
  await dialog.getByRole("button", { name: "Save on 2 items" }).click();
  await messages(page).getByText("1 promise on 2 items").waitFor();
  await page.getByRole("button", { name: "Paste" }).click();
  await fill();
  await dialog.getByLabel("With all of them").selectOption({ label: "Select them in the list" });
  await dialog.getByRole("button", { name: "Select 2 items" }).click();
  await page.getByText("2 selected:").waitFor();
}));

test("fields are edited like cells, and filled into the selection", story({}, async ({ open }) => {
  const page = await begin(open);
  await goTo(page, "Items");
  await page.getByRole("button", { name: "Our fields" }).click();
  const grid = page.getByRole("grid", { name: "Open items" });
  const headers = await grid.getByRole("columnheader").allInnerTexts();
  const at = headers.findIndex((h) => h.trim() === "Next action") + 1;
  const cell = (row) => grid.locator(`[aria-rowindex="${row}"] [aria-colindex="${at}"]`);
  const focus = async (where) => where.and(page.locator(":focus")).waitFor();
  const editor = grid.locator("input.cell-input");
  await cell(2).click();
  await focus(cell(2));
  await page.keyboard.press("F2");
  await focus(editor);
  await page.keyboard.type("call Asha");
  await page.keyboard.press("Enter");
  await messages(page).getByText("Next action on INV-1: call Asha").waitFor();
  await cell(3).click();
  await focus(cell(3));
  await page.keyboard.press("F2");
  await focus(editor);
  await page.keyboard.type("left out");
  await page.keyboard.press("Escape");
  await focus(cell(3));
  assert.equal((await cell(3).innerText()).trim(), "");
  await page.keyboard.press("F2");
  await focus(editor);
  await page.keyboard.type("wait");
  await page.keyboard.press("Enter");
  await messages(page).getByText("Next action on INV-2: wait").waitFor();
  await cell(2).click();
  await focus(cell(2));
  await page.keyboard.press("Control+a");
  await page.getByText("4 selected").or(page.getByRole("button", { name: /on 4 items/ })).first().waitFor();
  await focus(cell(2));
  await page.keyboard.press("Control+d");
  await messages(page).getByText("Next action on 4 items: call Asha").waitFor();
  await cell(5).getByText("call Asha").waitFor();
}));

test("a team's tracker is dated history, once", story({}, async ({ open }) => {
  const page = await begin(open);
  const choose = async () => {
    const again = page.getByRole("button", { name: "Import another file" });
    if (await again.count()) await again.click();
    await page.getByLabel("Choose files").setInputFiles(fixture("tracker.csv"));
    await page.getByRole("textbox", { name: "Figures as of" }).fill("2026-11-22");
  };
  await choose();
  await page.getByText("New: 2 remarks, 1 promise, 1 field").waitFor();
  await page.getByText("Left out, not in the book:").waitFor();
  await page.getByRole("button", { name: "Import 4 entries" }).click();
  await messages(page).getByText("4 entries of the tracker kept").waitFor();
  await choose();
  await page.getByText("New: 0 remarks, 0 promises, 0 fields. Known already: 4 entries.").waitFor();
  await page.getByRole("button", { name: "Leave this file" }).click();
  await goTo(page, "Customers");
  await page.getByRole("link", { name: "Acme Ltd" }).or(page.getByRole("gridcell", { name: "Acme Ltd" })).first().click();
  await page.getByText("INV-1: called, will pay (AK)").waitFor();
  await page.getByText("from tracker").first().waitFor();
}));
