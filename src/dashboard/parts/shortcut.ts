/** A key that does something wherever nothing is typed. */
import { useEffect, useRef } from "preact/hooks";
import { isTyping } from "./typing.ts";

export function useShortcut(key: string, action: () => void): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const isModified = event.ctrlKey || event.metaKey || event.altKey;
      if (event.key === key && !isModified && !isTyping(event.target)) {
        event.preventDefault();
        latest.current();
      }
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [key]);
}
