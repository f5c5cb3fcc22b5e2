// Serves the soft phone's own files and the official SDKs on the loopback address, where browsers allow a microphone.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const SERVED = {
  "/softphone.html": ["softphone.html", "text/html; charset=utf-8"],
  "/softphone2.html": ["softphone2.html", "text/html; charset=utf-8"],
  "/softphone.js": ["softphone.js", "text/javascript"],
  "/softphone2.js": ["softphone2.js", "text/javascript"],
  "/journal.js": ["journal.js", "text/javascript"],
  "/ear.js": ["ear.js", "text/javascript"],
  "/twilio.js": ["node_modules/twilio-client/dist/twilio.min.js", "text/javascript"],
  "/twilio2.js": ["node_modules/@twilio/voice-sdk/dist/twilio.min.js", "text/javascript"],
  "/favicon.ico": ["softphone.html", "text/html"],
};

export async function serve() {
  const server = createServer(async (request, response) => {
    const [file, type] = SERVED[request.url] ?? [];
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": type }).end(await readFile(new URL(file, import.meta.url)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
