// Compiled, not run: `npm run types` reports any difference between these types and the actual ones. The kinds are those of
// examples/kinds; their types are in declared-kinds.d.ts.
import { createHallpassClient } from '@hallpass/client'
import { createGuard, createVerifier } from '@hallpass/client/verify'
import { expectTypeOf } from 'vitest'

const { kinds } = createHallpassClient({ baseUrl: 'https://pass.example' })
const report = { kind: 'report-embed', subject: 'user_42', resource: 'report_7' } as const

// a mint has what the declaration asks for
const minted = await kinds.mint({ ...report, claims: { rows: ['eu'] }, actions: ['view'], ttl_seconds: 60 })
expectTypeOf(minted.kind).toEqualTypeOf<'report-embed'>()
expectTypeOf(minted.token).toEqualTypeOf<string>()
kinds.mint({ kind: 'voice-agent', subject: 'user_42', claims: { voice: 'sage', max_minutes: 5 } })
kinds.mint({ kind: 'table-widget', subject: 'user_42', resource: 'table_1' })
// @ts-expect-error the resource is required
kinds.mint({ kind: 'report-embed', subject: 'user_42', claims: { rows: [] } })
// @ts-expect-error the claims are required
kinds.mint(report)
// @ts-expect-error a row filter is a text
kinds.mint({ ...report, claims: { rows: [1] } })
// @ts-expect-error the schema has no other claims
kinds.mint({ ...report, claims: { rows: [], columns: [] } })
// @ts-expect-error the kind has no such action
kinds.mint({ ...report, claims: { rows: [] }, actions: ['delete'] })
// @ts-expect-error the kind has no resources
kinds.mint({ kind: 'voice-agent', subject: 'user_42', resource: 'call_1', claims: { voice: 'sage' } })
// @ts-expect-error not one of the values
kinds.mint({ kind: 'voice-agent', subject: 'user_42', claims: { voice: 'loud' } })

// a redeemed token has it too
// in a page: no subject, resource or claims
kinds.pageToken({ client_key: 'pk', kind: 'voice-agent', actions: ['talk'], session_token: 't' })
// @ts-expect-error: not an action of the kind
kinds.pageToken({ client_key: 'pk', kind: 'voice-agent', actions: ['view'] })
// @ts-expect-error: a page can't add claims
kinds.pageToken({ client_key: 'pk', kind: 'voice-agent', claims: { voice: 'sage' } })

const call = await kinds.redeem({ token: 't', kind: 'voice-agent', action: 'talk' })
expectTypeOf(call.claims.voice).toEqualTypeOf<'alloy' | 'coral' | 'sage'>()
expectTypeOf(call.claims.max_minutes).toEqualTypeOf<number | undefined>()
expectTypeOf(call.resource).toEqualTypeOf<null>()
const table = await kinds.redeem({ token: 't', kind: 'table-widget' })
expectTypeOf(table.resource).toEqualTypeOf<string>()
expectTypeOf(table.actions).toEqualTypeOf<readonly ('read' | 'write' | 'share')[]>()
expectTypeOf(table.claims?.team).toEqualTypeOf<string | undefined>()
// @ts-expect-error the kind has no such action
kinds.redeem({ token: 't', kind: 'voice-agent', action: 'view' })

// and so does a verified one
const common = { issuer: 'https://pass.example', account: 'a', schema: {} } as const
const verifier = createVerifier({ ...common, kind: 'report-embed' })
const verdict = await verifier.verify('t', { action: 'export', resource: 'report_7' })
if (verdict.ok) {
  expectTypeOf(verdict.claims.claims.rows).toEqualTypeOf<readonly string[]>()
  expectTypeOf(verdict.claims.resource).toEqualTypeOf<string>()
  expectTypeOf(verdict.claims.kind).toEqualTypeOf<'report-embed'>()
}
createGuard(verifier, { action: 'view' })
// @ts-expect-error the kind has no such action
createGuard(verifier, { action: 'talk' })
// @ts-expect-error the kind has no such action
verifier.verify('t', { action: 'talk' })
// @ts-expect-error a kind of your own needs its declaration
createVerifier({ issuer: 'https://pass.example', account: 'a', kind: 'report-embed' })

// a kind without types can have anything
const other = await kinds.mint({
  kind: 'unknown-kind',
  subject: 's',
  claims: { any: 1 },
  resource: 'r',
  actions: ['a'],
})
expectTypeOf(other.kind).toEqualTypeOf<'unknown-kind'>()
declare const name: string
kinds.mint({ kind: name, subject: 's' })
const redeemed = await kinds.redeem({ token: 't', kind: name, action: 'a' })
expectTypeOf(redeemed.claims).toEqualTypeOf<Record<string, unknown> | null>()
// @ts-expect-error the subject is required
kinds.mint({ kind: name })
