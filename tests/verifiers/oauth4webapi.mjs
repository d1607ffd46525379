import * as oauth from 'oauth4webapi'

export async function createVerify({ issuer, audience }) {
  const insecure = issuer.startsWith('http:') ? { [oauth.allowInsecureRequests]: true } : {}
  const url = new URL(issuer)
  const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure })
  const server = await oauth.processDiscoveryResponse(url, response)
  return (token) => {
    const request = new Request('https://api.example', { headers: { Authorization: `Bearer ${token}` } })
    return oauth.validateJwtAccessToken(server, request, audience, insecure)
  }
}
