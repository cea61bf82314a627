/**
 * True for addresses that mean this machine or its link in any of their forms: `0.0.0.0`, 127.0.0.0/8, 169.254.0.0/16 (where
 * clouds give out their machines' credentials), `::`, `::1`, fe80::/10, the first two within IPv6, and `localhost` with a
 * dot behind it or a name before. https://www.iana.org/assignments/iana-ipv4-special-registry
 *
 * A name that leads there by DNS is not seen: the certificate of a https server must have that name.
 *
 * @param hostname - as the URL parser writes it.
 */
export function isNearAddress(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return name.startsWith("[") ? isNearV6(name.slice(1, -1)) : isNearV4(name);
}

function isNearV4(name: string): boolean {
  return /^(?:0|127|169\.254)\.(?:\d{1,3}\.){1,2}\d{1,3}$/.test(name);
}

function isNearV6(address: string): boolean {
  if (address === "::" || address === "::1" || /^fe[89ab][0-9a-f]:/.test(address)) return true;
  const [, high = "", low = ""] = /^::(?:ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === "") return false;
  const parts = [high, low].map((part) => Number.parseInt(part, 16)).flatMap((part) => [part >> 8, part & 255]);
  return isNearV4(parts.join("."));
}
