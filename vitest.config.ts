/**
 * Four suites: `unit` runs pure code and the engine on node:sqlite, `worker` runs the objects and the router inside
 * workerd, `server` drives the real `npm start` server from outside, `dashboard` does so in a browser.
 */
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests often wait for a server, so on two cores three files run at once. Files leave
    // nothing behind in their process (`isolate: false`): to start one for each takes as long as all tests of `unit`.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            remoteBindings: false,
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              cf: false,
              bindings: {
                REKISHI_ROOT_KEY: "rk_root_test",
                REKISHI_LOG_LEVEL: "error",
                REKISHI_SIGNING_KEYS:
                  "new-signing-key-of-32-characters-or-more,old-signing-key-of-32-characters-or-more",
              },
            },
          }),
        ],
        test: { name: "worker", include: ["test/worker/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        test: {
          name: "server",
          include: ["test/server/**/*.test.ts"],
          isolate: false,
          globalSetup: ["test/server/build.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "dashboard",
          include: ["test/dashboard/**/*.test.ts"],
          isolate: false,
          globalSetup: ["test/dashboard/setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
