/** Starts the load process and gives it one order at a time. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { LoadMessage, LoadOrder, LoadResult } from "./load-messages.ts";

export class LoadProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, "load.ts"));
  readonly #ended = once(this.#child, "exit").then(() => undefined);

  async run(order: LoadOrder): Promise<LoadResult> {
    const answer = once(this.#child, "message") as Promise<[LoadMessage]>;
    this.#child.send(order);
    const [message] = (await Promise.race([answer, this.#ended])) ?? [];
    if (message?.type === "done") {
      return message.result;
    }
    throw new Error(message?.message ?? "The load process ended before its order was done.");
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await this.#ended;
  }
}
