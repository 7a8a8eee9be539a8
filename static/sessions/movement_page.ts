/** `<pl-movement config="…">`: turns the drawn charts of the Movement page into ones that zoom together. */

import { readConfig } from "../shared/page";
import { TrendChart } from "./movement_chart_view";
import { clampWindow, type MovementConfig, moved, type Window, windowOf, zoomed } from "./movement_data";

export class MovementPage extends HTMLElement {
  private charts: TrendChart[] = [];
  private whole: Window = [0, 1];
  private shown: Window = [0, 1];

  connectedCallback(): void {
    const config = readConfig<MovementConfig>(this.getAttribute("config") ?? "movement-config");
    this.whole = windowOf(config, null);
    this.shown = clampWindow(windowOf(config, config.weeks), this.whole);
    for (const chart of config.charts) {
      const place = this.querySelector<HTMLElement>(`[data-chart="${chart.code}"]`);
      if (!place) continue;
      const view = new TrendChart(chart, this.shown, {
        onZoom: (window) => this.show(window ?? this.whole),
        onMove: (share) => this.show(moved(this.shown, this.whole, share)),
        onScale: (factor) => this.show(zoomed(this.shown, this.whole, factor)),
      });
      place.replaceChildren(view.element, view.readout);
      this.charts.push(view);
    }
    for (const link of this.querySelectorAll<HTMLAnchorElement>("a[data-weeks]"))
      link.addEventListener("click", (event) => this.onWeeks(event, link, config));
  }

  disconnectedCallback(): void {
    for (const chart of this.charts) chart.destroy();
    this.charts = [];
  }

  private show(window: Window, keepsButton = false): void {
    this.shown = clampWindow(window, this.whole);
    for (const chart of this.charts) chart.show(this.shown);
    if (!keepsButton) this.mark(null);
  }

  private onWeeks(event: MouseEvent, link: HTMLAnchorElement, config: MovementConfig): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const weeks = Number(link.dataset["weeks"]) || null;
    this.show(windowOf(config, weeks), true);
    this.mark(link);
    // A reload and the way back from a day show the same weeks.
    history.replaceState(history.state, "", link.href);
  }

  private mark(chosen: HTMLAnchorElement | null): void {
    for (const link of this.querySelectorAll<HTMLAnchorElement>("a[data-weeks]")) {
      link.classList.toggle("chip--on", link === chosen);
      if (link === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}
