// Opens the built website without a network: every link must resolve, and the search must find pages.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const dist = fileURLToPath(new URL('.vitepress/dist', import.meta.url))
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
/** What a reader types, and the page that must be among the results. */
const searches = [
  ['redeem', 'Coming from Synctera'],
  ['HALLPASS_TRUST_PROXY', 'Reverse proxy and TLS'],
  ['startHallpass', 'Testing your integration'],
]

const faults = [...brokenLinks(), ...(await searchOffline())]
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(`Every link of ${htmlFiles().length} pages resolves, and the search works offline.\n`)
}

function htmlFiles() {
  return readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.html'))
}

function brokenLinks() {
  const texts = new Map(htmlFiles().map((name) => [name, readFileSync(join(dist, name), 'utf8')]))
  const found = []
  for (const [name, text] of texts) {
    for (const [, attribute, written] of text.matchAll(/\s(href|src)="([^"]+)"/g)) {
      const url = new URL(written.replaceAll('&amp;', '&'), `http://site/${name}`)
      if (url.protocol === 'data:') continue
      if (url.host !== 'site') {
        // a link to elsewhere is the reader's choice; a script or a style is not
        if (attribute === 'src') found.push(`${name} loads ${written}`)
        continue
      }
      const path = decodeURIComponent(url.pathname.slice(1)) || 'index.html'
      const file = [path, `${path}index.html`, `${path}.html`].find(isFile)
      if (file === undefined) found.push(`${name} links to ${written}, which doesn't exist`)
      else if (url.hash !== '' && !hasAnchor(texts.get(file) ?? '', url.hash)) {
        found.push(`${name} links to ${written}, which has no such anchor`)
      }
    }
  }
  return found
}

function isFile(path) {
  const place = join(dist, path)
  return existsSync(place) && statSync(place).isFile()
}

function hasAnchor(text, hash) {
  return text.includes(`id="${decodeURIComponent(hash.slice(1))}"`)
}

async function searchOffline() {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://site').pathname)
    const file = join(dist, path.endsWith('/') ? `${path}index.html` : path)
    if (!file.startsWith(dist) || !existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  const browser = await launch()
  const found = []
  try {
    const page = await browser.newPage()
    await page.route('**/*', (route) => {
      if (route.request().url().startsWith(origin)) return route.continue()
      found.push(`the site requests ${route.request().url()}`)
      return route.abort()
    })
    for (const [words, title] of searches) {
      await page.goto(`${origin}/index.html`)
      await page.getByRole('button', { name: 'Search' }).first().click()
      await page.locator('#localsearch-input').fill(words)
      const result = page.locator('.results a.result', { hasText: title }).first()
      const isThere = await result.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      )
      if (!isThere) found.push(`a search for ${words} doesn't find ${title}`)
      else {
        await result.click()
        await page.locator('main h1').first().waitFor()
      }
    }
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
  return found
}

async function launch() {
  // makes the package unpack its system libraries too, which may be missing on this machine
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  packaged.setGraphicsMode = false
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  return chromium.launch({ executablePath: await packaged.executablePath(), env: { ...process.env }, args })
}
