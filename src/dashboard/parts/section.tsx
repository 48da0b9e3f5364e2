/** A part of a page with a title, what it is about, and perhaps something to do. */
import type { ComponentChildren } from "preact";

export interface SectionProps {
  readonly title: string;
  readonly text: string;
  /** Stands beside the title. */
  readonly action?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Section({ title, text, action, children }: SectionProps) {
  return (
    <section class="section">
      <header>
        <div>
          <h2>{title}</h2>
          <p class="faint">{text}</p>
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
