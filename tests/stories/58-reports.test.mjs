// Key figures and reports: a figure opens its arithmetic and the rows behind it, gets a target, stands on a frozen
// opening list; the pack of the week is issued and recorded; a payment found later restates it, line by line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("reports");

/** A figure as a number of hundredths: "1,234.50 USD", "62.5 %". */
const hundredths = (text) => {
  const found = /(−|-)?([\d,]+)(?:\.(\d{1,2}))?/.exec(text);
  const size = BigInt(found[2].replaceAll(",", "")) * 100n + BigInt((found[3] ?? "").padEnd(2, "0"));
  return found[1] ? -size : size;
};

/** Opens the arithmetic of a figure by keyboard. */
async function why(page, name) {
  const rows = await gridRows(page, "Key figures");
  const at = rows.findIndex((row) => row[0] === name);
  assert.ok(at > 0, `${name} is among the figures`);
  await page.getByRole("grid", { name: "Key figures" }).focus();
  await page.keyboard.press("Control+Home");
  for (let n = 0; n < at; n++) await page.keyboard.press("j");
  await page.keyboard.press("y");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Rounded once, half up").or(dialog.getByText("n =")).first().waitFor();
  return dialog;
}

async function term(dialog, name) {
  const row = dialog.getByRole("region", { name: "Arithmetic" }).getByRole("row", { name: new RegExp(`^${name} `) });
  return (await row.getByRole("cell").innerText()).trim();
}

/** Records a payment on the first account of today's list, as of today. */
async function recordPayment(page) {
  await goTo(page, "Today");
  await gridRows(page, "Who to turn to today");
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/account\//);
  await gridRows(page, "Open items");
  await page.getByRole("button", { name: /^Record a payment/ }).click();
  const dialog = page.getByRole("dialog", { name: "Record a payment" });
  await dialog.getByRole("textbox", { name: "Number" }).fill("LATE-58");
  await dialog.getByRole("textbox", { name: /^Amount/ }).fill("12");
  await dialog.getByRole("button", { name: "Record the payment" }).click();
  await page.getByText(/Payment of 12.* saved/).waitFor();
}

test("a figure explains itself, a pack is issued, and what is found later restates it", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await page.keyboard.press("g");
  await page.keyboard.press("y");
  await page.getByRole("heading", { level: 1, name: "Key figures" }).waitFor();
  const name = "Collection rate on the opening list";
  await gridRows(page, "Key figures");
  await shoot(page, "figures");

  // The arithmetic is the figure.
  let dialog = await why(page, name);
  const [divided, by] = [hundredths(await term(dialog, "Divided")), hundredths(await term(dialog, "By"))];
  assert.ok(by > 0n && divided >= 0n, `${divided} of ${by}`);
  const title = await dialog.getByRole("heading", { level: 2 }).innerText();
  const shown = hundredths(title.slice(title.lastIndexOf(":") + 1)) / 10n;
  assert.equal(shown, (divided * 2000n + by) / (by * 2n), "per mille, rounded half up");
  await shoot(page, "arithmetic");
  await dialog.getByRole("tab", { name: "By collector" }).click();
  await dialog.getByRole("region", { name: "Parts of the figure" }).waitFor();
  await shoot(page, "collectors");
  await dialog.getByRole("tab", { name: "Rows behind it" }).click();
  await dialog.getByRole("region", { name: "Rows behind the figure" }).waitFor();

  // A target.
  await dialog.getByRole("tab", { name: "Arithmetic" }).click();
  await dialog.getByRole("textbox", { name: /^Target of the desk/ }).fill("61.5");
  await dialog.getByRole("button", { name: "Save target" }).click();
  await page.getByText("Target of KP-20 saved").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("gridcell", { name: /^61\.50 % (reached|missed)$/ }).waitFor();

  // The opening list is frozen, and says so.
  await page.getByText(/ · opening list not frozen · /).waitFor();
  await page.getByRole("button", { name: "Opening list" }).click();
  dialog = page.getByRole("dialog");
  await dialog.getByText(/past-due items/).waitFor();
  assert.match(await dialog.getByRole("combobox", { name: "As known after" }).evaluate((s) => s.selectedOptions[0].text), /open|items|as of/i);
  await shoot(page, "opening-list");
  await dialog.getByRole("button", { name: "Freeze the opening list" }).click();
  await page.getByText(/ · opening list frozen, provisional · /).waitFor();

  // Trends can be read without being seen.
  await page.getByRole("tab", { name: "Figures" }).focus();
  await page.keyboard.press("ArrowRight");
  const aging = page.getByRole("group", { name: /^Open debits by bucket/ });
  await aging.waitFor({ timeout: 60_000 });
  await aging.focus();
  await page.keyboard.press("End");
  await page.getByRole("status").filter({ hasText: /Current / }).waitFor();
  assert.ok((await page.getByRole("figure").count()) >= 9);
  await shoot(page, "trends");

  // The pack of the week is issued and is a fact.
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.getByRole("heading", { level: 1, name: "Reports" }).waitFor();
  await shoot(page, "packs");
  const before = (await commitsOnDisk(page)).length;
  await page.getByRole("button", { name: "Issue Weekly pack" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Issue it" }).click()]);
  assert.match(download.suggestedFilename(), /^weekly-pack-\d{4}-\d\d-\d\d\.xlsx$/);
  await page.getByText(/weekly-pack.*issued and in your downloads/).waitFor();
  assert.equal((await commitsOnDisk(page)).length, before + 1);
  await page.getByRole("tab", { name: /^Issued/ }).click();
  await gridRows(page, "Issued reports");
  const restatement = async () => {
    await page.getByRole("grid", { name: "Issued reports" }).getByRole("row").nth(1).click();
    const found = page.getByRole("dialog");
    await found.getByText(/^BLAKE3/).waitFor();
    return found;
  };
  dialog = await restatement();
  await dialog.getByText("Every figure is known today as it was issued.").waitFor();
  await shoot(page, "issued");
  await page.keyboard.press("Escape");

  // Money found later: the same day is known otherwise, by exactly that money.
  await recordPayment(page);
  await goTo(page, "Reports");
  await page.getByRole("tab", { name: /^Issued/ }).click();
  await gridRows(page, "Issued reports");
  dialog = await restatement();
  await dialog.getByText("known otherwise now").waitFor();
  const learnt = dialog.getByRole("region", { name: "What was learnt since" }).getByRole("row", { name: /LATE-58/ });
  const amount = (await learnt.getByRole("cell").last().innerText()).trim();
  assert.match(amount, /^[−-]12(\.0+)? [A-Z]{3}$/);
  const receivables = dialog.getByRole("region", { name: "Issued and known now" }).getByRole("row", { name: new RegExp(`^Receivables ${amount.slice(-3)}`) });
  const difference = (await receivables.getByRole("cell").last().innerText()).trim();
  assert.equal(hundredths(difference), hundredths(amount));
  await shoot(page, "restated");
  await page.keyboard.press("Escape");

  // One page for the manager.
  await page.getByRole("tab", { name: "Status update" }).click();
  await page.getByRole("table", { name: "What moved" }).first().waitFor();
  await shoot(page, "status");
  const [mail] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as a mail draft" }).click()]);
  assert.match(mail.suggestedFilename(), /^status-.*\.eml$/);
  const [word] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as a Word document" }).click()]);
  assert.match(word.suggestedFilename(), /^status-.*\.docx$/);
}));
