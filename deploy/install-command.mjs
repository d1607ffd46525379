// Installs the command of this checkout into a folder, as `npm install hallpass` would, with the versions of
// package-lock.json and without the registry: `node deploy/install-command.mjs /opt/hallpass`, after `npm run build`.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [target] = process.argv.slice(2)
if (!target) throw new Error('Which folder? node deploy/install-command.mjs <folder>')

const npm = (...args) => execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 })

const places = npm('ls', '--omit=dev', '--all', '--parseable', '--workspace=hallpass').trim().split('\n')
const installed = places.map((place) => ({ place: relative(root, place), home: relative(root, realpathSync(place)) }))
// npm installs the packages of this repository as links
const ours = installed.filter(({ place, home }) => place !== home).map(({ home }) => home)
const others = installed.filter(({ place, home }) => place === home && place !== '').map(({ place }) => place)

for (const place of others) cpSync(join(root, place), join(target, place), { recursive: true })
const packed = JSON.parse(npm('pack', '--json', '--dry-run', '--ignore-scripts', ...ours.map((home) => `-w=${home}`)))
for (const [index, { name, files }] of packed.entries()) {
  for (const { path } of files) copy(join(root, ours[index], path), join(target, 'node_modules', name, path))
}
const { version } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8'))
writeFileSync(
  join(target, 'package.json'),
  `${JSON.stringify({ private: true, dependencies: { hallpass: version } })}\n`,
)

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
}
