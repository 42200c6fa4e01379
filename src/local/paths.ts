import { fileURLToPath } from 'node:url';

/** A place of the package, wherever it is installed and whatever the current folder is. */
function inPackage(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

export const PACKAGE_FOLDER = inPackage('.');
/** One analysis per file. */
export const SQL_FOLDER = inPackage('sql');
/** The bot's questions and answers. */
export const KNOWLEDGE_FOLDER = inPackage('knowledge');
/** The page as Vite builds it. */
export const BUILT_PAGE_FOLDER = inPackage('dist/page');
/** The page's sources. */
export const PAGE_FOLDER = inPackage('page');
