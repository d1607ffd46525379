import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('crashing-server.ts', import.meta.url))

/** The requests to a server that is about to crash. */
interface Calls {
  /** Gets a response. Values that are written only once, such as the day a key was used, are written here. */
  readonly before: (url: string) => Promise<unknown>
  /** Gets no response: the server dies when it has begun to write but has not finished. */
  readonly during: (url: string) => Promise<unknown>
}

/** Leaves a database file of a server that was killed with SIGKILL during a request. */
export async function crashMidRequest(database: string, masterKey: Buffer, { before, during }: Calls): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@hallpass/source', script, database], {
    env: { ...process.env, HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  try {
    const { value: url } = await lines.next()
    if (typeof url !== 'string') throw new Error('the server that should crash did not start')
    await before(url)
    child.stdin.write('arm\n')
    await lines.next()
    const gotResponse = await during(url).then(
      () => true,
      () => false,
    )
    if (gotResponse) throw new Error('the server should have died during the request, but it responded')
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}
