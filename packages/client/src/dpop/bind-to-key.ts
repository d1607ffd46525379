import type { KeyBinding } from '../browser/key-binding.js'
import { tokenPayload } from '../browser/token-payload.js'
import { loadKey } from './load-key.js'
import { signProof } from './sign-proof.js'

/** Where to find the key. */
export interface BindOptions {
  /** Pages with the same name use the same key. Default: `default`. */
  readonly name?: string
}

/**
 * Binds sessions to a key that no script can read (RFC 9449), so a copied token is useless elsewhere. The client key
 * decides whether sessions are bound: see its setting `bind`.
 * @example
 * const session = createWidgetSession({ baseUrl, clientKey: 'pk_live_…', binding: bindToKey() })
 */
export function bindToKey({ name = 'default' }: BindOptions = {}): KeyBinding {
  let loaded: CryptoKeyPair | undefined
  return {
    async headers({ method, url, token }) {
      const isBound = token === undefined || tokenPayload(token)?.cnf !== undefined
      if (isBound) loaded ??= await loadKey(name)
      const key = isBound ? loaded : undefined
      const headers: Record<string, string> = {}
      if (token !== undefined) headers.Authorization = `${key ? 'DPoP' : 'Bearer'} ${token}`
      if (key) headers.DPoP = await signProof(key, { method, url, token })
      return headers
    },
  }
}
