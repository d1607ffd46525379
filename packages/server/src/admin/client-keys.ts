import { formatAllowlistRule, type Operations, type OutputOf, type ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { HallpassError } from '../errors.js'
import { newId } from '../ids.js'
import { generateClientKey } from '../keys/secret-key.js'
import type { Account } from '../store/accounts.js'
import type { ClientKey } from '../store/client-keys.js'
import type { Store } from '../store/store.js'
import { readPage } from './page.js'

type Create = Operations['admin.clientKeys.create']
type List = Operations['admin.clientKeys.list']
type Update = Operations['admin.clientKeys.update']

interface Needs {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'transaction' | 'upsertClientKey' | 'listClientKeys' | 'findClientKeyById'>
}

export const createClientKey = {
  async act(needs: Needs, input: ParsedInputOf<Create>): Promise<OutputOf<Create>> {
    const { account, clock, store } = needs
    const id = newId(clock)
    const client_key = generateClientKey(clock, account.environment)
    await store.upsertClientKey(account.id, { ...input, id, client_key, disabled: false }, clock.now())
    return findShown(needs, id)
  },
}

export const listClientKeys = {
  async act({ account, store }: Needs, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(input, (page) => store.listClientKeys(account.id, page), show)
  },
}

export const updateClientKey = {
  async act(needs: Needs, input: ParsedInputOf<Update>): Promise<OutputOf<Update>> {
    const { client_key_id, id: _, client_key, ...patch } = input
    await needs.store.transaction(async (store) => {
      const key = await store.findClientKeyById(needs.account.id, client_key_id)
      if (key && client_key !== undefined && client_key !== key.config.client_key) {
        throw new HallpassError('state_conflict', 'The public name of a client key cannot be changed.')
      }
      const changes = { ...patch, ...(key ? mergedInto(key, patch) : {}) }
      if (key) await store.patchClientKey(needs.account.id, client_key_id, changes, needs.clock.now())
    })
    return findShown(needs, client_key_id)
  },
}

/** What is not named stays, in `branding` too. */
function mergedInto({ config }: ClientKey, { branding }: Omit<ParsedInputOf<Update>, 'client_key_id'>) {
  return branding ? { branding: { ...config.branding, ...branding } } : {}
}

async function findShown({ account, store }: Needs, id: string): Promise<OutputOf<Update>> {
  const key = await store.findClientKeyById(account.id, id)
  if (!key) throw new HallpassError('not_found', 'No such client key in this account.')
  return show(key)
}

/** The limits of a client key as they are set: a total that follows from the other limit is not named. */
export function rateLimitOf({
  guestPerMinute,
  guestPerMinuteTotal,
}: Pick<ClientKey, 'guestPerMinute' | 'guestPerMinuteTotal'>) {
  return {
    guest_per_minute: guestPerMinute,
    ...(guestPerMinuteTotal === undefined ? {} : { guest_per_minute_total: guestPerMinuteTotal }),
  }
}

function show({ id, name, disabled, allowlist, config, ...limits }: ClientKey): OutputOf<Update> {
  return {
    id,
    name,
    disabled,
    origin_allowlist: allowlist.map(formatAllowlistRule),
    rate_limit: rateLimitOf(limits),
    ...config,
  }
}
