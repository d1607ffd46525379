import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../support/free-port.js'

const example = fileURLToPath(new URL('../../../examples/nginx/nginx.conf', import.meta.url))
const install = fileURLToPath(new URL('./install-nginx.sh', import.meta.url))

/** nginx with the file of examples/nginx, where only the ports differ. */
export async function startNginx(
  folder: string,
  replicas: readonly string[],
): Promise<{ url: string; stop: () => Promise<void> }> {
  execFileSync(install, { stdio: 'inherit' })
  const port = await freePort()
  let config = readFileSync(example, 'utf8').replace('127.0.0.1:8080', `127.0.0.1:${port}`)
  for (const [index, url] of replicas.entries()) {
    config = config.replace(`127.0.0.1:${8787 + index} `, `127.0.0.1:${new URL(url).port} `)
  }
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, config)
  const child = spawn('nginx', ['-p', folder, '-c', file, '-g', 'daemon off;'], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const errors: string[] = []
  child.stderr.on('data', (chunk) => errors.push(String(chunk)))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; ; attempt++) {
    const isUp = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) break
    if (attempt === 100) throw new Error(`nginx did not start: ${errors.join('')}`)
    await delay(50)
  }
  return {
    url,
    async stop() {
      child.kill('SIGQUIT')
      await exited
    },
  }
}
