import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const source = (path) => fileURLToPath(new URL(path, import.meta.url));

// Fixed names: Django's static files storage adds the content hash, to the files and inside the CSS.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL("../citeslab/ui/static/ui/dist", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // The network's people hold old phones: nothing newer than 2020.
    target: ["es2020", "chrome87", "firefox85", "safari14"],
    rolldownOptions: {
      input: {
        ui: source("ui/main.ts"),
        room: source("room/room.ts"),
        scan: source("room/scan.ts"),
        list: source("room/list.ts"),
        worker: source("worker/worker.ts"),
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "ui.css" : "fonts/[name][extname]"),
      },
    },
  },
});
