import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Request } from 'autocannon'

export interface Load {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** The cores that it may use, as taskset names them. */
  readonly cores: string
}

export interface Loaded {
  readonly perSecond: number
  /** How many cores the load itself used. */
  readonly cores: number
}

export const hasWrk = spawnSync('wrk', ['-v']).error === undefined

/** Sends a request again and again with wrk, which takes a tenth of the CPU time that autocannon does. */
export async function loadWithWrk(request: Request, load: Load): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-wrk-'))
  const script = join(folder, 'request.lua')
  await writeFile(script, luaOf(request))
  const { url, connections, seconds, cores } = load
  const wrk = `wrk -t 1 -c ${connections} -d ${seconds}s -s ${script} ${url}${request.path}`
  const text = await outputOf(`time taskset -c ${cores} ${wrk} 2>&1`)
  await rm(folder, { recursive: true })
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(text) ?? []
  const [, user, system] = /CPU ([\d.]+) ([\d.]+)/.exec(text) ?? []
  if (perSecond === undefined || /Non-2xx|Socket errors/.test(text)) throw new Error(text)
  return { perSecond: Number(perSecond), cores: (Number(user) + Number(system)) / seconds }
}

/** Strings of JSON are strings of Lua, as long as they are ASCII. */
const luaOf = ({ method, headers = {}, body }: Request) =>
  [
    `wrk.method = ${JSON.stringify(method)}`,
    `wrk.body = ${JSON.stringify(body)}`,
    ...Object.entries(headers).map(
      ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
    ),
  ].join('\n')

function outputOf(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], { env: { ...process.env, TIMEFORMAT: 'CPU %U %S' } })
    let text = ''
    const read = (chunk: Buffer) => {
      text += chunk
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('close', () => resolve(text))
  })
}
