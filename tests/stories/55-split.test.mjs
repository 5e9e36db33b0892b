// Invoice split: by amount, percent, line, purchase order, cost centre, asset and period. A split that does not sum, or does
// not say what its parts are for, is refused; each part keeps what it is for, and the parts are the invoice to the cent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { beginWithFile, commitImport, commitsOnDisk, footerSays, gridRows, openAccount, toCases } from "../steps.mjs";

const browser = {
  viewport: { width: 1366, height: 768 },
  permissions: ["clipboard-read", "clipboard-write"],
};
const shoot = shooter("split");
// Without the service worker the server has no page under a book's address; the app begins all the same.
const NO_SW = /status of 404/;
const ITEMS = {
  name: "open.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
      "C-1,North Ltd,INV-1,2026-10-13,2026-11-12,EUR,1000.00,1000.00\n",
  ),
};
const messages = (page) => page.getByRole("region", { name: "Messages" });
const inHand = (page) => page.getByRole("region", { name: "Case in hand" });

const ROWS = "Desk; 600.00; ; ; X-1\nChair; 300.00; ; ; X-2\nLamp; 100.00; ; ; X-1";
/** Basis, what is typed wrong and why it is refused, what is typed right, the parts then. */
const BASES = [
  ["Amount", { Parts: "600.00\n300.00" }, /They sum to 900\.00 EUR, and have to sum to 1,000\.00 EUR/, { Parts: "333.33; first\n666.67" }, ["INV-1/1, first: 333.33 EUR", "INV-1/2: 666.67 EUR"]],
  ["Amount", { Parts: "60 %\n40 %" }, /By amount each row begins with an amount\. Choose percent for shares/, { Parts: "600.00\n400.00" }, ["INV-1/1: 600.00 EUR", "INV-1/2: 400.00 EUR"]],
  ["Percent", { Parts: "60 %\n30 %" }, /The shares do not sum to 100 %/, { Parts: "33.33 %\n33.33 %\n33.34 %" }, ["INV-1/1: 333.30 EUR", "INV-1/2: 333.30 EUR", "INV-1/3: 333.40 EUR"]],
  ["Line", { "As billed": "Desk; 900.00; ; ; A" }, /They sum to 900\.00 EUR, and have to sum to 1,000\.00 EUR/, { "As billed": ROWS }, ["INV-1/1, line X-1: 700.00 EUR", "INV-1/2, line X-2: 300.00 EUR"]],
  ["Purchase order", { Parts: "60 %; PO-A\n40 %; PO-A" }, /“PO-A” is given for two parts/, { Parts: "60 %; PO-A\n40 %; PO-B" }, ["INV-1/1, purchase order PO-A: 600.00 EUR", "INV-1/2, purchase order PO-B: 400.00 EUR"]],
  ["Cost centre", { Parts: "500.00; 4711\n500.00" }, /Each part says what it is for/, { cells: true, "As billed": ROWS }, ["INV-1/1, cost centre X-1: 700.00 EUR", "INV-1/2, cost centre X-2: 300.00 EUR"]],
  ["Asset", { Parts: "500.00; Van 1\n400.00; Van 2" }, /They sum to 900\.00 EUR, and have to sum to 1,000\.00 EUR/, { Parts: "500.00; Van 1\n500.00; Van 2" }, ["INV-1/1, asset Van 1: 500.00 EUR", "INV-1/2, asset Van 2: 500.00 EUR"]],
  ["Period", { Parts: "50 %; Oct 2026\n60 %; Nov 2026" }, /The shares do not sum to 100 %/, { Parts: "300.00; Oct 2026\n700.00; Nov 2026" }, ["INV-1/1, period Oct 2026: 300.00 EUR", "INV-1/2, period Nov 2026: 700.00 EUR"]],
];

async function type(dialog, typed) {
  for (const [label, text] of Object.entries(typed)) {
    if (label === "cells") await dialog.getByLabel("The rows above say it in their last cell").check();
    else await dialog.getByLabel(new RegExp(`^${label}`)).fill(text);
  }
}

test("an invoice is split on every basis: refused where it does not sum, exact and labelled where it does", story({ browser, expected: [NO_SW] }, async ({ browser: { context }, open }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, ITEMS);
  await commitImport(page);
  await openAccount(page, "North Ltd");
  await gridRows(page, "Open items");
  await page.keyboard.press("d");
  const taking = page.getByRole("dialog", { name: "Take down a dispute" });
  await taking.getByLabel(/^Contested/).fill("300.00");
  await taking.getByRole("button", { name: "Take the dispute down" }).click();
  await taking.waitFor({ state: "hidden" });
  await toCases(page);
  await page.getByRole("button", { name: /1 call parked/ }).waitFor();

  for (const [basis, wrong, why, right, parts] of BASES) {
    const commits = (await commitsOnDisk(page)).length;
    await inHand(page).getByRole("button", { name: /^Resolve/ }).click();
    const dialog = page.getByRole("dialog", { name: "Resolve C-1" });
    await dialog.getByLabel("What is to be done").selectOption({ label: "Split the invoice" });
    await dialog.getByLabel("Split by").selectOption({ label: basis });
    await type(dialog, wrong);
    const says = dialog.getByRole("region", { name: "What it does" });
    await says.filter({ hasText: why }).waitFor({ timeout: 5_000 }).catch(async () => {
      assert.fail(`${basis} ${JSON.stringify(wrong)} says "${await says.innerText()}", not ${why}`);
    });
    await dialog.getByLabel(/^Why/).press("Enter");
    assert.ok(await dialog.isVisible());
    assert.equal((await commitsOnDisk(page)).length, commits, basis);
    await type(dialog, right);
    await says.getByText("What is owed changes by 0.00 EUR.").waitFor();
    await shoot(page, basis.toLowerCase().replaceAll(" ", "-"));
    await dialog.getByRole("button", { name: "Request it of the ERP" }).click();
    await dialog.waitFor({ state: "hidden" });
    for (const part of parts) {
      await inHand(page).getByText(`Invoice ${part}, due 12 Nov 2026`).waitFor({ timeout: 5_000 });
    }
    await footerSays(page, "1,000.00 EUR");
    if (basis === "Cost centre") {
      // Whoever is to make the documents reads it on their lines.
      await inHand(page).getByRole("button", { name: "Copy the request" }).click();
      await messages(page).getByText(/copied as mail/).first().waitFor();
      const mail = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(mail, /Invoice INV-1\/1, cost centre X-1, due 12 Nov 2026: 700\.00 EUR\nDesk\t600\.00\t\t0\.00\t\tX-1\nLamp\t100\.00\t\t0\.00\t\tX-1/);
    }
    await inHand(page).getByRole("button", { name: "Undo" }).first().click();
    await inHand(page).getByText(`Invoice ${parts[0]}`).waitFor({ state: "hidden" });
  }
}));
