// The desk of cases: two that are one are merged, one that is two is split, a closed one is opened again, an owner gets one
// digest, and a question that nobody answered in time surfaces until it is answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, openAccount, toCases } from "../steps.mjs";

const browser = {
  viewport: { width: 1366, height: 768 },
  permissions: ["clipboard-read", "clipboard-write"],
};
const shoot = shooter("desk-of-cases");
// Without the service worker the server has no page under a book's address; the app begins all the same.
const NO_SW = /status of 404/;
const ITEMS = {
  name: "open.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,North Ltd,INV-1,2026-10-13,2026-11-12,EUR,1000.00,1000.00\n" +
      "C-1,North Ltd,INV-2,2026-10-20,2026-11-19,EUR,500.00,500.00\n",
  ),
};

const messages = (page) => page.getByRole("region", { name: "Messages" });
const inHand = (page) => page.getByRole("region", { name: "Case in hand" });
const contested = (rows) => rows.map((row) => [row[0], row[6]]).sort();

async function dispute(page, invoice, amount) {
  await page.keyboard.press("d");
  const taking = page.getByRole("dialog", { name: "Take down a dispute" });
  const choice = taking.getByLabel(/^(Invoice|Document)/);
  const label = await choice.getByRole("option", { name: new RegExp(`^${invoice}\\b`) }).first().innerText();
  await choice.selectOption({ label });
  await taking.getByLabel(/^Contested/).fill(amount);
  await taking.getByRole("button", { name: "Take the dispute down" }).click();
  await taking.waitFor({ state: "hidden" });
}

/** Takes the case of a number in hand. */
async function take(page, number) {
  await page.getByRole("grid", { name: "Cases" }).getByText(number, { exact: true }).click();
  await inHand(page).getByRole("heading", { level: 2, name: new RegExp(`^${number} `) }).waitFor();
}

test("cases are merged, split, opened again and told in a digest; an overdue answer surfaces", story({ browser, expected: [NO_SW] }, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, ITEMS);
  await commitImport(page);
  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  await dispute(page, "INV-1", "300.00");
  await dispute(page, "INV-2", "200.00");
  await toCases(page);
  assert.deepEqual(contested(await gridRows(page, "Cases")), [["C-1", "300.00"], ["C-2", "200.00"]]);

  // Merged: one case contests both, and the other is closed as a part of it.
  await take(page, "C-2");
  await inHand(page).getByRole("button", { name: "Merge" }).click();
  const merging = page.getByRole("dialog", { name: "Merge C-2 into another case" });
  await shoot(page, "merge");
  // From any field Ctrl Enter is the button that the dialog is for.
  await merging.getByLabel("Into").press("Control+Enter");
  await messages(page).getByText("C-2 is a part of C-1 now").waitFor();
  await inHand(page).getByRole("heading", { level: 2, name: /^C-1 / }).waitFor();
  assert.deepEqual(contested(await gridRows(page, "Cases")), [["C-1", "500.00"]]);

  // Split: too much, all of it and nothing are refused; then 150 of INV-2 go on by themselves.
  await inHand(page).getByRole("button", { name: "Split" }).click();
  const splitting = page.getByRole("dialog", { name: "Split C-1" });
  const [first, second] = [splitting.getByLabel(/^Of INV-1, 300\.00 EUR contested/), splitting.getByLabel(/^Of INV-2, 200\.00 EUR contested/)];
  await splitting.getByRole("status").getByText("Say what goes into the new case.").waitFor();
  await second.fill("200.01");
  await splitting.getByRole("status").getByText("INV-2: only 200.00 EUR is contested.").waitFor();
  await second.fill("200.00");
  await first.fill("300.00");
  await splitting.getByRole("status").getByText("Nothing would be left in C-1: change its reason instead.").waitFor();
  await first.fill("");
  await second.fill("150.00");
  await splitting.getByLabel("Reason of the new case").selectOption("QTY");
  await shoot(page, "split");
  await splitting.getByRole("button", { name: "Split the case" }).click();
  await messages(page).getByText("150.00 EUR of C-1 is a case of its own now").waitFor();
  assert.deepEqual(contested(await gridRows(page, "Cases")), [["C-1", "350.00"], ["C-3", "150.00"]]);

  // Closed, and opened again: what it contests comes back to it only where it is taken down anew.
  await take(page, "C-3");
  await page.keyboard.press("x");
  const closing = page.getByRole("dialog", { name: "Close C-3" });
  await closing.getByLabel("How it ended").selectOption({ label: "owed as billed" });
  await closing.getByRole("button", { name: "Close the case" }).click();
  await messages(page).getByText("C-3 closed: owed as billed").waitFor();
  await page.getByRole("button", { name: /^Closed/ }).click();
  await take(page, "C-3");
  await page.keyboard.press("o");
  const opening = page.getByRole("dialog", { name: "Open C-3 again" });
  await opening.getByLabel("Why").fill("They sent the delivery note.");
  await opening.getByRole("button", { name: "Open it again" }).click();
  await messages(page).getByText("C-3 is open again").waitFor();
  await page.getByRole("button", { name: /^Closed/ }).click();
  assert.equal((await gridRows(page, "Cases")).length, 2);

  // One digest for an owner of all that he has.
  for (const number of ["C-1", "C-3"]) {
    await take(page, number);
    await page.keyboard.press("m");
    const moving = page.getByRole("dialog", { name: `Move ${number} on` });
    await moving.getByLabel("It is now").selectOption({ label: number === "C-1" ? "With owner" : "Triaged" });
    await moving.getByLabel("Person there").fill("Ines");
    await moving.getByRole("button", { name: "Move it on" }).click();
    await moving.waitFor({ state: "hidden" });
  }
  await page.getByRole("tab", { name: "Digests" }).click();
  const ines = page.getByRole("listitem", { name: "Ines" });
  await ines.getByText(/^2 open cases, [\d,.]+ EUR, oldest 0 days; none sent yet$/).waitFor();
  await ines.getByRole("button", { name: "Copy the digest" }).click();
  await messages(page).getByText(/^Copied: Ines: 2 open cases/).waitFor();
  const digest = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(digest, /^Ines: 2 open cases, [\d,.]+ EUR, oldest 0 days/);
  assert.match(digest, /C-1\tNorth Ltd/);
  assert.match(digest, /C-3\tNorth Ltd/);

  // Weekly from Wednesday: due today, here and on Today, until it is said that it went; a copy alone is not sent.
  await ines.getByLabel("Digest of Ines").selectOption({ label: "Weekly, from Wednesday" });
  await messages(page).getByText(/Digest of Ines: weekly, from Wednesday/i).waitFor();
  await ines.getByText("due today").waitFor();
  await shoot(page, "digests");
  await goTo(page, "Today");
  await page.getByRole("link", { name: "1 digest of cases to send" }).click();
  await ines.getByText("due today").waitFor();
  const [mail] = await Promise.all([page.waitForEvent("download"), ines.getByRole("button", { name: "Save as a mail file" }).click()]);
  assert.equal(mail.suggestedFilename(), "digest-Ines.eml");
  await ines.getByText("due today").waitFor();
  await ines.getByRole("button", { name: "It was sent" }).click();
  await messages(page).getByText("Digest of 2 cases sent to Ines").waitFor();
  await ines.getByText(/last sent 18 Nov 2026$/).waitFor();
  assert.equal(await ines.getByText("due today").count(), 0);
  await page.keyboard.press("z");
  await ines.getByText("due today").waitFor();
  await ines.getByRole("button", { name: "It was sent" }).click();
  await ines.getByText(/last sent 18 Nov 2026$/).waitFor();
  await page.getByRole("tab", { name: "Queue" }).click();

  // A question put up by Friday; on Monday its answer is overdue, on Cases and on Today, until it is there.
  await take(page, "C-1");
  await page.keyboard.press("e");
  const asking = page.getByRole("dialog", { name: "Escalate C-1" });
  assert.equal(await asking.getByLabel("Answer wanted by").inputValue(), "2026-11-20", "two business days");
  await asking.getByLabel("To: a person or a level").fill("Head of billing");
  await asking.getByLabel("Answer wanted by").fill("2026-11-20");
  await asking.getByLabel("The question").fill("Do we grant the price of 2025?");
  await asking.getByRole("button", { name: "Put the question" }).click();
  await messages(page).getByText("C-1 put to Head of billing").waitFor();
  await inHand(page).getByText("Put to Head of billing: the answer is wanted by 20 Nov 2026").waitFor();
  await context.clock.setFixedTime(new Date("2026-11-23T10:00:00Z"));
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Cases" }).waitFor();
  await page.getByRole("main").getByText(/1 answer overdue/).first().waitFor();
  await goTo(page, "Today");
  await page.getByRole("link", { name: "1 answer to an escalation overdue" }).click();
  assert.deepEqual((await gridRows(page, "Cases")).map((row) => row[0]), ["C-1"]);
  await inHand(page).getByText("Put to Head of billing: the answer was wanted by 20 Nov 2026, 3 days overdue").waitFor();
  await shoot(page, "overdue");
  await inHand(page).getByRole("button", { name: "It was answered" }).click();
  const answering = page.getByRole("dialog", { name: "Answer to the question on C-1" });
  await answering.getByLabel("Who answered").fill("Head of billing");
  await answering.getByLabel("The answer").fill("Yes, for this order.");
  await answering.getByRole("button", { name: "Keep the answer" }).click();
  await page.getByText("No case stands so").waitFor();
}));

test("a passed level of the clock surfaces by itself and is raised with one press; reason, cause and lines are changed", story({ browser, expected: [NO_SW] }, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, ITEMS);
  await commitImport(page);

  // Levels and to whom they go are the owner's: here at the whole time and at twice that.
  await goTo(page, "Settings");
  const rules = page.getByRole("region", { name: "Disputes and queries" });
  assert.equal(await rules.getByLabel(/^Escalated at/).inputValue(), "50, 100, 150");
  await rules.getByLabel(/^Escalated at/).fill("100, 50");
  await rules.getByText(/^Levels: one to nine shares/).waitFor();
  await rules.getByLabel(/^Escalated at/).fill("100, 200");
  await rules.getByLabel(/^Escalated to/).fill("Ben Okafor, Head of finance");
  await rules.getByRole("button", { name: "Save the dispute rules" }).click();
  await messages(page).getByText("Dispute rules saved").waitFor();

  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  await dispute(page, "INV-1", "300.00");
  await toCases(page);
  await inHand(page).getByText(/This step: 0 business days of 1/).waitFor();
  assert.equal(await inHand(page).getByRole("button", { name: "Raise escalation" }).count(), 0);

  // A day later the first step has used its time, and nobody had to note it.
  await context.clock.setFixedTime(new Date("2026-11-19T10:00:00Z"));
  await page.reload();
  await page.getByRole("main").getByText(/1 to escalate/).first().waitFor();
  await goTo(page, "Today");
  await page.getByRole("link", { name: "1 case due for escalation" }).click();
  assert.deepEqual((await gridRows(page, "Cases")).map((row) => row[0]), ["C-1"]);
  await inHand(page).getByText(/Due for escalation to level 1, to Ben Okafor: this step: 1 business day of 1/).waitFor();
  await shoot(page, "to-escalate");
  await inHand(page).getByRole("button", { name: "Raise escalation" }).click();
  const asking = page.getByRole("dialog", { name: "Escalate C-1" });
  assert.equal(await asking.getByLabel("To: a person or a level").inputValue(), "Ben Okafor");
  assert.equal(await asking.getByLabel("Answer wanted by").inputValue(), "2026-11-23");
  assert.match(await asking.getByLabel("Reason").inputValue(), /^Level 1: 100 % of the time of this step is used, 1 of 1 business days$/);
  assert.match(await asking.getByLabel("The question").inputValue(), /^C-1 of North Ltd is with Billing since 18 Nov 2026\. 300\.00 EUR is contested\./);
  await asking.getByLabel("The question").press("Control+Enter");
  await messages(page).getByText("C-1 put to Ben Okafor").waitFor();
  await page.getByText("No case stands so").waitFor();
  await page.getByRole("button", { name: /^To escalate/ }).click();
  await inHand(page).getByText("Put to Ben Okafor: the answer is wanted by 23 Nov 2026").waitFor();
  await page.keyboard.press("z");
  await inHand(page).getByRole("button", { name: "Raise escalation" }).waitFor();
  await openAccount(page, "North Ltd");
  await page.getByRole("list", { name: "Escalations" }).getByText("Due for escalation to level 1, to Ben Okafor").waitFor();

  // Reason, root cause and ticket; a second document comes to it.
  await toCases(page);
  await inHand(page).getByRole("button", { name: "Change" }).click();
  const changing = page.getByRole("dialog", { name: "Change C-1" });
  await changing.getByLabel("Reason").selectOption("QTY");
  await changing.getByLabel("Root cause").selectOption("CON");
  await changing.getByLabel("Their ticket").fill("T-88");
  await changing.getByRole("button", { name: "Save what changed" }).click();
  await messages(page).getByText("C-1 changed").waitFor();
  await inHand(page).getByText("Root cause: Contract, renewal or cancellation").waitFor();
  await inHand(page).getByText("Their ticket: T-88").waitFor();
  await inHand(page).getByRole("button", { name: "What is contested" }).click();
  const lines = page.getByRole("dialog", { name: "What C-1 contests" });
  await lines.getByRole("status").getByText("Nothing is changed yet.").waitFor();
  await lines.getByLabel(/^Of INV-1/).fill("250.00");
  const more = lines.getByLabel("Another document");
  await more.selectOption({ label: await more.getByRole("option", { name: /^INV-2/ }).innerText() });
  await lines.getByLabel(/^Contested of it/).fill("500.01");
  await lines.getByRole("status").getByText("INV-2: 500.00 EUR is open and not contested elsewhere.").waitFor();
  await lines.getByLabel(/^Contested of it/).fill("100.00");
  await lines.getByLabel(/^Contested of it/).press("Enter");
  await messages(page).getByText("C-1 contests 350.00 EUR now").waitFor();
  assert.deepEqual(contested(await gridRows(page, "Cases")), [["C-1", "350.00"]]);
}));
