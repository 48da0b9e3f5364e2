/** CPU time as the kernel counts it, in microseconds since the process or the machine began. Linux only. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const MICROS_PER_TICK =
  1_000_000 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Of all threads of one process, in user and system mode. */
export function processCpuMicros(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name in parentheses and may hold spaces; the third comes after the last ")".
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  return (userTicks + systemTicks) * MICROS_PER_TICK;
}

/** Of everything on this machine. */
export function machineCpuMicros(): number {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [, user, nice, system, , , interrupts, softInterrupts] = line.split(/ +/).map(Number);
  const ticks = [user, nice, system, interrupts, softInterrupts];
  return ticks.reduce<number>((sum, value) => sum + (value ?? 0), 0) * MICROS_PER_TICK;
}
