// What customers are written: a statement taken out by keys, its figures those of the account; a
// reminder run previewed, produced as one ZIP and confirmed; only "sent" moves the ladder.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { commitsOnDisk, goTo, gridRows, openSample } from "../steps.mjs";

const browser = {
  viewport: { width: 1366, height: 768 },
  permissions: ["clipboard-read", "clipboard-write"],
};
const shoot = shooter("letters");
const messages = (page) => page.getByRole("region", { name: "Messages" });

/** Opens the first account of today's list. */
async function openFirst(page) {
  await gridRows(page, "Who to turn to today");
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/account\//);
  await gridRows(page, "Open items");
}

const figure = (text) => Number(text.replace(/[^\d.−-]/g, "").replace("−", "-"));

test("a statement is copied, saved and said to be sent, by keys alone", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await openFirst(page);
  const stats = await page.getByText(/^Working balance, [A-Z]{3}$/).first().locator("xpath=..").innerText();
  const balance = figure(stats.split("\n").at(-1));
  await page.keyboard.press("l");
  const dialog = page.getByRole("dialog", { name: /^Statement of account: / });
  await dialog.waitFor();
  await shoot(page, "statement");
  const paper = await dialog.locator(".letter-paper").innerText();
  assert.ok(paper.includes("Total") && paper.includes("Balance"), paper);
  const total = await dialog.locator("tfoot tr").first().innerText();
  assert.equal(figure(total.split("\t").filter((c) => /\d/.test(c)).at(-1)), balance, "the statement ends on the balance of the account");

  await page.keyboard.press("c");
  await messages(page).getByText(/Copied as a formatted table/).waitFor();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const text = async (kind) => (await item.getType(kind)).text();
    return { html: await text("text/html"), plain: await text("text/plain") };
  });
  assert.match(copied.html, /<table[^>]*>.*<th/s);
  assert.match(copied.plain, /Document +/);
  await messages(page).getByText(/Recorded as produced, not sent/).waitFor();
  await page.keyboard.press("s");
  await messages(page).getByText("Subject copied").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^Statement of account .* as of /);
  const [mail] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("m")]);
  assert.match(mail.suggestedFilename(), /\.eml$/);
  const eml = await readFile(await mail.path(), "utf8");
  assert.match(eml, /^X-Unsent: 1\r\n/);
  assert.ok(eml.split("\r\n").every((line) => line.length <= 78), "lines are folded");
  const [word] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("w")]);
  assert.equal((await readFile(await word.path())).subarray(0, 2).toString(), "PK");
  const [sheet] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("x")]);
  assert.match(sheet.suggestedFilename(), /\.xlsx$/);
  const before = (await commitsOnDisk(page)).length;
  await dialog.getByRole("button", { name: "It was sent" }).click();
  await messages(page).getByText(/^Sent: the ladder/).waitFor();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await commitsOnDisk(page)).length, before + 1, "produced was one commit, sent is one more");
  await page.getByText(/Statement of account: /).first().waitFor();

  // Carried forward, it ends on the same balance.
  await page.keyboard.press("l");
  await dialog.waitFor();
  await dialog.getByRole("radio", { name: "Balance forward" }).check();
  await dialog.getByRole("cell", { name: "Closing balance" }).first().waitFor();
  const closing = await dialog.locator("tfoot tr").first().innerText();
  assert.equal(figure(closing.split("\t").at(-1)), balance);
  await shoot(page, "forward");
}));

test("a run is previewed with reasons, produced as one ZIP, and only a yes moves the ladder", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("heading", { level: 1, name: "Letters" }).waitFor();
  await page.getByText(/letters? would go/).waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes("being worked out"));
  const all = await gridRows(page, "Reminders");
  assert.ok(all.length > 3, JSON.stringify(all.slice(0, 3)));
  await shoot(page, "run");
  await page.getByRole("button", { name: "Would not go" }).click();
  const held = await gridRows(page, "Reminders");
  assert.ok(held.every((row) => /quiet|hold|nothing left|lawyer|insolvency|produced/.test(row.join(" "))), JSON.stringify(held));
  await shoot(page, "held");
  await page.getByRole("button", { name: "Would go", exact: true }).click();
  await page.getByRole("button", { name: "Past due" }).click();
  // Arrow down from the head of the list stands on its second row.
  const first = (await gridRows(page, "Reminders"))[1];
  const grid = page.getByRole("grid", { name: "Reminders" });
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const letter = page.getByRole("dialog", { name: /^First reminder: / });
  await letter.waitFor();
  await shoot(page, "reminder");
  assert.match(await letter.innerText(), /days past due and leads/);
  await page.keyboard.press("Escape");
  await letter.waitFor({ state: "hidden" });
  await page.keyboard.press("x");
  const produce = page.getByRole("button", { name: /^Produce 1 letter$/ });
  await produce.click();
  const dialog = page.getByRole("dialog", { name: "Produce 1 letter" });
  await dialog.waitFor();
  await shoot(page, "produce");
  const [zip] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Produce 1 letter" }).click(),
  ]);
  assert.match(zip.suggestedFilename(), /^letters-\d{4}-\d\d-\d\d\.zip$/);
  const bytes = await readFile(await zip.path());
  assert.ok(bytes.includes("Mail merge.xlsx") && bytes.includes(".eml"));
  await messages(page).getByText(/1 letter recorded as produced, not sent/).waitFor();
  await page.getByRole("button", { name: "Past due" }).click();
  await page.getByRole("button", { name: "Would go", exact: true }).click();
  await page.getByRole("searchbox").fill(first[1].match(/\d+$/)[0]);
  await page.getByText("produced, not confirmed").waitFor();
  await page.getByRole("tab", { name: /^To confirm/ }).click();
  const waiting = await gridRows(page, "Letters to confirm");
  assert.equal(waiting.length, 3, `the sample has two: ${JSON.stringify(waiting)}`);
  assert.ok(waiting.some((row) => row.join(" ").includes("First reminder")), JSON.stringify(waiting));
  await shoot(page, "confirm");
  await page.getByRole("button", { name: "Yes, 3 letters were sent" }).click();
  await messages(page).getByText(/3 letters sent: ladder/).waitFor();
  await page.getByText("No letter waits for your word").waitFor();
  await page.getByRole("tab", { name: /^Reminders/ }).click();
  // The search still names the customer: what was sent goes no second time, the rest keeps quiet.
  const left = await gridRows(page, "Reminders");
  assert.ok(left.every((row) => /quiet until/.test(row.join(" ")) && !/First reminder/.test(row.join(" "))), JSON.stringify(left));
}));

test("queries have a clock, documents find their invoice by name, a template may not threaten", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await openFirst(page);
  const number = (await gridRows(page, "Open items"))[0].find((cell) => /\d{4}/.test(cell)).split("\n")[0];
  await goTo(page, "Letters");
  await page.getByRole("tab", { name: /^Queries/ }).click();
  const queries = await gridRows(page, "Queries");
  assert.ok(queries.length > 1 && queries.every((row) => /left|over/.test(row.at(-1))), JSON.stringify(queries));
  await shoot(page, "queries");
  await page.getByRole("grid", { name: "Queries" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "It is answered" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "How" }).fill("Sent the copy");
  await page.keyboard.press("Enter");
  await messages(page).getByText(/^Answered: /).waitFor();
  assert.equal((await gridRows(page, "Queries")).length, queries.length - 1);

  await page.getByRole("tab", { name: /^Documents/ }).click();
  await page.getByLabel("Choose documents").setInputFiles([
    { name: `Invoice_${number}.pdf`, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 one") },
    { name: "holiday.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 two") },
  ]);
  await messages(page).getByText("Linked 1 document").waitFor();
  const documents = await gridRows(page, "Documents");
  assert.ok(documents[0].join(" ").includes(number), JSON.stringify(documents));
  await page.getByText("no number of the book stands in its name").waitFor();
  await shoot(page, "documents");

  await page.getByRole("tab", { name: "Templates" }).click();
  const body = page.getByRole("textbox", { name: "Body" });
  await body.waitFor();
  await shoot(page, "templates");
  const before = await body.inputValue();
  await body.fill(`${before}\n\nWe will call the police about 1,200.00 {{nonsense}}.`);
  const wrong = page.getByText("This cannot stand in a letter");
  await wrong.waitFor();
  for (const what of ["police", "1,200.00", "{{nonsense}}"]) await page.getByText(what).first().waitFor();
  await body.fill(`${before}\n\nThank you.`);
  await wrong.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Save the template" }).click();
  await messages(page).getByText(/saved as version 2/).waitFor();
}));

test("letters in the dark and on a telephone", story({ browser: { ...browser, colorScheme: "dark" } }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  await goTo(page, "Letters");
  assert.ok((await gridRows(page, "Reminders")).length > 3);
  await shoot(page, "dark");
  const grid = page.getByRole("grid", { name: "Reminders" });
  await grid.getByRole("row").nth(1).click();
  await page.getByRole("dialog").waitFor();
  await shoot(page, "dark-letter");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, "390");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} px wider than the screen`);
  await grid.getByRole("row").nth(1).click();
  await page.getByRole("dialog").waitFor();
  await shoot(page, "390-letter");
}));
