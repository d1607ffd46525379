import { readOwnFile } from '../../own-file.js'

interface Page {
  readonly type: string
  readonly policy: string
  readonly body: string
}

const files: Readonly<Record<string, string>> = {
  '/bridge.js': 'text/javascript; charset=utf-8',
  '/chat.js': 'text/javascript; charset=utf-8',
  '/widgets.css': 'text/css; charset=utf-8',
}

/** Ports of this machine, which are the pages that may show a widget. */
const localPages = ['http://localhost:*', 'https://localhost:*', 'http://127.0.0.1:*', 'https://127.0.0.1:*']

/** The page or file at a URL. Undefined for any other URL. */
export function findPage(url: URL, hallpassUrl: string): Page | undefined {
  const policy = [
    "default-src 'self'",
    `connect-src 'self' ${hallpassUrl}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${localPages.join(' ')}`,
  ].join('; ')
  const type = files[url.pathname]
  if (type !== undefined) return { type, policy, body: readOwnFile(`dist/widgets${url.pathname}`) }
  const html = (name: string, title: string, metas: Readonly<Record<string, string>>) => ({
    type: 'text/html; charset=utf-8',
    policy,
    body: htmlOf(name, title, metas),
  })
  if (url.pathname === '/chat') return html('chat', 'Chat', { 'hallpass-url': hallpassUrl })
  const parent = bridgeParent(url)
  return parent === undefined ? undefined : html('bridge', 'Connect your bank', { 'parent-origin': parent })
}

/**
 * The page that opens the bridge widget, in the URL of the official clients:
 * `/?parentOriginURL=<host[:port]>&parentOriginProtocol=http|https`, or `/<host[:port]>/` in older versions.
 */
function bridgeParent({ pathname, searchParams }: URL): string | undefined {
  const protocol = searchParams.get('parentOriginProtocol') === 'https' ? 'https' : 'http'
  const host = pathname === '/' ? searchParams.get('parentOriginURL') : /^\/([^/]+)\/?$/.exec(pathname)?.[1]
  // the host is part of the page, so it may contain nothing else
  return host && /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(decode(host))
    ? `${protocol}://${decode(host)}`
    : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function htmlOf(name: string, title: string, metas: Readonly<Record<string, string>>): string {
  const lines = Object.entries(metas).map(([key, value]) => `    <meta name="${key}" content="${value}" />`)
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
${lines.join('\n')}
    <title>${title}</title>
    <link rel="stylesheet" href="/widgets.css" />
    <script type="module" src="/${name}.js"></script>
  </head>
  <body></body>
</html>
`
}
