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
    /** Claims a key that is free, abandoned or expired. The write is the decision. */
    async claimIdempotencyKey(scope: IdempotencyScope, claim: Claim, now: number): Promise<boolean> {
      const values = {
        fingerprint: claim.fingerprint,
        claim_id: claim.claimId,
        lease_until: claim.leaseUntil,
        sealed_answer: null,
        expires_at: claim.expiresAt,
      }
      const result = await forAccount(scope.accountId)
        .insertInto('idempotency_keys')
        .values({ ...columnsOf(scope), ...values })
        .onConflict((oc) =>
          oc
            .columns(['account_id', 'acting_account_id', 'operation', 'key_hash'])
            .doUpdateSet(values)
            .where((eb) =>
              eb.or([
                eb('idempotency_keys.expires_at', '<=', now),
                eb.and([
                  eb('idempotency_keys.sealed_answer', 'is', null),
                  eb('idempotency_keys.lease_until', '<=', now),
                ]),
              ]),
            ),
        )
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },

    async findIdempotencyKey(
      scope: IdempotencyScope,
    ): Promise<{ fingerprint: string; sealedAnswer: string | null } | undefined> {
      return forAccount(scope.accountId)
        .selectFrom('idempotency_keys')
        .select(['fingerprint', 'sealed_answer as sealedAnswer'])
        .where('account_id', '=', scope.accountId)
        .where('acting_account_id', '=', scope.actingAccountId)
        .where('operation', '=', scope.operation)
        .where('key_hash', '=', scope.keyHash)
        .executeTakeFirst()
    },

    /** Stores the response of a claim. False if another call has taken the claim over. */
    async rememberAnswer(scope: IdempotencyScope, claimId: string, sealedAnswer: string): Promise<boolean> {
      const result = await forAccount(scope.accountId)
        .updateTable('idempotency_keys')
        .set({ sealed_answer: sealedAnswer })
        .where('account_id', '=', scope.accountId)
        .where('acting_account_id', '=', scope.actingAccountId)
        .where('operation', '=', scope.operation)
        .where('key_hash', '=', scope.keyHash)
        .where('claim_id', '=', claimId)
        .where('sealed_answer', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
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

function columnsOf(scope: IdempotencyScope) {
  return {
    account_id: scope.accountId,
    acting_account_id: scope.actingAccountId,
    operation: scope.operation,
    key_hash: scope.keyHash,
  }
}
