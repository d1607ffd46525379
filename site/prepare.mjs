// Copies the documentation to `.pages`, so that every link leads to a page of the website.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = fileURLToPath(new URL('.pages', import.meta.url))
const done = new Set()

rmSync(pages, { recursive: true, force: true })
for (const path of filesIn('docs')) {
  if (path.endsWith('.md')) copyPage(path)
  else if (path.startsWith('docs/images/')) copy(path, join(pages, path.slice('docs/'.length)))
  else copy(path, join(pages, 'public', path.slice('docs/'.length)))
}

function copyPage(path) {
  if (done.has(path)) return
  done.add(path)
  const text = readFileSync(join(root, path), 'utf8')
  // code shows links as they are
  const parts = text.split(/(^ *```[\s\S]*?^ *```$)/m)
  const linked = parts.map((part, index) => (index % 2 === 0 ? relink(part, path) : part)).join('')
  write(addressOf(path), linked)
}

/** Links between pages stay; others lead to a page that shows the file. */
function relink(text, path) {
  return text.replace(/\]\(([^)\s]+)\)/g, (whole, link) => {
    if (/^[a-z]+:|^#/.test(link)) return whole
    const [target, anchor] = link.split('#')
    const place = posix.join(posix.dirname(path), target)
    return `](${linkTo(place, path)}${anchor === undefined ? '' : `#${anchor}`})`
  })
}

function linkTo(place, from) {
  if (!existsSync(join(root, place))) throw new Error(`${from} links to ${place}, which doesn't exist`)
  if (place.startsWith('docs/images/') || /\.(png|svg)$/.test(place)) {
    const image = place.replace(/^docs\//, '')
    copy(place, join(pages, image))
    return relativeLink(image, from)
  }
  if (place.startsWith('docs/') && place.endsWith('.json')) return `/${place.slice('docs/'.length)}`
  if (place.endsWith('.md')) copyPage(place)
  else showSource(place.replace(/\/$/, ''))
  return relativeLink(addressOf(place.replace(/\/$/, '')), from)
}

function relativeLink(to, from) {
  const link = posix.relative(posix.dirname(addressOf(from)), to)
  return link.startsWith('.') ? link : `./${link}`
}

/** Writes a page that shows a file, or lists the files of a folder. */
function showSource(path) {
  if (done.has(path)) return
  done.add(path)
  const head = `---\nsearch: false\noutline: false\n---\n\n# ${path}\n\n`
  if (statSync(join(root, path)).isDirectory()) {
    const files = filesIn(path)
    for (const file of files) showSource(file)
    const links = files.map((file) => `- [${file}](${relativeLink(addressOf(file), path)})`)
    write(addressOf(path), `${head}${links.join('\n')}\n`)
    return
  }
  const language =
    { '.mjs': 'js', '.cfg': 'text', '.conf': 'nginx', '.service': 'ini', '': 'text' }[extname(path)] ??
    extname(path).slice(1)
  write(addressOf(path), `${head}\`\`\`\`${language}\n${readFileSync(join(root, path), 'utf8')}\n\`\`\`\`\n`)
}

/** Where a file of the repository is in `.pages`. */
function addressOf(path) {
  if (path === 'docs/README.md') return 'index.md'
  if (path.startsWith('docs/') && path.endsWith('.md')) return path.slice('docs/'.length)
  // a page called index.html would be the one of its folder
  return path.endsWith('.md') ? `repository/${path}` : `source/${path.replaceAll('.', '-')}.md`
}

function filesIn(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return files.map((file) => posix.normalize(file.slice(root.length))).toSorted()
}

function copy(path, target) {
  mkdirSync(dirname(target), { recursive: true })
  cpSync(join(root, path), target)
}

function write(address, text) {
  const target = join(pages, address)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
}
