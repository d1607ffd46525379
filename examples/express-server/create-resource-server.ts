import { createGuard, createVerifier } from '@hallpass/client/verify'
import express, { type Express, type RequestHandler } from 'express'

interface Settings {
  /** The URL of Hallpass, exactly as in the `iss` claim of its tokens. */
  readonly issuer: string
  /** The id of your account. */
  readonly account: string
  /** The origin of the widget's pages. */
  readonly widgetOrigin: string
}

/** An API that a widget calls with its session token, built with Express. */
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

/** Allows pages of one origin to call this API and read its responses, including errors. */
function allowOrigin(origin: string): RequestHandler {
  return (request, response, next) => {
    response.set({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' })
    if (request.method !== 'OPTIONS') return next()
    response.set({ 'Access-Control-Allow-Headers': 'Authorization', 'Access-Control-Max-Age': '600' }).sendStatus(204)
  }
}
