import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["static/**/*.test.ts"], environment: "node" } });
