/** Where a point of the camera's picture lands on the screen. */

export interface Size {
  width: number;
  height: number;
}

export interface Placement {
  fit: "cover" | "contain";
  scale: number;
  left: number;
  top: number;
  /** Size of the whole picture on the screen, in CSS pixels; larger than the screen where it is cropped. */
  width: number;
  height: number;
}

/** More than this share cropped could hide a foot, so the picture is shown whole instead. */
const MOST_CROPPED = 0.12;

/** `inset` keeps that many pixels free above a picture that is shown whole on an upright screen. */
export function placePicture(
  picture: Size,
  screen: Size,
  options: { fit?: "cover" | "contain"; inset?: number } = {},
): Placement {
  const across = screen.width / picture.width;
  const down = screen.height / picture.height;
  const cropped = 1 - Math.min(across, down) / Math.max(across, down);
  const chosen = options.fit ?? (cropped <= MOST_CROPPED ? "cover" : "contain");
  const scale = chosen === "cover" ? Math.max(across, down) : Math.min(across, down);
  const width = picture.width * scale;
  const height = picture.height * scale;
  const middle = (screen.height - height) / 2;
  const isUpright = screen.height > screen.width;
  const top = chosen === "contain" && isUpright ? Math.min(middle, options.inset ?? middle) : middle;
  return { fit: chosen, scale, width, height, left: (screen.width - width) / 2, top };
}

/** `x` and `y` are shares of the picture as the camera gave it; `mirror` is how it is shown. */
export function pointOnScreen(x: number, y: number, placement: Placement, mirror: boolean): { x: number; y: number } {
  const shown = mirror ? 1 - x : x;
  return { x: placement.left + shown * placement.width, y: placement.top + y * placement.height };
}

/** A box around a motion, so that a replay fills its frame; shares of the picture, with a margin. */
export function boundsOf(frames: { image: Float32Array; presence: number }[]): {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
} {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const frame of frames) {
    if (frame.presence <= 0) continue;
    for (let i = 0; i < 33; i++) {
      const x = frame.image[i * 4] ?? 0;
      const y = frame.image[i * 4 + 1] ?? 0;
      if (x < -0.2 || x > 1.2 || y < -0.2 || y > 1.2) continue;
      box.x0 = Math.min(box.x0, x);
      box.x1 = Math.max(box.x1, x);
      box.y0 = Math.min(box.y0, y);
      box.y1 = Math.max(box.y1, y);
    }
  }
  if (box.x1 <= box.x0 || box.y1 <= box.y0) return { x0: 0, y0: 0, x1: 1, y1: 1 };
  const margin = 0.06;
  return { x0: box.x0 - margin, y0: box.y0 - margin, x1: box.x1 + margin, y1: box.y1 + margin };
}

/** Places a picture so that only `bounds` of it fill the screen. */
export function placeBounds(
  picture: Size,
  screen: Size,
  bounds: { x0: number; y0: number; x1: number; y1: number },
): Placement {
  const wide = (bounds.x1 - bounds.x0) * picture.width;
  const high = (bounds.y1 - bounds.y0) * picture.height;
  const scale = Math.min(screen.width / wide, screen.height / high);
  const left = (screen.width - wide * scale) / 2 - bounds.x0 * picture.width * scale;
  const top = (screen.height - high * scale) / 2 - bounds.y0 * picture.height * scale;
  return { fit: "contain", scale, width: picture.width * scale, height: picture.height * scale, left, top };
}
