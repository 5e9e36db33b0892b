// A dispute from the call to its credit note: taken down on the account, worked by keyboard, resolved above the limit and
// approved, its documents entered, closed, undone; a list of another system comes in once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, openAccount, openSample, toCases } from "../steps.mjs";

const browser = {
  viewport: { width: 1366, height: 768 },
  permissions: ["clipboard-read", "clipboard-write"],
};
const shoot = shooter("cases");

const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const ITEMS = csv(
  "open.csv",
  "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
    "C-1,North Ltd,INV-1,2026-04-13,2026-05-13,EUR,1000.00,1000.00\n" +
    "C-1,North Ltd,INV-2,2026-04-20,2026-05-20,EUR,500.00,500.00\n",
);
const DISPUTES = csv(
  "disputes.csv",
  "Dispute_ID,Invoice_ID,Dispute_Open_Date,Dispute_Close_Date,Dispute_Reason,Dispute_Status\n" +
    "DSP1,INV-2,2026-05-21,,Duplicate,Open\nDSP2,INV-2,2026-04-25,2026-05-05,Contract,Closed\nDSP3,INV-9,2026-05-01,,Service,Open\n",
);

const messages = (page) => page.getByRole("region", { name: "Messages" });
const inHand = (page) => page.getByRole("region", { name: "Case in hand" });
const cases = (page) => gridRows(page, "Cases");

test("a dispute is taken down, resolved above the limit, approved, executed, closed and undone", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, ITEMS);
  await commitImport(page);
  await goTo(page, "Cases");
  await page.getByText("Nothing is disputed or asked").waitFor();
  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");

  await page.keyboard.press("d");
  const taking = page.getByRole("dialog", { name: "Take down a dispute" });
  await taking.getByLabel(/^Contested/).fill("2,000.00");
  await page.keyboard.press("Enter");
  await taking.getByText(/is open and not contested yet/).waitFor();
  await taking.getByLabel(/^Contested/).fill("300.00");
  await taking.getByLabel("What the customer says").fill("The contract says 700.");
  await shoot(page, "new");
  await taking.getByRole("button", { name: "Take the dispute down" }).click();
  await messages(page).getByText(/Dispute taken down/).waitFor();
  await taking.waitFor({ state: "hidden" });
  await page.getByRole("grid", { name: "Open items" }).getByText("disputed 300.00").waitFor();

  await toCases(page);
  let rows = await cases(page);
  assert.equal(rows.length, 1);
  assert.deepEqual([rows[0][0], rows[0][1], rows[0][6]], ["C-1", "North Ltd", "300.00"]);
  await inHand(page).getByText("late dispute").waitFor();
  await inHand(page).getByText("The contract says 700.").waitFor();
  await page.keyboard.press("w");
  await messages(page).getByText(/copied as mail/).waitFor();
  const mail = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(mail, /^\[C-1\] North Ltd: Price differs/);
  assert.match(mail, /INV-1\t2026-05-13\t1,000\.00 EUR/);
  await page.keyboard.press("m");
  const moving = page.getByRole("dialog", { name: "Move C-1 on" });
  await moving.getByLabel("It is now").selectOption({ label: "With owner" });
  await moving.getByLabel("Person there").fill("Ines");
  await page.keyboard.press("Enter");
  await inHand(page).getByText(/With Billing, Ines since/).waitFor();

  // 300 of 1,000 is above a collector's limit: it waits for somebody else.
  await page.keyboard.press("r");
  const resolving = page.getByRole("dialog", { name: "Resolve C-1" });
  await resolving.getByText(/Above the limit/).waitFor();
  await shoot(page, "over-limit");
  await resolving.getByLabel("What is to be done").selectOption({ label: "Credit and rebill" });
  await resolving.getByLabel("As it should be").fill("Service; 1,200.00");
  await resolving.getByText(/What is owed changes by 200\.00 EUR/).waitFor();
  await shoot(page, "rebill");
  await resolving.getByLabel("What is to be done").selectOption({ label: "Split the invoice" });
  await resolving.getByLabel("Parts").fill("600.00; PO-A\n300.00; PO-B");
  await resolving.getByText(/They sum to 900\.00 EUR, and have to sum to 1,000\.00 EUR/).waitFor();
  await resolving.getByLabel("What is to be done").selectOption({ label: "Partial credit" });
  await resolving.getByRole("button", { name: "Save as a request to approve" }).click();
  await messages(page).getByText(/waits for approval/).waitFor();
  await inHand(page).getByText(/Needs a Finance controller/).waitFor();
  await inHand(page).getByRole("button", { name: "Record the approval" }).click();
  const approving = page.getByRole("dialog", { name: "Record the approval" });
  await approving.getByLabel("Who approved it").fill("me");
  await approving.getByLabel("Where it is written").fill("mail of today");
  await approving.getByRole("button", { name: "Record the approval" }).click();
  await messages(page).getByText(/Who asks does not approve/).waitFor();
  await approving.getByLabel("Who approved it").fill("Ben Okafor");
  await approving.getByRole("button", { name: "Record the approval" }).click();
  await inHand(page).getByText(/Approved by Ben Okafor \(Finance controller\)/).waitFor();
  await inHand(page).getByText("pending: the documents are to come").waitFor();
  await shoot(page, "approved");
  await goTo(page, "Outbox");
  await page.getByRole("grid", { name: "Outbox" }).getByText("Credit applied").waitFor();

  await toCases(page);
  await inHand(page).getByRole("button", { name: "The documents are there" }).click();
  const entering = page.getByRole("dialog", { name: "The documents are there" });
  await entering.getByLabel("Numbers in the ERP").fill("CM-77");
  await entering.getByRole("button", { name: "The documents are there" }).click();
  await inHand(page).getByText("executed", { exact: true }).waitFor();
  await page.keyboard.press("x");
  const closing = page.getByRole("dialog", { name: "Close C-1" });
  await closing.getByRole("button", { name: "Close the case" }).click();
  await messages(page).getByText(/C-1 closed: the customer is right/).waitFor();
  await page.getByText("No case stands so").waitFor();
  await page.keyboard.press("z");
  await messages(page).getByText(/Undone/).first().waitFor();
  rows = await cases(page);
  assert.equal(rows[0][0], "C-1");
}));

test("disputes of another system come in once, and are counted", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await beginWithFile(page, ITEMS);
  await commitImport(page);
  const again = page.getByRole("button", { name: "Import another file" });
  await again.click();
  await page.getByLabel("Choose files").setInputFiles(DISPUTES);
  const says = page.getByRole("region", { name: "What the list says" });
  await says.getByText("2 cases: 1 open, 1 closed. Known already: 0.").waitFor();
  await says.getByText(/the document is not in the book/).waitFor();
  await shoot(page, "import");
  await page.getByRole("button", { name: "Import 2 cases" }).click();
  await messages(page).getByText(/2 cases taken in/).waitFor();
  await toCases(page);
  const rows = await cases(page);
  assert.equal(rows.length, 1);
  assert.equal(rows[0][6], "500.00");
  await inHand(page).getByText("Their ticket: DSP1").waitFor();
  await page.getByRole("tab", { name: "Figures" }).click();
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page.getByText("median 10, 9 in 10 within 10, mean 10.00").first().waitFor();
  await shoot(page, "figures");
}));

test("the cases of the sample portfolio", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await toCases(page);
  const rows = await cases(page);
  assert.ok(rows.length >= 8, `${rows.length} rows`);
  await inHand(page).getByRole("heading", { name: "Money" }).waitFor();
  await shoot(page, "sample");
  await page.getByRole("tab", { name: "Figures" }).click();
  await page.getByRole("heading", { name: "What holds money up" }).waitFor();
  await shoot(page, "sample-figures");
}));
