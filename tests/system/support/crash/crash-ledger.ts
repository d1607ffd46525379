import { acme } from '../fixtures/fixture.js'
import { cardPath, paths } from '../fixtures/mint.js'
import { bearer } from '../servers/in-process-server.js'

/** A response as received, or undefined if the server died first. */
export type Heard = { readonly status: number; readonly text: string } | undefined

/** Calls the process that is currently the server. */
export interface Api {
  readonly asAcme: (path: string, body?: object, key?: string) => Promise<Heard>
  readonly fromShop: (path: string, body: object) => Promise<Heard>
  readonly isActive: (token: string) => Promise<boolean>
}

export function apiAt(url: () => string): Api {
  const send = async (path: string, headers: Record<string, string>, body: string): Promise<Heard> => {
    try {
      const response = await fetch(url() + path, { method: 'POST', headers, body })
      return { status: response.status, text: await response.text() }
    } catch {
      return undefined
    }
  }
  const json = { 'Content-Type': 'application/json' }
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const asAcme: Api['asAcme'] = (path, body, key) => {
    const headers = { ...bearer(acme.key), ...(key ? { 'Idempotency-Key': key } : {}) }
    return body && 'token' in body
      ? send(path, { ...headers, ...form }, new URLSearchParams({ token: String(body.token) }).toString())
      : send(path, { ...headers, ...json }, JSON.stringify(body ?? {}))
  }
  return {
    asAcme,
    fromShop: (path, body) => send(path, { Origin: acme.origin, ...json }, JSON.stringify(body)),
    isActive: async (token) => (await asAcme(paths.introspect, { token }))?.text.startsWith('{"active":true') ?? false,
  }
}

/** Something the server acknowledged, and a check that it still holds. It must hold forever. */
export interface Fact {
  readonly what: string
  readonly holds: (api: Api) => Promise<boolean>
}

/** A call that got no response. A retry must yield facts, or undefined for "not yet". */
export interface OpenQuestion {
  readonly what: string
  readonly askedAt: number
  readonly settle: (api: Api) => Promise<readonly Fact[] | undefined>
}

export interface Ledger {
  readonly facts: Fact[]
  readonly open: OpenQuestion[]
}

type Operation = (api: Api, ledger: Ledger) => Promise<void>

const redeemBody = (widget_token: string) => ({ widget_token, widget_type: 'REVEAL' })
const codeOf = (heard: Heard) => (heard?.status === 200 ? 200 : String(JSON.parse(heard?.text ?? '{}').code))
const isRunning = (heard: Heard) => codeOf(heard) === 'IDEMPOTENCY_CONCURRENT_USE'
const read = <T>(heard: Heard): T => JSON.parse(heard?.text ?? '{}') as T
let named = 0
const newKey = () => `crash-key-${process.pid}-${named++}`

const spent = (token: string): Fact => ({
  what: 'a redeemed token stays redeemed',
  holds: async (api) => codeOf(await api.asAcme(paths.redeem, redeemBody(token))) === 'TOKEN_ALREADY_USED',
})
const responses = (what: string, path: string, body: object, key: string, text: string): Fact => ({
  what: `${what}: its idempotency key gives the same response`,
  holds: async (api) => (await api.asAcme(path, body, key))?.text === text,
})

/** The outcome of a call: facts if there was a response, a question if not, an alarm if the response was wrong. */
function note(
  ledger: Ledger,
  what: string,
  heard: Heard,
  facts: (heard: Heard) => readonly Fact[],
  settle: OpenQuestion['settle'],
) {
  if (heard === undefined) ledger.open.push({ what, askedAt: Date.now(), settle })
  else if (heard.status === 200) ledger.facts.push(...facts(heard))
  else throw new Error(`${what}: ${heard.status} ${heard.text}`)
}

async function mintCard(api: Api): Promise<string | undefined> {
  const heard = await api.asAcme(cardPath(acme.activeCard, 'REVEAL'))
  return read<{ widget_token?: string }>(heard).widget_token
}

const redeem: Operation = async (api, ledger) => {
  const token = await mintCard(api)
  if (token === undefined) return
  const heard = await api.asAcme(paths.redeem, redeemBody(token))
  note(
    ledger,
    'redeem',
    heard,
    () => [spent(token)],
    async (again) => {
      const code = codeOf(await again.asAcme(paths.redeem, redeemBody(token)))
      if (code !== 200 && code !== 'TOKEN_ALREADY_USED') throw new Error(`redeem, retried: ${code}`)
      return [spent(token)]
    },
  )
}

const redeemWithKey: Operation = async (api, ledger) => {
  const token = await mintCard(api)
  if (token === undefined) return
  const [body, key] = [redeemBody(token), newKey()]
  const facts = (heard: Heard) => [spent(token), responses('redeem', paths.redeem, body, key, heard?.text ?? '')]
  const heard = await api.asAcme(paths.redeem, body, key)
  note(ledger, 'redeem with a key', heard, facts, async (again) => {
    const answer = await again.asAcme(paths.redeem, body, key)
    if (isRunning(answer)) return undefined
    if (answer?.status !== 200) throw new Error(`a lost redeem response could not be replayed: ${answer?.text}`)
    return facts(answer)
  })
}

const mintWithKey: Operation = async (api, ledger) => {
  const [path, key] = [cardPath(acme.activeCard, 'REVEAL'), newKey()]
  const facts = (heard: Heard): Fact[] => [
    responses('mint', path, {}, key, heard?.text ?? ''),
    {
      what: 'a minted card token is there',
      holds: (later) => later.isActive(read<{ widget_token: string }>(heard).widget_token),
    },
  ]
  note(ledger, 'mint with a key', await api.asAcme(path, {}, key), facts, async (again) => {
    const answer = await again.asAcme(path, {}, key)
    if (isRunning(answer)) return undefined
    if (answer?.status !== 200) throw new Error(`a lost mint response could not be replayed: ${answer?.text}`)
    return facts(answer)
  })
}

const exchange: Operation = async (api, ledger) => {
  const minted = await api.asAcme(paths.userToken, { client_key: acme.clientKey, user_id: newKey() })
  if (minted === undefined) return
  const body = { token: read<{ token: string }>(minted).token }
  const used: Fact = {
    what: 'an exchanged visitor token stays spent',
    holds: async (later) => (await later.fromShop(paths.exchange, body))?.status === 400,
  }
  note(
    ledger,
    'exchange',
    await api.fromShop(paths.exchange, body),
    () => [used],
    async (again) => {
      await again.fromShop(paths.exchange, body)
      return [used]
    },
  )
}

const refresh: Operation = async (api, ledger) => {
  const guest = await api.fromShop(paths.guest, { client_key: acme.clientKey })
  let current = read<{ refresh_token?: string }>(guest).refresh_token
  for (let turn = 0; turn < 3 && current !== undefined; turn++) {
    const old = current
    const body = { refresh_token: old }
    const facts = (heard: Heard): Fact[] => [
      { what: 'a rotated refresh token stays rotated', holds: async (later) => !(await later.isActive(old)) },
      ...(heard && turn === 2
        ? [
            {
              what: 'its successor lives',
              holds: (later: Api) => later.isActive(read<{ refresh_token: string }>(heard).refresh_token),
            },
          ]
        : []),
    ]
    const heard = await api.fromShop(paths.refresh, body)
    note(ledger, 'refresh', heard, facts, async (again) => {
      const [one, two] = [await again.fromShop(paths.refresh, body), await again.fromShop(paths.refresh, body)]
      const successors = [one, two].map((answer) => read<{ refresh_token?: string }>(answer).refresh_token)
      if (one?.status !== 200 || successors[0] !== successors[1])
        throw new Error('a lost refresh could not be replayed')
      return facts(undefined)
    })
    current = heard && read<{ refresh_token: string }>(heard).refresh_token
  }
}

const revoke: Operation = async (api, ledger) => {
  const guest = await api.fromShop(paths.guest, { client_key: acme.clientKey })
  if (guest === undefined) return
  const { token, refresh_token } = read<{ token: string; refresh_token: string }>(guest)
  const ended: Fact = {
    what: 'a revoked session stays revoked',
    holds: async (later) =>
      !(await later.isActive(token)) && (await later.fromShop(paths.refresh, { refresh_token }))?.status === 400,
  }
  note(
    ledger,
    'revoke',
    await api.asAcme(paths.revoke, { token: refresh_token }),
    () => [ended],
    async (again) => {
      const answer = await again.asAcme(paths.revoke, { token: refresh_token })
      if (answer?.status !== 200) throw new Error(`revoke, retried: ${answer?.status}`)
      return [ended]
    },
  )
}

const revokeCard: Operation = async (api, ledger) => {
  const token = await mintCard(api)
  if (token === undefined) return
  const ended: Fact = {
    what: 'a revoked card token stays revoked',
    holds: async (later) => codeOf(await later.asAcme(paths.redeem, redeemBody(token))) === 'TOKEN_REVOKED',
  }
  note(
    ledger,
    'revoke a card token',
    await api.asAcme(paths.revoke, { token }),
    () => [ended],
    async (again) => {
      await again.asAcme(paths.revoke, { token })
      return [ended]
    },
  )
}

/** The mixed load. */
export const crashOperations: readonly Operation[] = [
  redeem,
  redeemWithKey,
  mintWithKey,
  exchange,
  refresh,
  revoke,
  revokeCard,
]
