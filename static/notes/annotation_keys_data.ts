/** What a key asks for. */

export interface Label {
  readonly code: string;
  readonly name: string;
  readonly tag: string;
  readonly key: string;
  readonly css: string;
  readonly asserted: boolean;
  readonly help: string;
}

export interface Assertion {
  readonly code: string;
  readonly name: string;
  readonly short: string;
  readonly key: string;
}

export interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export type Command =
  | { readonly kind: "step" | "extend"; readonly by: 1 | -1 }
  | { readonly kind: "nudge"; readonly edge: "start" | "end"; readonly by: 1 | -1 }
  | { readonly kind: "label" | "assert" | "accept-all"; readonly code: string }
  | { readonly kind: "go"; readonly by: 1 | -1 }
  | { readonly kind: "accept" | "reject" | "undo" | "hand-in" };

/** The command of a key, or null where the key is the browser's own. */
export function commandOf(
  pressed: Pressed,
  labels: readonly Label[],
  assertions: readonly Assertion[],
): Command | null {
  if (pressed.ctrlKey || pressed.metaKey) return pressed.key === "Enter" ? { kind: "hand-in" } : null;
  if (pressed.key === "ArrowRight" || pressed.key === "ArrowLeft") {
    const by = pressed.key === "ArrowRight" ? 1 : -1;
    if (pressed.altKey) return { kind: "nudge", edge: pressed.shiftKey ? "start" : "end", by };
    return { kind: pressed.shiftKey ? "extend" : "step", by };
  }
  if (pressed.altKey) return null;
  if (pressed.key === "Enter") return { kind: "accept" };
  if (pressed.key === "Backspace" || pressed.key === "Delete") return { kind: "reject" };
  const key = pressed.key.toLowerCase();
  if (key === "n") return { kind: "go", by: 1 };
  if (key === "p") return { kind: "go", by: -1 };
  if (key === "u") return { kind: "undo" };
  const label = labels.find((one) => one.key === key);
  if (label) return { kind: "label", code: label.code };
  const assertion = assertions.find((one) => one.key === key);
  return assertion ? { kind: "assert", code: assertion.code } : null;
}
