import * as z from "zod/mini";

// zod compiles a schema of an object when it is first used, which pays from the hundredth object on. Who verifies reads a few
// objects by each of fifty schemas; long lists of subjects are read without zod. Must run before a schema is made.
z.config({ jitless: true });
