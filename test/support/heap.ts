/** How much memory JavaScript keeps. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export const MEBIBYTE = 1_048_576;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** The heap without what nobody can reach any more. */
export function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
