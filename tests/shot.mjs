// node shot.mjs URL OUT.png [--width 1280] [--height 800] [--dark] [--full] [--wait SELECTOR] [--eval JS]
// A picture of a page in a fresh profile. DIST for URL serves that folder under /duebook/ first:
//   node shot.mjs ../dist today.png --path today?nosw=1
import { parseArgs } from "node:util";
import { existsSync } from "node:fs";
import { launch, serve } from "./support.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: "string", default: "1280" },
    height: { type: "string", default: "800" },
    dark: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    path: { type: "string", default: "" },
    wait: { type: "string" },
    eval: { type: "string" },
  },
});
const [target, out] = positionals;
if (!target || !out) {
  console.error("usage: node shot.mjs URL|DIST OUT.png [--width N] [--height N] [--dark] [--full] [--path P] [--wait SELECTOR] [--eval JS]");
  process.exit(2);
}

const server = existsSync(target) ? await serve({ dist: target }) : null;
const browser = await launch({
  viewport: { width: Number(values.width), height: Number(values.height) },
  colorScheme: values.dark ? "dark" : "light",
});
try {
  const { page, problems } = await browser.open(server ? server.url + values.path : target, { strict: false });
  if (values.wait) await page.locator(values.wait).first().waitFor();
  if (values.eval) console.log(JSON.stringify(await page.evaluate(values.eval)));
  await page.screenshot({ path: out, fullPage: values.full });
  for (const problem of problems) console.error(problem);
} finally {
  await browser.close();
  await server?.close();
}
