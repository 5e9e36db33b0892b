// The rules of interest and of the letter before claim: the law's last day for payment on the sheet, a rate to be checked and then
// checked, a rule copied without the cut and with a fixed sum of its own, a template that goes out only when a lawyer has seen it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { unpacked } from "../mornings.mjs";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, openAccount } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("rules");
const messages = (page) => page.getByRole("region", { name: "Messages" });
const list = {
  name: "open-2026-11-18.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Country,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,Thames Ltd,GB,INV-1,2026-01-10,2026-05-10,GBP,1000.00,1000.00\n",
  ),
};

/** The row of INV-1 on the tab of late interest, by a rule. */
async function late(page, rule) {
  await goTo(page, "Plans");
  await page.getByRole("tab", { name: "Late interest" }).click();
  const panel = page.getByRole("tabpanel", { name: "Late interest" });
  const items = panel.getByRole("region", { name: "Items paid late" });
  const pick = panel.getByRole("searchbox");
  await items.or(pick).first().waitFor();
  if (!(await items.count())) {
    await pick.fill("Thames");
    await panel.getByRole("button", { name: "Thames Ltd" }).first().click();
  }
  await items.waitFor();
  if (rule) await panel.getByLabel("Rule", { exact: true }).selectOption({ label: rule });
  return items.getByRole("row").nth(1);
}

test("a rule is read, checked, copied; a letter before claim waits for a lawyer, dates are agreed anew", story({ browser, expected: [/status of 404/] }, async ({ open, browser: { context } }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, list);
  await commitImport(page);

  // UK-03: 120 days agreed are 60; 252 days at 11.75 % are 81.12, and 70.00 for a debt of a thousand.
  let row = await late(page);
  await row.getByText("Agreed for 10 May 2026, cut back to 60 days from the document of 10 Jan 2026: 11 Mar 2026.").waitFor();
  for (const figure of ["81.12", "70.00", "151.12"]) await row.getByRole("cell", { name: figure, exact: true }).waitFor();
  await row.getByRole("button", { name: "Sheet" }).click();
  const sheet = page.getByRole("region", { name: "Interest on INV-1, Thames Ltd" });
  await sheet.getByText(/^Agreed for 10 May 2026, cut back to 60 days/).waitFor();
  await shoot(page, "cut-back");

  // EU-01 keeps the agreed day, and its rate of the half-year is to be checked.
  await late(page, "European Union: Directive 2011/7/EU, ECB + 8 points");
  const stale = page.getByText("A rate or rule here was not verified lately.");
  await stale.waitFor();
  await shoot(page, "stale");
  await goTo(page, "Settings");
  const rules = page.getByRole("region", { name: "Interest for late payment" });
  await rules.getByLabel("Reference rate").selectOption({ label: "ECB reference rate" });
  for (const [label, value] of [["From", "2026-07-01"], ["Until", "2026-12-31"], ["Rate, % a year", "2.40"], ["Source", "ECB, looked up"], ["Checked on", "2026-11-18"]]) {
    await rules.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(value);
  }
  await rules.getByRole("button", { name: "Record the rate" }).click();
  await messages(page).getByText("Rate recorded").waitFor();
  row = await late(page, "European Union: Directive 2011/7/EU, ECB + 8 points");
  await row.getByRole("button", { name: "Sheet" }).waitFor();
  await stale.waitFor({ state: "hidden" });

  // A customer whose longer term is fair: the rule copied without the cut, with a fixed sum of its own.
  await goTo(page, "Settings");
  await rules.getByLabel("Rule", { exact: true }).selectOption({ label: "United Kingdom: Late Payment of Commercial Debts (Interest) Act 1998" });
  await rules.getByLabel("Name of the rule").fill("United Kingdom, longer terms");
  await rules.getByRole("textbox", { name: /^Agreed days cut back to/ }).fill("");
  await rules.getByRole("textbox", { name: /^Fixed sums/ }).fill("below 1000.00: 40.00\nany 55");
  await rules.getByText(/“any 55” is no fixed sum/).waitFor();
  await rules.getByRole("textbox", { name: /^Fixed sums/ }).fill("below 1000.00: 40.00\nany: 55.00");
  await rules.getByLabel("Where the rule is from").fill("the Act; terms checked with counsel");
  await rules.getByRole("textbox", { name: /^Rule checked on/ }).fill("2026-11-18");
  await shoot(page, "rule");
  await rules.getByRole("button", { name: "Save as a new rule" }).click();
  await messages(page).getByText("Rule “United Kingdom, longer terms” saved").waitFor();
  // 192 days from 10 May: 61.81.
  row = await late(page, "United Kingdom, longer terms");
  for (const figure of ["61.81", "55.00", "116.81"]) await row.getByRole("cell", { name: figure, exact: true }).waitFor();
  assert.equal(await row.getByText(/cut back/).count(), 0);

  // The letter before claim does not go out before it was checked.
  const letter = page.getByRole("dialog", { name: /^Letter before claim/ });
  const write = async () => {
    await openAccount(page, "Thames Ltd");
    await gridRows(page, "Open items");
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await page.getByRole("menuitem", { name: "Letter before claim" }).click();
    await letter.waitFor();
  };
  await write();
  await letter.getByText(/A lawyer is to check this template first/).waitFor();
  await shoot(page, "letter");
  await page.keyboard.press("Escape");
  await goTo(page, "Letters");
  await page.getByRole("tab", { name: "Templates" }).click();
  const editor = page.getByRole("region", { name: "Templates" });
  await editor.getByLabel("Template", { exact: true }).selectOption({ label: "Letter before claim, United Kingdom (en, version 1, to be checked by counsel)" });
  await editor.getByText("Template, to be checked by counsel", { exact: true }).waitFor();
  const body = editor.getByRole("textbox", { name: "Body" });
  const text = await body.inputValue();
  await shoot(page, "template");
  await editor.getByLabel("Days for an answer").fill("21");
  await body.fill(text.slice(text.indexOf("Dear")));
  await editor.getByRole("button", { name: "Save the template" }).click();
  await messages(page).getByText("Template “Letter before claim, United Kingdom” saved as version 2").waitFor();
  await write();
  await letter.getByText("Not ready").waitFor({ state: "hidden" });
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("w")]);
  const word = unpacked(await readFile(await download.path())).get("word/document.xml").toString().replaceAll(/<[^>]*>/g, " ").replaceAll("\u00a0", " ");
  for (const said of ["INV-1", "1,000.00 GBP in all", "Please pay by 9 Dec 2026", "Interest and compensation for late payment to this day come to 151.12 GBP"]) {
    assert.ok(word.includes(said), `${said} in ${word}`);
  }
  assert.ok(!word.includes("checked by counsel"));

  // PL-03: due dates agreed anew need somebody else, and the account tells it; a debt acknowledged runs limitation anew.
  await page.keyboard.press("Escape");
  await late(page);
  await page.getByRole("tab", { name: "Payment plans", exact: true }).click();
  await page.getByRole("button", { name: "Agree due dates anew" }).click();
  const anew = page.getByRole("dialog", { name: "Agree due dates anew" });
  await anew.getByRole("checkbox", { name: /INV-1/ }).check();
  await anew.getByRole("textbox", { name: "They age from" }).fill("2026-12-01");
  await anew.getByRole("textbox", { name: "Why" }).fill("delivered late");
  await anew.getByRole("textbox", { name: "Approved by" }).fill("Mona");
  await shoot(page, "anew");
  await anew.getByRole("button", { name: "Age 1 item from 1 Dec 2026" }).click();
  await messages(page).getByText("Due dates agreed anew: 1 item of Thames Ltd, from 1 Dec 2026").waitFor();
  await page.getByRole("tab", { name: "Agency and legal" }).click();
  await page.getByRole("button", { name: "Record an acknowledgement" }).click();
  const said = page.getByRole("dialog", { name: "Record an acknowledgement" });
  await said.getByRole("checkbox", { name: /INV-1/ }).check();
  await said.getByRole("textbox", { name: "Where it stands" }).fill("mail of today");
  await said.getByRole("button", { name: "Record it" }).click();
  await messages(page).getByText("Thames Ltd acknowledged 1 item on 18 Nov 2026: limitation runs anew").waitFor();
  await openAccount(page, "Thames Ltd");
  await page.getByRole("button", { name: "Promises and plans" }).click();
  await page.getByText("Due dates agreed anew: 1 item ages from 1 Dec 2026, approved by Mona").first().waitFor();
  await page.getByText("Debt acknowledged: 1 item").first().waitFor();
}));
