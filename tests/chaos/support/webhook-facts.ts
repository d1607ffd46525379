import { query } from '../../support/postgres.js'
import { acme } from '../../system/support/fixtures/fixture.js'
import { type Cutoff, countedKind } from './webhook-load.js'

/** An event without its time, in one line. */
export const factOf = (type: string, data: Readonly<Record<string, unknown>>): string => {
  const { token_id, session_id, api_key_id, client_key_id } = data
  const about = type.startsWith('client_key.') ? client_key_id : (token_id ?? session_id ?? api_key_id)
  return [type, data.kind, about, data.uses_left].filter((part) => part !== undefined).join(' ')
}

/** From now on, each cutoff that is committed leaves a row with its time, also one that a later cutoff replaces. */
export async function recordCutoffs(databaseUrl: string): Promise<void> {
  const statements = [
    'create schema chaos',
    'create table chaos.cutoffs (account_id text, scope text, subject text, not_before bigint)',
    `create function chaos.record() returns trigger language plpgsql security definer as $$
       begin
         insert into chaos.cutoffs values (new.account_id, new.scope, new.subject, new.not_before);
         return new;
       end $$`,
    'create trigger chaos_record after insert or update on cut_offs for each row execute function chaos.record()',
  ]
  for (const statement of statements) await query(databaseUrl, statement)
}

/** The cutoffs of Acme that were committed since. The one for tokens without a key is part of that of a key. */
export async function readCutoffs(databaseUrl: string): Promise<Cutoff[]> {
  const rows = await query<{ scope: string; subject: string; not_before: string }>(
    databaseUrl,
    "select distinct scope, subject, not_before from chaos.cutoffs where account_id = $1 and subject <> ''",
    [acme.account],
  )
  return rows.map(({ scope, subject, not_before }) => ({ scope, subject, notBefore: Number(not_before) }))
}

interface Audited {
  readonly operation: string
  readonly target_id: string
}

/** What the tables say was decided for Acme and has an event, each as by {@link factOf}. The database is for reading. */
export async function readDecisions(databaseUrl: string) {
  const rows = <Row extends object>(text: string) =>
    query<Row & Record<string, unknown>>(databaseUrl, text, [acme.account])
  const cards = await rows<{ jti: string; redeemed_at: number | null; revoked_at: number | null }>(
    'select jti, redeemed_at, revoked_at from card_tokens where account_id = $1',
  )
  const declared = await rows<{ jti: string; uses_left: number; revoked_at: number | null }>(
    'select jti, uses_left, revoked_at from kind_tokens where account_id = $1',
  )
  const visitors = await rows<{ jti: string; state: string }>(
    "select jti, state from token_states where account_id = $1 and kind = 'visitor'",
  )
  const audit = await rows<Audited>(
    "select operation, target_id from audit_entries where account_id = $1 and operation in ('admin.apiKeys.create', 'admin.apiKeys.rotate', 'admin.clientKeys.create', 'admin.clientKeys.update', 'admin.clientKeys.allowOrigin')",
  )
  const keyEvents: Readonly<Record<string, string>> = {
    'admin.apiKeys.create': 'api_key.created',
    'admin.apiKeys.rotate': 'api_key.rotated',
    'admin.clientKeys.create': 'client_key.created',
    'admin.clientKeys.update': 'client_key.updated',
    'admin.clientKeys.allowOrigin': 'client_key.updated',
  }
  // successors of a disabled key are disabled with it
  const disabled = await rows<{ id: string }>(
    "select id from api_keys where account_id = $1 and disabled = 1 and name <> 'old'",
  )
  const spendsOf = (left: number) => Array.from({ length: countedKind.uses - left }, (_, i) => countedKind.uses - 1 - i)
  const tokens = [
    ...cards.flatMap(({ jti, redeemed_at, revoked_at }) => [
      `token.minted card ${jti}`,
      ...(redeemed_at === null ? [] : [`token.spent card ${jti}`]),
      ...(revoked_at === null ? [] : [`token.revoked card ${jti}`]),
    ]),
    ...declared.flatMap(({ jti, uses_left }) => [
      `token.minted ${countedKind.name} ${jti}`,
      ...spendsOf(uses_left).map((left) => `token.spent ${countedKind.name} ${jti} ${left}`),
    ]),
    ...visitors.map(({ jti, state }) => `token.${state} visitor ${jti}`),
  ]
  const ended = await rows<{ sid: string }>('select sid from sessions where account_id = $1 and revoked_at is not null')
  return {
    tokens,
    keys: [
      ...audit.map(({ operation, target_id }) => `${keyEvents[operation]} ${target_id}`),
      ...disabled.map(({ id }) => `api_key.disabled ${id}`),
    ],
    /** Each has one event that ended it: session.ended, or the promotion of the guest. */
    endedSessions: ended.map(({ sid }) => sid),
    beganSessions: visitors.filter(({ state }) => state === 'spent').length,
  }
}
