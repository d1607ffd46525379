const crypto = require('crypto')

// a token has no characters that would have to be encoded in a form
const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i

const tokenOf = (r) => (bearer.exec(r.headersIn.Authorization || '') || [])[1]
const digest = (r) =>
  crypto
    .createHash('sha256')
    .update(tokenOf(r) || '')
    .digest('hex')
const authorization = () => `Basic ${Buffer.from(`gateway:${process.env.HALLPASS_SECRET_KEY}`).toString('base64')}`

function refuse(r) {
  r.headersOut['WWW-Authenticate'] = 'Bearer error="invalid_token"'
  r.return(401)
}

/** Answers auth_request: 204 for an active token with this audience, else 401, or 500 if Hallpass can't be asked. */
async function verify(r) {
  const token = tokenOf(r)
  if (!token) return refuse(r)
  const response = await r.subrequest('/_introspect', { method: 'POST', body: `token=${token}` })
  if (response.status !== 200) return r.return(500)
  const claims = JSON.parse(response.responseText)
  // a cached answer can be older than the token's end
  const isLive = claims.active === true && claims.exp > Date.now() / 1000
  if (!isLive || claims.aud !== r.variables.hallpass_audience) return refuse(r)
  r.headersOut['X-Visitor-Id'] = claims.sub
  r.headersOut['X-Account-Id'] = claims.account_id
  r.return(204)
}

export default { authorization, digest, verify }
