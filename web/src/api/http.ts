/** The only place that talks to the server: JSON in and out, errors as RFC 9457 problem details. */

export interface Fault {
  at: string;
  value?: unknown;
  rule: string;
}

export interface ProblemBody {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  code?: string;
  errors?: Fault[];
}

/** What the server refused, and why; `status` 0 means that it could not be reached. */
export class Problem extends Error {
  constructor(readonly body: ProblemBody) {
    super(body.detail || body.title);
    this.name = "Problem";
  }
  get status(): number {
    return this.body.status;
  }
  get faults(): Fault[] {
    return this.body.errors ?? [];
  }
}

export const ROOT = "/api/v1";

let language = "zh";

/** Sets the language in which the server shall write its errors and texts. */
export function speak(lang: string): void {
  language = lang;
}

/** Returns `path?a=1&b=2`, leaving out what is empty. */
export function address(path: string, query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
  return ROOT + path + (search ? `?${search}` : "");
}

async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("json")) {
    const body = (await response.json()) as Partial<ProblemBody>;
    return new Problem({ title: response.statusText, ...body, status: response.status });
  }
  return new Problem({ title: response.statusText || String(response.status), status: response.status });
}

async function send<T>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        "Accept-Language": language,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new Problem({ title: "unreachable", detail: String(error), status: 0, code: "web.unreachable" });
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const get = <T>(path: string, query?: Record<string, unknown>): Promise<T> => send<T>("GET", address(path, query));

export const post = <T>(path: string, body: unknown, headers?: Record<string, string>): Promise<T> =>
  send<T>("POST", address(path), body, headers);

export const remove = <T>(path: string): Promise<T> => send<T>("DELETE", address(path));
