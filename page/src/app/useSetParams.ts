import { useLocation, useSearch } from 'wouter';

/**
 * Changes parameters of the query and stays where one is; null takes one out.
 *
 * @returns a function whose `replace` leaves no step for Back
 */
export function useSetParams(): (
  changes: Readonly<Record<string, string | null>>,
  options?: { readonly replace?: boolean },
) => void {
  const [path, navigate] = useLocation();
  const search = useSearch();
  return (changes, options) => {
    const params = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) params.delete(name);
      else params.set(name, value);
    }
    const query = params.toString();
    // The part of the screen that one went to stays in the URL.
    navigate(`${path}${query ? `?${query}` : ''}${location.hash}`, {
      replace: options?.replace ?? false,
    });
  };
}
