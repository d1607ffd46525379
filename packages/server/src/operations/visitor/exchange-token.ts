import { accessTokenType, type OutputOf, type ParsedInputOf, type visitorTokenExchange } from '@hallpass/contracts'
import { exchangeSubjectToken, type SubjectTokenDeps } from './exchange-subject-token.js'

/** RFC 8693. A guest session to promote is the actor. */
export const exchangeToken = { run }

async function run(
  deps: SubjectTokenDeps,
  { subject_token, actor_token: session_token, embed_ticket }: ParsedInputOf<typeof visitorTokenExchange>,
): Promise<OutputOf<typeof visitorTokenExchange>> {
  const { token, ...session } = await exchangeSubjectToken(deps, { subject_token, session_token, embed_ticket })
  return { access_token: token, issued_token_type: accessTokenType, ...session }
}
