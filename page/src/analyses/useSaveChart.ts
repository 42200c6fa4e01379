import { useComputedColorScheme } from '@mantine/core';
import { useLanguage } from '../i18n/language.tsx';
import { formatPeriod } from '../shared/format.ts';
import type { Picture } from './charts/picture.ts';

/** What a picture is made of, besides what the page is set to. */
type Request = Pick<Picture, 'analysis' | 'lastClosed' | 'period' | 'result'> & {
  readonly analysis: { readonly name: string };
};

/** Saves a chart as a picture, in the theme and language of the page. */
export function useSaveChart(): (format: 'png' | 'svg', request: Request) => Promise<void> {
  const { text, language } = useLanguage();
  const scheme = useComputedColorScheme('light');
  return async (format, request) => {
    const { asPng, asSvg } = await import('./charts/picture.ts');
    const picture = {
      ...request,
      language,
      scheme,
      subtitle: formatPeriod(request.period, text.locale),
    };
    const blob = format === 'svg' ? asSvg(picture) : await asPng(picture);
    const { from, to } = request.period;
    download(blob, `${request.analysis.name}_${from}_${to}.${format}`);
  };
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken hold of it by the time this turn is over.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  });
}
