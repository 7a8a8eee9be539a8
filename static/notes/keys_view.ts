/** Keys of the pages of notes: `data-key` elements are pressed or focused, "?" opens the list. */

import { HELP_KEY, plainKey } from "./keys_data";

const TYPED_INTO = "input, textarea, select, [contenteditable], dialog";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TYPED_INTO) !== null;
}

/** Links are followed; buttons and fields get the focus, so that no single letter signs anything. */
function press(element: HTMLElement): void {
  if (element instanceof HTMLAnchorElement) element.click();
  else element.focus();
}

function openHelp(): void {
  document.querySelector<HTMLDialogElement>("dialog#keys-help:not([open])")?.showModal();
}

export function listenForKeys(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-keys-help]")) {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  }
  document.addEventListener("keydown", (event) => {
    const key = plainKey(event, isTyping(event.target));
    if (key === null) return;
    if (key === HELP_KEY) {
      openHelp();
      return;
    }
    const element = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (!element) return;
    event.preventDefault();
    press(element);
  });
}
