// Every statement and remittance of the shared data through the Cash page: what can be read is shown and taken in, what
// cannot says why in its own sentence. Then one of each kind from file to lock: matched, posted, undone, posted
// again, reconciled, locked.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { story } from "../support.mjs";
import { commitImport, goTo, gridRows, previewed } from "../steps.mjs";

const DATA = join(import.meta.dirname, "../../../shared/data");
const skip = existsSync(DATA) ? false : "skipped: ../shared absent";
const browser = { viewport: { width: 1366, height: 768 } };
const messages = (page) => page.getByRole("region", { name: "Messages" });
const files = (kind) => readdirSync(join(DATA, kind)).filter((name) => !/\.(json|md|pydata)$/.test(name)).sort();

/** An empty book, on its Cash page. */
async function emptyBook(page, currency = "USD") {
  await page.getByRole("button", { name: "Begin an empty book" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Statements");
  await dialog.getByRole("textbox", { name: "Currency of reports" }).fill(currency);
  await dialog.getByRole("button", { name: "Begin the book" }).click();
  await page.getByRole("heading", { level: 1, name: "Import" }).waitFor();
  await goTo(page, "Cash");
}

const preview = (page) => page.locator("section.cash-preview");
const unreadable = (page) => page.getByText("This file cannot be read");

/** Hands a file to the Cash page, and answers what it asks: the first reading of a date or a mark. */
async function hand(page, kind, name) {
  await page.getByLabel(/^(Choose|Add) a statement$/).setInputFiles(join(DATA, kind, name));
  await preview(page).getByRole("heading", { name: `${name}: ` }).or(unreadable(page)).first().waitFor();
  const asks = preview(page).getByText(/^How is the (date|amount) /);
  for (let asked = await asks.count(); asked > 0; asked--) {
    const said = await asks.first().innerText();
    await preview(page).getByRole("button", { name: /first$|before the decimals$|^Day, year/ }).first().click();
    await preview(page).getByText(said).waitFor({ state: "detached" });
    await preview(page).waitFor();
    asked = (await asks.count()) + 1;
  }
}

/** Says the currency of a file that names none, where the book does not know it either. */
async function coin(page) {
  const currency = preview(page).getByLabel("Currency", { exact: true });
  if (!(await currency.count()) || (await currency.inputValue()) !== "") return;
  const take = preview(page).getByRole("button", { name: /^(Take in|Use as evidence)/ });
  const hint = preview(page).getByText("The file names none. Choose it");
  if ((await take.getAttribute("aria-disabled")) !== "true") throw new Error("a currency nobody named would be taken");
  await currency.selectOption("EUR");
  await hint.waitFor({ state: "detached" });
  await preview(page).waitFor();
}

/** Takes the file in hand in, or leaves it where there is nothing; answers what became of it, with what is said. */
async function settle(page, name) {
  if (await unreadable(page).count()) {
    const said = await page.locator("main .callout", { hasText: "This file cannot be read" }).innerText();
    await page.getByRole("button", { name: "Leave it" }).click();
    await unreadable(page).waitFor({ state: "hidden" });
    return { outcome: "unreadable", said };
  }
  await coin(page);
  const said = await preview(page).innerText();
  const account = preview(page).getByLabel("Account", { exact: true });
  if (await account.count()) await account.fill(`Account of ${name}`);
  const take = preview(page).getByRole("button", { name: /^(Take in|Use as evidence)/ });
  // What was typed is judged before the next paint.
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  if ((await take.getAttribute("aria-disabled")) === "true") {
    await preview(page).getByRole("button", { name: "Leave it" }).click();
    await preview(page).waitFor({ state: "hidden" });
    return { outcome: "nothing", said };
  }
  const evidence = (await take.innerText()).startsWith("Use as");
  await take.click();
  if (evidence) {
    await preview(page).waitFor({ state: "hidden" });
    return { outcome: "evidence", said };
  }
  // While it is being saved no file is in hand either: what the page says of it is waited for.
  const known = page.getByRole("alert").getByText(/Nothing in this file is new/);
  await known.or(messages(page).getByText(`${name} is in the book`)).first().waitFor();
  if (await known.count()) {
    const dismiss = page.getByRole("alert").getByRole("button", { name: "Dismiss" });
    while (await dismiss.count()) await dismiss.first().click();
    await preview(page).getByRole("button", { name: "Leave it" }).click();
    await preview(page).waitFor({ state: "hidden" });
    return { outcome: "known", said };
  }
  return { outcome: "taken", said };
}

/** What is to be found per kind: at least so many are of use, and these say why they are not. */
const KINDS = {
  bank_bai2: { use: 4, bad: { "moov__sample-parseError.txt": /No date and amount among the columns of line 1/, "rustbai2__test3.bai": /the file ends inside/ } },
  bank_camt: { use: 8, bad: { "genkgo__camt053.v2.wrong.xml": /There is an envelope and no statement in it/ } },
  bank_camt_daily: { use: 96, bad: {} },
  bank_csv: { use: 10, bad: { "oca__empty_statement_en.csv": /There is no booked line in it/ } },
  bank_mt940: { use: 40, bad: { "mt940-rs__mt940_special_cases_invalid_statement.sta": /This is no bank statement that is read here/ } },
  bank_ofx: { use: 30, bad: { "ofxparse__signon_fail.ofx": /the bank answered with error 15500/, "ofxparse__error_message.ofx": /General Server Error/ } },
  bank_qif: { use: 7, bad: { "quiffen__empty.qif": /The file is empty/ } },
  remit_lockbox_bai: { use: 1, bad: {} },
  remit_pain001: { use: 1, bad: {} },
  remit_x12_820: { use: 6, bad: {} },
  cashapp_harborline: { use: 0, bad: { "LBX-20260918-014.txt": /use “Paste an advice”/, "open_invoices.csv": /A list of open items is taken in on Import/ } },
};

/** Why a file is of no use, in the sentence of each reason. */
const WHY = {
  nothing: /There is an envelope and no statement in it: |There is no booked line in it: |its entries come again in the booked statement, and would count twice\.|No date and amount among the columns of line \d+: /,
  unreadable: /The file is empty\.|No date and amount among the columns of line \d+: |This is no bank statement that is read here: /,
};

for (const [kind, wanted] of Object.entries(KINDS)) {
  test(`${kind}: every file is taken in or says why not`, { skip }, story({ browser }, async ({ open }) => {
    const page = await open("?nosw=1");
    await emptyBook(page);
    const found = new Map();
    for (const name of files(kind)) {
      await hand(page, kind, name);
      found.set(name, await settle(page, name));
    }
    const of = (outcome) => [...found].filter(([, f]) => f.outcome === outcome).map(([name]) => name);
    assert.ok(of("taken").length + of("known").length + of("evidence").length >= wanted.use, JSON.stringify([...found].map(([n, f]) => [n, f.outcome])));
    for (const [name, sentence] of Object.entries(wanted.bad)) {
      assert.ok(["nothing", "unreadable"].includes(found.get(name)?.outcome), `${name}: ${found.get(name)?.outcome}`);
      assert.match(found.get(name).said, sentence, name);
    }
    // No file is without a word: what cannot be used says so.
    for (const [outcome, sentence] of Object.entries(WHY)) {
      for (const name of of(outcome)) assert.match(found.get(name).said, sentence, name);
    }
  }));
}

/** One file of each kind that has money in. */
const WHOLE = {
  BAI2: ["bank_bai2", "moov__sample1.txt"],
  "camt.053": ["bank_camt", "oca__test-camt053.xml"],
  CSV: ["bank_csv", "oca__balance.csv"],
  MT940: ["bank_mt940", "wolph-mt940__betterplace_sepa_mt9401.sta"],
  OFX: ["bank_ofx", "ofxrs__multi_transaction_statement.ofx"],
  QIF: ["bank_qif", "qifparser__amex.qif"],
};

const cell = (text) => `"${text.replaceAll('"', '""')}"`;

/** Open items that the money of a statement pays: each line's payer owes just that, under a number its text names. */
function owed(lines, currency) {
  const rows = lines.map(([, payer, amount], n) => {
    const plain = amount.replaceAll(",", "");
    const number = /\d{6,}/.exec(payer)?.[0] ?? `INV-770${n + 1}`;
    return `C-${n + 1},${cell(payer)},${number},2000-01-03,2000-02-02,${currency},${plain},${plain}`;
  });
  const head = "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount";
  return { name: "owed.csv", mimeType: "text/csv", buffer: Buffer.from(`${[head, ...rows].join("\n")}\n`) };
}

for (const [format, [kind, name]] of Object.entries(WHOLE)) {
  test(`${format}: taken in, matched, posted, undone, posted again, reconciled, locked`, { skip }, story({ browser }, async ({ open }) => {
    const page = await open("?nosw=1");
    await emptyBook(page, format === "camt.053" ? "EUR" : "USD");
    await hand(page, kind, name);
    const { outcome, said } = await settle(page, name);
    assert.equal(outcome, "taken");
    const currency = /money in, [\d.,]+ ([A-Z]{3})/.exec(said)[1];
    const grid = page.getByRole("grid", { name: "Lines of the statement" });
    const waiting = (await gridRows(page, "Lines of the statement")).filter((row) => row[3] === "No match");
    assert.ok(waiting.length > 0, said);

    // Who paid owes just that: the lines find their invoices.
    await goTo(page, "Import");
    await page.getByLabel("Choose files").setInputFiles(owed(waiting, currency));
    await previewed(page);
    await page.getByRole("textbox", { name: "Figures as of" }).fill("2000-01-04");
    await commitImport(page);
    await goTo(page, "Cash");
    const found = grid.getByText(/^(Ready|Review)$/);
    await found.first().waitFor();
    const count = await found.count();
    const strip = page.getByRole("region", { name: "Reconciliation" });
    const accept = async () => {
      for (let left = count; left > 0; left--) {
        await grid.getByRole("row").filter({ hasText: /Ready|Review/ }).first().dblclick();
        await found.nth(left - 1).waitFor({ state: "detached" });
      }
    };
    await accept();
    assert.equal((await gridRows(page, "Lines of the statement")).filter((row) => row[3] === "Done" && /^Receipt /.test(row[4])).length, count);

    // Undone, each of them; posted again.
    await page.evaluate(() => document.activeElement?.blur());
    for (let back = 0; back < count; back++) {
      await page.keyboard.press("z");
      await found.nth(back).waitFor();
    }
    await accept();
    await strip.getByText(/accounted for|still open/).waitFor();

    // The month: reconciled or not is said on its face; locked with a remark, and not undone.
    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await page.getByRole("heading", { level: 1, name: "Reconcile" }).waitFor();
    await page.getByRole("tab", { name: "Bank and cash book" }).click();
    await page.getByRole("region", { name: "Bank to cash book" }).getByText("Adds up").waitFor();
    await page.getByRole("tab", { name: "Roll-forward" }).click();
    await page.getByRole("region", { name: "Roll-forward" }).getByText("Adds up").waitFor();
    await page.getByRole("button", { name: "Lock", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Remark").fill("Closed");
    await dialog.getByRole("button", { name: "Lock the period" }).click();
    await messages(page).getByText(/is locked/).waitFor();
    await page.keyboard.press("z");
    await messages(page).getByText(/A lock is not undone/).waitFor();
  }));
}
