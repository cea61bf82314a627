export { detectPlatform } from "./detect-platform.ts";
export { LOCAL_BUILD_TYPE, LOCAL_BUILDER, local } from "./local.ts";
export { readCheckout, readTaggedCheckout, type TaggedCheckout } from "./read-checkout.ts";
