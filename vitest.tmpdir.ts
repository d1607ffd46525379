import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'

const memory = '/dev/shm'
/** Docker gives a container 64 MB by default, which is too little. */
const neededBytes = 1_000_000_000

/**
 * Linux has a folder in memory. SQLite syncs every commit: to a disk, that takes a hundred times as long, and meanwhile
 * the test and its server wait. The folder of a run is removed when it ends.
 */
export function temporaryFolderEnv(): { readonly TMPDIR?: string } {
  if (freeBytes() < neededBytes) return {}
  const folder = mkdtempSync(`${memory}/hallpass-tests-`)
  // like /tmp: some processes of the tests run as another user
  chmodSync(folder, 0o1777)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return { TMPDIR: folder }
}

function freeBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize
  } catch {
    return 0
  }
}
