/** `<pl-curves config="…">`: curves of a laboratory measurement or a timed test, one under the other, zooming together. */

import uPlot from "uplot";

import { html } from "../shared/elements";
import { readConfig } from "../shared/page";
import { token } from "./movement_marks_view";

export interface Curve {
  label: string;
  unit: string;
  x_label: string;
  x: number[];
  lines: { name: string; values: (number | null)[] }[];
}

const COLOURS = ["--accent", "--significant", "--mild", "--muted"] as const;
const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3]];
const FONT = "13px system-ui, sans-serif";

export class CurveViewer extends HTMLElement {
  private plots: uPlot[] = [];
  private curves: Curve[] = [];
  private readonly resizer = new ResizeObserver(() => this.resize());
  private readonly dark = window.matchMedia("(prefers-color-scheme: dark)");

  connectedCallback(): void {
    this.curves = readConfig<{ curves: Curve[] }>(this.getAttribute("config") ?? "curves-config").curves;
    this.draw();
    this.resizer.observe(this);
    this.dark.addEventListener("change", this.draw);
  }

  disconnectedCallback(): void {
    this.resizer.disconnect();
    this.dark.removeEventListener("change", this.draw);
    this.destroy();
  }

  private destroy(): void {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
  }

  private readonly draw = (): void => {
    this.destroy();
    this.replaceChildren(...this.curves.map((curve) => this.figure(curve)));
  };

  private figure(curve: Curve): HTMLElement {
    const place = html("div", { class: "signal__plot", role: "img", "aria-label": `${curve.label}, ${curve.unit}` });
    const names = curve.lines.map((line, at) =>
      html("li", {}, html("span", { class: `key key--line-${at % COLOURS.length}`, "aria-hidden": "true" }), line.name),
    );
    const legend = html("ul", { class: "trend__legend text-small muted" }, ...names);
    this.plots.push(new uPlot(this.options(curve), [curve.x, ...curve.lines.map((line) => line.values)], place));
    return html(
      "figure",
      { class: "trend__figure" },
      html("h3", {}, curve.label),
      place,
      html("figcaption", {}, curve.lines.length > 1 ? legend : null),
    );
  }

  private options(curve: Curve): uPlot.Options {
    const line = token("--line");
    const axis = {
      stroke: token("--muted"),
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: FONT,
      labelFont: FONT,
    };
    return {
      ...this.size(),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, sync: { key: "curves" }, drag: { x: true, y: false } },
      scales: { x: { time: false } },
      axes: [
        { ...axis, label: curve.x_label, labelSize: 20, size: 34 },
        { ...axis, label: curve.unit, labelSize: 20, size: 56 },
      ],
      series: [
        {},
        ...curve.lines.map((one, at) => ({
          label: one.name,
          stroke: token(COLOURS[at % COLOURS.length] ?? "--ink"),
          dash: DASHES[at % DASHES.length] ?? [],
          width: 1.75,
          points: { show: false },
        })),
      ],
      padding: [10, 12, 0, 0],
    };
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(240, this.clientWidth), height: 220 };
  }

  private resize(): void {
    for (const plot of this.plots) plot.setSize(this.size());
  }
}
