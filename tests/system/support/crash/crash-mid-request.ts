import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('crashing-server.ts', import.meta.url))

/** What is asked of a server that is about to crash. */
interface Calls {
  /** Answered; what is written only once, such as that a key was used today, is written here. */
  readonly before: (url: string) => Promise<unknown>
  /** Never answered: the server dies when it has begun to write and has not finished. */
  readonly during: (url: string) => Promise<unknown>
}

/** Leaves behind a database file whose server died, by SIGKILL, in the middle of a request. */
export async function crashMidRequest(database: string, masterKey: Buffer, { before, during }: Calls): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@hallpass/source', script, database], {
    env: { ...process.env, HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  try {
    const { value: url } = await lines.next()
    if (typeof url !== 'string') throw new Error('the server that was to crash did not start')
    await before(url)
    child.stdin.write('arm\n')
    await lines.next()
    const answered = await during(url).then(
      () => true,
      () => false,
    )
    if (answered) throw new Error('the server was to die in the middle of the request, and answered it')
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}
