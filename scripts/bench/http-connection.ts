/**
 * One keep-alive HTTP/1.1 connection with one request under way. It does the least that measuring needs, so that the
 * load takes little of the machine that the server is measured on: bodies are counted and, unless the request failed,
 * not kept.
 */
import { connect, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  /** As much of the answer as came with its headers, for the message about a failure. */
  readonly text: string;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class HttpConnection {
  readonly #socket: Socket;
  #pending: Pending | undefined;
  /** What has come of an answer whose headers are not complete. */
  #head = "";
  #answer: Answer | undefined;
  #bodyBytesLeft = 0;

  constructor(host: string, port: number) {
    this.#socket = connect(port, host);
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (bytes) => this.#receive(bytes));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new Error("The server closed the connection.")));
  }

  /** @param request the whole request, headers and body. */
  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    if (this.#answer === undefined) {
      this.#head += bytes.toString("latin1");
      this.#readHead();
    } else {
      this.#bodyBytesLeft -= bytes.length;
    }
    if (this.#answer !== undefined && this.#bodyBytesLeft <= 0) {
      this.#pending?.resolve(this.#answer);
      this.#answer = undefined;
      this.#head = "";
    }
  }

  #readHead(): void {
    const end = this.#head.indexOf("\r\n\r\n");
    if (end === -1) {
      return;
    }
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#head.slice(0, end))?.[1];
    if (length === undefined) {
      this.#fail(new Error(`An answer has no Content-Length:\n${this.#head.slice(0, end)}`));
      return;
    }
    this.#answer = { status: Number(this.#head.slice(9, 12)), text: this.#head };
    this.#bodyBytesLeft = Number(length) - (this.#head.length - end - 4);
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }
}
