import { expect, test } from "vitest";
import {
  SendWindow,
  SILENT_BYTES_MAX,
  UNACKED_BYTES_PER_SECOND,
  WINDOW_BYTES,
} from "../../../src/objects/tenant/send-window.ts";

test("a reader that acknowledges is sent as much as it takes", () => {
  const window = new SendWindow(0);
  for (let seq = 1; seq <= 1_000; seq++) {
    expect(window.isOpen(0)).toBe(true);
    window.send(seq, WINDOW_BYTES / 2);
    window.acknowledge(seq);
  }
});

test("what is under way stays bounded while only old events are acknowledged", () => {
  const window = new SendWindow(0);
  window.send(1, WINDOW_BYTES / 2);
  window.send(2, WINDOW_BYTES / 2);
  expect(window.isOpen(0)).toBe(false);
  window.acknowledge(1);
  expect(window.isOpen(0)).toBe(true);
  window.send(3, WINDOW_BYTES / 2);
  window.acknowledge(1);
  expect(window.isOpen(0)).toBe(false);
});

test("a reader that never acknowledges is sent a steady rate", () => {
  const window = new SendWindow(0);
  window.send(1, WINDOW_BYTES + UNACKED_BYTES_PER_SECOND);
  expect(window.isOpen(999)).toBe(false);
  expect(window.isOpen(1_001)).toBe(true);
});

test("a reader is gone after much was sent without a ping or an ack", () => {
  const window = new SendWindow(0);
  window.send(1, SILENT_BYTES_MAX + 1);
  expect(window.isGone(undefined)).toBe(true);
  expect(window.isGone(5)).toBe(false);
  window.send(2, SILENT_BYTES_MAX + 1);
  expect(window.isGone(5)).toBe(true);
  window.acknowledge(2);
  expect(window.isGone(5)).toBe(false);
});
