/** The settings with which a server starts. */
import { expect, test } from "vitest";
import { readSettings } from "../../scripts/server/settings.ts";

test.each([
  ["REKISHI_PUBLIC_URL", "audit.example.com"],
  ["REKISHI_PUBLIC_URL", "https://audit.example.com/portal"],
  ["REKISHI_PUBLIC_URL", "nonsense"],
  ["REKISHI_ALLOWED_ORIGINS", "https://app.example.com https://*.example.com"],
  ["REKISHI_ALLOWED_ORIGINS", "https://app.example.com;script-src"],
  ["REKISHI_ALLOWED_ORIGINS", "https://App.example.com"],
])("%s=%s is refused: it is no origin", (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(name);
});

test.each([
  ["REKISHI_PUBLIC_URL", "https://audit.example.com"],
  ["REKISHI_PUBLIC_URL", "https://audit.example.com:8443/"],
  ["REKISHI_PUBLIC_URL", ""],
  ["REKISHI_ALLOWED_ORIGINS", "https://app.example.com, http://localhost:3000"],
])("%s=%s is taken", (name, value) => {
  expect(readSettings({ [name]: value }).port).toBe(8787);
});
