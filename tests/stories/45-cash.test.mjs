// A bank statement from file to receipt: recognised on the import page, shown, taken in, matched, accepted, undone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

/** A camt.053 of credits: amount in cents, text, payer. */
function camt(credits, opening = 100_000) {
  const text = (cents) => (cents / 100).toFixed(2);
  const closing = credits.reduce((sum, c) => sum + c.cents, opening);
  const balance = (code, cents) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${text(cents)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>`;
  const entry = (c, n) => `<Ntry><Amt Ccy="EUR">${text(Math.abs(c.cents))}</Amt><CdtDbtInd>${c.cents < 0 ? "DBIT" : "CRDT"}</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt><AcctSvcrRef>BANK-${n}</AcctSvcrRef>
    <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${c.cents < 0 ? "MDOP" : "RCDT"}</Cd><SubFmlyCd>${c.cents < 0 ? "CHRG" : "ESCT"}</SubFmlyCd></Fmly></Domn></BkTxCd>
    <NtryDtls><TxDtls><RltdPties><Dbtr><Nm>${c.payer}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>${c.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
${balance("OPBD", opening)}${balance("CLBD", closing)}${credits.map(entry).join("\n")}</Stmt></BkToCstmrStmt></Document>`;
  return { name: "statement.xml", mimeType: "application/xml", buffer: Buffer.from(xml) };
}

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** Open invoices in euro that the items page shows: number, customer, cents. */
async function openInvoices(page) {
  await goTo(page, "Items");
  const grid = page.getByRole("grid").first();
  await grid.getByRole("row").nth(1).waitFor();
  const heads = (await grid.getByRole("columnheader").allInnerTexts()).map((h) => h.trim().toLowerCase());
  const at = (name) => heads.findIndex((h) => h.startsWith(name));
  const rows = await gridRows(page, await grid.getAttribute("aria-label"));
  const cents = (text) => Math.round(Number(text.replace(/[^\d.]/g, "")) * 100);
  return rows
    .filter((row) => row.includes("EUR") && !/credit|receipt/i.test(row.join(" ")))
    .map((row) => ({ number: row[at("document")], payer: escape(row[at("customer")].split("\n")[0]), cents: cents(row[at("open")]) }));
}

test("a bank statement is recognised, matched, accepted, seen on the account, and undone", story({}, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  const invoices = await openInvoices(page);
  assert.ok(invoices.length >= 2, "two invoices in euro are open");
  const credits = invoices.slice(0, 2).map((i) => ({ ...i, text: `Invoice ${escape(i.number)}` }));
  credits.push({ cents: 12_345, text: "thank you", payer: "Nobody Known GmbH" });
  credits.push({ cents: -750, text: "charges", payer: "Bank" });

  await goTo(page, "Import");
  await page.getByLabel("Choose files").setInputFiles(camt(credits));
  await page.getByRole("heading", { level: 1, name: "Cash" }).waitFor();
  const preview = page.getByRole("region", { name: /statement\.xml/ });
  await preview.getByText("4 lines; 3 of money in").waitFor();
  await preview.getByRole("button", { name: "Take in 4 lines" }).click();
  const strip = page.getByRole("region", { name: "Reconciliation" });
  await strip.getByText("Adds up").waitFor();
  // The sample has a statement of its own: it is shown until this one is.
  await page.getByRole("grid", { name: "Lines of the statement" }).getByText("Nobody Known GmbH").waitFor();
  const lines = await gridRows(page, "Lines of the statement");
  assert.equal(lines.length, 4);
  await page.getByRole("button", { name: /^Accept 2 ready payments/ }).click();
  const messages = page.getByRole("region", { name: "Messages" });
  await messages.getByText(/2 payments accepted/).waitFor();
  await page.getByRole("grid", { name: "Lines of the statement" }).getByText("Done").nth(1).waitFor();
  const before = (await commitsOnDisk(page)).length;

  // The same statement again changes nothing.
  await page.getByLabel("Add a statement").setInputFiles(camt(credits));
  await preview.getByRole("button", { name: "Take in 4 lines" }).click();
  await messages.getByText(/Nothing in this file is new/).waitFor();
  assert.equal((await commitsOnDisk(page)).length, before);
  await preview.getByRole("button", { name: "Leave it" }).click();

  // The account has the receipt; undone, the lines wait again.
  const grid = page.getByRole("grid", { name: "Lines of the statement" });
  await grid.getByText(/Receipt BANK-0 of/).waitFor();
  await page.keyboard.press("z");
  await messages.getByText(/Undone/).waitFor();
  await page.getByRole("button", { name: /^Accept 2 ready payments/ }).waitFor();
  assert.equal(await grid.getByText(/Receipt BANK-0 of/).count(), 0);
}));
