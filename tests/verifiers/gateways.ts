import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { copyRecipe, fillIn, type Gateway, type Place, recipePath, write } from './start-gateway.js'

const run = promisify(execFile)
const apacheModules = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'proxy',
  'proxy_http',
  'headers',
  'auth_openidc',
]
const apacheFolder = '/usr/lib/apache2/modules'

function configureApache(recipe: string, place: Place, more: Readonly<Record<string, string>>) {
  const { folder, port } = place
  const passphrase = write(place, 'passphrase', 'a passphrase of a test')
  const text = fillIn(recipe, place, { '/etc/apache2/hallpass-passphrase': passphrase, ...more })
  const server = [
    `ServerRoot "${folder}"`,
    'ServerName 127.0.0.1',
    `PidFile "${folder}/apache.pid"`,
    `DefaultRuntimeDir "${folder}"`,
    `Listen 127.0.0.1:${port}`,
    'User www-data',
    'Group www-data',
    `ErrorLog "${folder}/error.log"`,
    'StartServers 1',
    ...apacheModules.map((name) => `LoadModule ${name}_module ${apacheFolder}/mod_${name}.so`),
    `OIDCCABundlePath ${place.tls.certificate}`,
  ]
  return ['/usr/sbin/apache2', '-DFOREGROUND', '-f', write(place, 'apache.conf', [...server, text].join('\n'))] as const
}

const apache = ['/usr/sbin/apache2', `${apacheFolder}/mod_auth_openidc.so`]

/** The recipes that Debian's packages can run. The times for which answers are cached are shorter here. */
export const gateways: readonly (Gateway & { readonly introspects: boolean })[] = [
  {
    recipe: 'nginx.conf',
    needs: ['/usr/sbin/nginx', '/usr/lib/nginx/modules/ngx_http_js_module.so'],
    algorithms: ['ES256'],
    introspects: true,
    configure: (place) => {
      copyRecipe('hallpass.njs', place)
      const text = fillIn('nginx.conf', place, {
        'https://pass.example.com': place.tls.url,
        '/etc/ssl/certs/ca-certificates.crt': place.tls.certificate,
        '127.0.0.1:8080': `127.0.0.1:${place.port}`,
        '/var/cache/nginx/hallpass': `${place.folder}/cache`,
        'modules/ngx_http_js_module.so': '/usr/lib/nginx/modules/ngx_http_js_module.so',
        '200 10s': '200 1s',
      })
      const settings = `pid ${place.folder}/nginx.pid; error_log stderr; daemon off;`
      return ['/usr/sbin/nginx', '-c', write(place, 'nginx.conf', text), '-g', settings]
    },
  },
  {
    recipe: 'apache-introspection.conf',
    needs: apache,
    algorithms: ['ES256'],
    introspects: true,
    configure: (place) =>
      configureApache('apache-introspection.conf', place, {
        'https://pass.example.com/oauth2': `${place.tls.url}/oauth2`,
        'IntrospectionInterval 10': 'IntrospectionInterval 1',
      }),
  },
  {
    recipe: 'apache-jwks.conf',
    needs: apache,
    algorithms: ['ES256', 'RS256'],
    introspects: false,
    configure: (place) =>
      configureApache('apache-jwks.conf', place, {
        'https://pass.example.com/.well-known': `${place.tls.url}/.well-known`,
        'iss:https://pass.example.com': `iss:${place.issuer}`,
      }),
  },
  {
    recipe: 'haproxy.cfg',
    needs: ['/usr/sbin/haproxy'],
    algorithms: ['ES256', 'RS256'],
    introspects: false,
    configure: async (place) => {
      await run(process.execPath, [recipePath('haproxy-keys.mjs'), place.issuer, place.folder])
      const text = fillIn('haproxy.cfg', place, {
        'https://pass.example.com': place.issuer,
        '127.0.0.1:8080': `127.0.0.1:${place.port}`,
      })
      return ['/usr/sbin/haproxy', '-db', '-f', `${place.folder}/keys.cfg`, '-f', write(place, 'haproxy.cfg', text)]
    },
  },
]
