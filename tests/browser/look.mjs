// Looks at pages in a real Chromium. Reads {"chromium", "pages": [{"url", "dark", "width", "height", "shot", "find"}]}
// from stdin and prints, for each page, what axe-core and the browser's console have to say about it. With
// "stand_ins", what begins with one of its addresses is asked of the one that it names.
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
let input = "";
for await (const part of process.stdin) input += part;
const asked = JSON.parse(input);

const browser = await chromium.launch({
  executablePath: asked.chromium,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const told = [];
for (const page of asked.pages) {
  const context = await browser.newContext({
    colorScheme: page.dark ? "dark" : "light",
    viewport: { width: page.width ?? 1280, height: page.height ?? 900 },
    bypassCSP: !page.plain, // for axe; what the pages themselves load is checked through the console's messages
    javaScriptEnabled: true,
    deviceScaleFactor: page.scale ?? 1,
    locale: page.locale ?? "en",
  });
  for (const [address, instead] of Object.entries(asked.stand_ins ?? {})) {
    await context.route(`${address}**`, async (route) => {
      const url = route.request().url().replace(address, instead);
      await route.fulfill({ response: await route.fetch({ url }) });
    });
  }
  const tab = await context.newPage();
  const problems = [];
  tab.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  tab.on("pageerror", (error) => problems.push(String(error)));
  await tab.goto(page.url, { waitUntil: "load" });
  if (page.find) {
    await tab.fill("input[type=search]", page.find);
    await tab.waitForFunction(() => document.querySelector(".result").textContent !== "");
  }
  let violations = [];
  if (!page.plain) {
    await tab.addScriptTag({ path: require.resolve("axe-core") });
    const found = await tab.evaluate(() => globalThis.axe.run(document));
    violations = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
  }
  if (page.shot) {
    await tab.evaluate(() => Promise.all([...document.images].map((one) => {
      one.loading = "eager"; // what lies below the fold is on the picture, too
      return one.decode();
    })));
  }
  if (page.shot) await tab.screenshot({ path: page.shot, fullPage: page.full ?? false });
  told.push({
    url: page.url,
    violations,
    problems,
    wider: await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    found: page.find ? await tab.locator(".search li").count() : 0,
    // of the feed and its entries, as far as they are to be seen
    titles: page.plain ? await tab.evaluate(() => [...document.querySelectorAll("title")]
      .filter((one) => one.getBoundingClientRect().height > 0).map((one) => one.textContent)) : [],
    display: page.plain ? await tab.evaluate(() => getComputedStyle(document.documentElement).display) : "",
  });
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(told));
