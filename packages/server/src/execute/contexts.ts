import type { Caller, Operation, VisitorClaims } from '@hallpass/contracts'
import type { RefreshState } from '../sessions/refresh-token.js'
import type { Account } from '../store/queries/accounts.js'
import type { ApiKey } from '../store/queries/api-keys.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import type { Store } from '../store/store.js'
import type { Change } from './audit-change.js'
import type { Services } from './services.js'

/** What a rule is given beside the mechanisms: who asks, and for whom. */
export interface SecretKeyContext extends Services {
  readonly apiKey: ApiKey
  /** The account in scope: the key's own, or the child it acts for. */
  readonly account: Account
  /** Adds what was done to the history of the account in scope, or of another one, in the transaction that does it. */
  readonly record: (
    store: Pick<Store, 'appendAuditEntry'>,
    change: Pick<Change, 'input' | 'value' | 'targetId'> & { readonly accountId?: string },
  ) => Promise<void>
}

export interface ClientKeyContext extends Services {
  readonly clientKey: ClientKey
  /** Allowed by the client key, or one of the server's widget origins. */
  readonly origin: string
}

interface HolderContext extends Services {
  readonly clientKey: ClientKey
  /** Allowed when present. */
  readonly origin: string | undefined
}

export interface VisitorTokenContext extends HolderContext {
  readonly visitor: VisitorClaims
}

export interface RefreshTokenContext extends HolderContext {
  readonly refresh: RefreshState
}

interface ContextByCaller {
  secret_key: SecretKeyContext
  client_key: ClientKeyContext
  visitor_token: VisitorTokenContext
  refresh_token: RefreshTokenContext
}

/** The context that an operation's rule gets, from who may call it. */
export type ContextOf<O extends Operation> = O['caller'] extends { readonly by: infer By extends Caller['by'] }
  ? ContextByCaller[By]
  : never

/** Store methods that read without holding what they read. What follows from such a read may be out of date when it is written. */
type ReadName = Exclude<
  Extract<keyof Store, `find${string}` | `list${string}` | `has${string}` | `is${string}` | `count${string}`>,
  keyof AllowedReads
>

/** Reads that a change may follow from, each with its reason. */
interface AllowedReads {
  readonly findAdministrationEnd: 'disabling a key holds its account alone, so no other key changes meanwhile'
}

/**
 * The store as administration decides with it: it locks and writes, in a transaction that is open already. A handler that
 * reads first and writes afterwards does not compile. `check`, which may read, only refuses early: `act` decides again.
 */
export type DecidingStore = Omit<Store, ReadName | 'transaction'>

/** The context that an operation's `act` gets. */
export type DecidingContextOf<O extends Operation> = O extends {
  readonly kind: 'mutation'
  readonly id: `admin.${string}`
}
  ? Omit<SecretKeyContext, 'store'> & { readonly store: DecidingStore }
  : ContextOf<O>
