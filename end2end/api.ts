/** Creates data that no page can create yet, over the REST API as the signed-in user. */
import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

type Json = Record<string, unknown>;

/** The REST API as the user who is signed in on the page. */
export class Api {
  private constructor(
    private readonly page: Page,
    private readonly token: string,
    /** The user's id. */
    readonly user: string,
  ) {}

  static async of(page: Page): Promise<Api> {
    const grant = await page.request.post("/v1/auth/refresh");
    expect(grant.ok(), "a token for the session of the page").toBe(true);
    const { access_token, user } = await grant.json();
    return new Api(page, access_token, user.id);
  }

  async post(path: string, data: Json): Promise<Json> {
    return this.send("POST", path, data);
  }

  async patch(path: string, data: Json): Promise<Json> {
    return this.send("PATCH", path, data);
  }

  async put(path: string, data: Json): Promise<Json> {
    return this.send("PUT", path, data);
  }

  async remove(path: string): Promise<Json> {
    return this.send("DELETE", path);
  }

  async get(path: string): Promise<Json> {
    return this.send("GET", path);
  }

  private async send(method: string, path: string, data?: Json): Promise<Json> {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await this.page.request.fetch(path, { method, headers, data });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  }
}

/** Makes the two users friends. */
export async function befriend(one: Api, other: Api): Promise<void> {
  const me = await one.get("/v1/users/me");
  const request = await other.post("/v1/friends/requests", { friend_code: me.friend_code });
  await one.post(`/v1/friends/requests/${request.id}/accept`, {});
}

/** Creates a schedule, a todo and two tags, as another client of the API would. */
export async function prepareLinks(page: Page): Promise<{ api: Api; group: unknown }> {
  const api = await Api.of(page);
  const group = (await api.post("/v1/tags/groups", { name: "Kind", color: "#2e7d32" })).id;
  await api.post("/v1/tags", { name: "deep", color: "#2e7d32", group_id: group });
  await api.post("/v1/tags", { name: "home", color: "#c2410c", group_id: group });
  const from = new Date();
  const until = new Date(from.getTime() + 3_600_000);
  const times = { start_time: from.toISOString(), end_time: until.toISOString() };
  await api.post("/v1/schedules", { title: "Writing hour", ...times });
  await api.post("/v1/todos", { title: "First chapter", tag_group_id: group });
  return { api, group };
}
