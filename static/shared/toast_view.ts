import { html } from "./elements";
import { csrfToken } from "./page";

export interface Toast {
  words: string;
  /** Where a POST takes the change back. */
  undoUrl?: string;
}

const SHOWN_MS = 8000;

async function undo(url: string): Promise<void> {
  const headers = { "X-CSRFToken": csrfToken() };
  const answer = await fetch(url, { method: "POST", credentials: "same-origin", headers }).catch(() => null);
  if (answer?.ok) window.location.reload();
  else showToast({ words: "That could not be undone. Nothing else was changed." });
}

/** Says what just happened, with a way back. The server may send it as `HX-Trigger: {"plumbline:toast": {"words": "…", "undoUrl": "…"}}`. */
export function showToast(toast: Toast): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  const element = html("div", { class: "toast" }, html("span", {}, toast.words));
  if (toast.undoUrl) {
    const url = toast.undoUrl;
    element.append(html("button", { class: "button-link", type: "button", onclick: () => void undo(url) }, "Undo"));
  }
  place.append(element);
  window.setTimeout(() => element.remove(), SHOWN_MS);
}

export function listenForToasts(): void {
  document.addEventListener("plumbline:toast", (event) => showToast((event as CustomEvent<Toast>).detail));
}
