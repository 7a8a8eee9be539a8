/** One measure over the episode: trend with its band, days with theirs, measurement error, important change, alarms. */

import uPlot from "uplot";

import { html, setText } from "../shared/elements";
import {
  type ChartConfig,
  type ChartPoint,
  nearestPoint,
  neighbourPoint,
  sayDay,
  sayTrend,
  secondsOf,
  valueRange,
  type Window,
} from "./movement_data";
import { drawBehind, drawFront, token } from "./movement_marks_view";

const FONT = "13px system-ui, sans-serif";
const LOW = 250;
const HIGH = 300;
const WIDE = 620;
const NEAR_PX = 16;

export interface ChartHandlers {
  onZoom(window: Window | null): void;
  onMove(share: number): void;
  onScale(factor: number): void;
}

export class TrendChart {
  readonly element = html("div", {
    class: "trend__plot",
    tabindex: 0,
    role: "group",
    "aria-roledescription": "chart",
  });
  readonly readout = html("p", { class: "trend__readout", role: "status" });
  private plot: uPlot | null = null;
  private chosen: ChartPoint | null = null;
  private readonly resizer: ResizeObserver;
  private readonly dark = window.matchMedia("(prefers-color-scheme: dark)");
  private readonly thisYear = new Date().getFullYear();

  constructor(
    private readonly chart: ChartConfig,
    private shown: Window,
    private readonly handlers: ChartHandlers,
  ) {
    this.element.setAttribute(
      "aria-label",
      `${chart.name} over time. Arrow keys go from day to day, Enter opens a day, plus and minus zoom.`,
    );
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.element.addEventListener("blur", () => this.choose(null));
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.element);
    this.dark.addEventListener("change", this.rebuild);
  }

  destroy(): void {
    this.resizer.disconnect();
    this.dark.removeEventListener("change", this.rebuild);
    this.plot?.destroy();
  }

  show(shown: Window): void {
    this.shown = shown;
    if (!this.plot) return;
    const [min, max] = shown;
    const [low, high] = valueRange(this.chart, shown);
    this.plot.batch(() => {
      this.plot?.setScale("x", { min, max });
      this.plot?.setScale("y", { min: low, max: high });
    });
  }

  private resize(): void {
    if (!this.plot) this.rebuild();
    else this.plot.setSize(this.size());
  }

  private readonly rebuild = (): void => {
    this.plot?.destroy();
    this.plot = new uPlot(this.options(), this.series(), this.element);
    this.show(this.shown);
    this.listen(this.plot);
  };

  private size(): { width: number; height: number } {
    const width = Math.max(240, this.element.clientWidth);
    return { width, height: width > WIDE ? HIGH : LOW };
  }

  private series(): uPlot.AlignedData {
    const { days, low, high, level, expected } = this.chart.trend;
    if (days.length) return [days.map(secondsOf), high, low, level, expected] as uPlot.AlignedData;
    // uPlot draws no frame without a value on the x axis.
    return [[this.shown[0], this.shown[1]], [null, null], [null, null], [null, null], [null, null]];
  }

  private options(): uPlot.Options {
    const line = token("--line");
    const axis = {
      stroke: token("--muted"),
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: FONT,
      labelFont: FONT,
    };
    const hidden = { points: { show: false }, width: 0, stroke: "transparent" };
    return {
      ...this.size(),
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 8 } },
      scales: { x: { time: true, auto: false }, y: { auto: false } },
      axes: [
        { ...axis, size: 34, space: 64, values: [[86_400, "{D} {MMM}", null, null, null, null, null, null, 1]] },
        { ...axis, label: this.chart.unit || "number", labelSize: 20, size: 56, values: (_, ticks) => ticks.map(short) },
      ],
      series: [
        {},
        hidden,
        hidden,
        { stroke: token("--accent"), width: 2.5, points: { show: false } },
        { stroke: token("--muted"), width: 1.5, dash: [6, 5], points: { show: false } },
      ],
      bands: [{ series: [1, 2], fill: withAlpha(token("--accent"), 0.16) }],
      padding: [22, 24, 0, 0],
      hooks: {
        drawClear: [(plot) => drawBehind(plot, this.chart)],
        draw: [(plot) => drawFront(plot, this.chart, this.chosen)],
        setSelect: [(plot) => this.onSelect(plot)],
        setCursor: [(plot) => this.onCursor(plot)],
      },
    };
  }

  private listen(plot: uPlot): void {
    plot.over.addEventListener("click", (event) => this.onClick(event));
    plot.over.addEventListener("dblclick", () => this.handlers.onZoom(null));
    plot.over.addEventListener("mouseleave", () => this.choose(null));
  }

  private onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    const window: Window = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.handlers.onZoom(window);
  }

  private onCursor(plot: uPlot): void {
    const { left, top } = plot.cursor;
    if (left === undefined || top === undefined || left < 0) return;
    this.choose(this.pointAt(plot, left, top));
  }

  private pointAt(plot: uPlot, left: number, top: number): ChartPoint | null {
    const point = nearestPoint(this.chart.points, plot.posToVal(left, "x"), plot.posToVal(top, "y"));
    if (!point) return null;
    return Math.abs(plot.valToPos(secondsOf(point.day), "x") - left) <= NEAR_PX ? point : null;
  }

  private onClick(event: MouseEvent): void {
    if (!this.plot) return;
    const box = this.plot.over.getBoundingClientRect();
    const point = this.pointAt(this.plot, event.clientX - box.left, event.clientY - box.top);
    if (point?.url) location.assign(point.url);
  }

  private onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && event.shiftKey) this.handlers.onMove(step * 0.5);
    else if (step) this.choose(neighbourPoint(this.chart.points, this.chosen, step, this.shown));
    else if (event.key === "Enter" && this.chosen?.url) location.assign(this.chosen.url);
    else if (event.key === "+" || event.key === "=") this.handlers.onScale(0.5);
    else if (event.key === "-") this.handlers.onScale(2);
    else if (event.key === "0" || event.key === "Escape") this.handlers.onZoom(null);
    else return;
    event.preventDefault();
  }

  private choose(point: ChartPoint | null): void {
    if (point === this.chosen) return;
    this.chosen = point;
    setText(this.readout, point ? this.say(point) : "");
    this.element.classList.toggle("trend__plot--pointing", Boolean(point?.url));
    this.plot?.redraw(false, false);
  }

  private say(point: ChartPoint): string {
    const parts = [`${sayDay(point.day, this.thisYear)}: ${point.words}`, sayTrend(this.chart, point.day)];
    return parts.filter(Boolean).join(" · ");
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function withAlpha(colour: string, alpha: number): string {
  const hex = Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0");
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}${hex}` : colour;
}
