// npm can leave optional packages for other platforms out of package-lock.json
// (https://github.com/npm/cli/issues/4828), and then `npm ci` rejects the file on those platforms. This script adds the
// packages, each with its exact version and the integrity from the registry. It fails rather than add a package without
// integrity. `npm run lock` runs it.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'

const path = 'package-lock.json'
const registry = 'https://registry.npmjs.org/'
const atOnce = 6
const exactVersion = /^\d+\.\d+\.\d+(-[\w.]+)?$/
const run = promisify(execFile)

const lock = JSON.parse(readFileSync(path, 'utf8'))
const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {}, dev }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${place}/node_modules/${name}`])
    .map(([name, version]) => [`node_modules/${name}`, { version, ...(dev && { dev }), optional: true }]),
)
const [root, ...rest] = Object.entries(lock.packages)
const all = new Map([...rest, ...missing].sort(([a], [b]) => a.localeCompare(b, 'en')))
const incomplete = [...all].filter(
  ([place, entry]) => place.includes('node_modules/') && !entry.link && !entry.integrity,
)
for (let i = 0; i < incomplete.length; i += atOnce) {
  await Promise.all(
    incomplete.slice(i, i + atOnce).map(async ([place, entry]) => all.set(place, await pin(place, entry))),
  )
}
lock.packages = Object.fromEntries([root, ...[...all].map(([place, entry]) => [place, withAddress(place, entry)])])
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)

/** The entry, completed with what the registry says about this version. */
async function pin(place, { version, ...flags }) {
  const name = nameAt(place)
  if (!exactVersion.test(version)) throw new Error(`${name}: ${version} is not an exact version`)
  const fields = ['name', 'version', 'dist', 'os', 'cpu', 'libc']
  const { stdout } = await run('npm', ['view', `${name}@${version}`, ...fields, '--json', '--registry', registry])
  const { dist, os, cpu, libc, ...found } = JSON.parse(stdout)
  if (found.name !== name || found.version !== version) throw new Error(`the registry has no ${name}@${version}`)
  if (!/^sha512-/.test(dist?.integrity ?? '')) throw new Error(`the registry has no integrity for ${name}@${version}`)
  return { version, integrity: dist.integrity, ...flags, ...(cpu && { cpu }), ...(libc && { libc }), ...(os && { os }) }
}

/** The package's URL in the registry. npm omits it if it's configured to. */
function withAddress(place, entry) {
  if (!place.includes('node_modules/') || entry.link || entry.resolved) return entry
  const { name: alias, version, ...more } = entry
  const name = alias ?? nameAt(place)
  const resolved = `${registry}${name}/-/${name.split('/').at(-1)}-${version}.tgz`
  return { ...(alias && { name }), version, resolved, ...more }
}

/** The package at `…/node_modules/<name>`. */
function nameAt(place) {
  return place.split('node_modules/').at(-1)
}
