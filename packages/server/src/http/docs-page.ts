import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { packagedFile } from './packaged-file.js'
import { writeResponse } from './response.js'
import { encodeShared, type SharedBody, shareBody } from './shared-body.js'

const title = 'Hallpass API'

// no inline script: the page starts from its own file
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

// the page may call only its own origin, which may differ from the issuer in the document
const start = `const isDark = matchMedia('(prefers-color-scheme: dark)')
const followTheme = () => document.documentElement.classList.toggle('dark-mode', isDark.matches)
isDark.addEventListener('change', followTheme)
followTheme()
const onThisOrigin = {
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (document) => update({ ...document, servers: [{ url: '/' }] }),
      },
    },
  },
}
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'list',
  plugins: [onThisOrigin],
})
`

const swaggerUiFile = (name: string) => packagedFile(`./swagger-ui/${name}`, `swagger-ui-dist/${name}`)

interface Page {
  readonly path: string
  readonly type: string
  readonly body: () => SharedBody
}

const pages: readonly Page[] = [
  { path: '/docs', type: 'text/html; charset=utf-8', body: once(() => page) },
  { path: '/docs/start.js', type: 'text/javascript; charset=utf-8', body: once(() => start) },
  {
    path: '/docs/swagger-ui-bundle.js',
    type: 'text/javascript; charset=utf-8',
    body: once(() => readFileSync(swaggerUiFile('swagger-ui-bundle.js'))),
  },
  {
    path: '/docs/swagger-ui.css',
    type: 'text/css; charset=utf-8',
    body: once(() => readFileSync(swaggerUiFile('swagger-ui.css'))),
  },
]

/** The location of the page and its files. */
export const docsPaths: readonly string[] = pages.map(({ path }) => path)

// the library sets style attributes and loads its icons from data: URLs; everything else comes from this origin
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const cacheSeconds = 3600

/** `GET /docs`: a page for reading and trying the OpenAPI document, on this origin. */
export function registerDocsPage(app: FastifyInstance): void {
  for (const { path, type, body } of pages) {
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: async (request, reply) => {
        const encoded = await encodeShared(body(), request.inbound.headers.get('accept-encoding'))
        const headers = {
          ...encoded.headers,
          'Content-Type': type,
          'Content-Security-Policy': policy,
          'Cache-Control': `public, max-age=${cacheSeconds}`,
        }
        return writeResponse(request, reply, { status: 200, headers, body: encoded.body })
      },
    })
  }
}

/** Made when it is first requested. */
function once(read: () => string | Buffer): () => SharedBody {
  let body: SharedBody | undefined
  return () => {
    body ??= shareBody(read())
    return body
  }
}
