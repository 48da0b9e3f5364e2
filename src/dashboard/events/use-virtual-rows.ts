/** Draws only the rows that are in sight, of lists of any length (TanStack Virtual). */
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

const OVERSCAN_ROWS = 12;

export interface VirtualRowsOptions {
  readonly count: number;
  readonly rowHeight: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Height of what sticks to the top, which hides rows behind it. */
  readonly headerHeight: number;
  readonly keyAt: (index: number) => string;
  /** A row that stays in the document even out of sight, because it may have the focus; -1 for none. */
  readonly keptIndex: number;
}

export type VirtualRows = Virtualizer<HTMLDivElement, HTMLDivElement>;

export function useVirtualRows(options: VirtualRowsOptions): VirtualRows {
  const [, redraw] = useReducer<number, undefined>((turn) => turn + 1, 0);
  const { scroller, keptIndex } = options;
  const resolved: VirtualizerOptions<HTMLDivElement, HTMLDivElement> = {
    count: options.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => options.rowHeight,
    getItemKey: options.keyAt,
    overscan: OVERSCAN_ROWS,
    scrollPaddingStart: options.headerHeight,
    rangeExtractor: (range) => {
      const rows = defaultRangeExtractor(range);
      return keptIndex === -1 || rows.includes(keptIndex) ? rows : [...rows, keptIndex];
    },
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const [rows] = useState(() => new Virtualizer(resolved));
  rows.setOptions(resolved);
  useLayoutEffect(() => rows._didMount(), [rows]);
  useLayoutEffect(() => rows._willUpdate());
  return rows;
}
