/** Keyboard for long lists: j and k move, enter opens the row's first link. Never while somebody types. */

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

function rowsOfPage(): HTMLElement[] {
  const rows = document.querySelectorAll<HTMLElement>(
    "[data-keyboard-rows] tbody tr, [data-keyboard-rows] > [data-row]",
  );
  return [...rows].filter((row) => row.offsetParent !== null);
}

function select(rows: HTMLElement[], index: number): void {
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  if (!row) return;
  for (const other of rows) other.classList.toggle("is-selected", other === row);
  row.querySelector<HTMLElement>("a[href]")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function listenForRowKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key !== "j" && event.key !== "k" && event.key !== "Enter") return;
    const rows = rowsOfPage();
    if (!rows.length) return;
    const current = rows.findIndex((row) => row.classList.contains("is-selected"));
    if (event.key === "j") select(rows, current + 1);
    else if (event.key === "k") select(rows, current < 0 ? 0 : current - 1);
    else if (current >= 0 && document.activeElement === document.body)
      rows[current]?.querySelector<HTMLElement>("a[href]")?.click();
  });
}
