throw new Error("touchmark.config.ts was run");
