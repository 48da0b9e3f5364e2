/** The few statistics that benchmarks report. */

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest of `values` that at least `percent` percent of them do not exceed; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? Number.NaN;
}
