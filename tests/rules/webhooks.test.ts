import { expect, test } from 'vitest'
import { filesUnder, readText } from './support/repository.js'

/*
 * An event is written in the transaction of its decision. This lists every write that decides about tokens, sessions and
 * keys, and every file that makes it, so a new one is not forgotten.
 */

const server = 'packages/server/src'
const tells = 'tells'
const ofExchange = 'for operations/visitor/begin-user-session.ts, which tells'
const ofRevocation = 'for operations/tokens/revoke-token.ts, which tells'
const ofChange = 'execute/tell-change.ts tells'
const ofImport = 'an import has no events'

/** The files that make each decision: they tell of it, or have a reason not to. */
const decisions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  insertCardToken: { 'operations/card/issue-card-token.ts': tells },
  redeemCardToken: { 'operations/card/redeem-card-token.ts': tells },
  revokeCardToken: { 'operations/tokens/revoke-token.ts': tells },
  insertKindToken: { 'operations/kinds/issue-kind-token.ts': tells },
  redeemKindToken: { 'operations/kinds/redeem-kind-token.ts': tells },
  revokeKindToken: { 'operations/kinds/revoke-kind-token.ts': ofRevocation },
  consumeOrRevokeToken: {
    'operations/kinds/revoke-kind-token.ts': ofRevocation,
    'operations/tokens/revoke-token.ts': tells,
    'operations/visitor/exchange-visitor-token.ts': ofExchange,
    'sessions/embed-ticket.ts': tells,
  },
  // the function that spends a ticket and leaves its event to the caller's transaction
  spendEmbedTicket: { 'operations/visitor/begin-user-session.ts': tells, 'sessions/embed-ticket.ts': tells },
  spendSubjectToken: { 'operations/visitor/exchange-subject-token.ts': ofExchange },
  revokeSession: {
    'operations/admin/end-sessions.ts': ofChange,
    'operations/tokens/revoke-token.ts': tells,
    'operations/visitor/begin-user-session.ts': tells,
    'operations/visitor/log-out.ts': tells,
    'operations/visitor/refresh-session.ts': tells,
    'sessions/session.ts': 'for the files above',
  },
  upsertApiKey: { 'fixture/import-account.ts': ofImport, 'operations/admin/api-keys.ts': ofChange },
  succeedApiKey: { 'operations/admin/api-keys.ts': ofChange },
  disableApiKey: {
    'fixture/import-account.ts': ofImport,
    'operations/admin/api-keys.ts': tells,
    'operations/admin/successors.ts': 'for operations/admin/api-keys.ts, which tells',
    'secret-scanning/handle-report.ts': tells,
  },
  insertClientKey: { 'operations/admin/client-keys.ts': ofChange },
  upsertClientKey: { 'fixture/import-account.ts': ofImport },
  patchClientKey: { 'execute/close-observations.ts': tells, 'operations/admin/client-keys.ts': tells },
  succeedSigningKey: { 'signing/key-ring.ts': tells },
  replaceSigningKey: { 'signing/key-ring.ts': tells },
  // the type of the store demands their event
  addCutoff: {
    'operations/admin/end-by-status.ts': tells,
    'operations/admin/end-observation.ts': tells,
    'operations/admin/end-sessions.ts': tells,
    'revocation/end-kind.ts': tells,
    'revocation/replace-names.ts': tells,
    'revocation/set-disabled.ts': tells,
  },
  addFamilyCutoff: { 'operations/admin/end-sessions.ts': tells, 'operations/admin/revoke-minted.ts': tells },
}

/** Decisions that are made through a function of this name. */
const functions = ['revokeSession', 'spendEmbedTicket']

/** The other writes of these tables, and why they have no event. */
const silent: Readonly<Record<string, string>> = {
  rotateSession: 'a refresh has no event',
  spendProof: 'a proof of possession is of the call that carries it',
  changeApiKeyScopes: ofImport,
  expireApiKey: 'part of a rotation, which has one',
  noteApiKeyUse: 'decides nothing',
  noteUnusedSince: 'decides nothing',
  resealSigningKey: 'decides nothing',
}

const files = ['api-keys', 'card-tokens', 'client-keys', 'cutoffs', 'kind-tokens', 'sessions', 'signing-keys']
const tables = [...files, 'token-states']
const reading = /^(find|list|has|is|count|lock)[A-Z]/

test('every write about tokens, sessions and keys has an event, or a reason to have none', () => {
  const writes = tables.flatMap((table) => {
    const source = readText(`${server}/store/queries/${table}.ts`)
    return [...source.matchAll(/^ {4}async (\w+)/gm)].flatMap(([, name = '']) => (reading.test(name) ? [] : name))
  })
  expect(writes.toSorted()).toEqual(
    [...Object.keys(decisions), ...Object.keys(silent)].filter((name) => name !== 'spendEmbedTicket').toSorted(),
  )
})

const sources = filesUnder(server, '.ts')
  .filter((path) => !path.endsWith('.test.ts') && !/^packages\/server\/src\/(store|testing)\//.test(path))
  .map((path) => ({ file: path.slice(server.length + 1), text: readText(path) }))

test.each(Object.entries(decisions))('%s is called where its event is written', (method, files) => {
  const call = functions.includes(method) ? new RegExp(`\\b${method}\\(`) : new RegExp(`\\.${method}\\(`)
  const callers = sources.filter(({ file, text }) => call.test(text) && file !== 'execute/trace-call.ts')
  expect(callers.map(({ file }) => file).toSorted()).toEqual(Object.keys(files).toSorted())
  const telling = callers.filter(({ text }) => /from '.*\/webhooks\/(tell|cutoff-event|webhook-event)\.js'/.test(text))
  for (const { file } of callers.filter(({ file }) => files[file] === tells))
    expect(telling.map((caller) => caller.file)).toContain(file)
})
