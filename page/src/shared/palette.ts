/** A colour for a person or chat, the same one every time. */
export function colourOf(id: number): number {
  return Math.abs(id) % 6;
}
