import type { Code } from "@touchmark/core";
import type { ErrorText } from "./error-text.ts";

/** Images, registries and the network between. */
export const REGISTRY_TEXTS = {
  CREDENTIALS_UNREADABLE: {
    title: "The registry's credentials cannot be read",
    meaning:
      "The docker configuration (`$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`, else the file of `$REGISTRY_AUTH_FILE`) is not well formed, or the credential helper that it names for this registry failed. Nothing was sent without them, since the answer could be another one.",
    remedy: "`docker login HOST` or `crane auth login HOST` writes it again; or set DOCKER_CONFIG to another folder",
    more: "Credentials are used for exactly the host that they are stored for, and never shown.",
  },
  IMAGE_MALFORMED: {
    title: "An image's manifest or layout is not well formed",
    meaning:
      "It is not JSON, lacks what the OCI image specification wants, could be read as something else too, is nested too deep, or leads out of its layout. The message names the place. docs/images.md says which layouts are read.",
    remedy:
      "build the image again; `crane validate --remote IMAGE` and `crane manifest IMAGE` show what is wrong with it",
  },
  IMAGE_MISSING: {
    title: "The image is not where it should be",
    meaning:
      "The registry or the layout has no manifest or blob with this digest, or no such repository to push to. For collecting that is an error, since the bytes must be seen; a tag is never asked for instead.",
    remedy:
      "push the image, or name the layout that holds it: `--from buildx:FILE,layout=PATH`, `touchmark verify oci-layout:PATH --key FILE`",
  },
  NETWORK_REFUSED: {
    title: "A host would have been contacted that nobody named",
    meaning:
      "The network is used only for registries that a target or the build's own metadata names, for the hosts of releases and packages that a target names, for services that the CI platform names, and with `--online` for the mirror of the trusted roots and the log that they name, over https, or plain http on a loopback address; with `--offline` for none.",
    remedy:
      "name the registry in the target: `oci://ghcr.io/octo/app@sha256:…`; with `--offline`, verify a layout (`oci-layout:PATH`), a digest with `--bundle FILE`, or a kit that `touchmark fetch` brought",
    more: "If the target names its registry already, look at what sends you elsewhere: a redirect, or a token service on a host of its own.",
  },
  NETWORK_UNAVAILABLE: {
    title: "A host did not answer",
    meaning:
      "No connection or no answer in time, also after several attempts, or a proxy (HTTPS_PROXY) that cannot be used.",
    remedy:
      "run the same command again when the host answers; after a push, the `touchmark publish` line of the message: it skips what is pushed already and signs nothing",
    more: "With `--online` no older roots are taken in place of the newest ones: verify without it to use those that came with Touchmark.",
  },
  REGISTRY_DENIED: {
    title: "The registry does not let us in",
    meaning:
      "It answered 401 or 403: there are no credentials for exactly this host, or they do not allow what was asked. Some registries answer this for repositories that do not exist.",
    remedy: "`docker login HOST`, or a token with the right to read or write this repository",
  },
  REGISTRY_INVALID: {
    title: "The registry answered against the protocol",
    meaning:
      "An answer ended early, also after several attempts, a redirect leads where it must not, or an answer is not what the OCI distribution specification says.",
    remedy: "try again; if it stays so, do not trust what this registry serves, and tell its operator",
  },
  REGISTRY_UNAVAILABLE: {
    title: "The registry could not do it now",
    meaning: "It answered 429 or 5xx, also after several attempts with growing pauses.",
    remedy:
      "run the same command again later; after a push, the `touchmark publish` line of the message: it skips what is pushed already and signs nothing",
  },
  TAG_UNPINNED: {
    title: "A tag stands where a digest is needed",
    meaning:
      "A tag can point to another image a second later, so what was verified and what is run could differ. The digest that it points to now stands in the message, if the registry could be asked. The newest release or version is another one tomorrow, too: name it by its tag or version.",
    remedy: "use the line in the message with your other options, and the same digest wherever the image is run",
  },
} as const satisfies Partial<Record<Code, ErrorText>>;
