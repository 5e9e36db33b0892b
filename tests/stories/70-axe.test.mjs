// WCAG 2.2 AA on every page of the sample book, as axe sees it: light and dark, wide and narrow.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, fixture, openSample } from "../steps.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function check(page, where, found) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (tags) => (await globalThis.axe.run(document, { runOnly: tags })).violations, TAGS);
  for (const { id, impact, help, nodes } of violations) {
    const line = `${where}: ${id} (${impact}): ${help}: ${nodes.length} x ${nodes[0].html.slice(0, 160)}`;
    console.log(line);
    if (impact === "serious" || impact === "critical") found.push(line);
  }
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1366, 390]) {
    const browser = { colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" };
    test(`no serious finding of axe, ${colorScheme}, ${width} px`, story({ browser }, async ({ open, browser: { context } }) => {
      const found = [];
      // A Wednesday in office hours: what is looked at does not hang on the day of the run.
      await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
      const page = await open("?nosw=1");
      const look = (where) => check(page, `${where}, ${colorScheme}, ${width} px`, found);
      await look("Open");
      await openSample(page);
      await page.getByRole("grid").getByRole("row").nth(1).waitFor();
      await look("Today");
      await page.getByRole("grid").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/account\//);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await look("Account");
      const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
      for (const name of await links.evaluateAll((all) => all.map((link) => new URL(link.href).pathname.split("/").pop()))) {
        if (name === "today") continue;
        await page.locator(`nav a[href$="/${name}"]`).click();
        await page.waitForURL(new RegExp(`/${name}`));
        // A page that is not there yet shows that it is not found, and is passed over.
        if (await page.getByRole("navigation", { name: "Pages" }).count() === 0) break;
        if (await page.getByRole("heading", { level: 1 }).count() === 0) {
          console.log(`${name}: no heading of a page`);
          continue;
        }
        await look(name);
      }
      await page.locator('nav a[href$="/risk"]').click();
      await page.getByRole("tab", { name: "Cash forecast" }).click();
      await page.getByText(/^USD: the next week was off by/).click();
      await look("Cash forecast");
      await page.locator('nav a[href$="/cases"]').click();
      await page.getByRole("tab", { name: "Digests" }).click();
      await look("Digests");
      await page.locator('nav a[href$="/reconcile"]').click();
      await page.getByRole("tab", { name: /^Customer.s side$/ }).click();
      await page.getByRole("searchbox").first().waitFor();
      await look("Customer's side");
      assert.deepEqual(found, []);
    }));

    test(`no serious finding of axe in an import preview, ${colorScheme}, ${width} px`, story({ browser }, async ({ open }) => {
      const found = [];
      const page = await open("?nosw=1");
      await beginWithFile(page, fixture("duplicates.csv"));
      await check(page, `Import preview, ${colorScheme}, ${width} px`, found);
      assert.deepEqual(found, []);
    }));
  }
}
