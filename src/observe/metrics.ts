/**
 * What this isolate has counted since it began, in the text form of Prometheus (exposition format 0.0.4).
 *
 * To count is to add to a number in a map; labels are written when somebody asks. Their values are of a known few, such
 * as routes; never what a client made up, or the map would grow with it.
 */

export const METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Of a request, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

export class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #counts = new Map<string, number>();

  constructor(name: string, help: string, labels: readonly string[] = []) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
    if (labels.length === 0) {
      this.add(0);
    }
  }

  /** @param values those of the labels, in their order. */
  add(count: number, ...values: readonly string[]): void {
    const key = keyOf(values);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  lines(): string[] {
    const samples = Array.from(this.#counts, ([key, count]) =>
      sample(this.#name, labelsText(this.#labels, key), count),
    );
    return [...head(this.#name, "counter", this.#help), ...samples];
  }
}

interface Distribution {
  /** How many were within each bound and above the one before; the last is above all. */
  readonly counts: number[];
  sum: number;
}

export class Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #distributions = new Map<string, Distribution>();

  constructor(name: string, help: string, labels: readonly string[]) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
  }

  /** @param values those of the labels, in their order. */
  observe(seconds: number, ...values: readonly string[]): void {
    const key = keyOf(values);
    const known = this.#distributions.get(key);
    const distribution = known ?? { counts: [...BOUNDS, 0].map(() => 0), sum: 0 };
    if (known === undefined) {
      this.#distributions.set(key, distribution);
    }
    const index = BOUNDS.findIndex((bound) => seconds <= bound);
    const bucket = index === -1 ? BOUNDS.length : index;
    distribution.counts[bucket] = (distribution.counts[bucket] ?? 0) + 1;
    distribution.sum += seconds;
  }

  lines(): string[] {
    const samples = Array.from(this.#distributions, ([key, { counts, sum }]) => {
      const labels = labelsText(this.#labels, key);
      let total = 0;
      const buckets = [...BOUNDS, "+Inf"].map((bound, index) => {
        total += counts[index] ?? 0;
        return sample(`${this.#name}_bucket`, `${labels},le="${bound}"`, total);
      });
      return [
        ...buckets,
        sample(`${this.#name}_sum`, labels, sum),
        sample(`${this.#name}_count`, labels, total),
      ];
    });
    return [...head(this.#name, "histogram", this.#help), ...samples.flat()];
  }
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function sample(name: string, labels: string, value: number): string {
  return labels === "" ? `${name} ${value}` : `${name}{${labels}} ${value}`;
}

/** No value of a label has more than one line. */
function keyOf(values: readonly string[]): string {
  return values.join("\n");
}

function labelsText(names: readonly string[], key: string): string {
  const values = key.split("\n");
  return names.map((name, index) => `${name}="${escaped(values[index] ?? "")}"`).join(",");
}

function escaped(value: string): string {
  return value.replaceAll(/[\\"]/g, (character) => `\\${character}`);
}
