import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';

/** V8's call sites tell themselves as a stack does; their type does not say so. */
type CallSite = NodeJS.CallSite & { toString: () => string };

/** The map that lies beside a bundle; null when there is none that can be read. */
function readMap(url: string): SourceMap | null {
  try {
    const text = readFileSync(new URL(`${url}.map`), 'utf8');
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    // A stack is asked for because something else went wrong, which is not to be hidden by this.
    return null;
  }
}

/** A place of a bundle as one of the sources, `functions/webhook/handler.ts:12:5`; null where it is none. */
function sourceOf(map: SourceMap, line: number, column: number): string | null {
  const origin = map.findOrigin(line, column);
  if (!('fileName' in origin) || origin.fileName === '') return null;
  const path = origin.fileName.replace(/^(\.\.\/)+/, '');
  return `${path}:${origin.lineNumber}:${origin.columnNumber}`;
}

/**
 * Lets the stacks of errors name lines of the sources, not of the bundle that runs. Node does that too
 * when told to (`--enable-source-maps`), but reads the map of each file that it loads: a tenth of the
 * webhook's start. Here it is read when the first stack is.
 *
 * @param url of the bundle, with its map beside it: `import.meta.url`
 */
export function mapStacks(url: string): void {
  let map: SourceMap | null | undefined;
  const told = (frame: CallSite): string => {
    const text = frame.toString();
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    if (frame.getFileName() !== url || line === null || column === null) return text;
    // Once, also when it cannot be read.
    if (map === undefined) map = readMap(url);
    const source = map === null ? null : sourceOf(map, line, column);
    return source === null ? text : text.replace(`${url}:${line}:${column}`, source);
  };
  Error.prepareStackTrace = (error, frames) =>
    [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${told(frame)}`)].join(
      '\n',
    );
}
