// Code of a project that calls Hallpass with the stock tRPC client and the types of the router.
import type { AppRouter } from '@hallpass/server/router'
import { createTRPCClient, httpBatchLink } from '@trpc/client'

const hallpass = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: 'https://pass.example/trpc' })] })

export async function bridgeToken(customer: string): Promise<string> {
  const { bridge_token } = await hallpass.bridge.initialize.mutate({ customer_id: customer })
  return bridge_token
}

// @ts-expect-error this field does not exist
hallpass.bridge.initialize.mutate({ customer: 'c_1' })
// @ts-expect-error this result does not exist
hallpass.bridge.initialize.mutate({ customer_id: 'c_1' }).then(({ token }) => token)
