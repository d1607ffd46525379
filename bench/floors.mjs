import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'

/* The least that a token service does: node:http alone. POST reads JSON and signs once; GET sends a document. */
const { privateKey } = generateKeyPairSync('ed25519')
const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'JWT', kid: '1' })).toString('base64url')
const document = JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', kid: '1', x: 'x'.repeat(43) }] })

function answer(response, text) {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text)
}

function post(request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const claims = JSON.parse(Buffer.concat(chunks).toString())
    const now = Math.floor(Date.now() / 1000)
    const payload = Buffer.from(JSON.stringify({ ...claims, iat: now, exp: now + 900 })).toString('base64url')
    const signed = `${header}.${payload}`
    const signature = sign(null, Buffer.from(signed), privateKey).toString('base64url')
    answer(response, JSON.stringify({ token: `${signed}.${signature}` }))
  })
}

const handle = process.argv[2] === 'get' ? (_, response) => answer(response, document) : post
const server = createServer(handle)
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`))
