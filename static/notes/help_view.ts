/** The keys of the editor. */

import { html } from "../shared/elements";
import { SPOKEN_SIGNS } from "../shared/dictation_data";

const KEYS: [string, string][] = [
  ["Ctrl+S", "save now"],
  ["Ctrl+Enter", "save and go to signing"],
  ["Alt+1 … Alt+9", "go to the first … ninth heading"],
  ["F2", "next blank (___)"],
  [".short then Space or Tab", "insert a phrase"],
  ["Alt+M", "from the text to the mark below it; Escape leads back"],
  ["Alt+F", "from the text to the list of facts"],
  ["Alt+L", "what the line of the cursor rests on, and what was found in it"],
  ["1 … 9, 0", "in the bar or the list: what the words are"],
  ["a n h p i f", "is so, not so, in the past, maybe, if, in the family"],
  ["c, Delete", "confirm a fact, take it away"],
  ["Enter", "in the list: go to the words"],
  ["Ctrl+Z", "take back typing; marks have their own undo"],
];

const DICTATION_KEYS: [string, string][] = [
  ["Alt+D", "begin and stop dictating"],
  ["spoken", `${SPOKEN_SIGNS} are written as what they name`],
];

export function showKeys(isDictationOffered: boolean): void {
  const keys = isDictationOffered ? [...KEYS, ...DICTATION_KEYS] : KEYS;
  const rows = keys.map(([keys, words]) => html("tr", {}, html("th", { scope: "row" }, html("kbd", {}, keys)), html("td", {}, words)));
  const dialog = html(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title" },
    html("h2", { id: "keys-title" }, "Keys"),
    html("table", { class: "table table--dense" }, html("tbody", {}, ...rows)),
    html("form", { method: "dialog", class: "dialog__actions" }, html("button", { class: "button button--primary" }, "Close")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
