/** Talking to the server about a test: begin it, and say that it is over. */

import { csrfToken, postJson } from "../shared/page";
import type { SensorTroubleCode } from "./sensor_trouble_data";

export interface StartedTest {
  ref: string;
  ws_path: string;
  finish_url: string;
  result_url: string;
}

export type StartAnswer =
  | { kind: "started"; test: StartedTest }
  | { kind: "fields"; fields: Record<string, string> }
  | { kind: "trouble"; code: SensorTroubleCode; words: string };

const RETRY_MS = 2000;
const UNSURE = "We could not start the test. Go back and try again in a moment.";

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}

/** Asks again for as long as there is no line and `isWanted`; null when it is no longer wanted. */
export async function startTest(
  url: string,
  answers: Record<string, unknown>,
  told: { isWanted(): boolean; noLine(): void },
): Promise<StartAnswer | null> {
  while (told.isWanted()) {
    const answer = await postJson(url, answers).catch(() => null);
    if (answer && answer.status < 500) return readAnswer(answer);
    told.noLine();
    await wait(RETRY_MS);
  }
  return null;
}

async function readAnswer(answer: Response): Promise<StartAnswer> {
  if (answer.status === 429) return { kind: "trouble", code: "too_often", words: "" };
  if (answer.redirected) return { kind: "trouble", code: "signed_out", words: "" };
  const body = (await answer.json().catch(() => ({}))) as Partial<StartedTest> & {
    fields?: Record<string, string>;
    words?: string;
  };
  if (answer.status === 201 && body.ws_path) return { kind: "started", test: body as StartedTest };
  if (body.fields) return { kind: "fields", fields: body.fields };
  return { kind: "trouble", code: "refused", words: body.words ?? UNSURE };
}

/** Says that nothing more comes. True when the server knows; false when it cannot be reached now. */
export async function finishTest(url: string, options: { keepalive?: boolean } = {}): Promise<boolean> {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    keepalive: options.keepalive ?? false,
    // The result page is opened by itself afterwards.
    redirect: "manual",
    headers: { "X-CSRFToken": csrfToken() },
  }).catch(() => null);
  return answer !== null && answer.status < 500;
}
