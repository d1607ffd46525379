import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../support/free-port.js'
import { type RunningProxy, runProxy } from './run-proxy.js'

const example = fileURLToPath(new URL('../../../examples/haproxy/haproxy.cfg', import.meta.url))
const install = fileURLToPath(new URL('./install-haproxy.sh', import.meta.url))

/** HAProxy with the file of examples/haproxy, where only the ports differ. */
export async function startHaproxy(folder: string, replicas: readonly string[]): Promise<RunningProxy> {
  execFileSync(install, { stdio: 'inherit' })
  const port = await freePort()
  let config = readFileSync(example, 'utf8').replace('127.0.0.1:8080', `127.0.0.1:${port}`)
  for (const [index, url] of replicas.entries()) {
    config = config.replace(`127.0.0.1:${8787 + index}\n`, `127.0.0.1:${new URL(url).port}\n`)
  }
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(file, config)
  return runProxy(['haproxy', '-f', file, '-db'], { url: `http://127.0.0.1:${port}`, stopSignal: 'SIGUSR1' })
}
