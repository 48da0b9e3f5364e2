/** `rekishi log <file> verify`: reads everything and says whether it agrees with itself. */
import { verifyLog } from "../../log/verify.ts";
import { FOUND_FAULTS, OK, type Terminal, UsageError } from "../command.ts";
import { readArguments } from "./arguments.ts";
import type { LogCall } from "./log-verb.ts";
import { withLog } from "./open-log.ts";

export async function verify({ file, args }: LogCall, { out }: Terminal): Promise<number> {
  const { positionals, format, blobs } = readArguments(args, [], false);
  if (positionals.length > 0) {
    throw new UsageError(`verify takes no '${positionals[0]}'.`);
  }
  const verification = await withLog(file, blobs, ({ sql, reader }) => verifyLog(sql, reader));
  const { events, firstSeq, lastSeq, blocks, segments, faults } = verification;
  if (format === "table") {
    out(faults.map((fault) => `${fault}\n`).join(""));
    const range = events === 0 ? "no events" : `${events} events, seq ${firstSeq} to ${lastSeq}`;
    const judgement = faults.length === 0 ? "no fault found" : `${faults.length} faults found`;
    out(`${range}, in ${blocks} blocks and ${segments} segments: ${judgement}.\n`);
  } else {
    out(`${JSON.stringify(verification)}\n`);
  }
  return faults.length === 0 ? OK : FOUND_FAULTS;
}
