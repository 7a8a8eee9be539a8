/** Steps that can be taken back. */
export class UndoStack<T> {
  private readonly before: T[] = [];

  constructor(
    private now: T,
    private readonly most = 500,
  ) {}

  get value(): T {
    return this.now;
  }

  get canUndo(): boolean {
    return this.before.length > 0;
  }

  /** Makes a step; the same value is no step. */
  push(next: T): boolean {
    if (next === this.now) return false;
    this.before.push(this.now);
    if (this.before.length > this.most) this.before.shift();
    this.now = next;
    return true;
  }

  /** Takes the last step back; false where there is none. */
  undo(): boolean {
    const last = this.before.pop();
    if (last === undefined) return false;
    this.now = last;
    return true;
  }
}
