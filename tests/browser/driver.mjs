// Drives one Chromium.  JSON lines: {"id", "do", ...arguments} on stdin, {"id", "value"} or {"id", "error"} on stdout.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--ignore-certificate-errors",
  "--autoplay-policy=no-user-gesture-required",
];
const POLL_MS = 40;

const pages = new Map();
let browser;
let server;

const VERBS = {
  async launch({ executable, microphone, hosts }) {
    server = await serve();
    const reachable = ["localhost", "127.0.0.1", ...hosts].map((host) => `EXCLUDE ${host}`).join(", ");
    const args = [
      ...FLAGS,
      `--host-resolver-rules=MAP * ~NOTFOUND, ${reachable}`,
      `--use-file-for-fake-audio-capture=${microphone}`,
    ];
    browser = await chromium.launch({ executablePath: executable, headless: true, args });
    return `http://localhost:${server.address().port}`;
  },
  async open({ name, options, before }) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    await context.addInitScript(before);
    const page = await context.newPage();
    const said = [];
    page.on("console", (line) => said.push(`${line.type()}: ${line.text()}`));
    page.on("pageerror", (error) => said.push(`uncaught: ${error.message}`));
    pages.set(name, { page, context, said });
    return null;
  },
  goto: ({ page, url }) => page.goto(url, { waitUntil: "load" }).then(() => page.url()),
  reload: ({ page }) => page.reload({ waitUntil: "load" }).then(() => null),
  evaluate: ({ page, script, argument }) => page.evaluate(call(script, argument)),
  wait: ({ page, script, argument, within_ms }) => wait(page, call(script, argument), within_ms),
  click: ({ page, selector, within_ms }) => page.click(selector, { timeout: within_ms }),
  fill: ({ page, selector, text, within_ms }) => page.fill(selector, text, { timeout: within_ms }),
  focus: ({ page, selector, within_ms }) => page.focus(selector, { timeout: within_ms }),
  mouse: ({ page, action }) => page.mouse[action](),
  hover: ({ page, selector, within_ms }) => page.hover(selector, { timeout: within_ms }),
  keyboard: ({ page, action, key }) => page.keyboard[action](key),
  screenshot: ({ page, path, whole }) => page.screenshot({ path, fullPage: whole }).then(() => path),
  said: ({ said }) => said,
  async shut({ context, pageId }) {
    pages.delete(pageId);
    await context.close();
  },
};

function call(script, argument) {
  return argument === undefined ? script : `(${script})(${JSON.stringify(argument)})`;
}

async function wait(page, expression, withinMs) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await page.evaluate(expression);
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after ${withinMs} ms: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function act({ do: verb, page: pageId, ...rest }) {
  if (!pageId) return VERBS[verb](rest);
  const opened = pages.get(pageId);
  if (!opened) throw new Error(`page ${pageId} is closed`);
  return VERBS[verb]({ ...rest, ...opened, pageId });
}

async function answer(line) {
  const { id, ...order } = JSON.parse(line);
  let reply;
  try {
    reply = { id, value: (await act(order)) ?? null };
  } catch (error) {
    reply = { id, error: String(error.message) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

const lines = createInterface({ input: process.stdin });
lines.on("line", answer);
lines.on("close", async () => {
  await browser?.close();
  server?.close();
  process.exit(0);
});
