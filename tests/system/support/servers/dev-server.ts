import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const hallpass = fileURLToPath(new URL('../../../../packages/cli/bin/hallpass.js', import.meta.url))

/** `hallpass dev` in a separate process. */
export interface DevServer {
  readonly url: string
  readonly widgetsUrl: string
  /** What it printed. */
  readonly text: string
  readonly stop: () => Promise<void>
}

/** Starts the built command on free ports, with its data in a folder of this test. */
export async function startDev(cwd: string): Promise<DevServer> {
  const child = spawn(process.execPath, [hallpass, 'dev', '--port', '0', '--widgets', '0'], {
    cwd,
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'close')
  let text = ''
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
  const printed = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('Ctrl-C')) resolve()
    })
  })
  if (await Promise.race([printed, exited])) throw new Error(`hallpass dev ended: ${errors}`)
  return {
    url: /listening on (\S+)/.exec(text)?.[1] ?? '',
    widgetsUrl: /data-widget-url="(\S+)\/chat"/.exec(text)?.[1] ?? '',
    text,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
