/** CPU time as the kernel counts it, in microseconds since the process or the machine began. Linux only. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

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

/** The same in nanoseconds, from the scheduler: for what takes a few milliseconds. Threads that have ended do not count. */
export function processCpuNanos(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, task) => {
    const [nanos] = readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ");
    return sum + Number(nanos);
  }, 0);
}

/** Of everything on this machine. */
export function machineCpuMicros(): number {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [, user, nice, system, , , interrupts, softInterrupts] = line.split(/ +/).map(Number);
  const ticks = [user, nice, system, interrupts, softInterrupts];
  return ticks.reduce<number>((sum, value) => sum + (value ?? 0), 0) * MICROS_PER_TICK;
}
