// The second morning, five times over: the practice exports of SAP, Oracle and NetSuite imported one after another
// through the page, with calls, promises, a payment recorded here, money applied here and wrong files between them. After
// each morning every balance on screen (at source, pending, working) is what the truth beside the files says.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { started, story } from "../support.mjs";
import { beginWithFile, commitImport, goTo, gridRows, importButton, nextFile } from "../steps.mjs";
import { mornings, records, short, sums, thousandths } from "../mornings.mjs";

// Without its service worker the site answers a deep address as GitHub Pages does: its page, with status 404.
const NO_SW = /status of 404/;
const browser = { viewport: { width: 1366, height: 768 } };
const messages = (page) => page.getByRole("region", { name: "Messages" });
const at = (day) => new Date(`${day}T09:00:00+01:00`);

/** The archive of one program's mornings, as the first page hands it out. */
async function practice(page, label, folder) {
  await page.getByRole("button", { name: "Download practice mornings" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: `As ${label} exports them` }).click(),
  ]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return mornings(path);
}

/** The next file of the day on the import page; open items show everything. */
async function choose(page, file, role) {
  await nextFile(page, file);
  if (role === "OpenItems") await page.getByLabel("The file shows").selectOption({ label: "Everything open in the source" });
}

/** What the items page says, as its own list saved as CSV: by item open and pending. */
async function shown(page, folder) {
  await goTo(page, "Items");
  await page.getByRole("main").getByText(/· [\d,]+ open items$/).waitFor();
  await page.getByRole("button", { name: "Save as" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "List as CSV" }).click(),
  ]);
  const path = join(await mkdtemp(join(folder, "list-")), download.suggestedFilename());
  await download.saveAs(path);
  return records(await readFile(path, "utf8"), "Document number").filter((row) => row["Document number"]);
}

/** The totals per currency of the aging, in the figures asked for. */
async function aged(page, figures) {
  await goTo(page, "Aging");
  await page.getByRole("combobox", { name: "By", exact: true }).selectOption("Currency");
  await page.getByRole("combobox", { name: "Figures" }).selectOption(figures);
  const grid = page.getByRole("grid", { name: "Aging" });
  await page.getByRole("main").getByText(/· \d+ rows$/).waitFor();
  const heads = (await grid.getByRole("columnheader").allInnerTexts()).map((head) => head.trim());
  const rows = await gridRows(page, "Aging");
  return new Map(rows.map((row) => [row[1], thousandths(row[heads.indexOf("Total")].replace(/ [A-Z]{3}$/, ""))]).sort());
}

/** Holds every balance against the truth; `pending` is what of ours the source does not show yet, by item. */
async function balances(page, folder, morning, pending) {
  const rows = await shown(page, folder);
  const found = new Map(rows.map((r) => {
    const [open, ours] = [thousandths(r.Open), thousandths(r.Pending)];
    return [short(r["Document number"], r.Instalment), { source: open - ours, pending: ours }];
  }));
  const label = `morning ${morning.morning}`;
  const due = new Map(pending);
  const missing = [];
  for (const item of morning.items) {
    const key = short(item.number, item.line);
    const row = found.get(key) ?? { source: 0, pending: 0 };
    const ours = due.get(key) ?? 0;
    due.delete(key);
    // What is settled wholly by ours is not listed any more: working is nothing.
    if (!found.has(key) && ours === -thousandths(item.open)) continue;
    found.delete(key);
    if (row.source !== thousandths(item.open) || row.pending !== ours) missing.push({ key, row, open: item.open, ours });
  }
  for (const [key, row] of found) {
    if (due.get(key) === row.pending && row.source === 0) due.delete(key);
    else missing.push({ key, row, open: "not in the source" });
  }
  assert.deepEqual(missing, [], label);
  assert.deepEqual([...due], [], `${label}: ours not shown`);
  const truth = sums(morning.items, (i) => i.currency, (i) => thousandths(i.open));
  assert.deepEqual(await aged(page, "At source"), truth, `${label}, at source`);
  const ours = (item) => pending.get(short(item.number, item.line)) ?? 0;
  const working = sums(morning.items, (i) => i.currency, (i) => thousandths(i.open) + ours(i));
  assert.deepEqual(await aged(page, "Working"), working, `${label}, working`);
}

/** How our postings were answered, as the page of changes says it: amount and answer. */
async function answers(page) {
  await goTo(page, "Changes");
  await page.getByText(/ changed · /).waitFor();
  const kind = page.getByRole("navigation", { name: "Kinds of change" }).getByRole("button", { name: /^Our postings answered/ });
  if (!(await kind.count())) return [];
  await kind.click();
  return (await gridRows(page, "Our postings answered")).map((row) => row[3]).sort();
}

/** Opens an account by its number. */
async function account(page, number) {
  const [origin, book] = page.url().match(/^(.*\/book\/)([^/?]+)/).slice(1);
  await page.goto(`${origin}${book}/account/ERP/${number}?nosw=1`);
  await started(page);
  await page.getByRole("heading", { level: 2, name: "Open items" }).waitFor();
}

const tick = (page, item) =>
  page.getByRole("grid", { name: "Open items" }).getByRole("row", { name: item }).locator("[data-check]").click();

/** Saves what is typed in the composer; where a rule of contact speaks against it, why all the same. */
async function save(page) {
  const why = page.getByLabel("Why all the same");
  const saved = messages(page).getByText(/saved$/);
  await page.keyboard.press("Control+Enter");
  await saved.or(why).first().waitFor();
  if (await why.count()) {
    await why.fill("they asked for it");
    await page.keyboard.press("Control+Enter");
    await saved.first().waitFor();
  }
}

async function promise(page, { number, item, day, amount }) {
  await account(page, number);
  await tick(page, item);
  await page.keyboard.press("p");
  await page.getByRole("textbox", { name: /^Amount/ }).fill(amount);
  await page.getByRole("textbox", { name: "By", exact: true }).fill(day);
  await save(page);
}

async function note(page, { number, item, text }) {
  await account(page, number);
  await tick(page, item);
  await page.getByRole("combobox", { name: "How" }).selectOption({ label: "Note" });
  await page.getByRole("textbox", { name: /^Note/ }).fill(text);
  await save(page);
}

/** Money of the source that waits on account is applied here. */
async function apply(page, { credit, item, amount }) {
  await goTo(page, "Cash");
  await page.getByRole("tab", { name: "Unapplied" }).click();
  await page.getByRole("grid", { name: "Unapplied cash" }).getByRole("row", { name: credit }).dblclick();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: item, exact: true }).fill(amount);
  await dialog.getByText("Difference 0: all of it is applied.").waitFor();
  await dialog.getByRole("button", { name: "Apply" }).click();
  await messages(page).getByText(`Receipt ${credit} is applied`).waitFor();
}

/** A payment that the bank shows before the source does. */
async function receipt(page, { number, item, payment, amount, day }) {
  await account(page, number);
  await tick(page, item);
  await page.getByRole("button", { name: "Record a payment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Number" }).fill(payment);
  await dialog.getByRole("textbox", { name: /^Amount/ }).fill(amount);
  await dialog.getByRole("textbox", { name: "Value date" }).fill(day);
  await dialog.getByRole("button", { name: "Record the payment" }).click();
  await dialog.waitFor({ state: "hidden" });
}

const PROMISE = /^promise of (?<number>\S+) on (?<item>\S+) for (?<day>\S+): (?<amount>[\d.]+) .*ends (?<ends>\w+)/;
const NOTE = /^note on (?<item>\S+) of (?<number>\S+): (?<text>.*)$/;
const APPLY = /^apply (?<credit>\S+) of (?<number>\S+) to (?<item>\S+): (?<amount>[\d.]+) /;
const PAID = /^(?<item>\S+) paid by (?<payment>\S+): (?<amount>[\d.]+) /;
const MERGED = /^customer (?<from>\S+) became (?<to>\S+), /;
const ELSEWHERE = /^(?<credit>\S+) applied to \S+, not to (?<item>\S+) as we did/;
const AS_OURS = /^(?<credit>\S+) applied to (?<item>\S+) as we did/;

/** How many documents of a morning took the place of others, each to be proposed. */
function successions(lines, label) {
  const one = lines.filter((line) => {
    const rest = /^(\S+) short-paid by .* stays open on (\S+)$/.exec(line);
    return rest ? rest[1] !== rest[2] : / billed again as | is now | split into /.test(line);
  });
  // Only SAP posts anew what moves to another account; elsewhere the item changes its customer.
  const merged = label === "SAP" ? lines.map((line) => /^customer .* (\d+) items$/.exec(line)?.[1]).find(Boolean) : 0;
  return one.length + Number(merged ?? 0);
}

const first = (lines, pattern) => lines.map((line) => pattern.exec(line)?.groups).find(Boolean);

/** Confirms on the page of changes what took whose place: all that is proposed. */
async function confirmSuccessors(page) {
  await goTo(page, "Changes");
  await page.getByText(/ changed · /).waitFor();
  const kind = page.getByRole("navigation", { name: "Kinds of change" }).getByRole("button", { name: /^Successors to confirm/ });
  let count = 0;
  while (await kind.count()) {
    const left = Number((await kind.innerText()).match(/\d+/)[0]);
    await kind.click();
    await page.getByRole("button", { name: "Confirm", exact: true }).first().click();
    // The list is made anew: one fewer, or no such kind any more.
    await page.waitForFunction((was) => {
      const of = [...document.querySelectorAll(".changes-kind")].find((b) => b.innerText.startsWith("Successors"));
      return document.querySelector(".changes") && (!of || Number(of.innerText.match(/\d+/)[0]) < was);
    }, left);
    count += 1;
  }
  return count;
}

/** A wrong file is asked about, or refused with both days; nothing is written. */
async function wrongFiles(page, morning, before) {
  for (const [kind, file] of Object.entries(morning.wrong)) {
    await choose(page, file, "OpenItems");
    const doubts = page.getByRole("region", { name: "Before this is believed" });
    if (kind === "stale") {
      await importButton(page).click();
      await page.getByText(/is in the book already/).waitFor();
      await page.getByRole("alert").getByRole("button", { name: "Dismiss" }).click();
    } else {
      await doubts.getByText(kind.startsWith("day") ? /due date/ : /Is this the whole list/).first().waitFor();
      assert.equal(await importButton(page).getAttribute("aria-disabled"), "true", kind);
    }
    if (kind === "one-company-missing") {
      // Believed all the same, seen to be wrong, and undone.
      await doubts.getByRole("button", { name: "Yes, it is the whole list" }).click();
      await doubts.waitFor({ state: "hidden" });
      await commitImport(page);
      assert.notEqual(await page.getByRole("contentinfo").innerText(), before, kind);
      await page.getByRole("button", { name: "Undo this import" }).click();
      await messages(page).getByText(/Undone/).first().waitFor();
    } else {
      await page.getByRole("button", { name: "Leave this file" }).click();
    }
    await page.getByRole("contentinfo").filter({ hasText: before.split("\n")[0] }).waitFor();
  }
}

/** No grace: the fifth morning is to judge the promises of the fourth. */
async function noGrace(page) {
  await goTo(page, "Settings");
  await page.getByRole("textbox", { name: "Days of grace" }).fill("0");
  await page.getByRole("button", { name: "Save the promise rules" }).click();
  await messages(page).getByText("Promise rules saved").waitFor();
  await goTo(page, "Import");
}

const VERDICTS = { Kept: /^kept/, Partial: /^kept in part/, Nothing: /^broken$/, Superseded: /^replaced$/ };

/** The five mornings as one program exports them. */
async function play(label, context, open) {
  const folder = await mkdtemp(join(tmpdir(), "duebook-mornings-"));
  try {
    const page = await open("?nosw=1");
    await context.clock.setFixedTime(at("2026-11-23"));
    await page.reload();
    await started(page);
    const all = await practice(page, label, folder);
    assert.deepEqual(all.map((m) => m.morning), [1, 2, 3, 4, 5]);
    const [promises, notes, heirs, answered] = [[], [], [], []];
    const pending = new Map();
    const move = (item, amount) => pending.set(item, (pending.get(item) ?? 0) + amount);
    for (const morning of all) {
      await context.clock.setFixedTime(at(morning.day));
      await page.reload();
      await started(page);
      if (morning.morning === 1) {
        await beginWithFile(page, morning.of("OpenItems"));
        await page.getByLabel("The file shows").selectOption({ label: "Everything open in the source" });
        await commitImport(page);
        await noGrace(page);
      } else {
        await goTo(page, "Import");
        if (morning.morning === 4) {
          await wrongFiles(page, morning, await page.getByRole("contentinfo").innerText());
        }
        await choose(page, morning.of("OpenItems"), "OpenItems");
        await commitImport(page);
      }
      for (const role of ["ClearedItems", "Payments", "Customers"]) {
        if (!morning.of(role)) continue;
        await choose(page, morning.of(role), role);
        await importButton(page).click();
        // Master data may know nothing that the list of items does not.
        const nothing = messages(page).getByText(/Nothing in this file is new/);
        await page.getByText(/Saved as commit \d+/).or(nothing).first().waitFor();
        if (await nothing.count()) await page.getByRole("button", { name: "Leave this file" }).click();
      }
      // What the source shows of ours is ours no more.
      const lines = morning.happened.map((h) => h.text);
      for (const line of lines) {
        const shows = (PAID.exec(line) ?? AS_OURS.exec(line) ?? ELSEWHERE.exec(line))?.groups;
        if (shows && pending.has(shows.item)) {
          pending.delete(shows.item);
          if (shows.credit) pending.delete(shows.credit);
        }
      }
      await balances(page, folder, morning, pending);

      answered.push(await answers(page));
      const merged = first(lines, MERGED);
      if (merged) {
        await account(page, merged.from);
        await page.getByRole("button", { name: "Has another number now" }).click();
        await page.getByRole("dialog").getByRole("textbox").fill(merged.to);
        await page.getByRole("dialog").getByRole("button", { name: "Say so" }).click();
        await messages(page).getByText(/goes on as/).waitFor();
      }
      heirs.push(await confirmSuccessors(page));
      for (const line of morning.work) {
        const [p, n, a] = [PROMISE, NOTE, APPLY].map((pattern) => pattern.exec(line)?.groups);
        if (p) promises.push((await promise(page, p), p));
        if (n) notes.push((await note(page, n), n));
        if (a) {
          await apply(page, a);
          move(a.item, -thousandths(a.amount));
          move(a.credit, thousandths(a.amount));
        }
      }
      if (morning.morning === 2) {
        // The bank shows today what the source books tonight.
        const paid = first(all[2].happened.map((h) => h.text), PAID);
        const owner = morning.items.find((i) => short(i.number, i.line) === paid.item);
        await receipt(page, { ...paid, number: owner.customer, day: morning.day });
        move(paid.item, -thousandths(paid.amount));
      }
      if (morning.work.length) await balances(page, folder, morning, pending);
    }
    for (const { number, amount, ends } of promises) {
      await account(page, number);
      const chips = page.locator(".person", { hasText: "For " });
      const said = (await chips.allInnerTexts()).map((text) => text.split("\n").map((line) => line.trim()));
      assert.ok(said.flat().some((line) => VERDICTS[ends].test(line)), `${number}, ${amount}: ${ends}, shown ${JSON.stringify(said)}`);
    }
    for (const { number, text } of notes) {
      await account(page, number);
      await page.getByText(text).first().waitFor();
    }
    assert.deepEqual(answered, [[], [], ["As we did", "As we did"], [], ["Differently"]]);
    assert.deepEqual(heirs, all.map((m) => successions(m.happened.map((h) => h.text), label)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

for (const label of ["SAP", "Oracle", "NetSuite"]) {
  test(`five mornings as ${label} exports them`, story({ browser, expected: [NO_SW] }, async ({ browser: { context }, open }) => {
    await play(label, context, open);
  }));
}
