import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

/** A proxy in front of replicas. */
export interface RunningProxy {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Runs a proxy, and waits until it serves the replicas at this URL. It stops gracefully with the given signal. */
export async function runProxy(
  [command, ...args]: readonly [string, ...string[]],
  { url, stopSignal }: { readonly url: string; readonly stopSignal: NodeJS.Signals },
): Promise<RunningProxy> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'inherit', 'pipe'] })
  const errors: string[] = []
  child.stderr?.on('data', (chunk) => errors.push(String(chunk)))
  const exited = once(child, 'exit')
  for (let attempt = 0; ; attempt++) {
    const isUp = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) break
    if (attempt === 100) throw new Error(`${command} did not start: ${errors.join('')}`)
    await delay(50)
  }
  return {
    url,
    async stop() {
      child.kill(stopSignal)
      await exited
    },
  }
}
