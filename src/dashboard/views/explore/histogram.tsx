/** When the events happened: a bar chart in which one draws the time to look at, and the same as a table. */
import { useEffect, useRef } from "preact/hooks";
import { messages } from "../../i18n/messages.ts";
import { numberFormat, timeFormat } from "../../i18n/time-format.ts";
import { zone } from "../../state/address.ts";
import { language, theme } from "../../state/preferences.ts";
import type { Bucket } from "./buckets.ts";
import type { HistogramChart } from "./histogram-chart.ts";

export interface HistogramProps {
  readonly buckets: readonly Bucket[];
  readonly onBrush: (from: number, to: number) => void;
}

export function Histogram({ buckets, onBrush }: HistogramProps) {
  const t = messages.value.histogram;
  const figure = useRef<HTMLDivElement>(null);
  const chart = useRef<HistogramChart | undefined>(undefined);
  const latest = useRef({ buckets, onBrush });
  latest.current = { buckets, onBrush };

  // Colours and labels are drawn, so a change of theme, language or zone draws the chart anew.
  useEffect(() => {
    let isGone = false;
    async function draw(): Promise<void> {
      const { HistogramChart } = await import("./histogram-chart.ts");
      if (!isGone && figure.current !== null) {
        chart.current = new HistogramChart(figure.current, {
          buckets: latest.current.buckets,
          onBrush: (from, to) => latest.current.onBrush(from, to),
          countText: (count) => messages.value.histogram.events(count),
        });
      }
    }
    // Without its chart the view still works: the table below says the same.
    draw().catch(() => {});
    return () => {
      isGone = true;
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [theme.value, language.value, zone.value]);
  useEffect(() => chart.current?.update(buckets), [buckets]);

  return (
    <section class="histogram" aria-label={t.label}>
      <div ref={figure} class="histogram-chart" aria-hidden="true" />
      <details class="histogram-table">
        <summary>{t.asTable}</summary>
        <div class="histogram-rows" tabIndex={0} role="region" aria-label={t.asTable}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.from}</th>
                <th scope="col">{t.count}</th>
              </tr>
            </thead>
            <tbody>
              {buckets
                .filter(({ count }) => count > 0)
                .map(({ start, end, count }) => (
                  <tr key={start}>
                    <td>
                      <button type="button" class="text-button" onClick={() => onBrush(start, end)}>
                        {timeFormat.value.bound(start)}
                      </button>
                    </td>
                    <td>{numberFormat.value.format(count)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
