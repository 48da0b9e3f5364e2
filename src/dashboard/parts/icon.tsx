/** The pictures of the dashboard. They say nothing that a text beside them, or the label of their button, does not. */
const PATHS = {
  bookmark: "M4.5 2.8h7v10.4L8 10.6l-3.5 2.6Z",
  check: "m3.2 8.4 3.2 3.2 6.4-7",
  chevron: "m6 3.5 4.5 4.5L6 12.5",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.6",
  close: "m4 4 8 8m0-8-8 8",
  columns: "M2.5 3.2h11v9.6h-11zM6.2 3.2v9.6M9.8 3.2v9.6",
  copy: "M5.8 5.8h7.4v7.4H5.8zM10.2 5.6V2.8H2.8v7.4h2.8",
  down: "m3.5 6 4.5 4.5L12.5 6",
  download: "M8 2.5v7.2M4.8 6.8 8 10l3.2-3.2M3 13.2h10",
  empty: "M2.5 9.5h3l1 2h3l1-2h3M2.5 9.5 4.6 3h6.8l2.1 6.5v3.7h-11Z",
  exclude: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.9 3.9l8.2 8.2",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.2c.1-1 .8-1.6 1.8-1.6s1.7.6 1.7 1.5c0 1.3-1.8 1.4-1.8 2.7M8 11.2v.1",
  link: "M6.8 9.2a2.7 2.7 0 0 0 3.8 0l2-2a2.7 2.7 0 0 0-3.8-3.8L8 4.2M9.2 6.8a2.7 2.7 0 0 0-3.8 0l-2 2a2.7 2.7 0 0 0 3.8 3.8l.8-.8",
  organization: "M3 13.5V3h6.5v10.5M9.5 6.5H13v7M1.8 13.5h12.4M5.2 5.8h2M5.2 8.2h2M5.2 10.6h2",
  pause: "M5.5 3.5v9m5-9v9",
  play: "M5 3.2v9.6L12.6 8Z",
  plus: "M8 3.2v9.6M3.2 8h9.6",
  refresh: "M13 7.2A5.2 5.2 0 1 0 12 11M13.2 3.4v3.8H9.4",
  search: "M7 11.6A4.6 4.6 0 1 0 7 2.4a4.6 4.6 0 0 0 0 9.2ZM10.4 10.4l3.2 3.2",
  sliders: "M2.5 5h6m3 0h2M2.5 11h2m3 0h6M10 3.4v3.2M6 9.4v3.2",
  trash: "M3 4.5h10M6.2 4.5V2.8h3.6v1.7M4.4 4.5l.5 8.7h6.2l.5-8.7",
  warning: "M8 2.6 14.2 13H1.8ZM8 6.6v3M8 11.2v.1",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
