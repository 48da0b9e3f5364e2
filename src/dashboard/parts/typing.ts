/** Whether keys go to a field or an open panel, so that they are no shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, dialog, [popover], [contenteditable]") !== null
  );
}
