// What users do, in the words of the page: found by role and accessible name, waited for by what is shown.
import assert from "node:assert/strict";
import { join } from "node:path";

/** The path of a file under tests/fixtures. */
export const fixture = (name) => join(import.meta.dirname, "fixtures", name);

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Chooses files on the first page: a book is made for them, and its import page opens. */
export async function beginWithFile(page, files) {
  await page.getByLabel("Choose a file of open items").setInputFiles(files);
  await previewed(page);
}

/** Waits until the file in hand is read: for a preview, or for why there is none. */
export async function previewed(page) {
  const unreadable = page.getByText("This file cannot be read");
  await importButton(page).or(unreadable).first().waitFor();
}

export const importButton = (page) => page.getByRole("button", { name: /^Import( [\d,]+ .*)?$/ }).last();

/** Imports the file in hand, and waits until it is shown as saved. */
export async function commitImport(page) {
  await importButton(page).click();
  await imported(page);
}

export const imported = (page) => page.getByText(/Saved as commit \d+/).waitFor();

/** On the import page: the next file, from choice to preview. */
export async function nextFile(page, files) {
  const again = page.getByRole("button", { name: "Import another file" });
  if (await again.count()) await again.click();
  await page.getByLabel("Choose files").setInputFiles(files);
  await previewed(page);
}

/** On the import page: the next file, from choice to "saved". */
export async function importAnother(page, files) {
  await nextFile(page, files);
  await commitImport(page);
}

/** On the import page: the next file, which is of another kind than it was taken for. */
export async function importAs(page, kind, files) {
  await nextFile(page, files);
  await page.getByRole("combobox", { name: "Kind" }).selectOption(kind);
  await importButton(page).waitFor();
  await commitImport(page);
}

/** A figure of the control totals, as text. */
export async function control(page, term) {
  const region = page.getByRole("region", { name: "Control totals" });
  const terms = region.getByRole("term");
  const at = (await terms.allInnerTexts()).findIndex((text) => text.trim().toLowerCase() === term.toLowerCase());
  assert.ok(at >= 0, `no ${term} in the control totals`);
  return (await region.getByRole("definition").nth(at).innerText()).trim();
}

/** Waits until the footer tells of the book what is expected, such as "2 customers · 4 open items". */
export async function footerSays(page, ...parts) {
  const footer = page.getByRole("contentinfo");
  for (const part of parts) {
    await footer.filter({ hasText: part }).waitFor({ timeout: 15_000 }).catch(async () => {
      assert.fail(`the footer says "${await footer.innerText()}", not "${part}"`);
    });
  }
}

/** Opens a page of the book by its link in the rail. */
export async function goTo(page, name) {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: new RegExp(`^${escaped(name)}`) }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Opens an account from the list of customers. */
export async function openAccount(page, name) {
  await goTo(page, "Customers");
  await page.getByRole("grid").getByText(name).first().click();
  await page.waitForURL(/\/account\//);
}

/** Opens the page of cases by its keys. */
export async function toCases(page) {
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.getByRole("heading", { level: 1, name: "Cases" }).waitFor();
}

/** The rows of a grid as lists of cell texts, without its header. */
export async function gridRows(page, label) {
  const rows = page.getByRole("grid", { name: label }).getByRole("row");
  await rows.nth(1).waitFor();
  return rows.evaluateAll((all) =>
    all
      .filter((row) => row.querySelector('[role="gridcell"]'))
      .map((row) => Array.from(row.querySelectorAll('[role="gridcell"]'), (cell) => cell.innerText.trim())),
  );
}

/** Opens the sample portfolio from the first page. */
export async function openSample(page) {
  await page.getByRole("button", { name: "Open the sample portfolio" }).click();
  await page.getByRole("heading", { level: 1, name: "Today" }).waitFor({ timeout: 60_000 });
}

/** Shows figures as of a date, through the header. */
export async function asOf(page, date) {
  await page.getByRole("banner").getByRole("button", { name: /^As of/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "As of", exact: true }).fill(date);
  await dialog.getByRole("button", { name: "Show these figures" }).click();
  await dialog.waitFor({ state: "hidden" });
}

/**
 * What `act(store, done)` makes of a store of this book's database; `done(request)` waits for a request.
 * It runs in the page, so it sees nothing of what stands around it here.
 */
export const inStore = (page, name, mode, act) =>
  page.evaluate(`(async () => {
    const done = (request) => new Promise((kept, failed) => {
      request.onsuccess = () => kept(request.result);
      request.onerror = () => failed(request.error);
    });
    const id = location.pathname.split("/book/")[1].split("/")[0];
    const database = await done(indexedDB.open("duebook.book." + id));
    const store = database.transaction("${name}", "${mode}").objectStore("${name}");
    const made = await (${act})(store, done);
    database.close();
    return made;
  })()`);

/** The commits of the one book in this profile, as the database has them: their numbers in order. */
export const commitsOnDisk = (page) => inStore(page, "commits", "readonly", (store, done) => done(store.getAllKeys()));

/** A file of one open item, for stories that need many imports. */
export function oneItem(number, cents) {
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  const text =
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n" +
    `C-1,North Ltd,${number},2026-04-13,2026-05-13,EUR,${amount},${amount}\n`;
  return { name: `${number}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) };
}

/** Cents as the app shows them. */
export const euros = (cents) => (cents / 100).toLocaleString("en-GB", { minimumFractionDigits: 2 });
