import type { LastHeads, SealedHead } from '../store/queries/audit-chain.js'

const mostHeads = 1_000

/**
 * Remembers the heads that a process has sealed, so that the next entry of a chain neither reads its head nor checks its
 * MAC. A remembered head may be wrong: its transaction may be undone, and another process may have added an entry. So
 * the write that follows it compares every column, and if it changes nothing, the head is read and checked.
 */
export function rememberHeads(currentKeyId: () => string): LastHeads {
  const heads = new Map<string, SealedHead>()
  return {
    get(chain) {
      const head = heads.get(chain)
      return head?.key_id === currentKeyId() ? head : undefined
    },
    set(chain, head) {
      heads.delete(chain)
      heads.set(chain, head)
      const oldest = heads.size > mostHeads ? heads.keys().next() : undefined
      if (oldest && !oldest.done) heads.delete(oldest.value)
    },
  }
}
