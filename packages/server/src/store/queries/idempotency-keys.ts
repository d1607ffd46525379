import { changedOne, prepared } from '../prepared.js'
import type { Scopes } from '../scope.js'

/**
 * The scope of an idempotency key: the account of the caller, the account it acted for, the operation, and the key's
 * keyed hash.
 */
export interface IdempotencyScope {
  readonly accountId: string
  readonly actingAccountId: string
  readonly operation: string
  readonly keyHash: string
}

/**
 * A claim of a key. It is valid until `leaseUntil`, so that a crash can't hold the key longer. Times in milliseconds.
 */
export interface Claim {
  readonly claimId: string
  readonly fingerprint: string
  readonly leaseUntil: number
  readonly expiresAt: number
}

/** Decisions about idempotency keys. */
export function idempotencyQueries({ forAccount }: Scopes) {
  return {
    /**
     * Claims a key that is free, abandoned or expired. The write is the decision. On SQLite, it is committed together
     * with the response, which halves the commits of a call: if a crash undoes it, nothing was done under the key.
     */
    async claimIdempotencyKey(scope: IdempotencyScope, claim: Claim, now: number): Promise<boolean> {
      return changedOne(await claimKey(forAccount(scope.accountId), { ...scope, ...claim, now }))
    },

    async findIdempotencyKey(
      scope: IdempotencyScope,
    ): Promise<{ fingerprint: string; sealedAnswer: string | null } | undefined> {
      return (await findKey(forAccount(scope.accountId), { ...scope })).rows[0]
    },

    /** Stores the response of a claim. False if another call has taken the claim over. */
    async rememberAnswer(scope: IdempotencyScope, claimId: string, sealedAnswer: string): Promise<boolean> {
      return changedOne(await remember(forAccount(scope.accountId), { ...scope, claimId, sealedAnswer }))
    },

    /** Releases a key after a refusal. */
    async releaseIdempotencyKey(scope: IdempotencyScope, claimId: string): Promise<void> {
      await forAccount(scope.accountId)
        .deleteFrom('idempotency_keys')
        .where('account_id', '=', scope.accountId)
        .where('acting_account_id', '=', scope.actingAccountId)
        .where('operation', '=', scope.operation)
        .where('key_hash', '=', scope.keyHash)
        .where('claim_id', '=', claimId)
        .where('sealed_answer', 'is', null)
        .execute()
    },
  }
}

type Named = { [Part in keyof IdempotencyScope]: string }

const claimKey = prepared(
  (db, values: Named & { [Part in keyof Claim]: Claim[Part] } & { now: number }) => {
    const { claimId, fingerprint, leaseUntil, expiresAt, now } = values
    const claim = {
      fingerprint,
      claim_id: claimId,
      lease_until: leaseUntil,
      sealed_answer: null,
      expires_at: expiresAt,
    }
    return db
      .insertInto('idempotency_keys')
      .values({
        account_id: values.accountId,
        acting_account_id: values.actingAccountId,
        operation: values.operation,
        key_hash: values.keyHash,
        ...claim,
      })
      .onConflict((oc) =>
        oc
          .columns(['account_id', 'acting_account_id', 'operation', 'key_hash'])
          .doUpdateSet(claim)
          .where((eb) =>
            eb.or([
              eb('idempotency_keys.expires_at', '<=', now),
              eb.and([eb('idempotency_keys.sealed_answer', 'is', null), eb('idempotency_keys.lease_until', '<=', now)]),
            ]),
          ),
      )
      .compile()
  },
  { isProvisional: true },
)

const findKey = prepared((db, scope: Named) =>
  db
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'sealed_answer as sealedAnswer'])
    .where('account_id', '=', scope.accountId)
    .where('acting_account_id', '=', scope.actingAccountId)
    .where('operation', '=', scope.operation)
    .where('key_hash', '=', scope.keyHash)
    .compile(),
)

const remember = prepared((db, values: Named & { claimId: string; sealedAnswer: string }) =>
  db
    .updateTable('idempotency_keys')
    .set({ sealed_answer: values.sealedAnswer })
    .where('account_id', '=', values.accountId)
    .where('acting_account_id', '=', values.actingAccountId)
    .where('operation', '=', values.operation)
    .where('key_hash', '=', values.keyHash)
    .where('claim_id', '=', values.claimId)
    .where('sealed_answer', 'is', null)
    .compile(),
)
