import { createGuard, createVerifier } from '@hallpass/client/verify'
import express, { type Express, type RequestHandler } from 'express'

interface Settings {
  /** The service, as the `iss` of its tokens says. */
  readonly issuer: string
  /** The id of your account. */
  readonly account: string
  /** Where the widget's pages come from. */
  readonly widgetOrigin: string
}

/** What a widget calls with its session token, here with express. */
export function createResourceServer({ issuer, account, widgetOrigin }: Settings): Express {
  const guard = createGuard(createVerifier({ issuer, kind: 'widget-session', account }))
  const app = express()
  app.use(allowOrigin(widgetOrigin))
  app.get('/messages', guard.express, (request, response) => {
    const { sub, user } = guard.claimsOf(request)
    response.json({ messages: [`Hello ${user?.display_name ?? 'guest'}`, `You are visitor ${sub}`] })
  })
  return app
}

/** Lets pages of one origin call, and read what they are answered, refusals included. */
function allowOrigin(origin: string): RequestHandler {
  return (request, response, next) => {
    response.set({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' })
    if (request.method !== 'OPTIONS') return next()
    response.set({ 'Access-Control-Allow-Headers': 'Authorization', 'Access-Control-Max-Age': '600' }).sendStatus(204)
  }
}
