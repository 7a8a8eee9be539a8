/** `<pl-signal config="…">`: acceleration and angular velocity of one stretch, with its steps; zooming fetches finer samples. */

import uPlot from "uplot";

import { html, setText } from "../shared/elements";
import { readConfig } from "../shared/page";
import { token } from "./movement_marks_view";
import {
  addressOf,
  clampSpan,
  movedSpan,
  needsFetch,
  saySpan,
  scaledSpan,
  type SignalConfig,
  type SignalSamples,
  type Span,
  spanToFetch,
  stepsInside,
} from "./movement_signal_data";

const AXES = ["x", "y", "z"] as const;
const COLOURS = ["--accent", "--mild", "--significant"] as const;
const DASHES = [[], [2, 3], [7, 3]];
const FONT = "13px system-ui, sans-serif";
const WAIT_MS = 180;

export class SignalViewer extends HTMLElement {
  private config!: SignalConfig;
  private bounds: Span = [0, 1];
  private shown: Span = [0, 1];
  private loaded: SignalSamples | null = null;
  private plots: uPlot[] = [];
  private waiting = 0;
  private asking: AbortController | null = null;
  private readonly sensor = html("select", { class: "input bouts__sort", "aria-label": "Sensor" });
  private readonly places = [html("div", { class: "signal__plot" }), html("div", { class: "signal__plot" })];
  private readonly says = html("p", { class: "trend__readout", role: "status" });
  private readonly trouble = html("p", { class: "error", role: "alert", hidden: true });
  private readonly resizer = new ResizeObserver(() => this.resize());
  private readonly dark = window.matchMedia("(prefers-color-scheme: dark)");

  connectedCallback(): void {
    this.config = readConfig<SignalConfig>(this.getAttribute("config") ?? "signal-config");
    this.bounds = [this.config.least_s, this.config.most_s];
    this.shown = clampSpan([this.config.start_s, this.config.end_s], this.bounds);
    this.build();
    this.resizer.observe(this);
    this.dark.addEventListener("change", this.redraw);
    void this.fetch();
  }

  disconnectedCallback(): void {
    this.resizer.disconnect();
    this.dark.removeEventListener("change", this.redraw);
    this.asking?.abort();
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
  }

  private build(): void {
    const button = (words: string, act: () => void, name: string) =>
      html("button", { class: "button", type: "button", "aria-label": name, onclick: act }, words);
    const whole: Span = [this.config.start_s, this.config.end_s];
    const buttons = html(
      "div",
      { class: "row", role: "group", "aria-label": "What is shown" },
      button("◀", () => this.show(movedSpan(this.shown, this.bounds, -0.5)), "Earlier"),
      button("▶", () => this.show(movedSpan(this.shown, this.bounds, 0.5)), "Later"),
      button("+", () => this.show(scaledSpan(this.shown, this.bounds, 0.5)), "Zoom in"),
      button("−", () => this.show(scaledSpan(this.shown, this.bounds, 2)), "Zoom out"),
      button("All", () => this.show(whole), "Show all"),
    );
    if (this.config.sensors.length > 1) buttons.append(this.chooser());
    const frame = html("div", { class: "signal", tabindex: 0, role: "group" }, ...this.places);
    frame.setAttribute("aria-label", "Signal. Arrow keys move in time, plus and minus zoom, 0 shows all.");
    frame.addEventListener("keydown", (event) => this.onKey(event, whole));
    this.replaceChildren(buttons, this.says, frame, this.trouble);
  }

  private chooser(): HTMLSelectElement {
    this.config.sensors.forEach((name, index) => this.sensor.append(html("option", { value: index }, name)));
    this.sensor.addEventListener("change", () => {
      this.loaded = null;
      void this.fetch();
    });
    return this.sensor;
  }

  private onKey(event: KeyboardEvent, whole: Span): void {
    if (event.key === "ArrowLeft") this.show(movedSpan(this.shown, this.bounds, -0.25));
    else if (event.key === "ArrowRight") this.show(movedSpan(this.shown, this.bounds, 0.25));
    else if (event.key === "+" || event.key === "=") this.show(scaledSpan(this.shown, this.bounds, 0.5));
    else if (event.key === "-") this.show(scaledSpan(this.shown, this.bounds, 2));
    else if (event.key === "0" || event.key === "Escape") this.show(whole);
    else return;
    event.preventDefault();
  }

  private show(span: Span): void {
    this.shown = span;
    this.place();
    window.clearTimeout(this.waiting);
    if (needsFetch(this.loaded, span)) this.waiting = window.setTimeout(() => void this.fetch(), WAIT_MS);
  }

  private place(): void {
    const [min, max] = this.shown;
    for (const plot of this.plots) plot.setScale("x", { min, max });
    setText(this.says, saySpan(this.shown, this.config.steps));
  }

  private async fetch(): Promise<void> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const span = spanToFetch(this.shown, this.bounds);
    try {
      const answer = await fetch(addressOf(this.config.url, span, this.config.points, Number(this.sensor.value)), {
        headers: { Accept: "application/json" },
        signal: asking.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.loaded = (await answer.json()) as SignalSamples;
      this.trouble.hidden = true;
      this.redraw();
    } catch (error) {
      if (asking.signal.aborted) return;
      setText(this.trouble, sayTrouble(error));
      this.trouble.hidden = false;
    }
  }

  private readonly redraw = (): void => {
    const samples = this.loaded;
    if (!samples) return;
    for (const plot of this.plots) plot.destroy();
    this.plots = [this.draw(0, "Acceleration (m/s²)", samples.t_s, samples.acceleration_m_s2)];
    if (samples.angular_velocity_rad_s)
      this.plots.push(this.draw(1, "Angular velocity (rad/s)", samples.t_s, samples.angular_velocity_rad_s));
    this.place();
  };

  private draw(index: number, label: string, seconds: number[], axes: (number | null)[][]): uPlot {
    const line = token("--line");
    const axis = {
      stroke: token("--muted"),
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: FONT,
      labelFont: FONT,
    };
    const options: uPlot.Options = {
      ...this.size(),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 8 } },
      scales: { x: { time: false, auto: false } },
      axes: [
        { ...axis, label: "Seconds of the recording", labelSize: 20, size: 34 },
        { ...axis, label, labelSize: 20, size: 46 },
      ],
      series: [
        {},
        ...AXES.map((name, at) => ({
          label: name,
          stroke: token(COLOURS[at] ?? "--ink"),
          width: 1.25,
          dash: DASHES[at] ?? [],
          points: { show: false },
        })),
      ],
      padding: [22, 12, 0, 0],
      hooks: {
        drawClear: [(plot) => this.drawPhases(plot)],
        draw: [(plot) => this.drawSteps(plot)],
        setSelect: [(plot) => this.onSelect(plot)],
      },
    };
    const plot = new uPlot(options, [seconds, ...axes] as uPlot.AlignedData, this.places[index]!);
    plot.over.addEventListener("dblclick", () => this.show([this.config.start_s, this.config.end_s]));
    return plot;
  }

  private onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    const span: Span = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.show(clampSpan(span, this.bounds));
  }

  private drawPhases(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.font = `${11 * uPlot.pxRatio}px system-ui, sans-serif`;
    this.config.phases.forEach((phase, index) => {
      const from = Math.max(bbox.left, plot.valToPos(phase.start_s, "x", true));
      const to = Math.min(bbox.left + bbox.width, plot.valToPos(phase.end_s, "x", true));
      if (to <= from) return;
      ctx.fillStyle = token(index % 2 ? "--sunken" : "--accent-tint");
      ctx.globalAlpha = 0.7;
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
      ctx.globalAlpha = 1;
      ctx.fillStyle = token("--muted");
      ctx.textAlign = "center";
      if (ctx.measureText(phase.name).width < to - from) ctx.fillText(phase.name, (from + to) / 2, bbox.top - 6 * uPlot.pxRatio);
    });
    ctx.restore();
  }

  private drawSteps(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const steps = stepsInside(this.config.steps, this.shown);
    const ratio = uPlot.pxRatio;
    const roomy = bbox.width / Math.max(1, steps.length) > 16 * ratio;
    ctx.save();
    ctx.lineWidth = ratio;
    ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    for (const [at, side] of steps) {
      const x = plot.valToPos(at, "x", true);
      ctx.strokeStyle = ctx.fillStyle = token(side === "right" ? "--muted" : "--ink");
      ctx.globalAlpha = 0.55;
      ctx.setLineDash(side === "right" ? [4 * ratio, 3 * ratio] : []);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.globalAlpha = 1;
      if (roomy) ctx.fillText(side === "left" ? "L" : side === "right" ? "R" : "·", x, bbox.top - 6 * ratio);
    }
    ctx.restore();
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(240, this.clientWidth), height: 230 };
  }

  private resize(): void {
    for (const plot of this.plots) plot.setSize(this.size());
  }
}

function sayTrouble(error: unknown): string {
  const status = error instanceof Error ? error.message : "";
  if (status === "429") return "That was many requests at once. Wait a minute, then zoom again.";
  if (status === "404" || status === "403") return "This signal is not kept any more, or is not yours to see.";
  return "The signal could not be loaded. The measures below are complete. Load the page again to retry.";
}
