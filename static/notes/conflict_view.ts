/** Two texts where one was expected: both side by side, and somebody says which stays. */

import { html } from "../shared/elements";
import type { OtherText } from "./saver_view";

export interface ConflictHandlers {
  keep(text: string): void;
  give(other: OtherText): void;
}

/** Shows the texts; the page goes on once one was chosen. Closing it changes nothing: it is offered again. */
export function showBothTexts(own: string, other: OtherText, handlers: ConflictHandlers): HTMLDialogElement {
  const whose = other.editor || other.by || "Somebody else";
  const theirs = html("textarea", { class: "conflict__text", readonly: true, "aria-label": `Stored text, by ${whose}` });
  const mine = html("textarea", { class: "conflict__text", "aria-label": "Your text, to be changed here", autocomplete: "off", spellcheck: "false" });
  theirs.value = other.text;
  mine.value = own;
  const kept = other.version === null ? "" : ` Your text is also kept as version ${other.version}.`;
  const lead = other.editor
    ? `${other.editor} is writing here now.${kept} You can take over with your text, or leave theirs.`
    : `The stored text has changed since you opened the note.${kept} Copy what you need from one to the other, then choose.`;
  const dialog = html(
    "dialog",
    { class: "dialog conflict", "aria-labelledby": "conflict-title" },
    html("h2", { id: "conflict-title" }, "Two texts of this note"),
    html("p", {}, lead),
    html(
      "div",
      { class: "conflict__texts" },
      html("section", {}, html("h3", {}, `Stored, by ${whose}`), theirs),
      html("section", {}, html("h3", {}, "Yours"), mine),
    ),
    html(
      "div",
      { class: "dialog__actions" },
      html("button", { class: "button", type: "button", onclick: () => close(() => handlers.give(other)) }, "Keep the stored text"),
      html(
        "button",
        { class: "button button--primary", type: "button", onclick: () => close(() => handlers.keep(mine.value)) },
        other.editor ? "Take over with the right text" : "Keep the right text",
      ),
    ),
  );
  const close = (then: () => void) => {
    dialog.close();
    dialog.remove();
    then();
  };
  // Nothing is lost by pressing Escape, and nothing decided.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  mine.focus();
  return dialog;
}
