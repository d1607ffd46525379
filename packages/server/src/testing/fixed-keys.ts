import type { DataKeyRing, DerivedKeys } from '../crypto/data-key-ring.js'
import { deriveLookupKeys, deriveSealingKeys } from '../crypto/derive-keys.js'

/** Keys that are the same in each run. `ids` are the data keys of their ring, newest first. */
export function fixedKeys(root: Buffer, ids: readonly number[] = [1]): DerivedKeys {
  return { ...deriveLookupKeys(root), ring: fixedRing(root, ids) }
}

/** A ring that never changes. */
export function fixedRing(root: Buffer, ids: readonly number[] = [1]): DataKeyRing {
  const all = ids.map((id) => deriveSealingKeys({ id, key: Buffer.concat([root, Buffer.of(id)]) }))
  const active = () => {
    const [newest] = all
    if (!newest) throw new Error('a ring needs a key')
    return newest
  }
  return {
    active,
    byId: (id) => all.find((keys) => keys.id === id),
    current: async () => active(),
    learn: async () => {},
    learnFrom: async () => {},
    protectsRows: () => true,
    reload: async () => {},
    status: () => ({ isUsable: true, keys: ids.map((id) => ({ id, createdAt: 0 })) }),
  }
}
