import { parentPort } from "node:worker_threads";
import { answerSignings } from "@touchmark/verify/signing-answers";

// The entry of a thread that verifies: build.mjs puts it beside the CLI. It reads no file and asks nobody.
parentPort?.on("message", (question) => parentPort?.postMessage(answerSignings(question)));
