import zlib from 'node:zlib';

/** Compresses and decompresses whole buffers, at once. */
export interface Zstd {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  readonly decompress: (bytes: Uint8Array) => Uint8Array;
}

/** zstd's own default: beyond, files shrink little and time grows a lot. */
const LEVEL = 3;

/** Node has zstd from 22.15 on; its types always do. */
const native: Partial<typeof zlib> = zlib;

/**
 * Node's own zstd, or where it has none, a WebAssembly build of the same library. Both write valid
 * frames, but not the same bytes.
 */
export async function loadZstd(): Promise<Zstd> {
  const { zstdCompressSync, zstdDecompressSync } = native;
  if (zstdCompressSync && zstdDecompressSync) {
    const params = { [zlib.constants.ZSTD_c_compressionLevel]: LEVEL };
    return {
      compress: (bytes) => zstdCompressSync(bytes, { params }),
      decompress: (bytes) => zstdDecompressSync(bytes),
    };
  }
  const { Zstd: Wasm } = await import('@hpcc-js/wasm-zstd');
  const wasm = await Wasm.load();
  return {
    compress: (bytes) => wasm.compress(bytes, LEVEL),
    decompress: (bytes) => wasm.decompress(bytes),
  };
}
