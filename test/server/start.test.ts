import { spawn } from "node:child_process";
/** Starting and ending the server on one machine. */
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { waitUntilReady } from "../../scripts/server/port.ts";
import { makeEvent } from "../support/events.ts";
import { type Ending, ServerProcess } from "./server-process.ts";
import { freePort, runToEnd, startServer, testFolder } from "./server.ts";
import { openTail } from "./tail-reader.ts";

const READY = /^rekishi: ready on (.*)$/gm;

function isServing(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (response) => response.ok,
    () => false,
  );
}

/** Code 1, and one line that says why. */
function refusal(message: RegExp): Ending {
  return {
    exitCode: 1,
    stdout: expect.not.stringContaining("ready") as string,
    stderr: expect.stringMatching(new RegExp(`^rekishi: .*${message.source}.*\\n$`)) as string,
  };
}

describe("starting", () => {
  test("the server says once that it is ready, with the URL on which it then answers", async () => {
    const server = await startServer();
    const ready = [...server.process.stdout.matchAll(READY)].map((match) => match[1]);
    expect(ready).toEqual([server.url]);
    expect(await isServing(server.url)).toBe(true);
  });

  test("'npm start' starts it, and SIGTERM to npm leaves nothing of it behind", async () => {
    const port = await freePort();
    const settings = { REKISHI_PORT: String(port), REKISHI_DATA: testFolder() };
    const run = new ServerProcess(settings, ["npm", "start"]);
    onTestFinished(() => run.signalAll("SIGKILL"));
    await run.untilReady();
    expect(await isServing(`http://127.0.0.1:${port}`)).toBe(true);
    run.signal("SIGTERM");
    // The output ends when the last process that holds it has ended.
    await run.endedInTime();
    expect(await isServing(`http://127.0.0.1:${port}`)).toBe(false);
  });

  test("the root key is made once, shown once, kept for its owner only and used again", async () => {
    const server = await startServer();
    const key = server.rootKey;
    expect(key).toMatch(/^rk_root_[\w-]{32}$/);
    expect(server.process.stdout.split(key)).toHaveLength(2);
    expect(statSync(join(server.dataFolder, "root-key")).mode & 0o777).toBe(0o600);

    await server.restart();
    expect(server.rootKey).toBe(key);
    expect(server.process.output).not.toContain(key);
    expect((await server.client(key).get("/organizations")).status).toBe(200);
  });

  test("a root key from the environment is used, and neither shown nor written down", async () => {
    const server = await startServer({ REKISHI_ROOT_KEY: "rk_root_from_the_environment" });
    expect((await server.client().get("/organizations")).status).toBe(200);
    expect(server.process.output).not.toContain("rk_root_from_the_environment");
    expect(existsSync(join(server.dataFolder, "root-key"))).toBe(false);
  });
});

describe("a start that cannot succeed ends with code 1 and one line that says why", () => {
  test("the port is taken", async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(port, "127.0.0.1", resolve);
    });
    onTestFinished(() => void other.close());
    const ending = await runToEnd({ REKISHI_PORT: String(port), REKISHI_DATA: testFolder() });
    expect(ending).toEqual(refusal(/port \d+ .*taken.*REKISHI_PORT/));
  });

  test("another server has got the port meanwhile, and answers in the place of this one", async () => {
    const other = createHttpServer((_, response) => response.end("{}"));
    const port = await freePort();
    await new Promise<void>((resolve) => {
      other.listen(port, "127.0.0.1", resolve);
    });
    onTestFinished(() => void other.close());
    // What does not get its port says nothing of listening, and ends.
    const server = spawn("cat", { stdio: ["pipe", "ignore", "ignore", "pipe"] });
    const ready = waitUntilReady(`http://127.0.0.1:${port}`, server);
    server.kill();
    await expect(ready).rejects.toThrow("ended before it was ready");
  });

  test("the data folder cannot be written", async () => {
    const file = join(testFolder(), "file");
    writeFileSync(file, "");
    const settings = {
      REKISHI_PORT: String(await freePort()),
      REKISHI_DATA: join(file, "data"),
    };
    expect(await runToEnd(settings)).toEqual(refusal(/file\/data is not writable.*REKISHI_DATA/));
  });

  test.each(["0", "65536", "-1", "80.5", "http", " "])("the port is '%s'", async (port) => {
    const settings = { REKISHI_PORT: port, REKISHI_DATA: testFolder() };
    expect(await runToEnd(settings)).toEqual(refusal(/REKISHI_PORT is '.*'.*1 to 65535/));
  });

  test("half of the settings of an S3 store are refused, with the names of the missing ones", async () => {
    const settings = { REKISHI_S3_ENDPOINT: "https://s3.example.com", REKISHI_S3_BUCKET: "log" };
    expect(await runToEnd(settings)).toEqual(
      refusal(/REKISHI_S3_ACCESS_KEY_ID, REKISHI_S3_SECRET_ACCESS_KEY must be set too/),
    );
  });

  test("the address is not one of this machine", async () => {
    const settings = {
      REKISHI_HOST: "203.0.113.1",
      REKISHI_PORT: String(await freePort()),
      REKISHI_DATA: testFolder(),
    };
    expect(await runToEnd(settings)).toEqual(refusal(/203\.0\.113\.1.*REKISHI_HOST/));
  });

  test("another server uses the data folder, which goes on undisturbed", async () => {
    const server = await startServer();
    const settings = {
      REKISHI_PORT: String(await freePort()),
      REKISHI_DATA: server.dataFolder,
    };
    expect(await runToEnd(settings)).toEqual(refusal(/in use by the server with pid \d+/));
    await server.client().store("org_1", makeEvent());
    expect((await server.stop()).exitCode).toBe(0);
  });
});

describe("ending", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s ends the server with code 0", async (signal) => {
    const server = await startServer();
    server.process.signal(signal);
    expect((await server.process.endedInTime()).exitCode).toBe(0);
    expect(await isServing(server.url)).toBe(false);
    expect(existsSync(join(server.dataFolder, "server.pid"))).toBe(false);
  });

  test("Ctrl-C, which reaches all processes at once, ends the server with code 0", async () => {
    const server = await startServer();
    server.process.signalAll("SIGINT");
    expect((await server.process.endedInTime()).exitCode).toBe(0);
    expect(await isServing(server.url)).toBe(false);
  });

  test("SIGTERM ends the server with code 0 while a live tail is open", async () => {
    const server = await startServer();
    const client = server.client();
    await client.store("org_1", makeEvent());
    const tail = await openTail(client, "org_1");
    onTestFinished(() => tail.close());
    expect((await server.stop()).exitCode).toBe(0);
  });

  test("a server that was killed starts again on its data folder", async () => {
    const server = await startServer();
    await server.client().store("org_1", makeEvent());
    expect((await server.kill()).exitCode).toBe(1);
    expect(await isServing(server.url)).toBe(false);
    await server.start();
    expect(await server.client().all("org_1")).toHaveLength(1);
  });
});
