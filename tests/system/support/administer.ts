import { hostKey } from './host-key.js'
import { bodyOf } from './mint.js'
import { bearer, type TestServer } from './start-server.js'

/** A secret key as administration shows it. */
export interface ShownKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly disabled: boolean
  readonly created_at: string
  readonly expires_at: string | null
  readonly last_used_on: string | null
  readonly hint: string | null
  readonly secret: string
}

/** One page of a list. */
export interface Page<Item> {
  readonly data: readonly Item[]
  readonly next_cursor?: string
}

/** Calls to `/v1/admin`, by a key of Acme that may do everything unless another is given. */
export function administer(server: TestServer) {
  const post = (path: string, body: object, key: string = hostKey, more: Record<string, string> = {}) =>
    server.post(`/v1/admin/${path}`, body, { ...bearer(key), ...more })
  const get = (path: string, key: string = hostKey, more: Record<string, string> = {}) =>
    server.get(`/v1/admin/${path}`, { ...bearer(key), ...more })
  return {
    post,
    get,
    /** Makes a secret key; `body` may say more than the scopes. */
    createKey: async (scopes: readonly string[], body: object = {}, key: string = hostKey) =>
      bodyOf<ShownKey>(await post('api_keys', { scopes, ...body }, key)),
    /** Every item of a list, page by page. */
    async listAll<Item>(path: string, limit = 100): Promise<Item[]> {
      const items: Item[] = []
      let cursor: string | undefined
      do {
        const query = new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) })
        const page = await bodyOf<Page<Item>>(await get(`${path}?${query}`))
        items.push(...page.data)
        cursor = page.next_cursor
      } while (cursor !== undefined)
      return items
    },
  }
}

/** A refusal's status and code, which is all that most tests look at. */
export async function refusal(response: Response): Promise<string> {
  const body = (await response.json()) as { code: string; status: number; detail: string }
  return `${response.status} ${body.code}`
}
