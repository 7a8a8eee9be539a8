/** What the server wrote into the page, and talking back to it. */

/** Reads a `json_script`; throws when the page has none of that id. */
export function readConfig<T>(id: string): T {
  const script = document.getElementById(id);
  if (!script?.textContent) throw new Error(`the page has no settings called ${id}`);
  return JSON.parse(script.textContent) as T;
}

export function csrfToken(): string {
  const headers = document.body.getAttribute("hx-headers");
  if (headers) return (JSON.parse(headers) as Record<string, string>)["X-CSRFToken"] ?? "";
  return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

export function postJson(url: string, body: unknown, options: { keepalive?: boolean } = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    credentials: "same-origin",
    keepalive: options.keepalive ?? false,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
  });
}

/** The address of a socket of this site. */
export function socketUrl(path: string): string {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
