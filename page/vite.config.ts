import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    // Everything comes from the page's own server: nothing is inlined that a strict CSP would refuse.
    assetsInlineLimit: 0,
    // ECharts, which only the analyses load, is that large.
    chunkSizeWarningLimit: 640,
  },
});
