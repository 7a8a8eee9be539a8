/** The steps before a test: sections of the page's own form, one on the screen at a time. */

import { html, setHidden, setText } from "../shared/elements";

export class TestSteps {
  private readonly steps: HTMLElement[];
  private readonly count = html("p", { class: "sensor__count", "aria-live": "polite" });
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private at = 0;

  constructor(
    readonly form: HTMLFormElement,
    startAtLast: boolean,
  ) {
    this.steps = [...form.querySelectorAll<HTMLElement>("[data-step]")];
    this.back = html("button", { class: "button button--wide", type: "button", onclick: () => this.go(-1) }, "Back");
    this.next = html(
      "button",
      { class: "button button--primary button--large button--wide", type: "button", onclick: () => this.goNext() },
      "Next",
    );
    form.prepend(this.count);
    form.append(html("div", { class: "sensor__ways stack" }, this.next, this.back));
    form.noValidate = true;
    for (const link of form.querySelectorAll<HTMLElement>("[data-go-to]"))
      link.addEventListener("click", () => this.show(this.stepNamed(link.dataset["goTo"] ?? "")));
    const wrong = this.steps.findIndex((step) => step.querySelector(".error"));
    this.show(wrong >= 0 ? wrong : startAtLast ? this.steps.length - 1 : 0, { focus: false });
  }

  /** What was chosen, by the name of the field. */
  get answers(): Record<string, string | boolean> {
    const answers: Record<string, string | boolean> = {};
    for (const [name, value] of new FormData(this.form))
      if (name !== "csrfmiddlewaretoken" && typeof value === "string") answers[name] = value === "on" ? true : value;
    return answers;
  }

  /** Whether every field may be sent; shows the first that may not. */
  check(): boolean {
    const wrong = this.steps.findIndex((step) => firstInvalid(step) !== null);
    if (wrong < 0) return true;
    if (wrong !== this.at) this.show(wrong);
    firstInvalid(this.steps[wrong] as HTMLElement)?.reportValidity();
    return false;
  }

  /** Shows what the server said about fields, at the step of the first. */
  showErrors(fields: Record<string, string>): void {
    for (const old of this.form.querySelectorAll("[data-said]")) old.remove();
    const places = Object.entries(fields).map(([name, words]) => {
      const step = this.steps.findIndex((one) => one.querySelector(`[name="${name}"]`));
      const place = this.steps[Math.max(0, step)] as HTMLElement;
      place.prepend(html("p", { class: "error", role: "alert", "data-said": name }, words));
      return Math.max(0, step);
    });
    if (places.length) this.show(Math.min(...places));
  }

  private goNext(): void {
    const wrong = firstInvalid(this.steps[this.at] as HTMLElement);
    if (wrong) wrong.reportValidity();
    else this.go(1);
  }

  private go(by: number): void {
    this.show(this.at + by);
  }

  private stepNamed(name: string): number {
    return Math.max(
      0,
      this.steps.findIndex((step) => step.dataset["step"] === name),
    );
  }

  private show(at: number, options: { focus: boolean } = { focus: true }): void {
    this.at = Math.max(0, Math.min(this.steps.length - 1, at));
    this.steps.forEach((step, index) => setHidden(step, index !== this.at));
    setText(this.count, `Step ${this.at + 1} of ${this.steps.length}`);
    setHidden(this.back, this.at === 0);
    setHidden(this.next, this.at === this.steps.length - 1);
    if (!options.focus) return;
    window.scrollTo({ top: 0 });
    const heading = this.steps[this.at]?.querySelector<HTMLElement>("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function firstInvalid(step: HTMLElement): Field | null {
  const fields = step.querySelectorAll<Field>("input, select, textarea");
  return [...fields].find((field) => !field.checkValidity()) ?? null;
}
