import { ClientKeyId, type PageOperation, type VisitorClaims } from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { openRefreshToken, type RefreshState, timeFaultOf } from '../sessions/refresh-token.js'
import type { ClientKey } from '../store/queries/client-keys.js'
import type { CheckCredential } from './check-credential.js'
import { explainRefreshToken } from './explain.js'
import { isFilledText } from './parse-input.js'
import type { Services } from './services.js'

/** The caller of a page: a client key, and the visitor or refresh token, if the call carries one. */
export interface PageCaller {
  /** Undefined if no such client key exists. The call still counts towards a limit. */
  readonly clientKey: ClientKey | undefined
  readonly visitor?: VisitorClaims
  readonly refresh?: RefreshState
}

/** The credential of a page's call, not checked yet. */
interface Credential {
  /** The client key's name, or the token. */
  readonly text: string
  /** For a token that is not a JWT. `services.verify` includes it. */
  readonly check: CheckCredential
  /** Whether the last known client key may be used while the database can't be reached. */
  readonly evenStale: boolean
}

type Identify = (services: Services, credential: Credential) => Promise<PageCaller>

/** Identifies the caller and decides nothing: the limit and the Origin decide whether the call may proceed. */
export const identifyPage: Readonly<Record<PageOperation['caller']['by'], Identify>> = {
  client_key: findByName,
  visitor_token: verifyVisitor,
  refresh_token: openRefresh,
}

/** What identifies the caller, and its text. */
interface Named {
  readonly by: PageOperation['caller']['by']
  readonly text: string
}

/**
 * The value of the operation's first required field, under the first of its names that has one. The token of an identity
 * provider says nothing about who calls, so a call with one names its client key.
 */
export function credentialOf(operation: PageOperation, raw: Readonly<Record<string, unknown>>): Named {
  const names = operation.required?.[0] ?? []
  const name = names.find((name) => isFilledText(raw[name]))
  if (name !== 'subject_token') return { by: operation.caller.by, text: String(raw[name ?? '']) }
  if (!isFilledText(raw.client_key)) throw new HallpassError('missing_field', messages.missingField('client_key'))
  return { by: 'client_key', text: raw.client_key }
}

async function findByName({ store }: Services, { text, evenStale }: Credential): Promise<PageCaller> {
  // text that can't be the name of a client key is neither looked up nor cached
  const isName = ClientKeyId.safeParse(text).success
  return { clientKey: isName ? await store.findClientKey(text, { evenStale }) : undefined }
}

/** The exchange decides whether the token was already spent. */
async function verifyVisitor(services: Services, { text }: Credential): Promise<PageCaller> {
  const visitor = await services.verify('visitor', text)
  if (!visitor) {
    const explain = () => services.explainToken('visitor', text)
    throw new HallpassError('invalid_token', messages.invalidVisitorToken, { explain })
  }
  return { visitor, clientKey: await services.store.findClientKeyById(visitor.account_id, visitor.client_key_id) }
}

/** The refresh decides whether the token was already rotated. */
async function openRefresh({ keys, clock, store }: Services, { text, check }: Credential): Promise<PageCaller> {
  const refresh = await check(() => openRefreshToken(keys, text))
  const fault = refresh && timeFaultOf(refresh, clock.now())
  if (!refresh || fault) {
    const explain = () => explainRefreshToken(refresh, fault)
    throw new HallpassError('invalid_token', messages.invalidRefreshToken, { explain })
  }
  return { refresh, clientKey: await store.findClientKeyById(refresh.account_id, refresh.client_key_id) }
}
