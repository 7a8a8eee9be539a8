/** A list that fetches itself again waits while somebody has words in it that are not sent. */

interface RequestDetail {
  requestConfig: { verb: string };
}

function holdsWords(list: Element): boolean {
  return [...list.querySelectorAll("textarea")].some((field) => field.value.trim() !== "");
}

/** Refreshes of `[data-keep-unsent]` by htmx are dropped while a text area in it is filled; sending is not. */
export function keepUnsentWords(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { requestConfig } = (event as CustomEvent<RequestDetail>).detail;
    const list = event.target instanceof Element && event.target.matches("[data-keep-unsent]") ? event.target : null;
    if (list && requestConfig.verb === "get" && holdsWords(list)) event.preventDefault();
  });
}
