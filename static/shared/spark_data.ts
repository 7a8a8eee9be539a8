/** A line the size of a word. */

export interface SparkShape {
  /** SVG path of the line; a gap starts a new piece. */
  path: string;
  last: { x: number; y: number } | null;
}

/** "2 3 - 4" → [2, 3, null, 4]; anything that is not a number is a gap. */
export function readValues(text: string): (number | null)[] {
  return text
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map((word) => (Number.isFinite(Number(word)) ? Number(word) : null));
}

export function sparkShape(
  values: (number | null)[],
  box: { width: number; height: number; min: number; max: number; margin: number },
): SparkShape {
  const span = box.max - box.min || 1;
  const step = values.length > 1 ? (box.width - 2 * box.margin) / (values.length - 1) : 0;
  let path = "";
  let last: SparkShape["last"] = null;
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const share = Math.max(0, Math.min(1, (value - box.min) / span));
    const x = Math.round((box.margin + index * step) * 10) / 10;
    const y = Math.round((box.height - box.margin - share * (box.height - 2 * box.margin)) * 10) / 10;
    path += `${drawing ? "L" : "M"}${x} ${y}`;
    drawing = true;
    last = { x, y };
  });
  return { path, last };
}
