/** When segments leave a tenant's database for the blob store. */
import { fail, ok, type Result } from "../../kernel/result.ts";

/** The settings by the names that they have in the environment. An empty or null one is not set. */
export interface OffloadEnv {
  /** How large a tenant's database may become before its oldest segments move to the blob store, in bytes. */
  readonly REKISHI_OFFLOAD_BYTES?: string | null;
  /** How long they stay in the database after their copy was confirmed, in seconds. */
  readonly REKISHI_OFFLOAD_KEEP_SECONDS?: string | null;
}

export interface OffloadSettings {
  readonly limitBytes: number;
  readonly keepMs: number;
}

/** Cloudflare allows an object 10 GB. */
const LIMIT_BYTES_DEFAULT = 8_000_000_000;
const KEEP_SECONDS_DEFAULT = 900;

/** A failure is a sentence for whoever set them. */
export function offloadSettings(env: OffloadEnv): Result<OffloadSettings, string> {
  const limitBytes = Number(env.REKISHI_OFFLOAD_BYTES || LIMIT_BYTES_DEFAULT);
  if (!Number.isSafeInteger(limitBytes) || limitBytes < 1) {
    return fail(
      `REKISHI_OFFLOAD_BYTES is '${env.REKISHI_OFFLOAD_BYTES}'; it must be a number of bytes.`,
    );
  }
  const keepSeconds = Number(env.REKISHI_OFFLOAD_KEEP_SECONDS || KEEP_SECONDS_DEFAULT);
  if (!Number.isSafeInteger(keepSeconds) || keepSeconds < 0) {
    const { REKISHI_OFFLOAD_KEEP_SECONDS: value } = env;
    return fail(`REKISHI_OFFLOAD_KEEP_SECONDS is '${value}'; it must be a number of seconds.`);
  }
  return ok({ limitBytes, keepMs: keepSeconds * 1_000 });
}
