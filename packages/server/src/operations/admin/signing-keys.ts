import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { KeyRing } from '../../signing/key-ring.js'
import type { KeyStatus } from '../../signing/key-states.js'
import { toTime } from './pagination.js'

type Rotate = Operations['admin.signingKeys.rotate']
type List = Operations['admin.signingKeys.list']
type Revoke = Operations['admin.signingKeys.revoke']

interface Deps {
  readonly keyRing: Pick<KeyRing, 'list' | 'rotate' | 'revoke' | 'reload'>
  readonly store: Parameters<KeyRing['rotate']>[0]
}

/** Updates the keys in memory after the commit. If this fails, the next reload within a second does it. */
const afterCommit = ({ keyRing }: Deps) => keyRing.reload().catch(() => {})

export const listSigningKeys = {
  async run({ keyRing }: Pick<Deps, 'keyRing'>): Promise<OutputOf<List>> {
    return { data: keyRing.list().map(show) }
  },
}

export const rotateSigningKey = {
  async run({ keyRing, store }: Deps): Promise<OutputOf<Rotate>> {
    return show(await keyRing.rotate(store))
  },
  afterCommit,
}

export const revokeSigningKey = {
  async run({ keyRing, store }: Deps, { kid }: ParsedInputOf<Revoke>): Promise<OutputOf<Revoke>> {
    const left = await keyRing.revoke(store, kid)
    if (!left) throw new HallpassError('not_found', messages.noSigningKey)
    return { data: left.map(show) }
  },
  afterCommit,
}

const show = ({ created_at, activates_at, ...key }: KeyStatus) => ({
  ...key,
  created_at: toTime(created_at),
  activates_at: toTime(activates_at),
})
