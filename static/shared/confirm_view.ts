import { html } from "./elements";

/** Asks before something that cannot be taken back: `data-confirm="Remove this exercise?"` on a form or its button, also for `hx-confirm`. */
function ask(question: string, verb: string): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = html(
      "dialog",
      { class: "dialog", "aria-labelledby": "confirm-title" },
      html("h2", { id: "confirm-title" }, question),
      html(
        "form",
        { method: "dialog", class: "dialog__actions" },
        html("button", { class: "button", value: "no", autofocus: true }, "Cancel"),
        html("button", { class: "button button--primary", value: "yes" }, verb),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function listenToForms(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const button = (event as SubmitEvent).submitter;
      const question = button?.dataset["confirm"] ?? form.dataset["confirm"];
      if (!question || form.dataset["confirmed"] === "yes") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void ask(question, button?.textContent?.trim() || "Yes").then((yes) => {
        if (!yes) return;
        form.dataset["confirmed"] = "yes";
        form.requestSubmit(button);
        delete form.dataset["confirmed"];
      });
    },
    true,
  );
}

interface ConfirmDetail {
  question: string | null;
  issueRequest(skipConfirmation: boolean): void;
}

export function listenForConfirmations(): void {
  listenToForms();
  document.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest } = (event as CustomEvent<ConfirmDetail>).detail;
    if (!question) return;
    event.preventDefault();
    void ask(question, "Yes").then((yes) => yes && issueRequest(true));
  });
}
