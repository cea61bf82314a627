// A registry in memory that takes 20 ms for every answer, as one that is not on this machine does. Every repository has
// the same image. Prints its address; ends when its standard input does.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const ANSWER_MS = 20;
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";

/** The manifest of the image that is everywhere. */
export const IMAGE = JSON.stringify({
  schemaVersion: 2,
  mediaType: MANIFEST,
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf("{}"), size: 2 },
  layers: [],
});

export function digestOf(bytes) {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

if (process.argv[2] === "serve") {
  let answering = 0; // milliseconds so far
  const known = new Map(); // path of a manifest or blob → bytes
  const answers = {
    HEAD: (path) => (known.has(path) ? [200] : [404]),
    GET: (path) => {
      if (path.includes("/referrers/")) {
        return [200, { "content-type": INDEX }, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] })];
      }
      const bytes = known.get(path) ?? (path.endsWith(digestOf(IMAGE)) ? IMAGE : null);
      return bytes === null ? [404] : [200, { "content-type": MANIFEST }, bytes];
    },
    POST: (path) => [202, { location: `${path}session` }],
    PUT: (path, body, query) => {
      const digest = query.get("digest");
      known.set(digest === null ? path : path.replace(/uploads\/.*$/, digest), body);
      const subject = digest === null ? JSON.parse(body).subject?.digest : undefined;
      return [201, { location: path, ...(subject === undefined ? {} : { "oci-subject": subject }) }];
    },
  };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === "/answering") {
      // Whoever asks is blocked for long, and finds an idle connection closed.
      response.writeHead(200, { connection: "close" }).end(String(answering));
      return;
    }
    answering += ANSWER_MS;
    const { pathname, searchParams } = new URL(request.url, "http://registry");
    const [status, headers = {}, body = ""] = answers[request.method](pathname, Buffer.concat(chunks), searchParams);
    setTimeout(() => response.writeHead(status, headers).end(body), ANSWER_MS);
  });
  server.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${server.address().port}`));
  process.stdin.resume().on("end", () => process.exit());
}
