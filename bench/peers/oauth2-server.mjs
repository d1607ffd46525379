import { createServer } from 'node:http'
import OAuth2Server from '@node-oauth/oauth2-server'

/* @node-oauth/oauth2-server, everything in memory: client credentials, for an opaque token. */
const client = { id: 'bench', grants: ['client_credentials'] }
const tokens = new Map()
const oauth = new OAuth2Server({
  model: {
    getClient: (id, secret) => (id === 'bench' && secret === 'secret' ? client : undefined),
    getUserFromClient: () => ({ id: 'bench' }),
    saveToken: (token, owner, user) => {
      const saved = { ...token, client: owner, user }
      tokens.set(token.accessToken, saved)
      return saved
    },
    validateScope: () => ['bench'],
  },
})

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', async () => {
    const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
    const answer = new OAuth2Server.Response()
    const { method, headers, url } = request
    await oauth.token(new OAuth2Server.Request({ method, headers, query: {}, body, url }), answer)
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body))
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`))
