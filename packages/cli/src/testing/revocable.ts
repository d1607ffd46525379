import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WidgetSession } from '@hallpass/contracts'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { hallpass, type Surroundings } from './hallpass.js'

export const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
export const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'
export const both = '0b0319e2-d5f4-49cb-b426-9ff9b2e96970'
export const child = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e12'
const branchCustomer = '5b9f1c52-7a5e-4f0a-9a0a-2f5d3f6f8d01'
export const branchCard = '5b9f1c52-7a5e-4f0a-9a0a-2f5d3f6f8d02'
export const key = 'sk_test_acme'
export const account = {
  id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
  tenant: '2_3',
  environment: 'sandbox' as const,
  rate_limit: { requests_per_second: 0 },
  api_keys: [{ secret: key, scopes: ['*'] }],
  client_keys: [
    {
      client_key: 'pk_test_acme',
      origin_allowlist: ['https://shop.test'],
      agent: { id: 'agent_1', display_name: 'Ada' },
    },
  ],
  customers: [{ id: customer }, { id: both }],
  cards: [
    { id: card, customer_id: customer, status: 'ACTIVE' },
    { id: both, customer_id: customer, status: 'ACTIVE' },
  ],
}

let folder = ''
let server: HallpassServer | undefined

/** Starts a server with two accounts, for the functions of this module. */
export async function startAccounts(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-revoke-'))
  const fixture = join(folder, 'fixture.json')
  const branch = {
    id: child,
    tenant: '2_4',
    environment: 'sandbox',
    rate_limit: account.rate_limit,
    parent_id: account.id,
    api_keys: [{ secret: 'sk_test_branch', scopes: ['*'] }],
    customers: [{ id: branchCustomer }],
    cards: [{ id: branchCard, customer_id: branchCustomer, status: 'ACTIVE' }],
  }
  writeFileSync(fixture, JSON.stringify({ accounts: [account, branch] }))
  const flags = { port: '0', 'database-url': ':memory:', 'log-level': 'silent', fixture }
  server = await createServer(loadConfig(flags, {}), { noticeMilliseconds: 0 })
}

export async function stopAccounts(): Promise<void> {
  await server?.stop()
  rmSync(folder, { recursive: true })
}

/** The URL of the running server. */
export const serverUrl = () => server?.url ?? ''

/** Writes a text to a file. Returns the argument of a command that reads it. */
export function inFile(text: string): string {
  const path = join(folder, 'thing')
  writeFileSync(path, text)
  return `@${path}`
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(serverUrl() + path, init)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}
export const post = <T>(path: string, body: object, headers: object) =>
  send<T>(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const bearer = { Authorization: `Bearer ${key}` }
export const visitorPath = '/api/v1/widget/auth'
export const fromShop = { Origin: 'https://shop.test' }
export const mintGuest = () => post<WidgetSession>(`${visitorPath}/guest`, { client_key: 'pk_test_acme' }, fromShop)
export const mintCard = async (id = card, secret = key) => {
  const headers = { Authorization: `Bearer ${secret}` }
  return (await send<{ widget_token: string }>(`/v1/cards/${id}/widget_token?widget_type=REVEAL`, { headers }))
    .widget_token
}
export const mintBridge = async (secret = key) => {
  const headers = { Authorization: `Bearer ${secret}` }
  const body = { customer_id: customer }
  return (await post<{ data: { bridge_token: string } }>('/v1/bridge/initialize', body, headers)).data.bridge_token
}
export const mintVisitor = async () =>
  (
    await post<{ token: string }>(
      `${visitorPath}/user-token`,
      { client_key: 'pk_test_acme', user_id: 'user_42' },
      bearer,
    )
  ).token
export const isActiveFor = async (secret: string, token: string) =>
  (
    await send<{ active: boolean }>('/oauth2/introspect', {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}` },
      body: new URLSearchParams({ token }),
    })
  ).active
export const isActive = (token: string) => isActiveFor(key, token)
export const listClientKeys = () => send<{ data: { id: string }[] }>('/v1/admin/client_keys', { headers: bearer })
export const createKey = (scopes = ['bridge:write']) =>
  post<{ id: string; secret: string }>('/v1/admin/api_keys', { scopes, name: 'leaked' }, bearer)

/** Runs `hallpass revoke` with the key of the account. */
export const revoke = (thing: string, flags: readonly string[] = [], surroundings: Surroundings = {}) =>
  hallpass(['revoke', thing, '--base-url', serverUrl(), ...flags], {
    env: { HALLPASS_API_KEY: key },
    ...surroundings,
  })
