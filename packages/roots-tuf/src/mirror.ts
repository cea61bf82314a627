import { askService, type Host, requireServiceAddress, type ServiceCall, serviceRefusal } from "@touchmark/plugin";
import { unusable } from "./unusable.ts";

/** Where files of a TUF repository are read. */
export interface Mirror {
  /**
   * @param path - below the mirror's URL; made of names and digests of our own alone.
   * @returns null where the mirror has no such file.
   * @throws TouchmarkError as `askService`.
   */
  optional(path: string, max: number): Promise<Uint8Array | null>;
  /** The same for a file that must be there: `SERVICE_INVALID` where it is not. */
  file(path: string, max: number): Promise<Uint8Array>;
}

export function openMirror(url: string, host: Host): Mirror {
  // A URL without a path has a slash at its end all the same.
  const base = mirrorUrl(url).href.replace(/\/$/, "");
  const optional = async (path: string, max: number) => {
    const request = { method: "GET", url: `${base}/${path}`, maxBody: max, referredBy: null } as const;
    const call: ServiceCall = { service: `the roots' mirror (${path})`, request, secrets: [] };
    const response = await askService(host, call);
    if (response.status === 200) return response.body;
    // Buckets that nobody may list answer 403 for what they do not have.
    if (response.status === 404 || response.status === 403) return null;
    throw serviceRefusal(call, response, "200 and the file");
  };
  return {
    optional,
    file: async (path, max) => {
      const bytes = await optional(path, max);
      if (bytes === null) throw unusable(path, "the file, which the mirror itself names", "no such file");
      return bytes;
    },
  };
}

/**
 * A mirror's URL in the one form in which it is compared.
 *
 * @throws TouchmarkError `USAGE` for anything but the address of a service.
 */
export function mirrorUrl(text: string): URL {
  return requireServiceAddress(text, "the mirror");
}
