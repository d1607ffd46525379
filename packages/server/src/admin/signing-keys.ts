import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { HallpassError } from '../errors.js'
import type { KeyRing, KeyStatus } from '../signing/key-ring.js'
import { toTime } from './page.js'

type Rotate = Operations['admin.signingKeys.rotate']
type List = Operations['admin.signingKeys.list']
type Revoke = Operations['admin.signingKeys.revoke']

interface Needs {
  readonly keyRing: Pick<KeyRing, 'list' | 'rotate' | 'revoke'>
}

export const listSigningKeys = {
  async act({ keyRing }: Needs): Promise<OutputOf<List>> {
    return { data: keyRing.list().map(show) }
  },
}

export const rotateSigningKey = {
  async act({ keyRing }: Needs): Promise<OutputOf<Rotate>> {
    return show(await keyRing.rotate())
  },
}

export const revokeSigningKey = {
  async act({ keyRing }: Needs, { kid }: ParsedInputOf<Revoke>): Promise<OutputOf<Revoke>> {
    if (!(await keyRing.revoke(kid))) throw new HallpassError('not_found', 'No such signing key.')
    return { data: keyRing.list().map(show) }
  },
}

const show = ({ created_at, activates_at, ...key }: KeyStatus) => ({
  ...key,
  created_at: toTime(created_at),
  activates_at: toTime(activates_at),
})
