import { type Operation, operations } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import type { OperationSketch } from '../../shared/operation-sketch.js'

/** Describes each operation, so that the page can show a call as curl, code or command. */
export function describeOperations(app: FastifyInstance): void {
  const sketches = Object.values<Operation>(operations).map(sketchOf)
  app.get('/api/operations', () => sketches)
}

function sketchOf({ id, methods, paths, pathFields = [], queryFields = [], body, caller }: Operation): OperationSketch {
  return {
    id,
    method: methods[0] ?? 'POST',
    path: paths[0] ?? '/',
    pathFields,
    queryFields,
    body,
    needsSecretKey: caller.by === 'secret_key',
  }
}
