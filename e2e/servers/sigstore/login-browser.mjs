// `node login-browser.mjs ADDRESS ANSWERS`: a person with a browser. It follows links and redirects with its cookies, types
// into each form what ANSWERS (JSON) says for a field, and prints the text of the page where no form is left.
const [address, answersJson] = process.argv.slice(2);
const answers = JSON.parse(answersJson);
const MAX_PAGES = 30;
const cookies = new Map();

let next = { url: new URL(address), method: "GET" };
for (let pages = 0; next !== null; pages += 1) {
  if (pages > MAX_PAGES) throw new Error(`still no end after ${MAX_PAGES} pages, at ${next.url.href}`);
  next = await visit(next);
}

async function visit({ url, method, body }) {
  const jar = cookies.get(url.host) ?? new Map();
  cookies.set(url.host, jar);
  const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") };
  const response = await fetch(url, { method, headers, redirect: "manual", ...(body === undefined ? {} : { body }) });
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") jar.delete(name);
    else jar.set(name, value);
  }
  const location = response.headers.get("location");
  const page = await response.text();
  if (location !== null) return { url: new URL(location, url), method: "GET" };
  const form = formIn(page);
  if (form !== null) return { url: new URL(form.action, url), method: "POST", body: form.fields };
  console.log(`${response.status} ${page.replaceAll(/<style>.*?<\/style>|<[^>]*>|\s+/gs, " ").trim()}`);
  return null;
}

/** The first form, filled in; buttons that give up have no part in it. */
function formIn(page) {
  const [, attributes, content] = /<form([^>]*)>(.*?)<\/form>/s.exec(page) ?? [];
  if (attributes === undefined) return null;
  const fields = new URLSearchParams();
  for (const [input] of content.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, "name");
    if (name !== null) fields.set(name, answers[name] ?? attribute(input, "value") ?? "");
  }
  return { action: unescaped(attribute(attributes, "action") ?? ""), fields };
}

function attribute(tag, name) {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? null;
}

function unescaped(text) {
  return text.replaceAll("&amp;", "&");
}
