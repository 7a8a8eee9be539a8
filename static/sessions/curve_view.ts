/** The joint angle over time, with a band for each repetition in its state's colour and shape. */

import uPlot from "uplot";

import type { Classification, Repetition, ReviewSet } from "./review_data";

const LOW = 280;
const HIGH = 380;
const WIDE = 640;
const MARK_Y = 13;
const TOKENS: Record<Classification, string> = {
  correct: "--correct",
  mild: "--mild",
  significant: "--significant",
  not_scored: "--not-scored",
};

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawShape(context: CanvasRenderingContext2D, kind: Classification, x: number, y: number, size: number): void {
  context.fillStyle = context.strokeStyle = token(TOKENS[kind]);
  context.lineWidth = size * 0.3;
  context.beginPath();
  if (kind === "correct" || kind === "not_scored")
    context.arc(x, y, kind === "correct" ? size : size * 0.85, 0, 2 * Math.PI);
  else if (kind === "significant") context.rect(x - size, y - size, 2 * size, 2 * size);
  else {
    context.moveTo(x, y - size);
    context.lineTo(x + size * 1.1, y + size);
    context.lineTo(x - size * 1.1, y + size);
    context.closePath();
  }
  if (kind === "not_scored") context.stroke();
  else context.fill();
}

export class AngleCurve {
  private plot: uPlot | null = null;
  private readonly resizer: ResizeObserver;
  private nowS = 0;

  constructor(
    private readonly place: HTMLElement,
    private readonly set: ReviewSet,
    private readonly onSeek: (timeS: number) => void,
  ) {
    this.build();
    this.resizer = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.resizer.observe(place);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.rebuild);
  }

  destroy(): void {
    this.resizer.disconnect();
    window.matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.rebuild);
    this.plot?.destroy();
  }

  private readonly rebuild = (): void => {
    this.plot?.destroy();
    this.build();
  };

  /** Moves the line that shows where the replay is. */
  showTime(timeS: number): void {
    this.nowS = timeS;
    this.plot?.redraw(false, false);
  }

  private size(): { width: number; height: number } {
    const width = Math.max(200, this.place.clientWidth);
    return { width, height: width > WIDE ? HIGH : LOW };
  }

  private build(): void {
    const { curve } = this.set;
    const muted = token("--muted");
    const line = token("--line");
    const axis = {
      stroke: muted,
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: "13px system-ui, sans-serif",
      labelFont: "13px system-ui, sans-serif",
    };
    const options: uPlot.Options = {
      ...this.size(),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
      scales: { x: { time: false }, y: { range: (_, low, high) => this.range(low, high) } },
      axes: [
        { ...axis, label: "Time (s)", labelSize: 22, size: 38 },
        { ...axis, label: `${curve.label} (${curve.unit})`, labelSize: 22, size: 46 },
      ],
      series: [{}, { stroke: token("--ink"), width: 2, spanGaps: false, points: { show: false } }],
      padding: [26, 12, 0, 0],
      hooks: {
        drawClear: [(plot) => this.drawBands(plot)],
        draw: [(plot) => this.drawNow(plot)],
        ready: [(plot) => this.listen(plot)],
      },
    };
    this.plot = new uPlot(options, [curve.t_s, curve.primary_deg], this.place);
  }

  private range(low: number, high: number): [number, number] {
    const target = this.set.curve.target_deg;
    const least = Math.min(Number.isFinite(low) ? low : 0, target ? target[0] : 0, 0);
    const most = Math.max(Number.isFinite(high) ? high : 90, target ? target[1] : 0);
    return [least - 5, most + 8];
  }

  private listen(plot: uPlot): void {
    plot.over.addEventListener("click", (event) => {
      const box = plot.over.getBoundingClientRect();
      this.onSeek(plot.posToVal(event.clientX - box.left, "x"));
    });
  }

  private drawBands(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    ctx.save();
    const target = this.set.curve.target_deg;
    if (target) {
      const top = plot.valToPos(target[1], "y", true);
      const bottom = plot.valToPos(target[0], "y", true);
      ctx.fillStyle = token("--accent-tint");
      ctx.globalAlpha = 0.75;
      ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    }
    for (const one of this.set.repetitions) this.drawRepetition(plot, one, ratio);
    ctx.restore();
  }

  private drawRepetition(plot: uPlot, one: Repetition, ratio: number): void {
    const { ctx, bbox } = plot;
    const left = plot.valToPos(one.start_s, "x", true);
    const right = plot.valToPos(one.end_s, "x", true);
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = token(TOKENS[one.classification]);
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top - 2 * ratio, right - left, 3 * ratio);
    drawShape(ctx, one.classification, (left + right) / 2, MARK_Y * ratio, 5 * ratio);
  }

  private drawNow(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const x = plot.valToPos(this.nowS, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.save();
    ctx.strokeStyle = token("--accent");
    ctx.lineWidth = 2 * uPlot.pxRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}
