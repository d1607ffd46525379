import type { OutputOf, ParsedInputOf, visitorTokenExchange } from '@hallpass/contracts'
import { exchangeSubjectToken, type SubjectTokenDeps } from './exchange-subject-token.js'

/** RFC 8693. A guest session to promote is the actor. */
export const exchangeToken = { run }

async function run(
  deps: SubjectTokenDeps,
  { subject_token, actor_token: session_token, embed_ticket }: ParsedInputOf<typeof visitorTokenExchange>,
): Promise<OutputOf<typeof visitorTokenExchange>> {
  const { token, ...session } = await exchangeSubjectToken(deps, { subject_token, session_token, embed_ticket })
  const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token'
  return { access_token: token, issued_token_type, ...session }
}
