import { describe, expect, test } from "vitest";

import { AnswerQueue, type Changes, NOT_SAVED, readChanges, readRefusal } from "./answer_data";

const CHANGES: Changes = {
  sets: [{ ref: "a", state: "planned", target_repetitions: 8, target_hold_s: null }],
  adjustment: { set: "a", words: "That was too hard, so the next set is 8, not 10." },
  stop: null,
};

function reply(status: number, body: unknown): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
}

function listen(): { heard: unknown[]; onChanges(changes: Changes): void; onProblem(words: string): void } {
  const heard: unknown[] = [];
  return { heard, onChanges: (changes) => heard.push(changes), onProblem: (words) => heard.push(words) };
}

describe("what the server says", () => {
  test("is read with what may be missing", () => {
    expect(readChanges(CHANGES)).toEqual(CHANGES);
    expect(readChanges({ sets: [] })).toEqual({ sets: [], adjustment: null, stop: null });
  });

  test.each([null, undefined, "page", 3, {}, { sets: "none" }])("%o is no change", (body) => {
    expect(readChanges(body)).toBeNull();
  });

  test("a refusal keeps its words", () => {
    expect(readRefusal({ words: "This session has ended." })).toBe("This session has ended.");
    expect([readRefusal(null), readRefusal({ words: 3 }), readRefusal({ words: "" })]).toEqual([
      NOT_SAVED,
      NOT_SAVED,
      NOT_SAVED,
    ]);
  });
});

describe("the queue of answers", () => {
  test("sends one after the other, so that the last tap is what is kept", async () => {
    const sent: unknown[] = [];
    const release: (() => void)[] = [];
    const listener = listen();
    const queue = new AnswerQueue(async (_url, body) => {
      sent.push(body);
      await new Promise<void>((resolve) => release.push(resolve));
      return reply(200, CHANGES);
    }, listener);
    void queue.send("/answer/", { effort: 10 });
    const last = queue.send("/answer/", { effort: 4 });
    await Promise.resolve();
    expect(sent).toEqual([{ effort: 10 }]);
    release[0]?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(sent).toEqual([{ effort: 10 }, { effort: 4 }]);
    release[1]?.();
    await last;
    expect(listener.heard).toEqual([CHANGES, CHANGES]);
  });

  test("a lost line, a page instead of an answer and a refusal each say so, and the queue goes on", async () => {
    const listener = listen();
    const replies: (() => Promise<Response>)[] = [
      () => Promise.reject(new TypeError("offline")),
      () => Promise.resolve(reply(200, "<html>Sign in</html>")),
      () => Promise.resolve(reply(409, { words: "This session has ended." })),
      () => Promise.resolve(reply(200, CHANGES)),
    ];
    const queue = new AnswerQueue(() => replies.shift()?.() ?? Promise.reject(new Error("no reply left")), listener);
    for (let tap = 0; tap < 4; tap += 1) await queue.send("/answer/", { pain: 2 });
    expect(listener.heard).toEqual([NOT_SAVED, NOT_SAVED, "This session has ended.", CHANGES]);
  });
});
