import { sayExactly, sayMoment } from "./moment_data";

/** Turns every `<time datetime data-relative>` below `root` into words, with the exact moment on hover. */
export function sayDates(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
    const then = new Date(element.dateTime);
    if (Number.isNaN(then.getTime())) continue;
    const words = sayMoment(then, new Date());
    if (element.textContent !== words) element.textContent = words;
    element.title = sayExactly(then);
  }
}

export function keepDatesFresh(): void {
  sayDates(document);
  document.addEventListener("htmx:afterSettle", (event) => sayDates(event.target as ParentNode));
  window.setInterval(() => sayDates(document), 60_000);
}
