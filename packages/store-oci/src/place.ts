import { type Repository, sha256Text } from "@touchmark/oci";

/** A repository during one run. */
export interface Place {
  readonly repository: Repository;
  /**
   * Uploads a blob, once however often it is asked for.
   *
   * @returns whether it was there before this run.
   */
  upload(bytes: Uint8Array): Promise<{ readonly existed: boolean }>;
}

export function placeIn(repository: Repository): Place {
  const uploads = new Map<string, Promise<{ readonly existed: boolean }>>();
  return {
    repository,
    upload(bytes) {
      const digest = sha256Text(bytes);
      const running = uploads.get(digest);
      if (running !== undefined) return running;
      const upload = repository.pushBlob(bytes);
      uploads.set(digest, upload);
      // What failed for one image may work for the next.
      upload.catch(() => uploads.delete(digest));
      return upload;
    },
  };
}
