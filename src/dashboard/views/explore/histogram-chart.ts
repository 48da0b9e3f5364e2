/** The chart of the histogram, drawn by uPlot. Loaded when the page is there: it is as large as half of the rest. */
import uPlot from "uplot";
import { timeFormat, zoneName } from "../../i18n/time-format.ts";
import { zone } from "../../state/address.ts";
import { language } from "../../state/preferences.ts";
import type { Bucket } from "./buckets.ts";

const HEIGHT_PX = 96;
/** A drag shorter than this is a click. */
const DRAG_PX_MIN = 6;
/** 1, 2, 5, 10, 20, 50 … */
const COUNT_STEPS = Array.from(
  { length: 27 },
  (_, at) => ([1, 2, 5][at % 3] ?? 1) * 10 ** Math.floor(at / 3),
);

export interface ChartOptions {
  readonly buckets: readonly Bucket[];
  /** Told the time that was drawn over, or the bucket that was clicked, in milliseconds since the epoch. */
  readonly onBrush: (from: number, to: number) => void;
  readonly countText: (count: number) => string;
}

export class HistogramChart {
  readonly #options: ChartOptions;
  readonly #plot: uPlot;
  readonly #tip = document.createElement("div");
  readonly #resizing: ResizeObserver;
  #buckets: readonly Bucket[];

  constructor(parent: HTMLElement, options: ChartOptions) {
    this.#options = options;
    this.#buckets = options.buckets;
    this.#plot = new uPlot(this.#settings(parent), dataOf(this.#buckets), parent);
    this.#tip.className = "histogram-tip";
    this.#tip.hidden = true;
    this.#plot.over.append(this.#tip);
    this.#resizing = new ResizeObserver(() => {
      this.#plot.setSize({ width: parent.clientWidth, height: HEIGHT_PX });
    });
    this.#resizing.observe(parent);
  }

  update(buckets: readonly Bucket[]): void {
    this.#buckets = buckets;
    this.#plot.setData(dataOf(buckets));
  }

  destroy(): void {
    this.#resizing.disconnect();
    this.#plot.destroy();
  }

  #settings(parent: HTMLElement): uPlot.Options {
    const style = getComputedStyle(parent);
    const colour = (name: string) => resolved(parent, style.getPropertyValue(name));
    const axis = {
      stroke: colour("--muted"),
      font: `11px ${style.fontFamily}`,
      ticks: { show: false },
    };
    return {
      width: parent.clientWidth || 600,
      height: HEIGHT_PX,
      padding: [10, 0, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zoneName(zone.value)),
      scales: {
        x: { range: () => extentOf(this.#buckets) },
        y: { range: (_, __, max) => [0, Math.max(1, max)] },
      },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          space: 90,
          grid: { show: false },
          values: (plot, at) => timeLabels(plot, at),
        },
        {
          ...axis,
          size: 44,
          gap: 6,
          space: 22,
          grid: { stroke: colour("--line"), width: 1 },
          incrs: COUNT_STEPS,
          values: (_, at) => countLabels(at),
        },
      ],
      series: [{}, { fill: colour("--bar"), width: 0, points: { show: false }, paths: bars() }],
      hooks: {
        setSelect: [() => this.#select()],
        setCursor: [() => this.#showTip()],
      },
    };
  }

  #select(): void {
    const { left, width } = this.#plot.select;
    const bucket = this.#bucketAtCursor();
    if (width >= DRAG_PX_MIN) {
      const timeAt = (x: number) => Math.round(this.#plot.posToVal(x, "x") * 1_000);
      this.#options.onBrush(timeAt(left), timeAt(left + width));
    } else if (bucket !== undefined && bucket.count > 0) {
      this.#options.onBrush(bucket.start, bucket.end);
    }
    this.#plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  #showTip(): void {
    const { left = -1 } = this.#plot.cursor;
    const bucket = left < 0 ? undefined : this.#bucketAtCursor();
    this.#tip.hidden = bucket === undefined;
    if (bucket !== undefined) {
      const time = timeFormat.value.bound(bucket.start);
      this.#tip.textContent = `${time} · ${this.#options.countText(bucket.count)}`;
      const widest = this.#plot.over.clientWidth - this.#tip.offsetWidth;
      const middle = left - this.#tip.offsetWidth / 2;
      this.#tip.style.left = `${Math.max(0, Math.min(middle, widest))}px`;
    }
  }

  #bucketAtCursor(): Bucket | undefined {
    const { left = -1 } = this.#plot.cursor;
    const time = this.#plot.posToVal(left, "x") * 1_000;
    return this.#buckets.find(({ start, end }) => time >= start && time < end);
  }
}

function bars(): uPlot.Series.PathBuilder {
  // The share of the room between two bars, the widest and the narrowest that a bar may be; 1 aligns it to its start.
  return uPlot.paths.bars?.({ size: [0.8, 48, 1], radius: 0.15, align: 1 }) ?? (() => null);
}

function dataOf(buckets: readonly Bucket[]): uPlot.AlignedData {
  return [buckets.map(({ start }) => start / 1_000), buckets.map(({ count }) => count)];
}

function extentOf(buckets: readonly Bucket[]): [number, number] {
  return [(buckets[0]?.start ?? 0) / 1_000, (buckets.at(-1)?.end ?? 1_000) / 1_000];
}

/** The last label is left out where it would reach beyond the chart, which cuts it off. */
function timeLabels(plot: uPlot, seconds: readonly number[]): string[] {
  const texts = timeFormat.value.axis(seconds.map((at) => at * 1_000));
  const roomPx = plot.over.clientWidth - plot.valToPos(seconds.at(-1) ?? 0, "x");
  const isCut = widthPx(texts.at(-1) ?? "") / 2 > roomPx;
  return isCut ? [...texts.slice(0, -1), ""] : texts;
}

/** About how wide a label is: a Chinese character is as wide as two of the others. */
function widthPx(text: string): number {
  return 6 * (text.length + text.replaceAll(/[^\u2e80-\uffff]/g, "").length);
}

function countLabels(counts: readonly number[]): string[] {
  const format = new Intl.NumberFormat(language.value, { notation: "compact" });
  // The zero stands where the first time does, and says nothing.
  return counts.map((count) => (count === 0 ? "" : format.format(count)));
}

/** A canvas does not know `light-dark()`, so the browser is asked for the colour that it makes of it. */
function resolved(parent: HTMLElement, value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
