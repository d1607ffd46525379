// Compiled, not run: `npm run types` reports any difference between these types and the actual ones.
import { createHallpassClient, type FailureReason, HallpassClientError, type Result } from '@hallpass/client'
import type { OperationId, Reason, WidgetSession } from '@hallpass/contracts'
import type { AppRouter } from '@hallpass/server/router'
import type { TRPCClient } from '@trpc/client'
import { expectTypeOf } from 'vitest'

const hallpass = createHallpassClient({ baseUrl: 'https://pass.example' })

// inputs and results
expectTypeOf(hallpass.bridge.initialize).parameter(0).toHaveProperty('customer_id')
expectTypeOf(hallpass.bridge.initialize).returns.toEqualTypeOf<Result<{ bridge_token: string }>>()
expectTypeOf(hallpass.visitor.guest).returns.resolves.toEqualTypeOf<WidgetSession>()
expectTypeOf(hallpass.card.widgetToken).parameter(0).toEqualTypeOf<{
  card_id: string
  widget_type: 'ACTIVATE' | 'GET_PIN' | 'REVEAL' | 'SET_PIN'
}>()
// @ts-expect-error a required field is missing
hallpass.bridge.initialize({})
// @ts-expect-error this field does not exist
hallpass.tokens.revoke({ token: 't', force: true })
// @ts-expect-error this operation does not exist
hallpass.tokens.mint({})

// exactly one method for each operation: the ids, nested at their dots
type PathsOf<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends (...given: never[]) => unknown
    ? `${Prefix}${K}`
    : PathsOf<T[K], `${Prefix}${K}.`>
}[keyof T & string]
expectTypeOf<PathsOf<typeof hallpass>>().toEqualTypeOf<OperationId>()

// the stock tRPC client with the router's types has the same inputs and outputs
declare const stock: TRPCClient<AppRouter>
expectTypeOf(hallpass.visitor.userToken)
  .parameter(0)
  .toEqualTypeOf<Parameters<typeof stock.visitor.userToken.mutate>[0]>()
expectTypeOf(hallpass.visitor.config).returns.resolves.toEqualTypeOf<
  Awaited<ReturnType<typeof stock.visitor.config.query>>
>()
declare const introspected: Awaited<ReturnType<typeof hallpass.tokens.introspect>>
expectTypeOf<typeof introspected>().toExtend<Awaited<ReturnType<typeof stock.tokens.introspect.mutate>>>()

// reasons are a closed list
declare const error: HallpassClientError
expectTypeOf(error.reason).toEqualTypeOf<FailureReason>()
expectTypeOf<FailureReason>().toEqualTypeOf<Reason | 'network' | 'aborted' | 'timeout'>()
expectTypeOf(HallpassClientError).toBeConstructibleWith('network', 'words')
