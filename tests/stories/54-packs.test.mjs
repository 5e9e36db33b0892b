// A case goes to another department as a file: a mail, a workbook, paper. Each says what is asked and by when, and nothing of
// any other customer.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, openAccount, toCases } from "../steps.mjs";
import { unpacked } from "../mornings.mjs";
import { sheetRows } from "../xlsx.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("packs");
// Without the service worker the server has no page under a book's address; the app begins all the same.
const NO_SW = /status of 404/;
const ITEMS = {
  name: "open.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,Nörd Ltd,INV-1,2026-10-13,2026-11-12,EUR,1000.00,1000.00\n" +
      "C-2,South Ltd,INV-2,2026-10-20,2026-11-19,EUR,500.00,500.00\n",
  ),
};
const messages = (page) => page.getByRole("region", { name: "Messages" });
const inHand = (page) => page.getByRole("region", { name: "Case in hand" });

async function dispute(page, customer, amount, said) {
  await openAccount(page, customer);
  await gridRows(page, "Open items");
  await page.keyboard.press("d");
  const taking = page.getByRole("dialog", { name: "Take down a dispute" });
  await taking.getByLabel(/^Contested/).fill(amount);
  await taking.getByLabel("What the customer says").fill(said);
  await taking.getByRole("button", { name: "Take the dispute down" }).click();
  await messages(page).getByText(new RegExp(`Dispute taken down: .*${customer}`)).waitFor();
  await taking.waitFor({ state: "hidden" });
}

/** Presses an entry of the case's menu of files, and answers what came. */
async function saved(page, entry) {
  await inHand(page).getByRole("button", { name: "Case as a file" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: entry }).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("a case goes out as a mail file, a workbook and on paper, and is read there", story({ browser, expected: [NO_SW] }, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, ITEMS);
  await commitImport(page);
  await dispute(page, "South Ltd", "50.00", "Not ours.");
  await dispute(page, "Nörd Ltd", "300.00", '=HYPERLINK("http://a.example";"Pay")');
  await toCases(page);
  await page.getByRole("grid", { name: "Cases" }).getByText("C-2", { exact: true }).click();
  await inHand(page).getByRole("heading", { level: 2, name: /^C-2 / }).waitFor();
  await inHand(page).getByRole("button", { name: "It is there" }).first().click();
  await messages(page).getByText(/: there$/).waitFor();
  // A small credit of the case: it stands under what was resolved.
  await inHand(page).getByRole("button", { name: /^Resolve/ }).click();
  const dialog = page.getByRole("dialog", { name: "Resolve C-2" });
  await dialog.getByLabel("What is to be done").selectOption({ label: "Small balance" });
  await dialog.getByLabel(/^Amount/).fill("0.50");
  await dialog.getByText("What is owed changes by −0.50 EUR.").waitFor();
  await dialog.getByRole("button", { name: "Request it of the ERP" }).click();
  await dialog.waitFor({ state: "hidden" });

  // The mail: one subject, in a header that any program reads; the ask in the first line; the table of items.
  const mail = await saved(page, "Save as a mail file (.eml)");
  assert.equal(mail.name, "case-C-2.eml");
  const text = mail.bytes.toString("latin1");
  const [head, body] = text.split("\r\n\r\n");
  assert.match(head, /^X-Unsent: 1\r\nSubject: =\?/);
  assert.ok(head.split("\r\n").every((line) => line.length <= 78), head);
  const words = Buffer.from(body.replaceAll("\r\n", ""), "base64").toString("utf8").split("\r\n");
  assert.match(words[0], /^Billing, please issue the documents below, by 2026-11-23\.$/);
  assert.ok(words.includes("INV-1\t2026-11-12\t1,000.00 EUR\t999.50 EUR\t299.50 EUR"), words.join("\n"));
  assert.ok(!words.join("\n").includes("South"));

  // The workbook: every sheet, and a text that looks like a formula is a text.
  const workbook = await saved(page, "Save as Excel (.xlsx)");
  assert.equal(workbook.name, "case-C-2.xlsx");
  const rows = (sheet) => sheetRows(workbook.bytes, sheet);
  const facts = new Map(rows("Case").map((row) => [row[0], row[1]]));
  assert.deepEqual(
    ["Case", "Kind", "Customer", "What is asked"].map((what) => facts.get(what)),
    ["C-2", "Dispute", "Nörd Ltd", "please issue the documents below"],
  );
  assert.match(facts.get("The customer says"), /HYPERLINK/);
  const [items, money, evidence, resolved, history] = ["Items", "Money", "Evidence", "Resolutions", "What happened"].map(rows);
  assert.deepEqual(items.filter((row) => row[0] === "INV-1").map((row) => row.slice(3)), [["EUR", "1000", "999.5", "299.5"]]);
  assert.equal(money.filter((row) => ["Contested now", "Paid", "Credited", "Written off", "Cleared by hand"].includes(row[0])).reduce((sum, row) => sum + Number(row[2]), 0), 300);
  assert.deepEqual(evidence.map((row) => row[1]).filter((state) => ["there", "wanted"].includes(state)), ["there", "wanted"]);
  assert.ok(resolved.some((row) => row[0] === "R-1" && row[1] === "Small balance"), JSON.stringify(resolved));
  assert.ok(history.some((row) => row[2].startsWith("Taken down, with Billing")), JSON.stringify(history));
  const parts = [...unpacked(workbook.bytes)].filter(([path]) => /worksheets|sharedStrings/.test(path));
  assert.ok(parts.length > 5);
  for (const [path, xml] of parts) {
    assert.doesNotMatch(xml.toString("utf8"), /South|<f>[^<]*HYPERLINK/, path);
  }

  // Paper: the case alone, with what is asked.
  await page.evaluate(() => {
    window.pressed = 0;
    window.print = () => (window.pressed += 1);
  });
  await inHand(page).getByRole("button", { name: "Case as a file" }).click();
  await page.getByRole("menuitem", { name: "Print the case" }).click();
  assert.equal(await page.evaluate(() => window.pressed), 1);
  await page.emulateMedia({ media: "print" });
  const paper = await page.evaluate(() => document.body.innerText);
  assert.match(paper, /C-2 Price differs/);
  assert.match(paper, /Asked of Billing: please issue the documents below, by 23 Nov 2026\./);
  assert.match(paper, /INV-1\s+12 Nov 2026\s+999\.50\s+299\.50/);
  assert.doesNotMatch(paper, /South|C-1 /);
  await shoot(page, "paper");
  await page.emulateMedia({ media: "screen" });
  assert.ok(!(await inHand(page).getByText(/^Asked of/).isVisible()));
}));
