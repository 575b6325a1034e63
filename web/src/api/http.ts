/** The only place that talks to the server: JSON in and out, errors as RFC 9457 problem details.
 *
 * Addresses, parameters and answers are those of the server's OpenAPI document: `npm run client` makes `schema.d.ts` of it.
 */
import createClient from "openapi-fetch";
import type { PathsWithMethod } from "openapi-typescript-helpers";

import type { paths } from "./schema";

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

type Get<P extends keyof paths> = paths[P] extends { get: infer Operation } ? Operation : never;
type Post<P extends keyof paths> = paths[P] extends { post: infer Operation } ? Operation : never;
type Given<Operation, Part extends string> = Operation extends { parameters: Partial<Record<Part, infer Values>> } ? Values : never;
type Told<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Answer } } } } ? Answer : never;
type Body<Operation> = Operation extends { requestBody: { content: { "application/json": infer Asked } } } ? Asked : never;

export type Readable = PathsWithMethod<paths, "get">;
export type Answer<P extends Readable> = Told<Get<P>>;

/** The parameters of an address: those in its path, and those behind it. */
export interface Params<P extends Readable> {
  path?: Given<Get<P>, "path">;
  query?: Given<Get<P>, "query">;
}

let language = "zh";

/** Sets the language in which the server shall write its errors and texts. */
export function speak(lang: string): void {
  language = lang;
}

async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("json")) {
    const body = (await response.json()) as Partial<ProblemBody>;
    return new Problem({ title: response.statusText, ...body, status: response.status });
  }
  return new Problem({ title: response.statusText || String(response.status), status: response.status });
}

const client = createClient<paths>({ credentials: "same-origin" });
client.use({
  onRequest: ({ request }) => request.headers.set("Accept-Language", language),
  onResponse: async ({ response }) => {
    if (!response.ok) throw await problemOf(response);
  },
  onError: ({ error }) => {
    throw error instanceof Problem ? error : new Problem({ title: "unreachable", detail: String(error), status: 0, code: "web.unreachable" });
  },
});

interface Result {
  data?: unknown;
}

// The client's own types are exact but slow to infer for a path that is itself a parameter; the signatures below say the same.
type Call = (path: string, init: object) => Promise<Result>;

export async function get<P extends Readable>(path: P, params: Params<P> = {}): Promise<Answer<P>> {
  const { data } = await (client.GET as unknown as Call)(path, { params });
  return data as Answer<P>;
}

export async function post<P extends PathsWithMethod<paths, "post">>(path: P, body: Body<Post<P>>): Promise<Told<Post<P>>> {
  const { data } = await (client.POST as unknown as Call)(path, { body });
  return data as Told<Post<P>>;
}

/** Asks at an address that the document does not list: a verb put together while running, the demonstration's controls. */
export async function ask<T>(method: "GET" | "POST", path: string, body?: object, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<T> {
  const { data } = await (client[method] as unknown as Call)(path, { headers, ...(body ? { body } : {}), ...(signal ? { signal } : {}) });
  return data as T;
}

export const leave = async (): Promise<void> => void (await client.DELETE("/api/v1/session"));
