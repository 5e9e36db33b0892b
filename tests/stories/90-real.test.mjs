// Real files of the shared data, where it is beside the repository: rows and totals equal what the data says of itself.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { story } from "../support.mjs";
import { asOf, beginWithFile, commitImport, control, footerSays, goTo, gridRows, importAnother, importAs, previewed } from "../steps.mjs";

const DATA = join(import.meta.dirname, "../../../shared/data");
const skip = existsSync(DATA) ? false : "skipped: ../shared absent";
const expected = async (set) => JSON.parse(await readFile(join(DATA, set, "expected.json"), "utf8"));
const grouped = (count) => count.toLocaleString("en-GB");
const cents = (text) => Math.round(Number(text.replaceAll(",", "").replace("−", "-") || 0) * 100);

/** Cents in total of a currency, as the control totals have them. */
async function importedTotal(page, currency, column = 3) {
  const row = page.getByRole("region", { name: "Control totals" }).getByRole("row", { name: new RegExp(`^${currency} `) });
  return cents(await row.getByRole("cell").nth(column).innerText());
}

test("HighRadius open items: rows, customers, total and aging", { skip }, story({}, async ({ open }) => {
  const said = await expected("ar_highradius_open");
  const page = await open("?nosw=1");
  await beginWithFile(page, join(DATA, "ar_highradius_open/open_items_raw_ddmmyyyy.csv"));
  assert.equal(await control(page, "Accepted"), grouped(said.rows));
  assert.equal(await control(page, "Customers"), grouped(said.customers));
  // A third decimal in some amounts: rounded to cents row by row, half a cent each at most.
  const near = (found, amount, rows, what) =>
    assert.ok(Math.abs(found - Number(amount) * 100) <= rows / 2, `${what}: ${found / 100}, not ${amount}`);
  near(await importedTotal(page, "USD"), said.total_converted_usd, said.rows, "total");
  await commitImport(page);
  await footerSays(page, `${grouped(said.customers)} customers · ${grouped(said.rows)} open items`);

  await goTo(page, "Aging");
  await asOf(page, "2020-05-31");
  await page.getByRole("combobox", { name: "By", exact: true }).selectOption("Currency");
  const grid = page.getByRole("grid", { name: "Aging" });
  await page.getByRole("main").getByText(/31 May 2020 · days past due · 1 row/).waitFor({ timeout: 8000 }).catch(async () => {
    assert.fail(await page.getByRole("main").innerText());
  });
  const heads = (await grid.getByRole("columnheader").allInnerTexts()).map((head) => head.trim());
  const [row] = await gridRows(page, "Aging");
  const bucket = (label) => cents(row[heads.indexOf(label)] ?? "");
  const aging = said["aging_as_of_2020-05-31"];
  near(bucket("Current"), aging["not due"].amount, aging["not due"].n, "not due");
  for (const label of ["1-30", "31-60", "61-90"]) near(bucket(label.replace("-", "–")), aging[label].amount, aging[label].n, label);
  near(bucket("91–120") + bucket("120+"), aging["90+"].amount, aging["90+"].n, "90+");
}));

test("IBM Watson invoices: the currency is asked, settled ones are not open", { skip }, story({}, async ({ open }) => {
  const said = await expected("ar_ibm_watson");
  const page = await open("?nosw=1");
  await beginWithFile(page, join(DATA, "ar_ibm_watson/invoices.csv"));
  const question = page.getByText("Which currency are the amounts in?");
  await question.waitFor();
  await page.getByRole("button", { name: "USD", exact: true }).click();
  await question.waitFor({ state: "detached" });
  await previewed(page);
  assert.equal(await control(page, "Rows read"), grouped(said.rows));
  assert.equal(await control(page, "Accepted"), grouped(said.rows));
  assert.equal(await control(page, "Customers"), grouped(said.customers));
  assert.equal(await importedTotal(page, "USD", 2), cents(said.total_amount));
  await commitImport(page);
}));

test("billing and disputes: customers, then invoices, then payments", { skip }, story({}, async ({ open }) => {
  const said = await expected("ar_billing_disputes");
  const page = await open("?nosw=1");
  const file = (name) => join(DATA, `ar_billing_disputes/${name}.csv`);
  await beginWithFile(page, file("customers"));
  assert.equal(await control(page, "Accepted"), grouped(said.rows.customers));
  await commitImport(page);
  // The file has paid invoices beside open ones: payments of any date are to count against them.
  await importAs(page, "Invoices, paid or not", file("invoices"));
  assert.equal(await control(page, "Accepted"), grouped(said.rows.invoices));
  assert.equal(await importedTotal(page, "USD"), cents(said.total_invoiced));
  await footerSays(page, `${grouped(said.rows.customers)} customers`);
  await importAnother(page, file("payments"));
  assert.equal(await control(page, "Accepted"), grouped(said.rows.payments));
  await footerSays(page, `${grouped(cents(said["A_all_payments_ever (as the author published)"].outstanding) / 100)} USD`);
}));
