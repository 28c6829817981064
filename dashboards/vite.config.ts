import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The build goes into dist beside the committed placeholder; Go embeds the folder.
export default defineConfig({
  plugins: [react()],
  build: { outDir: "dist", emptyOutDir: false, sourcemap: false, chunkSizeWarningLimit: 900 },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
  test: { include: ["src/**/*.spec.ts", "src/**/*.spec.tsx"] },
});
