/** A bar on the terminal's last line. Where nobody is looking, there is none. */
import type { Terminal } from "../command.ts";

const BAR_CHARACTERS = 30;

export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #unit: string;
  #isShown = false;

  constructor(terminal: Terminal, unit: string) {
    this.#terminal = terminal;
    this.#unit = unit;
  }

  show(done: number, total: number): void {
    if (this.#terminal.width === Infinity) {
      return;
    }
    const share = total === 0 ? 1 : done / total;
    const full = Math.round(share * BAR_CHARACTERS);
    const bar = "█".repeat(full) + "░".repeat(BAR_CHARACTERS - full);
    const figures = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${this.#unit}`;
    this.#terminal.err(`\r${bar} ${Math.floor(share * 100)} %  ${figures}\u001b[K`);
    this.#isShown = true;
  }

  end(): void {
    if (this.#isShown) {
      this.#terminal.err("\r\u001b[K");
      this.#isShown = false;
    }
  }
}
