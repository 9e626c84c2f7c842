import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vite";

const source = (path) => fileURLToPath(new URL(path, import.meta.url));

// Beside each text, what it is once compressed: the server sends that one to who takes it.
const compressed = {
  name: "compressed",
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => /\.(css|js)$/.test(one))) {
      const text = readFileSync(join(dir, name));
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }));
    }
  },
};

// Fixed names: Django's static files storage adds the content hash, to the files and inside the CSS.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  plugins: [compressed],
  build: {
    outDir: fileURLToPath(new URL("../citeslab/ui/static/ui/dist", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // The network's people hold old phones: nothing newer than 2020.
    target: ["es2020", "chrome87", "firefox85", "safari14"],
    rolldownOptions: {
      input: {
        ui: source("ui/main.ts"),
        open: source("ui/open.css"),
        site: source("ui/site.css"),
        near: source("website/near.ts"),
        room: source("room/room.ts"),
        scan: source("room/scan.ts"),
        list: source("room/list.ts"),
        worker: source("worker/worker.ts"),
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "[name][extname]" : "fonts/[name][extname]"),
      },
    },
  },
});
