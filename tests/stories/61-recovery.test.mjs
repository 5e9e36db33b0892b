// One debt through everything that negotiation knows, day by day: a plan is agreed, its first instalment bounces, it defaults,
// a settlement is offered and lapses, the items are placed, and the agency recovers them for its commission. At each step the
// account, the aging, the forecast and the plans say the same, and as of a day in between they still say what they said then.
// The agreement goes out on paper and as a Word document, interest is let go and comes back, the dossier has what was sent.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { unpacked } from "../mornings.mjs";
import { shooter, story } from "../support.mjs";
import { asOf, beginWithFile, commitImport, goTo, gridRows, openAccount, previewed } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("recovery");
/** The list of open items as the ERP shows it: what is open of each of the two invoices. */
const items = (name, first, second) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      `C-1,North Ltd,INV-1,2026-01-10,2026-02-09,EUR,1000.00,${first}\n` +
      `C-1,North Ltd,INV-2,2026-02-07,2026-03-09,EUR,500.00,${second}\n`,
  ),
});
const cents = (text) => Math.round(Number(text.replaceAll(/[^\d.−-]/g, "").replace("−", "-") || 0) * 100);
const messages = (page) => page.getByRole("region", { name: "Messages" });

/** It is that day now: the page is opened again, as in the morning. */
async function on(page, day) {
  await page.clock.setFixedTime(new Date(`${day}T09:00:00Z`));
  await page.reload();
  await page.getByRole("banner").getByRole("button", { name: /^As of/ }).waitFor();
}

async function toPlans(page, tab) {
  await goTo(page, "Plans");
  await page.getByRole("tab", { name: tab, exact: true }).click();
}

/** What Aging has in all. */
async function aged(page) {
  await goTo(page, "Aging");
  const rows = await gridRows(page, "Aging");
  const heads = (await page.getByRole("grid", { name: "Aging" }).getByRole("columnheader").allInnerTexts()).map((h) => h.trim());
  return cents(rows[0][heads.indexOf("Total")]);
}

/** What the cash forecast of the day shown has open, committed to a plan and not, and placed. */
async function expected(page) {
  await goTo(page, "Risk");
  await page.getByRole("tab", { name: "Cash forecast" }).click();
  const said = page.getByText(/^Open .* placed\.$/).or(page.getByText("Nothing is open"));
  await said.waitFor();
  const [open, , , , placed] = (await said.innerText()).match(/[\d,]+\.\d\d/g) ?? ["0", 0, 0, 0, "0"];
  return [cents(open), cents(placed)];
}

/** A key figure of the day shown, as it is written. */
async function keyFigure(page, name) {
  await goTo(page, "Key figures");
  const rows = await gridRows(page, "Key figures");
  return rows.find((row) => row[0] === name)?.join(" ");
}

/** The text of a Word document among the files of an archive, or of one by itself. */
const wordText = (bytes) =>
  unpacked(bytes).get("word/document.xml").toString().replaceAll("</w:p>", "\n").replaceAll(/<[^>]*>/g, " ").replaceAll("\u00a0", " ");

async function saved(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return readFile(await download.path());
}

/** What the tab of late interest says of North to the day. */
async function toInterest(page) {
  await toPlans(page, "Late interest");
  const panel = page.getByRole("tabpanel", { name: "Late interest" });
  const late = panel.getByRole("region", { name: "Items paid late" });
  await late.or(panel.getByRole("searchbox")).first().waitFor();
  if (!(await late.count())) {
    await panel.getByRole("searchbox").fill("North");
    await panel.getByRole("button", { name: "North Ltd" }).first().click();
  }
  await late.waitFor();
}

async function pay(page, number, amount) {
  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  for (const row of await page.getByRole("grid", { name: "Open items" }).getByRole("row").filter({ hasText: "INV-" }).all()) await row.getByRole("gridcell").first().click();
  await page.getByRole("button", { name: /^Record a payment/ }).click();
  const dialog = page.getByRole("dialog", { name: "Record a payment" });
  await dialog.getByRole("textbox", { name: "Number" }).fill(number);
  await dialog.getByRole("textbox", { name: /^Amount/ }).fill(amount);
  await dialog.getByRole("button", { name: "Record the payment" }).click();
  await messages(page).getByText(/^Payment of .* saved/).first().waitFor();
  await dialog.waitFor({ state: "hidden" });
}

/** Opens the form of something new on a tab, with North and its items picked. */
async function begun(page, tab, button, title) {
  await toPlans(page, tab);
  await page.getByRole("button", { name: button }).first().click();
  const dialog = page.getByRole("dialog", { name: title });
  await dialog.getByRole("searchbox").fill("North");
  await dialog.getByRole("button", { name: "North Ltd" }).first().click();
  await dialog.getByRole("checkbox", { name: /INV-1/ }).waitFor();
  return dialog;
}

test("from a plan to the agency, right at every step and as of every day", story({ browser, expected: [/status of 404/] }, async ({ open }) => {
  const page = await open("?nosw=1");
  await page.clock.setFixedTime(new Date("2026-04-01T09:00:00Z"));
  await page.reload();
  await beginWithFile(page, items("open-2026-03-31.csv", "1000.00", "500.00"));
  await commitImport(page);
  await goTo(page, "Settings");
  const limits = page.getByRole("region", { name: /authority|limits|grant/i }).filter({ has: page.getByLabel("People") });
  await limits.getByLabel("People").fill("Mona; CFO");
  await limits.getByRole("button", { name: "Save the limits" }).click();
  await messages(page).getByText(/saved/i).first().waitFor();

  const rules = page.getByRole("region", { name: "Interest for late payment" });
  await rules.getByLabel("Points, % a year").fill("10");
  await rules.getByLabel("Where the rule is from").fill("General terms, section 5");
  await rules.getByRole("button", { name: "Save the rule" }).click();
  await messages(page).getByText("Rule “Contract rate” saved").waitFor();

  // 1 April: three parts, and money that is returned ends it.
  const planning = await begun(page, "Payment plans", "New plan", "New payment plan");
  await planning.getByRole("textbox", { name: "Instalments" }).fill("3");
  await planning.getByRole("textbox", { name: "First on" }).fill("2026-04-10");
  await planning.getByText("Default triggers and wording").click();
  await planning.getByRole("checkbox", { name: "Money is returned by the bank" }).check();
  await planning.getByRole("textbox", { name: "Why a plan" }).fill("short of cash");
  await planning.getByRole("button", { name: "Agree 1,500.00 EUR in 3" }).click();
  const plans = async () => (await gridRows(page, "Payment plans"))[0];
  await page.getByRole("grid", { name: "Payment plans" }).getByText("kept so far").waitFor();
  assert.equal(await aged(page), 150_000, "PL-03: a plan moves no total and no due date");
  assert.deepEqual(await expected(page), [150_000, 0]);

  // The agreement in Word and on paper is one text, with every instalment and both totals.
  await toPlans(page, "Payment plans");
  await page.getByRole("grid", { name: "Payment plans" }).getByText("North Ltd").click();
  const agreed = page.getByRole("region", { name: /^Plan of North Ltd/ });
  await agreed.getByText(/^Interest is let go while the plan is kept \(\d+\.\d\d EUR to 1 Apr 2026/).waitFor();
  const word = wordText(await saved(page, () => agreed.getByRole("button", { name: "Agreement as a Word document" }).press("Enter")));
  await page.evaluate(() => {
    window.print = () => (window.onPaper = document.querySelector(".print-sheet").textContent);
  });
  await agreed.getByRole("button", { name: "Print the agreement" }).press("Enter");
  const paper = (await page.evaluate(() => window.onPaper)).replaceAll("\u00a0", " ");
  for (const said of ["North Ltd", "INV-1", "INV-2", "1,000.00", "10 Apr 2026", "10 May 2026", "10 Jun 2026", "500.00", "1,500.00 EUR",
    "a payment is returned by the bank", "claimed again, from the original due dates", "acknowledges owing"]) {
    assert.ok(word.includes(said) && paper.includes(said), `${said} in ${word}`);
  }
  assert.equal(word.match(/1,500\.00/g).length, 3, "in the sentence and under both tables");
  await shoot(page, "agreed");

  // PL-01: what the plan lets go cannot be charged.
  await toInterest(page);
  const late = page.getByRole("region", { name: "Items paid late" });
  assert.equal(await late.getByText("Interest waived under the plan of 1 Apr 2026 while it is kept").count(), 2);
  assert.ok(await late.getByRole("checkbox", { name: "Charge INV-1" }).isDisabled());
  await page.getByRole("button", { name: "Raise charges" }).waitFor();
  await shoot(page, "waived");

  // 10 April: the first instalment comes.
  await on(page, "2026-04-10");
  await pay(page, "P-1", "500.00");
  await toPlans(page, "Payment plans");
  let row = await plans();
  assert.deepEqual([row[1], cents(row[3]), cents(row[4])], ["kept so far", 50_000, 100_000]);
  assert.equal(await aged(page), 100_000);

  // 15 April: the bank takes it back.
  await on(page, "2026-04-15");
  await goTo(page, "Cash");
  await page.getByRole("tab", { name: "Receipts" }).click();
  await page.getByRole("grid", { name: "Cash application log" }).getByRole("row").filter({ hasText: "P-1" }).dblclick();
  const receipt = page.getByRole("dialog", { name: /^Receipt P-1/ });
  await receipt.getByLabel("What is to be done").selectOption({ label: "Returned by the bank" });
  await receipt.getByRole("button", { name: "Returned by the bank" }).click();
  await messages(page).getByText(/P-1 is taken back/).first().waitFor();
  await toPlans(page, "Payment plans");
  row = await plans();
  assert.deepEqual([row[1], cents(row[3])], ["defaulted", 0]);
  assert.equal(await aged(page), 150_000);
  await toPlans(page, "Payment plans");
  await page.getByRole("grid", { name: "Payment plans" }).getByText("North Ltd").click();
  await page.getByText(/In default since 15 Apr 2026: money is returned by the bank/).waitFor();
  await shoot(page, "defaulted");
  await page.getByRole("button", { name: "Declare default" }).click();
  const ending = page.getByRole("dialog", { name: /^End the plan/ });
  await ending.getByRole("textbox", { name: "Why" }).fill("bounced");
  await ending.getByRole("button", { name: "End the plan" }).click();
  await ending.waitFor({ state: "hidden" });

  // PL-02: from the original due dates again: 65 and 37 days at 10 %, 17.81 and 5.07.
  await toInterest(page);
  await page.getByRole("button", { name: "Raise 2 charges of 22.88 EUR" }).waitFor();
  assert.deepEqual(await expected(page), [150_000, 0]);

  // 16 April: a statement goes out.
  await on(page, "2026-04-16");
  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  await page.keyboard.press("l");
  const statement = page.getByRole("dialog", { name: /^Statement of account/ });
  await statement.waitFor();
  await saved(page, () => page.keyboard.press("w"));
  await messages(page).getByText(/Recorded as produced, not sent/).waitFor();
  await statement.getByRole("button", { name: "It was sent" }).click();
  await statement.waitFor({ state: "hidden" });

  // 20 April: 1,200.00 by the end of the month. Above one's own limit: refused, and nothing typed is lost.
  await on(page, "2026-04-20");
  const offering = await begun(page, "Settlements", "New offer", "New settlement offer");
  await offering.getByRole("textbox", { name: /^To be paid/ }).fill("1,200.00");
  await offering.getByRole("textbox", { name: "By", exact: true }).fill("2026-04-30");
  await offering.getByRole("textbox", { name: "Why" }).fill("old debt");
  await offering.getByRole("button", { name: "Record the offer" }).click();
  await messages(page).getByText(/Name somebody with the authority who approved it/).first().waitFor();
  assert.equal(await offering.getByRole("textbox", { name: /^To be paid/ }).inputValue(), "1,200.00");
  await offering.getByRole("textbox", { name: "Approved by" }).fill("Mona");
  await offering.getByRole("textbox", { name: "Where that stands" }).fill("mail of today");
  await offering.getByRole("button", { name: "Record the offer" }).click();
  await page.getByRole("grid", { name: "Settlement offers" }).getByText("open", { exact: true }).waitFor();
  assert.equal(await aged(page), 150_000, "ST-04: nothing is let go before the money is in");

  // 2 May: nothing came, and the file of that day says so (PT-09).
  await on(page, "2026-05-02");
  await toPlans(page, "Settlements");
  await page.getByRole("grid", { name: "Settlement offers" }).getByText(/expired, waiting for the file/).waitFor();
  await goTo(page, "Import");
  await page.getByLabel("Choose files").setInputFiles(items("open-2026-05-02.csv", "1000.00", "500.00"));
  await previewed(page);
  await page.getByLabel("The file shows").selectOption({ label: "Everything open in the source" });
  await page.getByRole("textbox", { name: "Figures as of" }).fill("2026-05-02");
  await page.getByText("0 new, 0 changed, 2 as they were, 0 no longer in the list").waitFor();
  await commitImport(page);
  await toPlans(page, "Settlements");
  await page.getByRole("grid", { name: "Settlement offers" }).getByText("lapsed: full debt").waitFor();
  await shoot(page, "lapsed");

  // 4 May: placed, at 15 %.
  await on(page, "2026-05-04");
  const placing = await begun(page, "Agency and legal", "Place items", "Place items");
  const files = unpacked(await saved(page, () => placing.getByRole("button", { name: /^Dossier/ }).click()));
  const names = ["MANIFEST.txt", "index.txt", "dossier.xlsx", "statement.docx", "letter-before-claim.docx", "letters/001-2026-04-16.txt"];
  assert.deepEqual([...files.keys()], names);
  const [manifest, index] = names.slice(0, 2).map((name) => files.get(name).toString());
  for (const name of names.slice(1)) assert.match(manifest, new RegExp(`^[0-9a-f]{64} +\\d+  ${name.replaceAll(".", "\\.")}$`, "m"));
  for (const name of names.slice(2)) assert.ok(index.includes(`  ${name}: `), `${name} in ${index}`);
  assert.match(files.get(names[5]).toString(), /Subject: Statement of account/);
  const account = wordText(files.get("statement.docx"));
  assert.ok(account.includes("Closing balance") && account.includes("1,500.00"), account);
  const claim = wordText(files.get("letter-before-claim.docx"));
  assert.ok(/to be checked by counsel/.test(claim) && claim.includes("1,500.00 EUR in all") && claim.includes("18 May 2026"), claim);
  await placing.getByRole("textbox", { name: "Name" }).fill("Inkasso Nord");
  await placing.getByRole("textbox", { name: "Commission, %" }).fill("15");
  await placing.getByLabel("How far").selectOption({ label: "Handed over: our chase is paused" });
  await placing.getByRole("textbox", { name: "Why, and what was tried" }).fill("plan broken, offer lapsed");
  await placing.getByRole("button", { name: "Place them" }).click();
  await page.getByRole("grid", { name: "Placements" }).getByText("Handed over").waitFor();
  const placed = async () => {
    await toPlans(page, "Agency and legal");
    const cells = (await gridRows(page, "Placements"))[0];
    return [3, 4, 5, 6].map((n) => cents(cells[n]));
  };
  assert.equal(await aged(page), 150_000);
  assert.deepEqual(await expected(page), [150_000, 150_000]);

  // 20 May and 1 June: recovered in two payments; the commission is on what came.
  await on(page, "2026-05-20");
  await pay(page, "P-2", "333.33");
  assert.deepEqual(await placed(), [150_000, 33_333, 5_000, 116_667]);
  await on(page, "2026-06-01");
  await pay(page, "P-3", "1,166.67");
  assert.deepEqual(await placed(), [150_000, 150_000, 22_500, 0]);
  await page.getByRole("grid", { name: "Placements" }).getByText("North Ltd").click();
  await page.getByRole("textbox", { name: "Why it ends" }).fill("all in");
  await page.getByRole("button", { name: "Paid", exact: true }).click();
  await page.getByRole("grid", { name: "Placements" }).getByText("paid").first().waitFor();
  await shoot(page, "recovered");

  // The account tells all of it, newest first.
  await openAccount(page, "North Ltd");
  await page.getByRole("button", { name: "Promises and plans" }).click();
  const told = page.getByRole("main");
  for (const said of [
    "Plan agreed: 1,500.00 EUR in 3 instalments",
    "Plan in default: money is returned by the bank",
    "Settlement offered: 1,200.00 EUR of 1,500.00 EUR by 30 Apr 2026",
    "Offer lapsed: the full debt is owed again",
    "1,500.00 EUR placed with Inkasso Nord; 1,500.00 EUR recovered, commission 225.00 EUR",
    "Placement ended: paid",
  ]) await told.getByText(said).first().waitFor();
  await shoot(page, "account");

  // As of days in between, from the end: what each page said then, it says of then.
  const days = [
    ["2026-04-12", 100_000, 0, /33\.3/, "kept so far", null, null],
    ["2026-04-16", 150_000, 0, /\b0\.0/, "defaulted", null, null],
    ["2026-04-25", 150_000, 0, /\b0\.0/, "defaulted", "open", null],
    ["2026-05-10", 150_000, 150_000, /\b0\.0/, "defaulted", "lapsed: full debt", 0],
    ["2026-05-21", 116_667, 116_667, /22\.2/, "defaulted", "lapsed: full debt", 33_333],
  ];
  for (const [day, total, away, rate, plan, offer, recovered] of days) {
    await goTo(page, "Aging");
    await asOf(page, day);
    assert.equal(await aged(page), total, `as of ${day}`);
    assert.deepEqual(await expected(page), [total, away], `as of ${day}`);
    assert.match(await keyFigure(page, "Collection rate on the opening list"), rate, `as of ${day}`);
    await toPlans(page, "Payment plans");
    assert.equal((await plans())[1], plan, `as of ${day}`);
    await toPlans(page, "Settlements");
    if (offer) assert.equal((await gridRows(page, "Settlement offers"))[0][1], offer, `as of ${day}`);
    else await page.getByText("No settlement was offered yet").waitFor();
    if (recovered === null) {
      await toPlans(page, "Agency and legal");
      await page.getByText("Nothing is placed").waitFor();
    } else assert.equal((await placed())[1], recovered, `as of ${day}`);
  }
  await shoot(page, "then");
}));
