/** One run of `npm start`: its output, when it is ready, how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { REPOSITORY } from "../../scripts/server/bundle.ts";

export type Settings = Readonly<Record<string, string>>;

export interface Ending {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of the structured log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** How the names of all temporary folders begin. */
export const TEST_FOLDER = "rekishi-test-";

/** Longer than the server itself allows, and with time to build what it serves. */
const READY_DEADLINE_MS = 45_000;
const DEADLINE_MS = 20_000;
const END_DEADLINE_MS = 10_000;
const START = [process.execPath, "scripts/start.ts"];
/** Where Node keeps what it compiled, because a third of the time of a start goes to compiling the same again. */
const COMPILED = join(REPOSITORY, "node_modules/.cache/compiled");

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ending: Promise<Ending>;
  readonly #watchers = new Set<() => void>();
  #stdout = "";
  #stderr = "";
  #hasEnded = false;

  /** @param command what a user would type; `node scripts/start.ts` unless given. */
  constructor(settings: Settings, command: readonly string[] = START) {
    const [program = "", ...rest] = command;
    this.#child = spawn(program, rest, {
      cwd: REPOSITORY,
      env: { NODE_COMPILE_CACHE: COMPILED, ...inheritedEnv(), ...settings },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const guard = startGuard(this.#child, settings["REKISHI_DATA"]);
    this.#read(this.#child.stdout, (text) => (this.#stdout += text));
    this.#read(this.#child.stderr, (text) => (this.#stderr += text));
    this.#ending = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (exitCode) => {
        this.#hasEnded = true;
        guard?.kill("SIGKILL");
        resolve({ exitCode, stdout: this.#stdout, stderr: this.#stderr });
        this.#notify();
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Everything that was printed. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  get logLines(): LogLine[] {
    return completeLines(this.#stdout)
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as LogLine);
  }

  async untilReady(): Promise<void> {
    const isReady = (): boolean => /^rekishi: ready on .*$/m.test(this.#stdout);
    await this.until("is ready", isReady, READY_DEADLINE_MS);
  }

  /** The first log line that satisfies `isWanted`, as soon as it is written. */
  async untilLogged(isWanted: (line: LogLine) => boolean): Promise<LogLine> {
    await this.until("wrote the log line", () => this.logLines.some(isWanted));
    return this.logLines.find(isWanted) ?? {};
  }

  /** Resolves when `isMet` holds, which is looked at whenever something was printed. */
  async until(what: string, isMet: () => boolean, deadlineMs = DEADLINE_MS): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const check = (): void => {
      if (isMet()) {
        resolve(undefined);
      } else if (this.#hasEnded) {
        reject(new Error(`The server ended before it ${what}:\n${this.#lastOutput}`));
      }
    };
    const timer = setTimeout(
      () => reject(new Error(`In ${deadlineMs} ms no server that ${what}:\n${this.#lastOutput}`)),
      deadlineMs,
    );
    this.#watchers.add(check);
    check();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#watchers.delete(check);
    }
  }

  /** Sends a signal to the supervisor alone, as `kill` does. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a signal to the supervisor and to all that it started, as Ctrl-C in a terminal does. */
  signalAll(signal: NodeJS.Signals): void {
    signalGroup(this.#child, signal);
  }

  ended(): Promise<Ending> {
    return this.#ending;
  }

  /** How it ended; throws when it goes on running. */
  async endedInTime(): Promise<Ending> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new Error(`The server was to end and runs on after 10 s:\n${this.#lastOutput}`)),
      END_DEADLINE_MS,
    );
    try {
      return await Promise.race([this.#ending, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  get #lastOutput(): string {
    return this.output.split("\n").slice(-20).join("\n");
  }

  #read(stream: NodeJS.ReadableStream | null, add: (text: string) => void): void {
    const decoder = new StringDecoder("utf8");
    stream?.on("data", (bytes: Buffer) => {
      add(decoder.write(bytes));
      this.#notify();
    });
  }

  #notify(): void {
    for (const check of this.#watchers) {
      check();
    }
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) {
      process.kill(-child.pid, signal);
    }
  } catch {
    // It has ended already.
  }
}

/**
 * Whatever happens to the tests, nothing outlives them: the guard waits for the end of its input, which comes when
 * this process ends in any way, and then ends the server with all that it started, and removes its folder.
 */
function startGuard(child: ChildProcess, folder = ""): ChildProcess | undefined {
  if (child.pid === undefined) {
    return undefined;
  }
  const removable = folder.startsWith(join(tmpdir(), TEST_FOLDER)) ? folder : "";
  const script = 'cat; kill -9 "-$1"; test -z "$2" || rm -rf "$2"';
  const guard = spawn("sh", ["-c", script, "guard", String(child.pid), removable], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  return guard;
}

/** The environment of a user who has set nothing. */
function inheritedEnv(): NodeJS.ProcessEnv {
  const isOurs = /^(REKISHI_|AUTO_CREATE_|VITEST|NODE_OPTIONS$|NODE_ENV$|npm_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs.test(name)));
}

function completeLines(text: string): string[] {
  return text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
}
