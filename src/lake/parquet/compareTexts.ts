/** Code point at an index; half a surrogate pair counts as U+FFFD, as which it is written. */
function pointAt(text: string, index: number): number {
  const point = text.codePointAt(index) ?? -1;
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

/**
 * Compares texts as their UTF-8 bytes do, which is the order of code points (JavaScript's `<` goes by
 * UTF-16).
 *
 * @returns less than 0 when `a` comes first, more when `b` does, 0 when they are equal
 */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Not into the middle of a pair.
  if (at > 0 && (a.charCodeAt(at - 1) & 0xfc00) === 0xd800) at--;
  while (at < a.length && at < b.length) {
    const [left, right] = [pointAt(a, at), pointAt(b, at)];
    if (left !== right) return left - right;
    at += left > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}
