/** The facts of a draft: what was found, what its writer decided, and how to take that back. Knows no DOM.
 *
 * The same rules as notes/fact_merging.py: a decision wins where it touches what was found. */

import { type Edit, editBetween, movedAll, overlap, type Stretch, trimmed } from "./marks_text_data";

export interface FoundAs extends Stretch {
  label: string;
  assertion: string;
}

export interface Found extends FoundAs {
  probability: number | null;
}

export type Links = Record<string, string>;

export interface Correction extends Stretch {
  label: string;
  assertion: string;
  removed: boolean;
  links: Links;
  found: FoundAs | null;
}

export interface Fact extends Stretch {
  label: string;
  assertion: string;
  decided: boolean;
  /** Marked by a person where nothing was found. */
  marked: boolean;
  probability: number | null;
  links: Links;
}

export interface FindingWords extends Stretch {
  kind: string;
  words: string;
  value: string;
  unlinked: boolean;
  goal: boolean;
  region: string;
  side: string;
  motion: string;
  measure: string;
}

const MOST_STEPS = 60;

export function merge(found: readonly Found[], corrections: readonly Correction[]): Fact[] {
  const decided = corrections.filter((one) => !one.removed).map(asFact);
  const others = found.filter((one) => !corrections.some((correction) => hides(correction, one))).map(asFound);
  return [...decided, ...others].sort((a, b) => a.start - b.start || a.end - b.end);
}

function hides(one: Correction, found: Found): boolean {
  if (!overlap(one, found)) return false;
  const samePlace = one.start === found.start && one.end === found.end;
  return !one.removed || samePlace || one.label === found.label;
}

function asFact(one: Correction): Fact {
  const { start, end, label, assertion, links } = one;
  return { start, end, label, assertion, links, decided: true, marked: !one.found, probability: null };
}

function asFound(one: Found): Fact {
  return { ...one, decided: false, marked: false, links: {} };
}

export class FactBook {
  findings: FindingWords[] = [];
  /** Grows with each decision: an answer to an older question is out of date. */
  decisions = 0;
  private steps: Correction[][] = [];

  constructor(
    private currentText: string,
    private found: Found[],
    private decided: Correction[],
  ) {}

  get text(): string {
    return this.currentText;
  }

  get corrections(): readonly Correction[] {
    return this.decided;
  }

  get facts(): Fact[] {
    return merge(this.found, this.decided);
  }

  get canUndo(): boolean {
    return this.steps.length > 0;
  }

  /** The text has changed: every stretch moves with its words, or ends with them. */
  retype(text: string): void {
    const edit = editBetween(this.currentText, text);
    if (!edit) return;
    this.currentText = text;
    this.found = movedAll(this.found, edit);
    this.decided = movedAll(this.decided, edit);
    this.findings = movedAll(this.findings, edit);
    this.steps = this.steps.map((step) => movedAll(step, edit));
  }

  /** What a reader says about `read`, a text of a moment ago, or about the stretch `part` of it. */
  take(read: string, found: Found[], findings: FindingWords[], part: Stretch | null = null): void {
    const edit = editBetween(read, this.currentText);
    const outside = part && afterEdit(part, edit);
    const keep = <T extends Stretch>(before: T[], now: T[]): T[] => {
      const others = outside ? before.filter((one) => !overlap(one, outside)) : [];
      return [...others, ...movedAll(now, edit)].sort((a, b) => a.start - b.start);
    };
    this.found = keep(this.found, found);
    this.findings = keep(this.findings, findings);
  }

  at(place: Stretch): Fact | null {
    return this.facts.find((fact) => fact.start === place.start && fact.end === place.end) ?? null;
  }

  /** The fact in whose words the place lies. */
  around(offset: number): Fact | null {
    return this.facts.find((fact) => fact.start <= offset && offset <= fact.end) ?? null;
  }

  /** Mark a stretch, less the white space at its edges; null when there is nothing in it. */
  add(place: Stretch, label: string): Fact | null {
    const words = trimmed(this.currentText, place);
    if (!words) return null;
    const found = this.found.find((one) => one.start === words.start && one.end === words.end) ?? null;
    return this.decide({ ...words, label, assertion: "present", removed: false, links: {}, found: asFoundAs(found) });
  }

  /** Change what a fact says; unchanged it is confirmed. */
  change(fact: Fact, change: Partial<Pick<Fact, "label" | "assertion" | "links">>): Fact | null {
    const { start, end, label, assertion, links } = { ...fact, ...change };
    return this.decide({ start, end, label, assertion, links, removed: false, found: this.foundAs(fact) });
  }

  remove(fact: Fact): void {
    const found = this.foundAs(fact);
    const { start, end, assertion } = fact;
    if (found) this.decide({ start, end, label: found.label, assertion, links: {}, removed: true, found });
    else this.store(this.decided.filter((one) => one.start !== start || one.end !== end));
  }

  undo(): boolean {
    const before = this.steps.pop();
    if (!before) return false;
    this.decided = before;
    this.decisions++;
    return true;
  }

  /** Corrections that the server did not accept, by their place. */
  drop(places: readonly Stretch[]): void {
    const isRefused = (one: Stretch) => places.some((place) => place.start === one.start && place.end === one.end);
    this.decided = this.decided.filter((one) => !isRefused(one));
    this.decisions++;
  }

  private foundAs(fact: Stretch): FoundAs | null {
    const same = (one: Stretch) => one.start === fact.start && one.end === fact.end;
    return this.decided.find(same)?.found ?? asFoundAs(this.found.find(same) ?? null);
  }

  private decide(correction: Correction): Fact | null {
    this.store([...this.decided.filter((one) => !overlap(one, correction)), correction]);
    return correction.removed ? null : asFact(correction);
  }

  private store(decided: Correction[]): void {
    this.steps = [...this.steps.slice(1 - MOST_STEPS), this.decided];
    this.decided = decided.sort((a, b) => a.start - b.start);
    this.decisions++;
  }
}

function asFoundAs(found: FoundAs | null): FoundAs | null {
  return found && { start: found.start, end: found.end, label: found.label, assertion: found.assertion };
}

function afterEdit(part: Stretch, edit: Edit | null): Stretch {
  if (!edit || part.end < edit.start) return part;
  return { start: Math.min(part.start, edit.start), end: part.end + edit.newEnd - edit.oldEnd };
}
