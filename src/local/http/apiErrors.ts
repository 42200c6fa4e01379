import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ZodError } from 'zod';

import { ScopeError } from '../../analytics/scope.ts';
import { DayError } from '../../lake/days.ts';
import { NotFoundError } from '../../lake/objectStore.ts';
import { UnreadableError } from '../../lake/rawRecords.ts';
import type { ApiError } from '../api.ts';
import type { Reporter } from '../report.ts';
import { ActionError } from '../simulator/simulator.ts';

function statusOf(error: Error): ContentfulStatusCode {
  if (error instanceof HTTPException) return error.status;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ActionError) return 409;
  if (error instanceof UnreadableError) return 422;
  // A body that is no JSON or not as it should be; days that are none, names that nothing has.
  const mistakes = [SyntaxError, ZodError, DayError, ScopeError, RangeError];
  return mistakes.some((mistake) => error instanceof mistake) ? 400 : 500;
}

function messageOf(error: Error): string {
  if (!(error instanceof ZodError)) return error.message;
  return error.issues
    .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
    .join('; ');
}

/** Answers every error with an `ApiError`; what nobody asked for is reported, too. */
export function answerErrors(report: Reporter): ErrorHandler {
  return (error, context) => {
    const status = statusOf(error);
    // Whoever has gone away hears no answer, and has interrupted the work on it.
    if (status >= 500 && !context.req.raw.signal.aborted) {
      const { method, path } = context.req;
      report({ type: 'problem', problem: `${method} ${path} failed: ${error.message}` });
    }
    const body: ApiError = {
      error: messageOf(error),
      ...(status >= 500 && { remedy: 'The terminal says more. Trying again may help.' }),
    };
    return context.json(body, status);
  };
}
