/**
 * Whoever held the signing key, wherever they built: the builder in statements that no build service vouches for. Level 1, never
 * more. Page: docs/builders/local.md
 */
export const LOCAL_BUILDER = "https://touchmark.dev/builders/local";
