/** htmx keeps the address of the page in the browser's storage. Who was looked at, or for, stays nowhere. */
export function forgetPath(): void {
  try {
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // A browser without storage has kept nothing.
  }
}
