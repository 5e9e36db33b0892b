// Yesterday's forecast against what came: frozen by a button and with a pack, the day moves on, money is recorded, and
// the error is read on the key figures, its rows, its picture and the forecast's own page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shooter, started, story } from "../support.mjs";
import { asOf, beginWithFile, commitImport, commitsOnDisk, goTo, gridRows, oneItem, openAccount, openSample } from "../steps.mjs";

const browser = { viewport: { width: 1366, height: 768 } };
const shoot = shooter("forecast");
const messages = (page) => page.getByRole("region", { name: "Messages" });
const ERROR = "Forecast error, one week ahead";
const BIAS = "Forecast bias, one week ahead";

async function toForecast(page) {
  await goTo(page, "Risk");
  await page.getByRole("tab", { name: "Cash forecast" }).click();
  await page.getByRole("region", { name: "Forecast against what came" }).waitFor();
}

/** The row of a key figure, as one text. */
async function figure(page, name) {
  const rows = await gridRows(page, "Key figures");
  return rows.find((row) => row[0] === name)?.join(" | ");
}

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

// Reloading an address without the service worker: the server answers with its page for what it does not find.
const NO_SW = /status of 404/;

test("a forecast is frozen, a week passes, and its error is a figure", story({ browser, expected: [NO_SW] }, async ({ open, browser: { context } }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await beginWithFile(page, oneItem("F-1", 100_000));
  await commitImport(page);
  await openAccount(page, "North Ltd");
  await page.getByRole("grid", { name: "Open items" }).getByRole("row", { name: "F-1" }).locator("[data-check]").click();
  await page.keyboard.press("p");
  await page.getByRole("textbox", { name: /^Amount/ }).fill("400");
  await page.getByRole("textbox", { name: "By", exact: true }).fill("2026-11-20");
  await save(page);

  // Without a history a promise is as likely kept as not: 200 of 400 are expected next week.
  await toForecast(page);
  const against = page.getByRole("region", { name: "Forecast against what came" });
  await against.getByText("No forecast is frozen yet.").waitFor();
  const before = (await commitsOnDisk(page)).length;
  await page.getByRole("button", { name: "Freeze forecast" }).click();
  await messages(page).getByText("Forecast of 18 Nov 2026 frozen: 200.00 EUR expected until 25 Nov 2026").waitFor();
  assert.equal((await commitsOnDisk(page)).length, before + 1);
  await against.getByText("1 forecast frozen, the last as of 18 Nov 2026: its first week ends on 25 Nov 2026.").waitFor();
  await against.getByText("No week of them is over yet.").waitFor();
  // The same again is no other forecast.
  await page.getByRole("button", { name: "Freeze forecast" }).click();
  await messages(page).getByText("The forecast of 18 Nov 2026 is frozen already, with the same figures.").first().waitFor();
  await goTo(page, "Key figures");
  assert.match(await figure(page, ERROR), /n\/a/);

  // A week later: 160 came on the day it was promised.
  await context.clock.setFixedTime(new Date("2026-11-25T10:00:00Z"));
  await page.reload();
  await started(page);
  await openAccount(page, "North Ltd");
  await page.getByRole("grid", { name: "Open items" }).getByRole("row", { name: "F-1" }).locator("[data-check]").click();
  await page.getByRole("button", { name: "Record a payment" }).click();
  const paying = page.getByRole("dialog", { name: "Record a payment" });
  await paying.getByRole("textbox", { name: "Number" }).fill("P-62");
  await paying.getByRole("textbox", { name: /^Amount/ }).fill("160");
  await paying.getByRole("textbox", { name: "Value date" }).fill("2026-11-20");
  await paying.getByRole("button", { name: "Record the payment" }).click();
  await paying.waitFor({ state: "hidden" });
  await goTo(page, "Key figures");
  assert.match(await figure(page, ERROR), /\| 25\.0 %/);
  assert.match(await figure(page, BIAS), /\| 25\.0 %/);

  // Its rows: the week, and the money that came in it.
  await page.getByRole("grid", { name: "Key figures" }).getByText(ERROR).click();
  const dialog = page.getByRole("dialog");
  const line = dialog.getByRole("region", { name: "Arithmetic" }).getByRole("row");
  await line.filter({ hasText: /^Expected\s*200\.00 EUR/ }).waitFor();
  await line.filter({ hasText: /^Cash received\s*160\.00 EUR/ }).waitFor();
  await dialog.getByRole("tab", { name: "Rows behind it" }).click();
  const week = dialog.getByRole("region", { name: "Weeks of frozen forecasts" }).getByRole("row").nth(1);
  assert.deepEqual((await week.getByRole("cell").allInnerTexts()).slice(3), ["200.00", "160.00", "0.00", "40.00"]);
  await dialog.getByRole("region", { name: "Rows behind the figure" }).getByRole("row", { name: /P-62/ }).waitFor();
  await shoot(page, "rows");
  await page.keyboard.press("Escape");

  // The picture, with a point for the week.
  await page.getByRole("tab", { name: "Trends" }).click();
  const chart = page.getByRole("figure").filter({ hasText: "Forecast against actual, weeks, EUR" });
  await chart.waitFor({ timeout: 60_000 });
  await chart.scrollIntoViewIfNeeded();
  await shoot(page, "trend");

  // The day before, the week was not over: nothing is said of it.
  await page.getByRole("tab", { name: "Figures" }).click();
  await asOf(page, "2026-11-24");
  await page.getByText(/24 Nov 2026 · in EUR/).waitFor();
  assert.match(await figure(page, ERROR), /n\/a/);
  await asOf(page, "2026-11-25");

  // A pack with the forecast in it freezes it in the same commit.
  await goTo(page, "Reports");
  await page.getByRole("button", { name: "Issue Weekly pack" }).click();
  const issuing = page.getByRole("dialog", { name: "Issue Weekly pack" });
  await issuing.getByText(/is frozen in the same step/).waitFor();
  const commits = (await commitsOnDisk(page)).length;
  await Promise.all([page.waitForEvent("download"), issuing.getByRole("button", { name: "Issue it" }).click()]);
  await messages(page).getByText(/issued and in your downloads; .* Its forecast is frozen\./).waitFor();
  assert.equal((await commitsOnDisk(page)).length, commits + 1);
  await toForecast(page);
  await against.getByText(/^2 forecasts frozen, the last as of 25 Nov 2026/).waitFor();
  await against.getByText("EUR: the next week was off by 25.0 %, bias 25.0 %, over 1 week").waitFor();
  const error = against.getByRole("region", { name: "Forecast error by horizon, EUR" }).getByRole("row").nth(1);
  assert.deepEqual(await error.getByRole("cell").allInnerTexts(), ["1 week", "1", "200.00", "160.00", "25.0 %", "25.0 %"]);
  await shoot(page, "page");
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, "narrow");
}));

test("the sample has a settlement, loss rates and forecasts to look at", story({ browser }, async ({ open, browser: { context } }) => {
  await context.clock.setFixedTime(new Date("2026-11-18T10:00:00Z"));
  const page = await open("?nosw=1");
  await openSample(page);
  await toForecast(page);
  const against = page.getByRole("region", { name: "Forecast against what came" });
  await against.getByText(/^USD: the next week was off by/).click();
  await against.getByRole("region", { name: "Forecast error by horizon, USD" }).waitFor();
  assert.ok((await against.getByRole("region", { name: "Weeks of frozen forecasts, USD" }).getByRole("row").count()) > 10);
  await shoot(page, "sample");
  await page.getByRole("tab", { name: "Provision" }).click();
  await page.getByText(/^Rates as given in Settings/).first().waitFor();
  await shoot(page, "provision");
  await goTo(page, "Plans");
  await page.getByRole("tab", { name: "Settlements" }).click();
  await page.getByRole("tabpanel").getByRole("row").nth(1).waitFor();
  await shoot(page, "settlements");
  await goTo(page, "Key figures");
  assert.match(await figure(page, ERROR), /\d+\.\d %/);
}));
