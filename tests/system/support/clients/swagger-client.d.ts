/** The part of swagger-client 3 that the tests use. It has no types of its own. */
declare module 'swagger-client' {
  export interface SwaggerResponse {
    readonly status: number
    readonly headers: Readonly<Record<string, string | undefined>>
    readonly body: unknown
    readonly text: string
  }

  type Call = (parameters: Readonly<Record<string, string>>) => Promise<SwaggerResponse>

  export interface SwaggerInstance {
    readonly errors: readonly unknown[]
    /** Operations by tag and operationId. */
    readonly apis: Readonly<Record<string, Readonly<Record<string, Call>>>>
  }

  export default function SwaggerClient(options: {
    readonly spec?: object
    readonly url?: string
    readonly authorizations?: Readonly<Record<string, { readonly value: string }>>
  }): Promise<SwaggerInstance>
}
