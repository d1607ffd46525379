// npm may leave out of package-lock.json the optional packages that are for other platforms than the one it runs on
// (https://github.com/npm/cli/issues/4828), and `npm ci` then refuses it there. This puts them back: run by `npm run lock`.
import { readFileSync, writeFileSync } from 'node:fs'

const path = 'package-lock.json'
const systems = ['darwin', 'win32', 'android', 'freebsd', 'linux', 'openharmony', 'netbsd', 'openbsd', 'sunos', 'aix']
const cpus = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el']
const aliases = { windows: 'win32', 64: 'x64' }

const lock = JSON.parse(readFileSync(path, 'utf8'))
const missing = Object.entries(lock.packages).flatMap(([at, { optionalDependencies = {}, dev }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${at}/node_modules/${name}`])
    .map(([name, version]) => entryOf(name, version, dev)),
)
const [root, ...rest] = Object.entries(lock.packages)
const sorted = [...rest, ...missing.filter((entry) => entry !== undefined)].sort(([a], [b]) => a.localeCompare(b, 'en'))
lock.packages = Object.fromEntries([root, ...sorted])
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)

/** What the lock says of a platform's package; its name tells the platform. */
function entryOf(name, version, dev) {
  const words = name
    .replace(/^@[^/]+\//, '')
    .split('-')
    .map((word) => aliases[word] ?? word)
  const os = systems.find((system) => words.includes(system))
  const cpu = cpus.find((name) => words.includes(name))
  if (!os || !cpu || !/^\d/.test(version)) return undefined
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.includes('gnu') ? 'glibc' : undefined
  const entry = { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc: [libc] }), optional: true, os: [os] }
  return [`node_modules/${name}`, entry]
}
