// Negotiated: a plan agreed by keyboard with its exact schedule, the items out of the chase, ended in
// default and undone; interest by a rule, charged, its sheet; a dossier with checksums; risk explained.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { shooter, story } from "../support.mjs";
import { gridRows, openSample } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("plans");
const cents = (text) => Number(text.replace(/[^\d-]/g, ""));

async function key(page, keys, heading) {
  await page.locator("main").focus();
  for (const one of keys) await page.keyboard.press(one);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

test("a plan is agreed, charges raised, a dossier made, and the risk explains itself", story({ browser }, async ({ open }) => {
  const page = await open("?nosw=1");
  await openSample(page);
  const today = await gridRows(page, "Who to turn to today");
  const name = today[0].join("\n").split("\n")[0].replace(/\d+$/, "").trim();

  // The plan, by keyboard from the list of pages.
  await key(page, ["g", "n"], "Plans");
  const before = (await gridRows(page, "Payment plans")).length;
  await page.getByRole("button", { name: "New plan" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New payment plan" });
  await dialog.getByRole("searchbox").fill(name.slice(0, 12));
  await dialog.getByRole("button", { name }).first().click();
  await dialog.getByRole("checkbox", { name: /open/ }).first().waitFor();
  await dialog.getByRole("textbox", { name: "Instalments" }).fill("3");
  await dialog.getByRole("textbox", { name: "Why a plan" }).fill("short of cash");
  const said = dialog.getByRole("status");
  await said.filter({ hasText: /3 instalments sum to/ }).waitFor();
  const [covers, , sum] = (await said.innerText()).match(/[\d,.]*\d/g);
  assert.equal(cents(covers), cents(sum), "the instalments sum to what is covered");
  const parts = await dialog.getByRole("listitem").locator(".num").allInnerTexts();
  assert.equal(parts.reduce((all, part) => all + cents(part), 0), cents(covers));
  await shoot(page, "builder");
  await dialog.getByRole("button", { name: /^Agree .* in 3$/ }).click();
  await page.getByText(/in 3 instalments/).first().waitFor();
  await page.waitForFunction((n) => document.querySelectorAll('[role="grid"][aria-label="Payment plans"] [role="row"]').length > n + 1, before);
  const plans = await gridRows(page, "Payment plans");
  const mine = plans.find((row) => row[0].startsWith(name));
  assert.equal(mine[1], "kept so far");
  assert.equal(cents(mine[2]), cents(covers));
  await page.getByRole("grid", { name: "Payment plans" }).getByText(name).first().click();
  await page.getByRole("region", { name: /^Plan of/ }).waitFor();
  await shoot(page, "plan");

  // Default, and back.
  const endPlan = async () => {
    await page.getByRole("button", { name: "Declare default" }).press("Enter");
    const end = page.getByRole("dialog", { name: /^End the plan/ });
    await end.getByRole("textbox", { name: "Why" }).fill("nothing came");
    await end.getByRole("button", { name: "End the plan" }).click();
    await page.getByRole("grid", { name: "Payment plans" }).getByText("defaulted").first().waitFor();
  };
  await endPlan();
  await page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" }).last().click();
  await page.getByText(/^Undone/).first().waitFor();

  // Interest by a rule with a rate: let go while the plan is kept, charged once when it is not.
  const interest = async () => {
    await page.getByRole("tab", { name: "Late interest" }).click();
    await page.getByLabel("Rule").selectOption("eu");
    await page.getByRole("region", { name: "Items paid late" }).waitFor();
  };
  await interest();
  await page.getByText(/^Interest waived under the plan of /).first().waitFor();
  await page.getByRole("tab", { name: "Payment plans" }).click();
  await endPlan();
  await interest();
  const raise = page.getByRole("button", { name: /^Raise \d+ charges? of/ });
  await raise.waitFor();
  await page.getByRole("button", { name: "Sheet" }).first().click();
  await page.getByRole("region", { name: /^Interest on/ }).waitFor();
  await shoot(page, "interest");
  await raise.click();
  await page.getByRole("heading", { name: "Charges raised" }).waitFor();

  // The dossier is a ZIP with a manifest.
  await page.getByRole("tab", { name: "Agency and legal" }).click();
  await page.getByRole("button", { name: "Place items" }).first().click();
  const place = page.getByRole("dialog", { name: "Place items" });
  const download = page.waitForEvent("download");
  await place.getByRole("button", { name: /^Dossier/ }).click();
  const bytes = await readFile(await (await download).path());
  assert.equal(bytes.subarray(0, 2).toString(), "PK");
  assert.ok(bytes.includes("MANIFEST.txt") && bytes.includes("dossier.xlsx") && bytes.includes("statement.docx") && bytes.includes("letter-before-claim.docx"));
  await shoot(page, "place");
  await page.keyboard.press("Escape");

  // Risk: points add up to the score, and the forecast to what is open.
  await key(page, ["g", "x"], "Risk");
  await gridRows(page, "Customers by risk");
  await page.getByRole("grid", { name: "Customers by risk" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const one = page.getByRole("region", { name: /class [A-D], \d+ points/ });
  await one.waitFor();
  const points = (await one.locator("tbody td.num").allInnerTexts()).map(cents);
  assert.equal(points.reduce((a, b) => a + b, 0), cents(await one.locator("tfoot td.num").innerText()));
  await shoot(page, "risk");
  for (const [tab, file] of [["Provision", "provision"], ["Cash forecast", "forecast"], ["Register", "register"]]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel").locator("section, table, .empty").first().waitFor();
    await shoot(page, file);
  }
}));
