/** What is drawn on a measure's chart besides its lines. Every mark has a shape of its own: colour never says it alone. */

import uPlot from "uplot";

import { type ChartConfig, type ChartPoint, roomierSide, secondsOf } from "./movement_data";

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

interface Pen {
  plot: uPlot;
  context: CanvasRenderingContext2D;
  ratio: number;
  x(day: string): number;
  y(value: number): number;
}

function penOf(plot: uPlot): Pen {
  return {
    plot,
    context: plot.ctx,
    ratio: uPlot.pxRatio,
    x: (day) => plot.valToPos(secondsOf(day), "x", true),
    y: (value) => plot.valToPos(value, "y", true),
  };
}

function inside(plot: uPlot, draw: (pen: Pen) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 22 * uPlot.pxRatio, bbox.width, bbox.height + 22 * uPlot.pxRatio);
  ctx.clip();
  draw(penOf(plot));
  ctx.restore();
}

/** The normal band, the band of measurement error and the important change. */
export function drawBehind(plot: uPlot, chart: ChartConfig): void {
  inside(plot, (pen) => {
    if (chart.normal) fillBetween(pen, chart.normal, token("--correct-tint"), 1);
    const { reference } = chart;
    const [from, to] = [plot.scales["x"]?.min ?? 0, plot.scales["x"]?.max ?? 0];
    if (!reference) return;
    if (reference.noise) {
      fillBetween(pen, reference.noise, token("--sunken"), 0.55);
      for (const value of reference.noise) level(pen, value, token("--line-strong"), [2, 4]);
      label(pen, reference.noise[0], "measurement error", token("--muted"), roomierSide(chart, reference.noise[0], [from, to]));
    }
    if (reference.important !== null) {
      level(pen, reference.important, token("--correct"), [10, 4, 2, 4]);
      label(pen, reference.important, "important change", token("--correct"), roomierSide(chart, reference.important, [from, to]));
    }
  });
}

function fillBetween(pen: Pen, [low, high]: [number, number], colour: string, alpha: number): void {
  const { bbox } = pen.plot;
  const bottom = bbox.top + bbox.height;
  const from = Math.min(Math.max(pen.y(high), bbox.top), bottom);
  const to = Math.min(Math.max(pen.y(low), bbox.top), bottom);
  pen.context.globalAlpha = alpha;
  pen.context.fillStyle = colour;
  pen.context.fillRect(bbox.left, from, bbox.width, to - from);
  pen.context.globalAlpha = 1;
}

function level(pen: Pen, value: number, colour: string, dash: number[]): void {
  const { bbox } = pen.plot;
  pen.context.strokeStyle = colour;
  pen.context.lineWidth = 1.25 * pen.ratio;
  pen.context.setLineDash(dash.map((one) => one * pen.ratio));
  pen.context.beginPath();
  pen.context.moveTo(bbox.left, pen.y(value));
  pen.context.lineTo(bbox.left + bbox.width, pen.y(value));
  pen.context.stroke();
  pen.context.setLineDash([]);
}

/** Just above its line. */
function label(pen: Pen, value: number, words: string, colour: string, side: "left" | "right"): void {
  const { context, plot, ratio } = pen;
  context.font = `${11 * ratio}px system-ui, sans-serif`;
  context.textAlign = side;
  context.textBaseline = "bottom";
  const edge = side === "left" ? plot.bbox.left + 4 * ratio : plot.bbox.left + plot.bbox.width - 4 * ratio;
  const [x, y] = [edge, pen.y(value) - 3 * ratio];
  context.lineWidth = 3 * ratio;
  context.strokeStyle = token("--card");
  context.strokeText(words, x, y);
  context.fillStyle = colour;
  context.fillText(words, x, y);
}

/** Days with their bands, events, change points and alarms. */
export function drawFront(plot: uPlot, chart: ChartConfig, chosen: ChartPoint | null): void {
  inside(plot, (pen) => {
    for (const event of chart.events) upright(pen, event.day, token("--line-strong"), [3, 3], event.words);
    for (const change of chart.changes) upright(pen, change.day, token("--mild"), [1, 3], "◆", 14);
    for (const alarm of chart.alarms) drawAlarm(pen, alarm.onset, alarm.day, alarm.open);
    for (const point of chart.points) drawPoint(pen, point, point === chosen);
  });
}

function upright(pen: Pen, day: string, colour: string, dash: number[], words: string, below = -4): void {
  const { bbox } = pen.plot;
  const x = pen.x(day);
  pen.context.strokeStyle = pen.context.fillStyle = colour;
  pen.context.lineWidth = 1.25 * pen.ratio;
  pen.context.setLineDash(dash.map((one) => one * pen.ratio));
  pen.context.beginPath();
  pen.context.moveTo(x, bbox.top);
  pen.context.lineTo(x, bbox.top + bbox.height);
  pen.context.stroke();
  pen.context.setLineDash([]);
  pen.context.font = `${11 * pen.ratio}px system-ui, sans-serif`;
  const nearLeft = x < bbox.left + 40 * pen.ratio;
  pen.context.textAlign = nearLeft ? "left" : "center";
  pen.context.textBaseline = "bottom";
  pen.context.fillText(words, x, bbox.top + below * pen.ratio);
}

function drawAlarm(pen: Pen, onset: string, detected: string, open: boolean): void {
  const { bbox } = pen.plot;
  const [from, to] = [pen.x(onset), pen.x(detected)];
  const colour = token("--significant");
  pen.context.globalAlpha = 0.12;
  pen.context.fillStyle = colour;
  pen.context.fillRect(from, bbox.top, Math.max(to - from, 2 * pen.ratio), bbox.height);
  pen.context.globalAlpha = 1;
  upright(pen, detected, colour, [], "");
  const size = 5 * pen.ratio;
  const middle = bbox.top - 10 * pen.ratio;
  pen.context.fillStyle = pen.context.strokeStyle = colour;
  pen.context.lineWidth = 2 * pen.ratio;
  if (open) pen.context.fillRect(to - size, middle - size, 2 * size, 2 * size);
  else pen.context.strokeRect(to - size, middle - size, 2 * size, 2 * size);
}

function drawPoint(pen: Pen, point: ChartPoint, chosen: boolean): void {
  const { context, ratio } = pen;
  const [x, y] = [pen.x(point.day), pen.y(point.value)];
  context.strokeStyle = context.fillStyle = token("--ink");
  context.lineWidth = 1 * ratio;
  if (point.low !== null && point.high !== null) {
    context.globalAlpha = chosen ? 1 : 0.4;
    context.beginPath();
    context.moveTo(x, pen.y(point.high));
    context.lineTo(x, pen.y(point.low));
    context.stroke();
    context.globalAlpha = 1;
  }
  const size = (chosen ? 5.5 : 3.25) * ratio;
  context.beginPath();
  if (point.origin === "health") context.rect(x - size, y - size, 2 * size, 2 * size);
  else if (point.origin === "timed") {
    context.moveTo(x, y - size * 1.2);
    context.lineTo(x + size * 1.15, y + size);
    context.lineTo(x - size * 1.15, y + size);
    context.closePath();
  } else context.arc(x, y, size, 0, 2 * Math.PI);
  if (point.origin === "simulated") {
    context.fillStyle = token("--card");
    context.fill();
    context.lineWidth = 1.75 * ratio;
    context.stroke();
  } else context.fill();
}
