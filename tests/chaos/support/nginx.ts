import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../support/free-port.js'
import { type RunningProxy, runProxy } from './run-proxy.js'

const example = fileURLToPath(new URL('../../../examples/nginx/nginx.conf', import.meta.url))
const install = fileURLToPath(new URL('./install-nginx.sh', import.meta.url))

/** nginx with the file of examples/nginx, where only the ports differ. */
export async function startNginx(folder: string, replicas: readonly string[]): Promise<RunningProxy> {
  execFileSync(install, { stdio: 'inherit' })
  const port = await freePort()
  let config = readFileSync(example, 'utf8').replace('127.0.0.1:8080', `127.0.0.1:${port}`)
  for (const [index, url] of replicas.entries()) {
    config = config.replace(`127.0.0.1:${8787 + index} `, `127.0.0.1:${new URL(url).port} `)
  }
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, config)
  const command = ['nginx', '-p', folder, '-c', file, '-g', 'daemon off;'] as const
  return runProxy(command, { url: `http://127.0.0.1:${port}`, stopSignal: 'SIGQUIT' })
}
